"""The company's working time: which days and hours are worked, and reckoning with them.

Days and hours are the organisation's (Saturday is 0), days off come from the table of holidays. Hours are read on the
wall clock of the time zone a caller names.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.core.cache import cache

from core.calendar.jalali import weekday_index
from core.models import Holiday, Organisation

CACHE_KEY: Final = "working-time:1"
CACHE_SECONDS: Final = 60
DEFAULT_DAYS: Final = frozenset({0, 1, 2, 3, 4})  # Saturday to Wednesday
DEFAULT_START, DEFAULT_END = dt.time(8), dt.time(17)
_ONE_DAY: Final = dt.timedelta(days=1)


def at_wall_clock(date: dt.date, time: dt.time, tz: ZoneInfo) -> dt.datetime:
    """The moment (UTC) at which the clocks of a time zone show a time of a date.

    A time that is skipped when the clocks go forward is as much later; of a repeated hour the first is meant
    (RFC 5545, 3.3.5).
    """
    return dt.datetime.combine(date, time.replace(fold=0), tzinfo=tz).astimezone(dt.UTC)


@dataclass(frozen=True)
class WorkingTime:
    """Days of the week with work, the hours of a working day, and the dates off."""

    weekdays: frozenset[int] = DEFAULT_DAYS
    starts: dt.time = DEFAULT_START
    ends: dt.time = DEFAULT_END
    holidays: frozenset[dt.date] = frozenset()

    def is_working_day(self, date: dt.date) -> bool:
        """Whether the company works on the date."""
        return weekday_index(date) in self.weekdays and date not in self.holidays

    @property
    def day_length(self) -> dt.timedelta:
        """How long a day's work is, on a day without a change of the clocks."""
        return dt.datetime.combine(dt.date.min, self.ends) - dt.datetime.combine(dt.date.min, self.starts)

    def days_from(self, date: dt.date, step: int = 1) -> Iterator[dt.date]:
        """The working days from a date on (the date itself too), forwards or with ``step`` -1 backwards."""
        move = _ONE_DAY * step
        while True:
            if self.is_working_day(date):
                yield date
            date += move

    def working_day_near(self, date: dt.date, step: int = 1) -> dt.date:
        """The date itself when it is worked, else the next (or the last) working day."""
        return next(self.days_from(date, step))

    def add_working_days(self, date: dt.date, days: int) -> dt.date:
        """The date that many working days later (earlier when negative).

        A day off counts as the evening of the working day before it: one working day after a Friday is Saturday. With
        0 it is the date itself, or the next working day when that is a day off.
        """
        if days == 0:
            return self.working_day_near(date)
        step = 1 if days > 0 else -1
        rest = abs(days)
        for found in self.days_from(date + _ONE_DAY * step, step):
            rest -= 1
            if rest == 0:
                return found
        raise AssertionError("working days never end")

    def is_working_moment(self, moment: dt.datetime, tz: ZoneInfo) -> bool:
        """Whether the company is at work then, by the clocks of the time zone."""
        local = moment.astimezone(tz)
        return self.is_working_day(local.date()) and self.starts <= local.time() < self.ends

    def next_working_moment(self, moment: dt.datetime, tz: ZoneInfo) -> dt.datetime:
        """The moment itself within working hours, else the next beginning of work, in UTC."""
        if self.is_working_moment(moment, tz):
            return moment.astimezone(dt.UTC)
        local = moment.astimezone(tz)
        date = local.date() if local.time() < self.starts else local.date() + _ONE_DAY
        return at_wall_clock(self.working_day_near(date), self.starts, tz)

    def add_working_hours(self, moment: dt.datetime, span: dt.timedelta, tz: ZoneInfo) -> dt.datetime:
        """The moment (UTC) after so much time at work, by the clocks of the time zone.

        What is full at the end of a working day is so at the beginning of the next: nobody is there any more.
        """
        moment = self.next_working_moment(moment, tz)
        for date in self.days_from(moment.astimezone(tz).date()):
            start, end = max(moment, at_wall_clock(date, self.starts, tz)), at_wall_clock(date, self.ends, tz)
            if start + span < end:
                return start + span
            span -= end - start
        raise AssertionError("working days never end")


def end_from(
    begins: dt.datetime, *, due_at: dt.datetime, ends_at: dt.datetime, all_day: bool, zone: ZoneInfo
) -> dt.datetime:
    """Where the span ends when it begins at another moment: days are counted on the calendar, hours as they pass."""
    if not all_day:
        return begins.astimezone(dt.UTC) + (ends_at.astimezone(dt.UTC) - due_at.astimezone(dt.UTC))
    days = ends_at.astimezone(zone).date() - due_at.astimezone(zone).date()
    return at_wall_clock(begins.astimezone(zone).date() + days, dt.time(), zone)


def current() -> WorkingTime:
    """The working time of the company, remembered for a minute: two queries, or none.

    Take it once where many days are reckoned with.
    """
    found: WorkingTime | None = cache.get(CACHE_KEY)
    if found is None:
        row = Organisation.objects.first()
        worked = row is not None and row.work_starts < row.work_ends  # a day without hours would never end a reckoning
        found = WorkingTime(
            weekdays=frozenset(row.working_days if row else ()) & frozenset(range(7)) or DEFAULT_DAYS,
            starts=row.work_starts if row and worked else DEFAULT_START,
            ends=row.work_ends if row and worked else DEFAULT_END,
            holidays=frozenset(Holiday.objects.values_list("date", flat=True)),
        )
        cache.set(CACHE_KEY, found, CACHE_SECONDS)
    return found
