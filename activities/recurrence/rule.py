"""A rule of repetition: the parts of an RRULE (RFC 5545) that days need, with RFC 7529's SKIP and our own X-WORKDAY.

``X-WORKDAY=ONLY`` names the working days, as BYDAY names days of the week; ``NEXT`` and ``PREVIOUS`` move what falls on
a day off to the working day after or before it. Frequencies below a day and the parts BYHOUR … BYWEEKNO are refused.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from core.calendar.jalali import Calendar
from core.display import format_number
from core.errors import DomainError

MAX_LENGTH: Final = 300
MAX_COUNT: Final = 1000
MAX_INTERVAL: Final = 400
WEEKDAYS: Final = ("SA", "SU", "MO", "TU", "WE", "TH", "FR")  # Saturday is 0, as everywhere in the product
_DAY: Final = re.compile(r"([+-]?\d{1,2})?(SA|SU|MO|TU|WE|TH|FR)")
_SCALES: Final[dict[str, Calendar]] = {"PERSIAN": "jalali", "GREGORIAN": "gregorian"}


class Frequency(StrEnum):
    """How long a period of the rule is."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class Skip(StrEnum):
    """What becomes of a day that a month lacks (RFC 7529, 4.1): left out, the day before, the day after."""

    OMIT = "OMIT"
    BACKWARD = "BACKWARD"
    FORWARD = "FORWARD"


class Workday(StrEnum):
    """What working days mean to the rule; ``ANY`` nothing."""

    ANY = ""
    ONLY = "ONLY"
    NEXT = "NEXT"
    PREVIOUS = "PREVIOUS"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A checked rule. ``by_day`` holds (ordinal, day of the week) pairs, ordinal 0 for each, Saturday is 0.

    ``until`` is the last date, or the last moment; months and days are those of ``calendar``.
    """

    freq: Frequency
    calendar: Calendar = "jalali"
    interval: int = 1
    count: int | None = None
    until: dt.date | dt.datetime | None = None
    by_month: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[tuple[int, int], ...] = ()
    by_set_pos: tuple[int, ...] = ()
    week_start: int = field(default=0)
    skip: Skip = Skip.OMIT
    workday: Workday = Workday.ANY

    def __post_init__(self) -> None:
        _check(self)

    def __str__(self) -> str:
        """The rule as RRULE text without DTSTART and RSCALE, as it is stored."""
        parts = [f"FREQ={self.freq}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        parts += [f"{name}={_list(values)}" for name, values in self._lists() if values]
        if self.by_day:
            parts.append("BYDAY=" + ",".join(f"{n or ''}{WEEKDAYS[day]}" for n, day in self.by_day))
        if self.by_set_pos:
            parts.append(f"BYSETPOS={_list(self.by_set_pos)}")
        if self.week_start:
            parts.append(f"WKST={WEEKDAYS[self.week_start]}")
        if self.skip != Skip.OMIT:
            parts.append(f"SKIP={self.skip}")
        if self.workday:
            parts.append(f"X-WORKDAY={self.workday}")
        if self.count:
            parts.append(f"COUNT={self.count}")
        if self.until:
            moment = isinstance(self.until, dt.datetime)
            parts.append(f"UNTIL={self.until:%Y%m%dT%H%M%SZ}" if moment else f"UNTIL={self.until:%Y%m%d}")
        return ";".join(parts)

    def _lists(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        return (("BYMONTH", self.by_month), ("BYMONTHDAY", self.by_month_day))

    @property
    def weekdays(self) -> frozenset[int]:
        """The days of the week without an ordinal."""
        return frozenset(day for number, day in self.by_day if not number)

    def is_past(self, date: dt.date, moment: dt.datetime) -> bool:
        """Whether an occurrence comes after the end of the rule."""
        if isinstance(self.until, dt.datetime):
            return moment > self.until
        return self.until is not None and date > self.until


def _list(values: tuple[int, ...]) -> str:
    return ",".join(str(value) for value in values)


def _refusal(message: str) -> DomainError:
    return DomainError(message, field="rule", code="bad_rule")


def _check(rule: Rule) -> None:
    """Refuse what makes no sense, before anything is reckoned."""
    if not 1 <= rule.interval <= MAX_INTERVAL:
        raise _refusal(_("The interval is a number from 1 to %(limit)s.") % {"limit": format_number(MAX_INTERVAL)})
    if rule.count is not None and not 1 <= rule.count <= MAX_COUNT:
        limit = {"limit": format_number(MAX_COUNT)}
        raise _refusal(_("A repetition has 1 to %(limit)s times. Let it go on without end instead.") % limit)
    if rule.count and rule.until:
        raise _refusal(_("Give a last day or a number of times, not both."))
    _check_range(rule.by_month, 12, signed=False)
    _check_range(rule.by_month_day, 31)
    _check_range(rule.by_set_pos, 366)
    _check_range(tuple(number for number, _day in rule.by_day if number), 53)
    _check_together(rule)


def _check_range(values: tuple[int, ...], highest: int, *, signed: bool = True) -> None:
    for value in values:
        if not 1 <= abs(value) <= highest or (value < 0 and not signed):
            raise _refusal(_("There is no such day or month in the calendar: %(value)s") % {"value": value})


def _check_together(rule: Rule) -> None:
    """Parts that say nothing or contradict each other beside the frequency."""
    ordinals = any(number for number, _day in rule.by_day)
    long = rule.freq in {Frequency.MONTHLY, Frequency.YEARLY}
    if ordinals and (not long or rule.by_month_day):
        raise _refusal(_("“The second Tuesday” makes sense in a month or a year only."))
    if rule.by_month_day and rule.freq == Frequency.WEEKLY:
        raise _refusal(_("A weekly repetition goes by the days of the week, not of the month."))
    if rule.by_set_pos and (rule.freq == Frequency.DAILY or not _names_days(rule)):
        raise _refusal(_("“The last” needs days to choose from."))


def _names_days(rule: Rule) -> bool:
    return bool(rule.by_day or rule.by_month_day or rule.by_month or rule.workday == Workday.ONLY)


def parse_rule(text: str, calendar: Calendar = "jalali") -> Rule:
    """The rule of an RRULE text; RSCALE names the calendar, else ``calendar``. DomainError when it is none for us."""
    text = text.strip().upper().removeprefix("RRULE:")
    if not text or len(text) > MAX_LENGTH:
        raise _refusal(_("This is not a rule of repetition."))
    parts: dict[str, str] = {}
    for part in filter(None, text.split(";")):
        name, equals, value = part.partition("=")
        if not equals or not value or name in parts:
            raise _refusal(_("This is not a rule of repetition."))
        parts[name] = value
    scale = parts.pop("RSCALE", "")
    if scale:
        if scale not in _SCALES:
            raise _refusal(_("The calendar of this rule is not known here: %(value)s") % {"value": scale})
        calendar = _SCALES[scale]
    return Rule(calendar=calendar, **_values(parts))  # type: ignore[arg-type]


def _values(parts: dict[str, str]) -> dict[str, object]:
    if "FREQ" not in parts:
        raise _refusal(_("This is not a rule of repetition."))
    values: dict[str, object] = {}
    for name, value in parts.items():
        if name not in _PARTS:
            raise _refusal(_("This part of the rule is not supported: %(value)s") % {"value": name})
        attribute, read = _PARTS[name]
        try:
            values[attribute] = read(value)
        except (ValueError, KeyError) as error:
            raise _refusal(_("This part of the rule is not supported: %(value)s") % {"value": value}) from error
    return values


def _number(value: str) -> int:
    """A whole number; one of many digits is cut short, so that it is refused as too big and not reckoned with."""
    if not re.fullmatch(r"[+-]?\d+", value, re.ASCII):
        raise ValueError(value)
    return int(value[:12])


def _numbers(value: str) -> tuple[int, ...]:
    return tuple(sorted({_number(item) for item in value.split(",")}))


def _days(value: str) -> tuple[tuple[int, int], ...]:
    found = set()
    for item in value.split(","):
        match = _DAY.fullmatch(item)
        if match is None:
            raise ValueError(item)
        found.add((int(match[1] or 0), WEEKDAYS.index(match[2])))
    return tuple(sorted(found))


def _until(value: str) -> dt.date | dt.datetime:
    if len(value) == 8:
        return dt.datetime.strptime(value, "%Y%m%d").replace(tzinfo=dt.UTC).date()
    return dt.datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=dt.UTC)


_PARTS: Final[dict[str, tuple[str, Callable[[str], object]]]] = {
    "FREQ": ("freq", Frequency),
    "INTERVAL": ("interval", _number),
    "COUNT": ("count", _number),
    "UNTIL": ("until", _until),
    "BYMONTH": ("by_month", _numbers),
    "BYMONTHDAY": ("by_month_day", _numbers),
    "BYDAY": ("by_day", _days),
    "BYSETPOS": ("by_set_pos", _numbers),
    "WKST": ("week_start", WEEKDAYS.index),
    "SKIP": ("skip", Skip),
    "X-WORKDAY": ("workday", Workday),
}
