"""Periods of either calendar: days, weeks, months, seasons, years, fiscal years; named ranges; their cuts in UTC.

Rows are grouped by the boundaries of periods (`PeriodBucket`), cut at midnight of the person's time zone, because
the database knows no Jalali months.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.calendar.jalali import (
    SEASONS_EN,
    SEASONS_FA,
    Calendar,
    add_months,
    make_date,
    month_name,
    weekday_index,
    year_month_day,
)

Kind = Literal["day", "week", "month", "season", "year", "fiscal_year"]

KINDS: Final[dict[Kind, Promise]] = {
    "day": _("Day"),
    "week": _("Week"),
    "month": _("Month"),
    "season": _("Season"),
    "year": _("Year"),
    "fiscal_year": _("Fiscal year"),
}
MAX_PERIODS: Final = 2000
_ONE_DAY: Final = dt.timedelta(days=1)
_MONTHS: Final[dict[Kind, int]] = {"month": 1, "season": 3, "year": 12, "fiscal_year": 12}


class DateRange(NamedTuple):
    """Two dates, both inside the range."""

    start: dt.date
    end: dt.date

    def bounds(self, tz: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
        """Return the range as moments: from the first midnight, up to but without the midnight after the last day."""
        return midnight(self.start, tz), midnight(self.end + _ONE_DAY, tz)


@dataclass(frozen=True, slots=True)
class Period:
    """One day, week, month, season, year or fiscal year; `start` and `end` are its first and last day."""

    kind: Kind
    calendar: Calendar
    start: dt.date
    end: dt.date
    fiscal_month: int = 1

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.end - self.start).days + 1

    @property
    def range(self) -> DateRange:
        """First and last day."""
        return DateRange(self.start, self.end)

    def next(self) -> "Period":
        """Return the period after this one."""
        return period_of(self.end + _ONE_DAY, self.kind, self.calendar, fiscal_month=self.fiscal_month)

    def previous(self) -> "Period":
        """Return the period before this one."""
        return period_of(self.start - _ONE_DAY, self.kind, self.calendar, fiscal_month=self.fiscal_month)

    def bounds(self, tz: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
        """Return the moments the period begins and the next one begins."""
        return self.range.bounds(tz)

    def label(self, language: str) -> str:
        """Return the period's name with ASCII digits: «آذر 1405», «پاییز 1405», “Q3 2026”, “Fiscal year 1405”."""
        year, month, day = year_month_day(self.start, self.calendar)
        if self.kind == "day":
            return f"{day} {month_name(month, self.calendar, language)} {year}"
        if self.kind == "week":
            last = year_month_day(self.end, self.calendar)
            first_name = "" if month == last.month else f" {month_name(month, self.calendar, language)}"
            last_name = month_name(last.month, self.calendar, language)
            return f"{day}{first_name} – {last.day} {last_name} {last.year}"
        if self.kind == "month":
            return f"{month_name(month, self.calendar, language)} {year}"
        if self.kind == "season":
            return self._season_label(year, (month - 1) // 3, language)
        if self.kind == "fiscal_year":
            prefix = "سال مالی" if language == "fa" else "Fiscal year"
            return f"{prefix} {year}"
        return str(year)

    def _season_label(self, year: int, index: int, language: str) -> str:
        if self.calendar == "jalali":
            return f"{(SEASONS_FA if language == 'fa' else SEASONS_EN)[index]} {year}"
        return f"سه‌ماهه {index + 1} {year}" if language == "fa" else f"Q{index + 1} {year}"


def midnight(date: dt.date, tz: ZoneInfo) -> dt.datetime:
    """Return the moment a date begins in a time zone, in UTC."""
    return dt.datetime.combine(date, dt.time(), tzinfo=tz).astimezone(dt.UTC)


def period_of(date: dt.date, kind: Kind, calendar: Calendar, *, fiscal_month: int = 1) -> Period:
    """Return the period of a kind that holds a date; a fiscal year begins with its `fiscal_month` of the calendar.

    Weeks begin on Saturday in both calendars.
    """
    if kind == "day":
        return Period(kind, calendar, date, date, fiscal_month)
    if kind == "week":
        start = date - dt.timedelta(days=weekday_index(date))
        return Period(kind, calendar, start, start + dt.timedelta(days=6), fiscal_month)
    year, month, _day = year_month_day(date, calendar)
    if kind == "season":
        month -= (month - 1) % 3
    elif kind == "year":
        month = 1
    elif kind == "fiscal_year":
        year -= month < fiscal_month
        month = fiscal_month
    start = make_date(year, month, 1, calendar)
    end = add_months(start, _MONTHS[kind], calendar) - _ONE_DAY
    return Period(kind, calendar, start, end, fiscal_month)


def periods_between(
    start: dt.date, end: dt.date, kind: Kind, calendar: Calendar, *, fiscal_month: int = 1
) -> list[Period]:
    """Return the periods that touch a range, in order; ValueError when there would be more than MAX_PERIODS."""
    periods: list[Period] = []
    if end < start:
        return periods
    period = period_of(start, kind, calendar, fiscal_month=fiscal_month)
    while period.start <= end:
        if len(periods) == MAX_PERIODS:
            raise ValueError(f"More than {MAX_PERIODS} periods of kind {kind}.")
        periods.append(period)
        period = period.next()
    return periods


def boundaries(periods: Sequence[Period], tz: ZoneInfo) -> list[dt.datetime]:
    """Return the moments that cut consecutive periods: the start of each and the end of the last, in UTC."""
    if not periods:
        return []
    return [midnight(period.start, tz) for period in periods] + [periods[-1].bounds(tz)[1]]


def date_boundaries(periods: Sequence[Period]) -> list[dt.date]:
    """Return the same cuts for a column of dates."""
    if not periods:
        return []
    return [period.start for period in periods] + [periods[-1].end + _ONE_DAY]


class PeriodBucket(Func):
    """The 1-based index of the period a moment or date falls in: `width_bucket` over the boundaries.

    0 is before the first period, `len(periods) + 1` is after the last one.
    """

    function = "width_bucket"
    output_field = models.IntegerField()

    def __init__(self, field: str | Any, boundaries: Sequence[dt.date], **extra: Any) -> None:
        moments = bool(boundaries) and isinstance(boundaries[0], dt.datetime)
        base: models.Field[Any, Any] = models.DateTimeField() if moments else models.DateField()
        cuts = Value(list(boundaries), output_field=ArrayField(base))
        super().__init__(F(field) if isinstance(field, str) else field, cuts, **extra)


def _shifted(kind: Kind, steps: int) -> Callable[[dt.date, Calendar, int], DateRange]:
    def build(today: dt.date, calendar: Calendar, fiscal_month: int) -> DateRange:
        period = period_of(today, kind, calendar, fiscal_month=fiscal_month)
        for _step in range(abs(steps)):
            period = period.next() if steps > 0 else period.previous()
        return period.range

    return build


def _days(first: int, last: int) -> Callable[[dt.date, Calendar, int], DateRange]:
    def build(today: dt.date, _calendar: Calendar, _fiscal_month: int) -> DateRange:
        return DateRange(today + dt.timedelta(days=first), today + dt.timedelta(days=last))

    return build


_RANGES: Final[dict[str, tuple[Promise, Callable[[dt.date, Calendar, int], DateRange]]]] = {
    "today": (_("Today"), _shifted("day", 0)),
    "yesterday": (_("Yesterday"), _shifted("day", -1)),
    "tomorrow": (_("Tomorrow"), _shifted("day", 1)),
    "this_week": (_("This week"), _shifted("week", 0)),
    "last_week": (_("Last week"), _shifted("week", -1)),
    "next_week": (_("Next week"), _shifted("week", 1)),
    "this_month": (_("This month"), _shifted("month", 0)),
    "last_month": (_("Last month"), _shifted("month", -1)),
    "next_month": (_("Next month"), _shifted("month", 1)),
    "this_season": (_("This season"), _shifted("season", 0)),
    "last_season": (_("Last season"), _shifted("season", -1)),
    "this_year": (_("This year"), _shifted("year", 0)),
    "last_year": (_("Last year"), _shifted("year", -1)),
    "this_fiscal_year": (_("This fiscal year"), _shifted("fiscal_year", 0)),
    "last_fiscal_year": (_("Last fiscal year"), _shifted("fiscal_year", -1)),
    "last_7_days": (_("Last 7 days"), _days(-6, 0)),
    "last_30_days": (_("Last 30 days"), _days(-29, 0)),
    "last_90_days": (_("Last 90 days"), _days(-89, 0)),
    "next_7_days": (_("Next 7 days"), _days(0, 6)),
    "next_30_days": (_("Next 30 days"), _days(0, 29)),
}
NAMED_RANGES: Final[dict[str, Promise]] = {key: label for key, (label, _build) in _RANGES.items()}


def named_range(name: str, today: dt.date, calendar: Calendar, *, fiscal_month: int = 1) -> DateRange:
    """Return the dates of a named range as seen from a day; KeyError for a name that is not in NAMED_RANGES."""
    return _RANGES[name][1](today, calendar, fiscal_month)
