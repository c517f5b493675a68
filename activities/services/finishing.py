"""The end of an activity, and taking it up again."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.choices import Kind, Status
from activities.events import (
    ActivityCancelled,
    ActivityCompleted,
    ActivityDeleted,
    ActivityPartDone,
    ActivityReopened,
    ActivityRestored,
)
from activities.models import Activity, ActivityOutcome, Assignment
from activities.selectors.activities import activity_records, people_of
from activities.services.activities import activity_plan
from activities.services.base import (
    actor_key,
    check_author,
    check_outcome,
    check_past,
    check_transition,
    keep_moment,
    locked,
    settle,
    shown_on,
    store,
    tell,
    title,
)
from activities.services.next_step import next_step_refresh
from core import audit, events, hosts
from core.errors import DomainError
from core.services import lock, require

DONE_FIELDS = ("status", "done_at", "done_by", "outcome", "outcome_note")


@dataclass(frozen=True)
class Completion:
    """What completing did: the activity as it is now, the activity planned next, and whether anything changed."""

    activity: Activity
    next: Activity | None = None
    changed: bool = True


@transaction.atomic
def activity_complete(
    *,
    actor: Any,
    activity: Activity,
    outcome: ActivityOutcome | None = None,
    note: str = "",
    next_step: dict[str, Any] | None = None,
    for_everyone: bool = False,
    at: dt.datetime | None = None,
) -> Completion:
    """Finish an activity and, in the same transaction, plan what comes next on the same records.

    One of several assignees finishes his own part; it is done when all are (who left the company is not waited for), or
    when its owner finishes it ``for_everyone``. Someone who is not an assignee (the owner, a manager) always finishes all of it. Finishing what is
    finished changes nothing and plans nothing: a double click has one result. ``next_step`` holds arguments of
    activity_plan. Raises PermissionRefused or DomainError (fields of the next step begin with ``next_``).
    """
    current = locked(actor, activity)
    rows = Assignment.objects.filter(activity=current).select_related("user")
    parts = list(rows.select_for_update(of=("self",)).order_by("pk"))
    own = next((part for part in parts if actor is not None and part.user_id == actor.pk), None)
    if for_everyone and own is not None and current.owner_id != own.user_id:
        raise DomainError(_("Only the owner can finish it for everyone."), field="for_everyone", code="not_owner")
    mine_only = own is not None and not for_everyone
    if current.status == Status.DONE or (mine_only and own is not None and own.done_at):
        return Completion(current, changed=False)
    check_transition(current, Status.DONE)
    check_outcome(current, outcome)
    moment = check_past(at)
    left = [part for part in parts if part is not own and part.done_at is None and part.user.is_active]
    if mine_only and own is not None and left:
        _finish_part(actor, current, own, outcome, note, moment)
    else:
        _finish(actor, current, outcome, note, moment)
    following = _plan_next(actor, current, next_step)
    if current.status == Status.DONE:
        tell(current, [current.owner] if current.owner else [], "activity.done", actor)
        events.publish(
            ActivityCompleted(
                activity_id=current.pk,
                actor_id=actor_key(actor),
                next_id=following.pk if following else None,
            )
        )
    return Completion(current, following)


def _finish(actor: Any, activity: Activity, outcome: ActivityOutcome | None, note: str, moment: dt.datetime) -> None:
    activity.status, activity.done_at, activity.done_by = Status.DONE, moment, actor
    activity.outcome = outcome or activity.outcome
    activity.outcome_note = "\n".join(filter(None, (activity.outcome_note, note.strip())))
    records = activity_records(activity, user=None)
    params = {"subject": title(activity), "outcome": str(outcome or "")}
    code = "activity.done_with_outcome" if outcome else "activity.done"
    with audit.action(code, actor=actor, obj=activity, related=shown_on(activity, records), params=params):
        store(activity, DONE_FIELDS)
        Assignment.objects.filter(activity=activity, done_at=None).update(done_at=moment)
        keep_moment(activity)
        next_step_refresh(records)


def _finish_part(
    actor: Any,
    activity: Activity,
    part: Assignment,
    outcome: ActivityOutcome | None,
    note: str,
    moment: dt.datetime,
) -> None:
    part.done_at = moment
    with audit.action("activity.part_done", actor=actor, obj=activity, params={"subject": title(activity)}):
        part.save(update_fields=["done_at", "updated_at"])
        if outcome or note.strip():
            activity.outcome = outcome or activity.outcome
            said = f"{actor}: {note.strip()}" if note.strip() else ""
            activity.outcome_note = "\n".join(filter(None, (activity.outcome_note, said)))
            store(activity, ["outcome", "outcome_note"])
    events.publish(ActivityPartDone(activity_id=activity.pk, actor_id=actor.pk, user_id=actor.pk))


def _plan_next(actor: Any, activity: Activity, arguments: dict[str, Any] | None) -> Activity | None:
    if arguments is None:
        return None
    records = arguments.get("records")
    if records is None:
        records = activity_records(activity, user=actor)
    values = {"owner": actor or activity.owner, "is_private": activity.is_private, **arguments, "records": records}
    try:
        return activity_plan(actor=actor, **values)
    except DomainError as error:
        field = f"next_{error.field}" if error.field else None
        raise DomainError(error.message, field=field, code=error.code, data=error.data) from error


@transaction.atomic
def activity_reopen(*, actor: Any, activity: Activity) -> Activity:
    """Take up again what was done or cancelled; one of several assignees takes up his own part.

    What was only recorded cannot be taken up. Raises PermissionRefused or DomainError.
    """
    current = locked(actor, activity)
    parts = Assignment.objects.filter(activity=current)
    own = parts.filter(user=actor).first() if actor is not None else None
    shared = own is not None and current.owner_id != own.user_id
    if current.status == Status.PLANNED:
        if own is not None and own.done_at:
            _reopen_part(actor, current, own)
        return current
    check_transition(current, Status.PLANNED)
    if current.kind == Kind.NOTE:
        raise DomainError(_("What was only recorded cannot be taken up again."), code="logged")
    was_done = current.status == Status.DONE
    current.status, current.done_at, current.done_by, current.outcome = Status.PLANNED, None, None, None
    current.closed_with = ""
    settle(current)
    records = activity_records(current, user=None)
    params = {"subject": title(current)}
    with audit.action("activity.reopened", actor=actor, obj=current, related=shown_on(current, records), params=params):
        store(current, (*DONE_FIELDS, "closed_with", "ends_at", "duration"))
        if was_done:
            (parts.filter(user=actor) if shared else parts).update(done_at=None)
        keep_moment(current)
        next_step_refresh(records)
    events.publish(ActivityReopened(activity_id=current.pk, actor_id=actor_key(actor)))
    return current


def _reopen_part(actor: Any, activity: Activity, part: Assignment) -> None:
    part.done_at = None
    with audit.action("activity.reopened", actor=actor, obj=activity, params={"subject": title(activity)}):
        part.save(update_fields=["done_at", "updated_at"])
    events.publish(ActivityPartDone(activity_id=activity.pk, actor_id=actor.pk, user_id=actor.pk, done=False))


@transaction.atomic
def activity_cancel(*, actor: Any, activity: Activity, reason: str = "") -> Activity:
    """Say that it will not be done; its people are told. Cancelling twice changes nothing.

    Raises PermissionRefused or DomainError.
    """
    current = locked(actor, activity)
    if current.status == Status.CANCELLED:
        return current
    check_transition(current, Status.CANCELLED)
    current.status = Status.CANCELLED
    current.outcome_note = "\n".join(filter(None, (current.outcome_note, reason.strip())))
    records = activity_records(current, user=None)
    params = {"subject": title(current)}
    with audit.action(
        "activity.cancelled", actor=actor, obj=current, related=shown_on(current, records), params=params
    ):
        store(current, ["status", "outcome_note"])
        next_step_refresh(records)
    tell(current, people_of(current), "activity.cancelled", actor)
    events.publish(ActivityCancelled(activity_id=current.pk, actor_id=actor_key(actor)))
    return current


@transaction.atomic
def activity_delete(*, actor: Any, activity: Activity) -> None:
    """Move an activity to the bin. Raises PermissionRefused or DomainError."""
    current = lock(activity)
    require(actor, "delete", Activity, current)
    check_author(actor, current)
    if current.deleted_at:
        return
    current.deleted_at, current.deleted_by = timezone.now(), actor
    records = activity_records(current, user=None)
    params = {"subject": title(current)}
    with audit.action("activity.deleted", actor=actor, obj=current, related=shown_on(current, records), params=params):
        store(current, ["deleted_at", "deleted_by"])
        next_step_refresh(records)
    events.publish(ActivityDeleted(activity_id=current.pk, actor_id=actor.pk))


def follow_bin(event: events.RecordBinned) -> None:
    """What the plain services did to an activity in the bin's page or in the administration; and to a record, whose
    activities went on while it lay in the bin."""
    if event.label != Activity._meta.label_lower:
        host = hosts.find(event.label)
        if host is not None and host.has_next_step:
            next_step_refresh([host.model(pk=event.pk)])
        return
    activity = Activity.all_objects.get(pk=event.pk)
    next_step_refresh(activity_records(activity, user=None))
    fact = ActivityDeleted if event.binned else ActivityRestored
    events.publish(fact(activity_id=event.pk, actor_id=event.actor_id))
