"""Dates and times as people type them: either calendar, any digits, numbers or month names.

A year of four digits decides the calendar (from 1700 on Gregorian); two digits belong to the person's calendar,
for Jalali 00–49 are 14xx and 50–99 are 13xx.
"""

import datetime as dt
import re
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from core.calendar import jalali
from core.calendar.jalali import Calendar, NoSuchDateError, make_date
from core.parsing import InputError
from core.text import fold

MAX_TYPED_LENGTH: Final = 60
FIRST_JALALI_YEAR: Final = 1200
FIRST_GREGORIAN_YEAR: Final = 1700
LAST_GREGORIAN_YEAR: Final = 2300
_NOON: Final = 12


class DateFormatError(InputError):
    """Text that is no date in any accepted form."""


class TimeFormatError(InputError):
    """Text that is no time of day."""


class DateOutOfRangeError(InputError):
    """A date too far away to be meant."""


def _months() -> dict[str, tuple[int, Calendar]]:
    """Return every accepted month name, folded, with its number and calendar."""
    names: dict[str, tuple[int, Calendar]] = {}
    for index in range(12):
        for name in (jalali.MONTHS_FA[index], jalali.MONTHS_EN[index]):
            names[fold(name)] = (index + 1, "jalali")
        english = jalali.GREGORIAN_MONTHS_EN[index]
        for name in (jalali.GREGORIAN_MONTHS_FA[index], english, english[:3]):
            names[fold(name)] = (index + 1, "gregorian")
    aliases = {"امرداد": 5, "ordibehest": 2, "amordad": 5}
    names.update({fold(name): (month, "jalali") for name, month in aliases.items()})
    foreign = {"می": 5, "جولای": 7, "ژولیه": 7, "آگوست": 8, "sept": 9}
    names.update({fold(name): (month, "gregorian") for name, month in foreign.items()})
    return names


_MONTH_NAMES: Final = _months()
_WEEKDAYS: Final = "|".join(
    sorted((fold(name) for name in (*jalali.WEEKDAYS_FA, *jalali.WEEKDAYS_EN)), key=len, reverse=True)
)
_WEEKDAY: Final = re.compile(rf"^(?:{_WEEKDAYS})\s*[,،]?\s+")
_RELATIVE: Final = {
    fold(word): days
    for word, days in {
        "امروز": 0,
        "فردا": 1,
        "پس‌فردا": 2,
        "دیروز": -1,
        "today": 0,
        "tomorrow": 1,
        "yesterday": -1,
    }.items()
}
_NUMBERS: Final = re.compile(r"(\d{1,4})\s*([/.\-\u2010-\u2013\u2212\\ ])\s*(\d{1,2})\s*\2\s*(\d{1,4})")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NAMED: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th|م)?[\s\-]+([^\W\d]+)\.?[\s\-,،]+(?:ماه\s+)?(\d{2}|\d{4})")
_NAME_FIRST: Final = re.compile(r"([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_TIME: Final = re.compile(
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?\s*(?P<half>[^\W\d][\w. ]*)?"
)
_MORNING: Final = frozenset({"am", "ق ظ", "قظ", "صبح", "قبل از ظهر", "بامداد"})
_AFTERNOON: Final = frozenset({"pm", "ب ظ", "بظ", "بعد از ظهر", "بعدازظهر", "عصر", "شب"})
_DATE_AND_TIME: Final = re.compile(
    r"(?P<date>.+?)(?:\s*[,،]\s*|\s+|(?<=\d)t(?=\d))(?:ساعت\s+|at\s+)?(?P<time>\d{1,2}:\d{2}.*)"
)
_TIME_FIRST: Final = re.compile(r"(?:ساعت\s+)?(?P<time>\d{1,2}:\d{2}(?::\d{2})?)\s*[,،]?\s+(?P<date>.+)")


def _no_date() -> DateFormatError:
    return DateFormatError(_("Enter a date, for example 1405/09/01 or 2026-11-22."), code="invalid_date")


def _checked(date: dt.date) -> dt.date:
    if not FIRST_GREGORIAN_YEAR <= date.year <= LAST_GREGORIAN_YEAR:
        raise DateOutOfRangeError(_("This date is too far away."), code="date_out_of_range")
    return date


def _full_year(text: str, calendar: Calendar) -> tuple[int, Calendar]:
    """Return the year meant and its calendar."""
    year = int(text)
    if len(text) == 4:
        if year < FIRST_JALALI_YEAR:
            raise DateOutOfRangeError(_("This date is too far away."), code="date_out_of_range")
        return year, "gregorian" if year >= FIRST_GREGORIAN_YEAR else "jalali"
    if len(text) != 2:
        raise _no_date()
    if calendar == "jalali":
        return year + (1400 if year < 50 else 1300), calendar
    return year + (2000 if year < 70 else 1900), calendar


def _from_numbers(first: str, month: str, last: str, calendar: Calendar) -> dt.date:
    """Return the date of three numbers: the year leads unless only the last has four digits."""
    year_text, day_text = (last, first) if len(last) == 4 else (first, last)
    if len(day_text) > 2:
        raise _no_date()
    year, calendar = _full_year(year_text, calendar)
    return make_date(year, int(month), int(day_text), calendar)


def _from_name(day: str, name: str, year: str) -> dt.date:
    """Return the date of a day, a month's name and a year; the name decides the calendar."""
    found = _MONTH_NAMES.get(name)
    if found is None:
        raise _no_date()
    month, calendar = found
    full, year_calendar = _full_year(year, calendar)
    if year_calendar != calendar:
        raise NoSuchDateError(_("The month and the year are of different calendars."), code="mixed_calendars")
    return make_date(full, month, int(day), calendar)


def parse_date(text: str, calendar: Calendar = "jalali", *, today: dt.date | None = None) -> dt.date:
    """Return the date somebody typed; InputError (a ValueError) with a translated message when there is none.

    `calendar` is the person's own, for years of two digits; `today` allows «امروز» and “tomorrow”.
    """
    typed = _WEEKDAY.sub("", fold(text)) if len(text) <= MAX_TYPED_LENGTH else ""
    if today is not None and typed in _RELATIVE:
        return today + dt.timedelta(days=_RELATIVE[typed])
    match = _NUMBERS.fullmatch(typed)
    if match:
        return _checked(_from_numbers(match[1], match[3], match[4], calendar))
    match = _COMPACT.fullmatch(typed)
    if match:
        return _checked(_from_numbers(match[1], match[2], match[3], calendar))
    match = _NAMED.fullmatch(typed)
    if match:
        return _checked(_from_name(match[1], match[2], match[3]))
    match = _NAME_FIRST.fullmatch(typed)
    if match:
        return _checked(_from_name(match[2], match[1], match[3]))
    raise _no_date()


def _no_time() -> TimeFormatError:
    return TimeFormatError(_("Enter a time, for example 14:30."), code="invalid_time")


def parse_time(text: str) -> dt.time:
    """Return the time of day somebody typed («۱۴:۳۰», “2:30 pm”, «۲:۳۰ بعدازظهر»); InputError when there is none."""
    match = _TIME.fullmatch(fold(text)) if len(text) <= MAX_TYPED_LENGTH else None
    if match is None:
        raise _no_time()
    hour = int(match["hour"])
    half = " ".join((match["half"] or "").replace(".", " ").split())
    if half:
        half = "pm" if half in _AFTERNOON or half == "p m" else "am" if half in _MORNING or half == "a m" else ""
        if not half or not 1 <= hour <= _NOON:
            raise _no_time()
        hour = hour % _NOON + (_NOON if half == "pm" else 0)
    try:
        return dt.time(hour, int(match["minute"]), int(match["second"] or 0))
    except ValueError as error:
        raise _no_time() from error


def parse_datetime(
    text: str, tz: ZoneInfo, calendar: Calendar = "jalali", *, today: dt.date | None = None
) -> dt.datetime:
    """Return the moment somebody typed, in their time zone; a date alone is its midnight, ISO offsets are kept.

    InputError when there is none.
    """
    typed = fold(text) if len(text) <= MAX_TYPED_LENGTH else ""
    try:
        moment = dt.datetime.fromisoformat(typed.upper())
    except ValueError:
        moment = None
    if moment is not None and moment.tzinfo is not None and moment.year >= FIRST_GREGORIAN_YEAR:
        return moment
    match = _DATE_AND_TIME.fullmatch(typed) or _TIME_FIRST.fullmatch(typed)
    if match is None:
        return dt.datetime.combine(parse_date(typed, calendar, today=today), dt.time(), tzinfo=tz)
    date = parse_date(match["date"], calendar, today=today)
    return dt.datetime.combine(date, parse_time(match["time"]), tzinfo=tz)
