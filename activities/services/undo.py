"""Taking the last move of an activity back."""

import datetime as dt
from typing import Any, Final

from django.core import signing
from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from activities.events import ActivityMoved
from activities.models import Activity
from activities.selectors.activities import activity_records
from activities.services.activities import people_of
from activities.services.base import keep_moment, locked, shown_on, store, tell, title
from activities.services.next_step import next_step_refresh
from core import audit, events
from core.errors import DomainError

SALT: Final = "activities.move"
UNDO_SECONDS: Final = 3600
MOMENTS: Final = ("due_at", "ends_at")
TIMES: Final = (*MOMENTS, "all_day", "duration")


def move_token(before: Activity, after: Activity, actor: Any) -> str:
    """A signed note of the times before a move, for `activity_move_undo`; "" when nothing moved."""
    times = {name: getattr(before, name) for name in TIMES}
    if times == {name: getattr(after, name) for name in TIMES}:
        return ""
    plain = {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in times.items()}
    note = {"pk": after.pk, "by": actor.pk, "version": after.version, "times": plain}
    return signing.dumps(note, salt=SALT, compress=True)


@transaction.atomic
def activity_move_undo(*, actor: Any, activity: Activity, token: str) -> Activity:
    """Give the activity the times it had before the actor's last move, if nobody changed it since.

    Raises PermissionRefused, StaleRecord, or DomainError for a token that is old or another's.
    """
    try:
        note = signing.loads(token, salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature as error:
        raise DomainError(_("This move can no longer be taken back."), code="undo") from error
    if note["pk"] != activity.pk or note["by"] != actor.pk:
        raise DomainError(_("This move can no longer be taken back."), code="undo")
    current = locked(actor, activity, expected_version=note["version"])
    left = current.due_at
    for name, value in note["times"].items():
        setattr(current, name, parse_datetime(value) if name in MOMENTS and value else value)
    records = activity_records(current, user=None)
    params = {"subject": title(current)}
    with audit.action(
        "activity.moved_back", actor=actor, obj=current, related=shown_on(current, records), params=params
    ):
        store(current, TIMES)
        keep_moment(current)
        next_step_refresh(records)
    tell(current, people_of(current), "activity.moved", actor)
    events.publish(ActivityMoved(activity_id=current.pk, actor_id=actor.pk, before=left, due_at=current.due_at))
    return current
