"""Where a snoozed activity may wait, by the company's days and hours."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from core import working_time
from core.calendar.jalali import add_months, weekday_index
from core.working_time import at_wall_clock

HOUR: Final = dt.timedelta(hours=1)
AFTERNOON: Final = dt.time(14)


@dataclass(frozen=True)
class SnoozeTarget:
    """A moment offered for later: ``code`` for addresses and tests, ``label`` in the reader's language."""

    code: str
    label: Any
    moment: dt.datetime


def snooze_targets(now: dt.datetime, tz: ZoneInfo) -> list[SnoozeTarget]:
    """Where something may wait: in an hour, this afternoon, the next working day, next week, in a month; in UTC.

    Days are working days and begin with the working hours; an offer that falls together with an earlier one is left
    out, “in an hour” is there only while the company still works then.
    """
    time = working_time.current()
    today = now.astimezone(tz).date()
    week = today + dt.timedelta(days=7 - weekday_index(today))
    later = now.astimezone(dt.UTC) + HOUR
    offers = [
        ("tomorrow", _("Next working day"), at_wall_clock(time.add_working_days(today, 1), time.starts, tz)),
        ("week", _("Next week"), at_wall_clock(time.working_day_near(week), time.starts, tz)),
        ("month", _("In a month"), at_wall_clock(time.working_day_near(add_months(today, 1)), time.starts, tz)),
    ]
    afternoon = at_wall_clock(today, AFTERNOON, tz)
    if time.is_working_moment(afternoon, tz) and afternoon > later:
        offers.insert(0, ("afternoon", _("This afternoon"), afternoon))
    if time.is_working_moment(later, tz):
        offers.insert(0, ("hour", _("In an hour"), later.replace(second=0, microsecond=0)))
    taken: set[dt.datetime] = set()
    return [SnoozeTarget(*o) for o in offers if not (o[2] in taken or taken.add(o[2]))]  # type: ignore[func-returns-value]
