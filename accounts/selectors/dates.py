"""When a yearly date comes back."""

import datetime as dt

from accounts.models import ImportantDate
from core.calendar.jalali import Calendar, from_jalali, month_length, to_jalali


def important_date_next(date: dt.date, calendar: Calendar, today: dt.date) -> dt.date:
    """The first day on or after ``today`` on which a yearly date falls, in the calendar it is kept in.

    A date the year does not have falls on the month's last day: 30 Esfand on the 29th in common years,
    29 February on the 28th. A date in the future is its own first occurrence.
    """
    if date >= today:
        return date
    if calendar == "jalali":
        month, day = to_jalali(date)[1:]
        year = to_jalali(today).year
        return next(found for n in (0, 1) if (found := _jalali(year + n, month, day)) >= today)
    return next(found for n in (0, 1) if (found := _gregorian(today.year + n, date.month, date.day)) >= today)


def _jalali(year: int, month: int, day: int) -> dt.date:
    return from_jalali(year, month, min(day, month_length(year, month)))


def _gregorian(year: int, month: int, day: int) -> dt.date:
    import calendar

    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def next_occurrence(row: ImportantDate, today: dt.date) -> dt.date | None:
    """When the date comes next; None for one that came once and has passed."""
    if row.every_year:
        return important_date_next(row.date, row.calendar, today)  # type: ignore[arg-type]
    return row.date if row.date >= today else None
