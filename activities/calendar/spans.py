"""Which days a page of the calendar shows, what it is called, and which page is before and after it."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args
from zoneinfo import ZoneInfo

from core import display
from core.calendar.jalali import Calendar, NoSuchDateError, add_months, weekday_index
from core.calendar.periods import Period, midnight, period_of

View = Literal["month", "week", "day", "agenda"]

VIEWS: Final[tuple[View, ...]] = get_args(View)
AGENDA_DAYS: Final = 14
WEEK_DAYS: Final = 7
FIRST_DAY, LAST_DAY = dt.date(1800, 1, 1), dt.date(2250, 12, 31)
_ONE_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A page of the calendar: its view, the day it was asked for, and all days it shows in order."""

    view: View
    date: dt.date
    days: tuple[dt.date, ...]
    calendar: Calendar

    @property
    def first(self) -> dt.date:
        """The first day shown."""
        return self.days[0]

    @property
    def last(self) -> dt.date:
        """The last day shown."""
        return self.days[-1]

    @property
    def weeks(self) -> list[tuple[dt.date, ...]]:
        """The days in rows of seven."""
        return [self.days[at : at + WEEK_DAYS] for at in range(0, len(self.days), WEEK_DAYS)]

    @property
    def period(self) -> Period:
        """The days the page is named after: of a month only the month itself."""
        if self.view == "month":
            return period_of(self.date, "month", self.calendar)
        return Period("day" if self.view == "day" else "week", self.calendar, self.first, self.last)

    @property
    def title(self) -> str:
        """The page's name in the reader's language and digits."""
        if self.view == "day":
            return display.format_date(self.date, "full")
        return display.format_period(self.period)

    def bounds(self, tz: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
        """The moments its first day begins and its last day ends, in UTC."""
        return midnight(self.first, tz), midnight(self.last + _ONE_DAY, tz)

    def step(self, steps: int) -> dt.date:
        """The day to ask for to see the page that many pages later."""
        if self.view == "month":
            return within(_months_later(self.date, steps, self.calendar))
        days = {"week": WEEK_DAYS, "day": 1, "agenda": AGENDA_DAYS}[self.view]
        return within(self.date + dt.timedelta(days=days * steps))


def _months_later(date: dt.date, months: int, calendar: Calendar) -> dt.date:
    try:
        return add_months(date, months, calendar)
    except NoSuchDateError:
        return date


def within(date: dt.date) -> dt.date:
    """The date, or the nearest one the calendar has pages for."""
    return min(max(date, FIRST_DAY), LAST_DAY)


def week_of(date: dt.date, starts_on: int) -> dt.date:
    """The first day of the date's week; ``starts_on`` is the day it begins with, Saturday is 0."""
    return date - dt.timedelta(days=(weekday_index(date) - starts_on) % WEEK_DAYS)


def span_of(view: str, date: dt.date, calendar: Calendar, starts_on: int) -> Span:
    """The page of a view that holds the date. A month is shown in whole weeks, an agenda begins with the date."""
    date = within(date)
    if view == "month":
        month = period_of(date, "month", calendar)
        first = week_of(month.start, starts_on)
        count = (week_of(month.end, starts_on) - first).days + WEEK_DAYS
    elif view == "week":
        first, count = week_of(date, starts_on), WEEK_DAYS
    else:
        first, count = date, 1 if view == "day" else AGENDA_DAYS
    days = tuple(first + dt.timedelta(days=number) for number in range(count))
    return Span(cast("View", view), date, days, calendar)
