"""When people may be disturbed: customers by the clock of the company, colleagues by their own."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from core import working_time
from messaging.choices import Channel, Purpose
from messaging.models import NotificationSettings, SendingRules

LOOK_AHEAD_DAYS = 60


def is_quiet(time: dt.time, start: dt.time, end: dt.time) -> bool:
    """Whether a wall-clock time lies in the quiet span, which may pass midnight; equal ends are no span."""
    if start <= end:
        return start <= time < end
    return time >= start or time < end


def next_moment(
    moment: dt.datetime, start: dt.time, end: dt.time, zone: ZoneInfo, day_off: Callable[[dt.date], bool]
) -> dt.datetime:
    """The first moment, not before ``moment``, outside the quiet span and on no day off (for two months at most)."""
    for _step in range(2 * LOOK_AHEAD_DAYS):
        local = moment.astimezone(zone)
        if is_quiet(local.time(), start, end):
            days = 0 if local.time() < end else 1
        elif day_off(local.date()):
            days = 1
        else:
            return moment
        wakes = end if start > end else dt.time.min
        moment = _at(local.date() + dt.timedelta(days), end if days == 0 else wakes, zone, moment)
    return moment


def _at(date: dt.date, time: dt.time, zone: ZoneInfo, after: dt.datetime) -> dt.datetime:
    """The wall-clock time as a moment later than ``after``: the second one where the clock strikes it twice."""
    first = dt.datetime.combine(date, time, zone).astimezone(dt.UTC)
    return first if first > after else dt.datetime.combine(date, time.replace(fold=1), zone).astimezone(dt.UTC)


def allowed_from(moment: dt.datetime, channel: str, purpose: str, rules: SendingRules) -> dt.datetime:
    """When a message for a customer may leave: marketing keeps quiet hours and days off, a service SMS quiet hours.

    What a person writes in a conversation and what goes to colleagues is not held back here.
    """
    if purpose != Purpose.MARKETING and not (purpose == Purpose.SERVICE and channel == Channel.SMS):
        return moment
    zone = ZoneInfo(settings.TIME_ZONE)
    if purpose == Purpose.MARKETING and rules.quiet_on_holidays:
        time = working_time.current()
        return next_moment(moment, rules.quiet_from, rules.quiet_until, zone, lambda day: not time.is_working_day(day))
    return next_moment(moment, rules.quiet_from, rules.quiet_until, zone, lambda _day: False)


def person_allowed_from(wishes: NotificationSettings, zone: ZoneInfo, moment: dt.datetime) -> dt.datetime:
    """The first moment outside the person's quiet hours and, if so set, on a working day of the company."""
    time = working_time.current()
    rests: Callable[[dt.date], bool] = lambda _day: False  # noqa: E731
    if wishes.only_working_days:
        rests = lambda day: not time.is_working_day(day)  # noqa: E731
    return next_moment(moment, as_time(wishes.quiet_from), as_time(wishes.quiet_until), zone, rests)


def as_time(value: Any) -> dt.time:
    """A time of the day; the defaults of an unsaved row are still text."""
    return value if isinstance(value, dt.time) else dt.time.fromisoformat(value)
