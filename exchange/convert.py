"""One cell to one value of a column: whatever a spreadsheet or an old system may have written."""

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import display, money, text
from core.calendar.parse import parse_date, parse_datetime
from core.fields import CleanTextField
from core.numbers import parse_decimal
from core.parsing import InputError
from core.phones import parse_phone
from exchange import targets
from exchange.mapping import Rule
from exchange.targets import Column

Converter = Callable[[Any], Any]
HOME_REGION: Final = "IR"

_YES: Final = frozenset({"yes", "y", "true", "t", "1", "on", "بله", "بلی", "اری", "دارد", "هست", "x", "✓"})
_NO: Final = frozenset({"no", "n", "false", "f", "0", "off", "خیر", "نه", "ندارد", "نیست", "-"})
_PLAIN_NUMBER: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?")
_MOBILE: Final = re.compile(r"(?:\+98|0098|98|0)?(9\d{9})")
_SLASHED: Final = re.compile(r"\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?!\d)")
_EXCEL_EPOCH: Final = dt.date(1899, 12, 30)
_EXCEL_DAYS: Final = (10_000, 80_000)


class Ambiguous(Exception):
    """Several records have this name."""


def as_text(raw: Any) -> str:
    """A cell as text: whole numbers without ".0", dates as ISO."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, dt.date | dt.time):
        return raw.isoformat()
    return "" if raw is None else str(raw)


def _text(column: Column) -> Converter:
    multiline = isinstance(column.field, CleanTextField)
    limit = getattr(column.field, "max_length", None)
    validators = [v for v in getattr(column.field, "validators", ()) if not isinstance(v, MaxLengthValidator)]

    def convert(raw: Any) -> str:
        value = text.clean(as_text(raw), multiline=multiline)
        if limit and len(value) > limit:
            raise InputError(
                _("The text has %(size)s characters; the limit is %(limit)s.") % {"size": len(value), "limit": limit}
            )
        for validator in validators:
            validator(value)
        return value

    return convert


def _phone(region: str) -> Converter:
    def convert(raw: Any) -> str:
        typed = as_text(raw)
        match = _MOBILE.fullmatch(typed) if region == HOME_REGION else None
        return f"+98{match[1]}" if match else parse_phone(typed, region).stored

    return convert


def _email(raw: Any) -> str:
    value = text.clean(as_text(raw))
    validate_email(value)
    return value


def _number(raw: Any) -> Decimal:
    if isinstance(raw, int | float):
        return Decimal(repr(raw) if isinstance(raw, float) else raw)
    typed = as_text(raw).strip()
    return Decimal(typed) if _PLAIN_NUMBER.fullmatch(typed) else parse_decimal(typed)


def _bounded(column: Column, value: Decimal) -> Decimal:
    digits = getattr(column.field, "max_digits", 20)
    places = getattr(column.field, "decimal_places", 2)
    if not value.is_finite() or abs(value) >= Decimal(10) ** (digits - places):
        raise InputError(_("The number is too large."))
    value = value.quantize(Decimal(1).scaleb(-places))
    for validator in getattr(column.field, "_validators", ()):
        validator(value)
    return value


def _decimal(column: Column, rule: Rule, unit: str) -> Converter:
    def convert(raw: Any) -> Decimal:
        if column.type == targets.MONEY and isinstance(raw, str) and not _PLAIN_NUMBER.fullmatch(raw.strip()):
            value = money.parse_amount(raw, unit)
        else:
            factor = money.UNITS[unit].factor if column.type == targets.MONEY and unit in money.UNITS else 1
            value = _number(raw) * factor
        return _bounded(column, value * rule.multiply if rule.multiply is not None else value)

    return convert


def _integer(column: Column, rule: Rule) -> Converter:
    top = 32_767 if "Small" in type(column.field).__name__ else 2_147_483_647

    def convert(raw: Any) -> int:
        value = _number(raw) * (rule.multiply or 1)
        if value != value.to_integral_value():
            raise InputError(_("Enter a whole number."))
        if not -top <= value <= top or (value < 0 and "Positive" in type(column.field).__name__):
            raise InputError(_("The number is too large or negative."))
        for validator in getattr(column.field, "_validators", ()):
            validator(int(value))
        return int(value)

    return convert


def _boolean(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    word = text.fold(as_text(raw))
    if word in _YES or word in _NO:
        return word in _YES
    raise InputError(_("Enter yes or no."))


def _choice(column: Column) -> Converter:
    known: dict[str, str] = {}
    pairs = [(str(value), value) for value, _label in column.field.flatchoices]
    for language in ("fa", "en"):
        with override(language):
            pairs += [(str(label), value) for value, label in column.field.flatchoices]
    for words, value in reversed(pairs):
        known[text.tight(words)] = value

    def convert(raw: Any) -> str:
        try:
            return known[text.tight(as_text(raw))]
        except KeyError:
            raise InputError(
                _("Not one of the known values: %(known)s.")
                % {"known": display.listed(value for value, _label in column.field.flatchoices)}
            ) from None

    return convert


def _date(formats: tuple[str, ...], calendar: str) -> Callable[[Any], dt.date]:
    @functools.lru_cache(maxsize=8192)
    def parse(typed: str) -> dt.date:
        for pattern in formats:
            if pattern == "auto":
                return parse_date(typed, calendar)  # type: ignore[arg-type]
            try:
                return dt.datetime.strptime(typed, pattern).date()  # noqa: DTZ007 - a day has no time zone
            except ValueError:
                continue
        if formats:
            raise InputError(_("The date is not in the form %(forms)s.") % {"forms": " / ".join(formats)})
        if typed.isdigit() and _EXCEL_DAYS[0] <= int(typed) <= _EXCEL_DAYS[1]:
            return _EXCEL_EPOCH + dt.timedelta(days=int(typed))
        return parse_date(typed, calendar)  # type: ignore[arg-type]

    def convert(raw: Any) -> dt.date:
        if isinstance(raw, dt.datetime):
            return raw.date()
        if isinstance(raw, dt.date):
            return raw
        return parse(text.to_ascii_digits(as_text(raw)).strip())

    return convert


def _datetime(formats: tuple[str, ...], calendar: str, tz: Any) -> Converter:
    day = _date(formats, calendar)

    @functools.lru_cache(maxsize=8192)
    def parse(typed: str) -> dt.datetime:
        for pattern in formats:
            try:
                found = dt.datetime.strptime(typed, pattern)  # noqa: DTZ007 - the zone is set below
            except ValueError:
                continue
            return found if found.tzinfo else found.replace(tzinfo=tz)
        if formats and "auto" not in formats:
            raise InputError(_("The date is not in the form %(forms)s.") % {"forms": " / ".join(formats)})
        return parse_datetime(typed, tz, calendar)  # type: ignore[arg-type]

    def convert(raw: Any) -> dt.datetime:
        if isinstance(raw, dt.datetime):
            return raw if raw.tzinfo else raw.replace(tzinfo=tz)
        if isinstance(raw, dt.date | float | int):
            return dt.datetime.combine(day(raw), dt.time(), tzinfo=tz)
        return parse(text.to_ascii_digits(as_text(raw)).strip())

    return convert


def slashed_form(values: Iterable[Any]) -> tuple[str, ...]:
    """The form of dates like 10/20/2016, told by the whole column: month first or day first; () when neither is sure.

    A column whose every date could be either is read day first, as people here write.
    """
    first_big = second_big = seen = long = False
    for raw in values:
        match = _SLASHED.match(text.to_ascii_digits(raw)) if isinstance(raw, str) else None
        if match:
            seen = True
            long = long or len(match[3]) == 4
            first_big = first_big or int(match[1]) > 12
            second_big = second_big or int(match[2]) > 12
    if not seen or first_big or not second_big:
        return ()
    return ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "auto") if long else ("%m/%d/%y", "%m-%d-%y", "auto")


def _list(rule: Rule) -> Converter:
    return lambda raw: [part for part in (text.clean(p) for p in split(as_text(raw), rule.separator)) if part]


def split(words: str, separators: str) -> list[str]:
    """The parts of a cell with several values."""
    return [part.strip() for part in re.split(f"[{re.escape(separators)}]", words) if part.strip()]


def named(found: dict[str, Any]) -> Converter:
    """A converter over the records found for the names in the file."""

    def convert(raw: Any) -> Any:
        words = text.clean(as_text(raw))
        pk = found.get(text.tight(words))
        if pk is None:
            raise InputError(_("No record is called “%(name)s”.") % {"name": words[:80]})
        if pk is Ambiguous:
            raise InputError(_("Several records are called “%(name)s”.") % {"name": words[:80]})
        return pk

    return convert


def converter(
    column: Column,
    rule: Rule,
    *,
    unit: str,
    calendar: str,
    tz: Any,
    cells: Callable[[], Iterable[Any]],
    region: str = HOME_REGION,
) -> Converter:
    """The function that turns cells of this column into values; it raises InputError or ValidationError.

    ``cells`` gives the whole column, for the order of day and month.
    """
    kind = column.type
    simple: dict[str, Converter] = {targets.PHONE: _phone(region), targets.EMAIL: _email, targets.BOOLEAN: _boolean}
    if kind in simple:
        return simple[kind]
    if kind in {targets.DECIMAL, targets.MONEY}:
        return _decimal(column, rule, unit)
    if kind in {targets.DATE, targets.DATETIME}:
        formats = rule.formats or slashed_form(cells())
        return _date(formats, calendar) if kind == targets.DATE else _datetime(formats, calendar, tz)
    makers: dict[str, Callable[[], Converter]] = {
        targets.INTEGER: lambda: _integer(column, rule),
        targets.CHOICE: lambda: _choice(column),
        targets.LIST: lambda: _list(rule),
    }
    return makers.get(kind, lambda: _text(column))()


def reason_of(error: Exception) -> str:
    """The sentence of a refused cell."""
    if isinstance(error, ValidationError):
        return str(error.messages[0])
    return str(error)
