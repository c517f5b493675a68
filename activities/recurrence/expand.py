"""The dates and moments of a rule.

One engine for both calendars: it makes the set of each period (year, month, week, day) in the order of RFC 5545 and
RFC 7529: months, days of the month, skipping, days of the week, working days, positions. Nothing is searched further
than SEARCH_YEARS ahead. Its Gregorian half is tested against ``dateutil``.
"""

import calendar as gregorian
import datetime as dt
from collections.abc import Iterator
from itertools import count as numbers
from typing import Final
from zoneinfo import ZoneInfo

from activities.recurrence.rule import Frequency, Rule, Skip, Workday
from core import working_time
from core.calendar.jalali import Calendar, make_date, month_length, weekday_index, year_month_day
from core.working_time import WorkingTime, at_wall_clock

SEARCH_YEARS: Final = 40
COMMON_YEAR: Final[dict[Calendar, int]] = {"jalali": 1404, "gregorian": 2025}  # without a leap day
_SEARCH: Final = dt.timedelta(days=SEARCH_YEARS * 366)
_ONE_DAY: Final = dt.timedelta(days=1)
_MONTHS: Final = range(1, 13)


def occurrences(
    rule: Rule, starts_at: dt.datetime, tz: ZoneInfo, *, before: dt.datetime, time: WorkingTime | None = None
) -> Iterator[dt.datetime]:
    """The moments of a rule from ``starts_at`` up to ``before`` (itself too) in UTC, at one time of the wall clock.

    COUNT and UNTIL end them. Across a change of the clocks the wall-clock time stays: see ``at_wall_clock``.
    """
    local = starts_at.astimezone(tz)
    dates = days(rule, local.date(), before.astimezone(tz).date(), time or working_time.current())
    for number, date in enumerate(dates):
        moment = at_wall_clock(date, local.time(), tz)
        if moment > before or rule.is_past(date, moment) or (rule.count is not None and number >= rule.count):
            return
        yield moment


def next_occurrence(
    rule: Rule, starts_at: dt.datetime, tz: ZoneInfo, *, after: dt.datetime, time: WorkingTime | None = None
) -> dt.datetime | None:
    """The first moment of the rule later than ``after``; None when there is none in the next SEARCH_YEARS years."""
    found = occurrences(rule, starts_at, tz, before=max(after, starts_at) + _SEARCH, time=time)
    return next((moment for moment in found if moment > after), None)


def days(rule: Rule, anchor: dt.date, last: dt.date, time: WorkingTime) -> Iterator[dt.date]:
    """The dates of a rule that begins at ``anchor``, up to ``last``, ascending and each once; COUNT, UNTIL apart.

    With ``X-WORKDAY=PREVIOUS`` the first one may lie before the anchor, when the anchor is a day off.
    """
    limit = last
    if rule.workday == Workday.PREVIOUS:
        limit = time.working_day_near(last + _ONE_DAY)
    before: dt.date | None = None
    for found in _by_periods(rule, anchor, limit, time):
        date = _shifted(rule, found, time)
        if date > last:
            return
        if date != before:
            yield date
        before = date


def _shifted(rule: Rule, date: dt.date, time: WorkingTime) -> dt.date:
    """A date on a day off moved to the working day it stands for; the order of dates stays."""
    if rule.workday == Workday.NEXT:
        return time.working_day_near(date)
    if rule.workday == Workday.PREVIOUS:
        return time.working_day_near(date, -1)
    return date


def _by_periods(rule: Rule, anchor: dt.date, limit: dt.date, time: WorkingTime) -> Iterator[dt.date]:
    """The dates of one period's set after the other's, from the anchor on."""
    for period in _periods(rule, anchor):
        if _first_day(rule, period) > limit:
            return
        found = sorted(_days_of_period(rule, period, anchor, time))
        for date in _at_positions(found, rule.by_set_pos):
            if anchor <= date <= limit:
                yield date


Period = tuple[int, int] | dt.date  # year and month (month 1 for a year), or the first day of a week


def _periods(rule: Rule, anchor: dt.date) -> Iterator[Period]:
    year, month, _day = year_month_day(anchor, rule.calendar)
    if rule.freq == Frequency.YEARLY:
        for step in numbers(0, rule.interval):
            yield year + step, 1
    elif rule.freq == Frequency.MONTHLY:
        for step in numbers(year * 12 + month - 1, rule.interval):
            yield step // 12, step % 12 + 1
    else:
        weekly = rule.freq == Frequency.WEEKLY
        first = anchor - _ONE_DAY * ((weekday_index(anchor) - rule.week_start) % 7 if weekly else 0)
        for step in numbers(0, rule.interval * (7 if weekly else 1)):
            yield first + _ONE_DAY * step


def _first_day(rule: Rule, period: Period) -> dt.date:
    return make_date(*period, 1, rule.calendar) if isinstance(period, tuple) else period


def _days_of_period(rule: Rule, period: Period, anchor: dt.date, time: WorkingTime) -> set[dt.date]:
    if isinstance(period, dt.date):
        found = _days_of_week(rule, period, anchor) if rule.freq == Frequency.WEEKLY else _one_day(rule, period)
    elif rule.freq == Frequency.MONTHLY:
        found = _days_of_months(rule, period[0], [period[1]], anchor)
    else:
        found = _days_of_months(rule, period[0], _months_of_year(rule, anchor), anchor)
    if rule.workday == Workday.ONLY:
        return {date for date in found if time.is_working_day(date)}
    return found


def _months_of_year(rule: Rule, anchor: dt.date) -> list[int]:
    if rule.by_month or rule.by_month_day or rule.by_day or rule.workday == Workday.ONLY:
        return list(_MONTHS)
    return [year_month_day(anchor, rule.calendar).month]


def _one_day(rule: Rule, date: dt.date) -> set[dt.date]:
    """The day itself where the parts of a daily rule let it be."""
    year, month, day = year_month_day(date, rule.calendar)
    from_end = day - length_of_month(year, month, rule.calendar) - 1
    fits = (
        (not rule.by_month or month in rule.by_month)
        and (not rule.by_month_day or day in rule.by_month_day or from_end in rule.by_month_day)
        and (not rule.by_day or weekday_index(date) in rule.weekdays)
    )
    return {date} if fits else set()


def _days_of_week(rule: Rule, first: dt.date, anchor: dt.date) -> set[dt.date]:
    week = {first + _ONE_DAY * step for step in range(7)}
    if rule.by_month:
        week = {date for date in week if year_month_day(date, rule.calendar).month in rule.by_month}
    if not rule.by_day and rule.workday == Workday.ONLY:
        return week
    wanted = rule.weekdays or {weekday_index(anchor)}
    return {date for date in week if weekday_index(date) in wanted}


def _days_of_months(rule: Rule, year: int, months: list[int], anchor: dt.date) -> set[dt.date]:
    """What the months of a year (or the one month) hold of the rule."""
    months = [month for month in months if not rule.by_month or month in rule.by_month]
    if not rule.by_day and not rule.by_month_day and rule.workday == Workday.ONLY:
        return {date for month in months for date in _whole_month(year, month, rule.calendar)}
    if not rule.by_day:
        wanted = rule.by_month_day or (year_month_day(anchor, rule.calendar).day,)
        return {date for month in months for date in _month_days(rule, year, month, wanted)}
    if rule.by_month_day:
        found = {date for month in months for date in _month_days(rule, year, month, rule.by_month_day)}
        return {date for date in found if weekday_index(date) in rule.weekdays}
    spans = [_whole_month(year, month, rule.calendar) for month in months]
    if rule.freq == Frequency.YEARLY and not rule.by_month:
        spans = [[date for span in spans for date in span]]
    return {date for span in spans for date in _weekdays_of(rule, span)}


def _month_days(rule: Rule, year: int, month: int, wanted: tuple[int, ...]) -> Iterator[dt.date]:
    """The days of a month by number, from its end when negative; one it lacks goes the way of SKIP."""
    length = length_of_month(year, month, rule.calendar)
    for number in wanted:
        day = number if number > 0 else length + 1 + number
        if 1 <= day <= length:
            yield make_date(year, month, day, rule.calendar)
        elif day > length and rule.skip != Skip.OMIT:
            last = make_date(year, month, length, rule.calendar)
            yield last if rule.skip == Skip.BACKWARD else last + _ONE_DAY


def _weekdays_of(rule: Rule, span: list[dt.date]) -> Iterator[dt.date]:
    """The days of the week in a month or year: all of them, or the first, second, … last."""
    for number, weekday in rule.by_day:
        found = [date for date in span if weekday_index(date) == weekday]
        if number == 0:
            yield from found
        elif abs(number) <= len(found):
            yield found[number - 1 if number > 0 else number]


def _at_positions(found: list[dt.date], positions: tuple[int, ...]) -> list[dt.date]:
    if not positions:
        return found
    size = len(found)
    return sorted({found[p - 1 if p > 0 else p] for p in positions if abs(p) <= size})


def _whole_month(year: int, month: int, calendar: Calendar) -> list[dt.date]:
    first = make_date(year, month, 1, calendar)
    return [first + _ONE_DAY * step for step in range(length_of_month(year, month, calendar))]


def length_of_month(year: int, month: int, calendar: Calendar) -> int:
    """The number of days of a month of either calendar."""
    return month_length(year, month) if calendar == "jalali" else gregorian.monthrange(year, month)[1]
