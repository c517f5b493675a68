"""Jalali (Solar Hijri) dates over `datetime.date`.

Between 1300 and 1500 the 33-year cycle equals the calendar in force; outside it `jdatetime` is asked.
"""

import calendar as gregorian
import datetime as dt
from typing import Final, Literal, NamedTuple

from django.utils.translation import gettext_lazy as _

from core.parsing import InputError

Calendar = Literal["jalali", "gregorian"]

MONTHS_FA: Final = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
MONTHS_EN: Final = (
    "Farvardin",
    "Ordibehesht",
    "Khordad",
    "Tir",
    "Mordad",
    "Shahrivar",
    "Mehr",
    "Aban",
    "Azar",
    "Dey",
    "Bahman",
    "Esfand",
)
GREGORIAN_MONTHS_FA: Final = (
    "ژانویه",
    "فوریه",
    "مارس",
    "آوریل",
    "مه",
    "ژوئن",
    "ژوئیه",
    "اوت",
    "سپتامبر",
    "اکتبر",
    "نوامبر",
    "دسامبر",
)
GREGORIAN_MONTHS_EN: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS_FA: Final = ("شنبه", "یک‌شنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنج‌شنبه", "جمعه")
WEEKDAYS_EN: Final = ("Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
SEASONS_FA: Final = ("بهار", "تابستان", "پاییز", "زمستان")
SEASONS_EN: Final = ("Spring", "Summer", "Autumn", "Winter")

FIRST_YEAR: Final = 1300
LAST_YEAR: Final = 1500
_MONTHS_IN_YEAR: Final = 12
_LEAP_REMAINDERS: Final = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_DAYS_BEFORE: Final = (0, 31, 62, 93, 124, 155, 186, 216, 246, 276, 306, 336)


def _new_years() -> tuple[int, ...]:
    """Return the ordinal of 1 Farvardin of each year FIRST_YEAR … LAST_YEAR + 1."""
    ordinals = [dt.date(1921, 3, 21).toordinal()]
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        ordinals.append(ordinals[-1] + (366 if year % 33 in _LEAP_REMAINDERS else 365))
    return tuple(ordinals)


_NEW_YEARS: Final = _new_years()


class JalaliDate(NamedTuple):
    """Year, month and day of the Jalali calendar."""

    year: int
    month: int
    day: int


class NoSuchDateError(InputError):
    """A day, month or year that the calendar does not have."""


def _no_such_date() -> NoSuchDateError:
    return NoSuchDateError(_("There is no such date in the calendar."), code="no_such_date")


def is_leap(year: int) -> bool:
    """Say whether the Jalali year has a 30th of Esfand."""
    if FIRST_YEAR <= year <= LAST_YEAR:
        return year % 33 in _LEAP_REMAINDERS
    import jdatetime

    try:
        return bool(jdatetime.date(year, 1, 1).isleap())
    except (ValueError, OverflowError) as error:
        raise _no_such_date() from error


def month_length(year: int, month: int) -> int:
    """Return the number of days of a Jalali month."""
    if not 1 <= month <= _MONTHS_IN_YEAR:
        raise _no_such_date()
    if month <= 6:
        return 31
    if month < _MONTHS_IN_YEAR:
        return 30
    return 30 if is_leap(year) else 29


def year_length(year: int) -> int:
    """Return the number of days of a Jalali year."""
    return 366 if is_leap(year) else 365


def from_jalali(year: int, month: int, day: int) -> dt.date:
    """Return the date of a Jalali day; NoSuchDateError when the calendar does not have it."""
    if FIRST_YEAR <= year <= LAST_YEAR:
        if not 1 <= day <= month_length(year, month):
            raise _no_such_date()
        return dt.date.fromordinal(_NEW_YEARS[year - FIRST_YEAR] + _DAYS_BEFORE[month - 1] + day - 1)
    import jdatetime

    try:
        return jdatetime.date(year, month, day).togregorian()  # type: ignore[no-any-return]
    except (ValueError, OverflowError) as error:
        raise _no_such_date() from error


def to_jalali(date: dt.date) -> JalaliDate:
    """Return the Jalali day of a date (of a datetime: of its own date, without converting the time zone)."""
    ordinal = date.toordinal()
    if not _NEW_YEARS[0] <= ordinal < _NEW_YEARS[-1]:
        return _to_jalali_by_library(date)
    index = (ordinal - _NEW_YEARS[0]) * 33 // 12053
    if ordinal < _NEW_YEARS[index]:
        index -= 1
    elif ordinal >= _NEW_YEARS[index + 1]:
        index += 1
    day = ordinal - _NEW_YEARS[index]
    month, day = divmod(day, 31) if day < 186 else divmod(day - 6, 30)
    return JalaliDate(FIRST_YEAR + index, month + 1, day + 1)


def _to_jalali_by_library(date: dt.date) -> JalaliDate:
    import jdatetime

    try:
        converted = jdatetime.date.fromgregorian(day=date.day, month=date.month, year=date.year)
    except (ValueError, OverflowError) as error:
        raise _no_such_date() from error
    return JalaliDate(converted.year, converted.month, converted.day)


def weekday_index(date: dt.date) -> int:
    """Return the day of the week, Saturday = 0 … Friday = 6."""
    return (date.weekday() + 2) % 7


def add_months(date: dt.date, months: int, calendar: Calendar = "jalali") -> dt.date:
    """Return the date that many months later, its day clamped to the month it lands in."""
    if calendar == "jalali":
        year, month, day = to_jalali(date)
    else:
        year, month, day = date.year, date.month, date.day
    year, month = divmod(year * _MONTHS_IN_YEAR + month - 1 + months, _MONTHS_IN_YEAR)
    month += 1
    if calendar == "jalali":
        return from_jalali(year, month, min(day, month_length(year, month)))
    try:
        return dt.date(year, month, min(day, gregorian.monthrange(year, month)[1]))
    except (ValueError, IndexError) as error:
        raise _no_such_date() from error


def year_month_day(date: dt.date, calendar: Calendar) -> JalaliDate:
    """Return year, month and day of a date in either calendar."""
    return to_jalali(date) if calendar == "jalali" else JalaliDate(date.year, date.month, date.day)


def make_date(year: int, month: int, day: int, calendar: Calendar) -> dt.date:
    """Return the date of a day of either calendar; NoSuchDateError when it has none such."""
    if calendar == "jalali":
        return from_jalali(year, month, day)
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise _no_such_date() from error


def month_name(month: int, calendar: Calendar, language: str) -> str:
    """Return the name of month 1 … 12 of a calendar in Persian or English."""
    if calendar == "jalali":
        return (MONTHS_FA if language == "fa" else MONTHS_EN)[month - 1]
    return (GREGORIAN_MONTHS_FA if language == "fa" else GREGORIAN_MONTHS_EN)[month - 1]


def weekday_name(date: dt.date, language: str) -> str:
    """Return the name of the date's day of the week in Persian or English."""
    return (WEEKDAYS_FA if language == "fa" else WEEKDAYS_EN)[weekday_index(date)]
