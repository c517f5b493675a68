"""How the current person sees dates, numbers, money and phones.

`current()` holds the preferences of the request or job; the formatters read it, so that templates, exports and
texts of messages agree. They are plain string work: a list page calls them hundreds of times.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext, ngettext

from core import money, numbers
from core.calendar.jalali import Calendar, month_name, weekday_name, year_month_day
from core.calendar.periods import Period
from core.numbers import Digits, Number
from core.phones import national_format, split_stored
from core.text import to_persian_digits

DateStyle = Literal["short", "long", "full", "month", "day"]


@dataclass(frozen=True, slots=True)
class Display:
    """A person's display preferences; `money_unit` is a code of `core.money.UNITS`."""

    language: str = "fa"
    calendar: Calendar = "jalali"
    digits: Digits = "fa"
    money_unit: str = "IRT"
    timezone: str = "Asia/Tehran"
    theme: str = "auto"
    density: str = "comfortable"

    @property
    def tz(self) -> ZoneInfo:
        """The time zone itself."""
        return ZoneInfo(self.timezone)

    def now(self) -> dt.datetime:
        """Return the present moment in the person's time zone."""
        return dt.datetime.now(self.tz)

    def today(self) -> dt.date:
        """Return the person's own date."""
        return self.now().date()


_DEFAULT: Final = Display()
_RELATIVE_DAYS: Final = 7
_current: ContextVar[Display] = ContextVar("display", default=_DEFAULT)


def current() -> Display:
    """Return the preferences in force."""
    return _current.get()


def set_current(display: Display) -> Token[Display]:
    """Put preferences in force until `reset` gets the token back."""
    return _current.set(display)


def reset(token: Token[Display]) -> None:
    """Undo a `set_current`."""
    _current.reset(token)


@contextmanager
def use(display: Display) -> Iterator[Display]:
    """Put preferences and their language in force for a block (jobs, messages to another person, tests)."""
    token = _current.set(display)
    try:
        with translation.override(display.language):
            yield display
    finally:
        _current.reset(token)


def local_digits(text: str) -> str:
    """Return text with its ASCII digits in the person's digits."""
    return to_persian_digits(text) if _current.get().digits == "fa" else text


def comma() -> str:
    """What stands between the items of a list in the language sentences are written in just now."""
    return "، " if (translation.get_language() or "fa").startswith("fa") else ", "


def listed(items: Iterable[object]) -> str:
    """The items in words, one after the other."""
    return comma().join(str(item) for item in items)


def localtime(value: dt.datetime) -> dt.datetime:
    """Return a moment in the person's time zone (a naive one as it is)."""
    return value if value.tzinfo is None else value.astimezone(_current.get().tz)


def _date_of(value: dt.date) -> dt.date:
    return localtime(value).date() if isinstance(value, dt.datetime) else value


@lru_cache(maxsize=4096)
def _date_text(date: dt.date, style: DateStyle, language: str, calendar: Calendar, digits: Digits) -> str:
    year, month, day = year_month_day(date, calendar)
    if style == "short":
        separator = "/" if language == "fa" else "-"
        text = f"{year:04d}{separator}{month:02d}{separator}{day:02d}"
    else:
        name = month_name(month, calendar, language)
        if language != "fa" and calendar == "gregorian":
            name = name[:3] if style in {"long", "full", "day"} else name
        if style == "month":
            text = f"{name} {year}"
        elif style == "day":
            text = f"{day} {name}"
        else:
            text = f"{day} {name} {year}"
        if style == "full":
            text = f"{weekday_name(date, language)}{'' if language == 'fa' else ','} {text}"
    return to_persian_digits(text) if digits == "fa" else text


def format_date(value: dt.date | None, style: DateStyle = "short") -> str:
    """Return a date (of a moment: the person's date of it) in the person's calendar; "" for None.

    Styles: short ۱۴۰۵/۰۹/۰۱, long ۱ آذر ۱۴۰۵, full with the day of the week, month آذر ۱۴۰۵, day ۱ آذر.
    """
    if value is None:
        return ""
    display = _current.get()
    return _date_text(_date_of(value), style, display.language, display.calendar, display.digits)


def format_time(value: dt.datetime | dt.time | None) -> str:
    """Return hours and minutes of a moment in the person's time zone; "" for None."""
    if value is None:
        return ""
    local = localtime(value) if isinstance(value, dt.datetime) else value
    return local_digits(f"{local.hour:02d}:{local.minute:02d}")


def format_datetime(value: dt.datetime | None, style: DateStyle = "short") -> str:
    """Return date and time of a moment in the person's calendar and time zone; "" for None."""
    if value is None:
        return ""
    local = localtime(value)
    if style == "short":
        return f"{format_date(local.date())} {format_time(local.timetz())}"
    separator = "،" if _current.get().language == "fa" else ","
    return f"{format_date(local.date(), style)}{separator} {format_time(local.timetz())}"


def relative_day(value: dt.date | None) -> str:
    """Return today, yesterday, tomorrow or a number of days within a week; else the short date; "" for None."""
    if value is None:
        return ""
    date = _date_of(value)
    days = (date - _current.get().today()).days
    if abs(days) > _RELATIVE_DAYS:
        return format_date(date)
    if abs(days) <= 1:
        return (gettext("today"), gettext("tomorrow"), gettext("yesterday"))[days]
    if days > 0:
        text = ngettext("in %(days)d day", "in %(days)d days", days)
    else:
        text = ngettext("%(days)d day ago", "%(days)d days ago", -days)
    return local_digits(text % {"days": abs(days)})


def format_number(value: Number | None, decimals: int | None = None) -> str:
    """Return a number in the person's digits with grouped thousands; "" for None."""
    return "" if value is None else numbers.format_number(value, _current.get().digits, decimals)


def format_percent(ratio: Number | None, decimals: int | None = None) -> str:
    """Return a ratio as a percentage (0.1 is ۱۰٪); "" for None."""
    return "" if ratio is None else numbers.format_percent(ratio, _current.get().digits, decimals)


def format_percent_points(points: Number | None) -> str:
    """Return percentage points as a percentage (10 is ۱۰٪); "" for None."""
    if points is None:
        return ""
    return format_percent(Decimal(str(points)) / 100)


def format_number_compact(value: Decimal | int | None) -> str:
    """Return a large number rounded with a scale word; "" for None."""
    if value is None:
        return ""
    display = _current.get()
    return money.format_number_compact(value, digits=display.digits, language=display.language)


def format_money(amount: Decimal | int | None, currency: str = money.BASE_CURRENCY, *, with_unit: bool = True) -> str:
    """Return a stored amount in the person's unit (toman or rial for Iran's money); "" for None."""
    if amount is None:
        return ""
    display = _current.get()
    return money.format_amount(
        amount,
        currency,
        unit=display.money_unit,
        digits=display.digits,
        language=display.language,
        with_unit=with_unit,
    )


def format_money_compact(amount: Decimal | int | None, currency: str = money.BASE_CURRENCY) -> str:
    """Return a stored amount rounded for reading at a glance («۱٫۲ میلیارد تومان»); "" for None."""
    if amount is None:
        return ""
    display = _current.get()
    return money.format_amount_compact(
        amount, currency, unit=display.money_unit, digits=display.digits, language=display.language
    )


def money_unit_name(currency: str = money.BASE_CURRENCY) -> str:
    """Return the word of the unit in which the person sees and types a currency."""
    display = _current.get()
    unit = money.unit_for(currency, display.money_unit)
    return unit.word_fa if display.language == "fa" else unit.word_en


def format_phone(stored: str | None) -> str:
    """Return a stored phone number the national way with its extension, in the person's digits; "" for none.

    Put it into `<bdi dir="ltr">`: its groups turn round in right-to-left text.
    """
    if not stored:
        return ""
    text = national_format(stored)
    extension = split_stored(stored).extension
    if extension:
        text = f"{text} {gettext('ext.')} {extension}"
    return local_digits(text)


def format_period(period: Period) -> str:
    """Return a period's name in the person's language and digits: «آذر ۱۴۰۵», “Autumn 1405”, “Q3 2026”."""
    return local_digits(period.label(_current.get().language))
