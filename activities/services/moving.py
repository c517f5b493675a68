"""Another time for an activity."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.events import ActivityMoved
from activities.models import Activity
from activities.selectors.activities import activity_records, people_of
from activities.services.base import (
    actor_key,
    check_age,
    keep_moment,
    locked,
    settle,
    shown_on,
    store,
    tell,
    title,
)
from activities.services.next_step import next_step_refresh
from core import audit, display, events
from core.calendar.periods import midnight
from core.errors import DomainError
from core.working_time import end_from

TIMES = ("due_at", "ends_at", "all_day", "duration")


@transaction.atomic
def activity_move(
    *,
    actor: Any,
    activity: Activity,
    due_at: dt.datetime,
    ends_at: dt.datetime | None = None,
    all_day: bool | None = None,
    expected_version: int | None = None,
) -> Activity:
    """Give an open activity another time; without ``ends_at`` it keeps its length. Its people are told.

    Raises PermissionRefused, StaleRecord or DomainError.
    """
    check_age(due_at, "due_at")
    current = locked(actor, activity, expected_version=expected_version)
    if not current.is_open:
        raise DomainError(_("Only an open activity can be moved."), field="due_at", code="closed")
    before = tuple(getattr(current, name) for name in TIMES)
    became_timed = all_day is False and current.all_day
    if ends_at is None and current.ends_at and current.due_at and not became_timed:
        ends_at = end_from(
            due_at,
            due_at=current.due_at,
            ends_at=current.ends_at,
            all_day=current.all_day,
            zone=current.zone,
        )
    current.due_at, current.ends_at = due_at, ends_at
    current.all_day = current.all_day if all_day is None else all_day
    settle(current)
    if before == tuple(getattr(current, name) for name in TIMES):
        return current
    records = activity_records(current, user=None)
    params = {"subject": title(current)}
    with audit.action("activity.moved", actor=actor, obj=current, related=shown_on(current, records), params=params):
        store(current, TIMES)
        keep_moment(current)
        next_step_refresh(records)
    tell(current, people_of(current), "activity.moved", actor)
    events.publish(
        ActivityMoved(activity_id=current.pk, actor_id=actor_key(actor), before=before[0], due_at=current.due_at)
    )
    return current


@transaction.atomic
def activity_snooze(*, actor: Any, activity: Activity, until: dt.datetime) -> Activity:
    """Put an open activity off to ``until``, which lies in the future; an all-day one stays so at a midnight.

    Raises PermissionRefused or DomainError.
    """
    check_age(until, "until")
    zone, now = display.current().tz, timezone.now()
    whole_day = until == midnight(until.astimezone(zone).date(), zone)
    if until < (midnight(now.astimezone(zone).date(), zone) if activity.all_day and whole_day else now):
        raise DomainError(_("Choose a time in the future."), field="until", code="past")
    return activity_move(
        actor=actor, activity=activity, due_at=until, all_day=False if activity.all_day and not whole_day else None
    )
