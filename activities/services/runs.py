"""Sequences at work: starting one on a record, planning the next step when one is done, and stopping.

An activity of a run keeps the position of its step; the next step is the first with a higher one. So steps may be
added, moved and taken out while runs go on.
"""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.choices import RunState, Status
from activities.events import (
    ActivityCancelled,
    ActivityCompleted,
    ActivityDeleted,
    ActivityEvent,
    ActivityReopened,
    ActivityRestored,
)
from activities.models import Activity, ActivityLink, Sequence, SequenceRun, SequenceStep
from activities.selectors.sequences import due_of, steps_of
from activities.services.activities import activity_plan
from activities.services.finishing import activity_cancel
from activities.services.next_step import next_step_refresh
from core import audit, hosts, working_time
from core.errors import DomainError
from core.policies import allows
from core.services import lock, refusal, require


@transaction.atomic
def sequence_start(
    *, actor: Any, sequence: Sequence, record: models.Model, owner: Any = None, start: dt.date | None = None
) -> SequenceRun:
    """Let a sequence work on a record: its first step is planned, counted from ``start`` (today in the owner's zone).

    The steps are the owner's (the actor's if not given). Raises PermissionRefused or DomainError.
    """
    require(actor, "change", record._meta.model, record)
    owner = owner or actor
    steps = _check_start(sequence, record)
    kind = ContentType.objects.get_for_model(record)
    run = SequenceRun(sequence=sequence, content_type=kind, object_id=record.pk, owner=owner)
    zone = ZoneInfo(owner.time_zone)
    first = due_of(steps[0], start or timezone.now().astimezone(zone).date(), zone, working_time.current())
    with audit.action("sequence.started", actor=actor, obj=record, params={"name": str(sequence)}):
        _store(run)
        _plan(actor, run, steps[0], first, record)
    return run


def _check_start(sequence: Sequence, record: models.Model) -> list[SequenceStep]:
    """The steps, when the sequence can start on the record."""
    host = hosts.find(record._meta.label_lower)
    if host is None or sequence.host != host.label:
        raise DomainError(_("This sequence is for another kind of record."), field="sequence")
    if not host.is_open(record) or getattr(record, "deleted_at", None):
        raise DomainError(_("This record is closed, so no sequence can start on it."), field="sequence", code="closed")
    if not sequence.is_active or sequence.deleted_at:
        raise DomainError(_("This sequence is no longer in use."), field="sequence")
    steps = list(steps_of(sequence))
    if not steps:
        raise DomainError(_("This sequence has no steps yet."), field="sequence")
    return steps


def _store(run: SequenceRun) -> None:
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:
        refused = refusal(run, error)
        raise DomainError(refused.message, field="sequence", code="running") from error


def _plan(actor: Any, run: SequenceRun, step: SequenceStep, due_at: dt.datetime, record: models.Model) -> Activity:
    return activity_plan(
        actor=actor,
        kind=step.kind,
        subject=step.subject,
        text=step.text,
        due_at=due_at,
        duration=step.duration,
        records=[record],
        owner=run.owner,
        run=run,
        step=step.position,
    )


@transaction.atomic
def sequence_stop(*, actor: Any, run: SequenceRun) -> SequenceRun:
    """Stop a sequence on its record and cancel its open step. Stopping twice changes nothing.

    Right: change of the record. Raises PermissionRefused or DomainError.
    """
    record = run.obj
    if record is None:
        raise DomainError(_("This record no longer exists. It was deleted meanwhile."), code="gone")
    require(actor, "change", record._meta.model, record)
    steps = Activity.objects.filter(run=run, status=Status.PLANNED).order_by("pk")
    list(steps.select_for_update(of=("self",)))  # who finishes a step holds it before the run: in the same order here
    current = lock(run)
    if current.state != RunState.RUNNING:
        return current
    with audit.action("sequence.stopped", actor=actor, obj=record, params={"name": str(current.sequence)}):
        _finish(current, RunState.STOPPED)
        for activity in steps.all():
            activity_cancel(actor=actor if allows(actor, "change", activity) else None, activity=activity)
    return current


@transaction.atomic
def sequences_stop_on(*, actor: Any, record: models.Model) -> int:
    """Stop every sequence on a record that is closed or converted; what it planned last stays. Returns how many.

    The caller has asked the policy of the record.
    """
    kind = ContentType.objects.get_for_model(record)
    rows = SequenceRun.objects.filter(content_type=kind, object_id=record.pk, state=RunState.RUNNING)
    running = list(rows.select_for_update(of=("self",)).select_related("sequence").order_by("pk"))
    for run in running:
        with audit.action("sequence.stopped", actor=actor, obj=record, params={"name": str(run.sequence)}):
            _finish(run, RunState.STOPPED)
    return len(running)


def _finish(run: SequenceRun, state: str) -> None:
    run.state, run.ended_at = state, None if state == RunState.RUNNING else timezone.now()
    run.save(update_fields=["state", "ended_at", "updated_at"])


def _run_of(event: ActivityEvent) -> tuple[Activity, SequenceRun, models.Model | None] | None:
    """The activity of the event with its run, locked, and the record of the run."""
    activity = Activity.all_objects.filter(pk=event.activity_id, run__isnull=False).select_related("run").first()
    if activity is None or activity.run is None:
        return None
    run = lock(activity.run)
    return activity, run, run.obj


def _is_open(record: models.Model | None) -> bool:
    return record is not None and not getattr(record, "deleted_at", None) and hosts.host_of(record).is_open(record)


def run_go_on(event: ActivityCompleted) -> None:
    """Plan the step after the one that was done, counted from the day it was done."""
    found = _run_of(event)
    if found is None or found[1].state != RunState.RUNNING:
        return
    activity, run, record = found
    step = steps_of(run.sequence).filter(position__gt=activity.step or 0).first()
    if step is None:
        _finish(run, RunState.DONE)
        return
    if record is None or not _is_open(record):
        _finish(run, RunState.STOPPED)
        return
    if Activity.all_objects.filter(run=run, step__gt=activity.step or 0).exists():
        return
    zone = ZoneInfo(run.owner.time_zone)
    done = (activity.done_at or timezone.now()).astimezone(zone).date()
    try:
        _plan(_planner(event, run), run, step, due_of(step, done, zone, working_time.current()), record)
    except DomainError:  # its owner has left or no longer sees the record: who finished the step is not to blame
        _finish(run, RunState.STOPPED)


def _planner(event: ActivityEvent, run: SequenceRun) -> Any:
    """Who plans the next step: the owner when he finished the last one, else the system."""
    return run.owner if event.actor_id == run.owner_id else None


def run_halt(event: ActivityCancelled | ActivityDeleted) -> None:
    """A step that will not be done ends its run; one that was done and is thrown away changes nothing."""
    found = _run_of(event)
    if found is not None and found[0].status != Status.DONE and found[1].state == RunState.RUNNING:
        _finish(found[1], RunState.STOPPED)


def run_take_up(event: ActivityReopened | ActivityRestored) -> None:
    """A step that is to do again takes its run up, and takes back the step that was planned after it, if untouched."""
    found = _run_of(event)
    if found is None or not found[0].is_open:
        return
    activity, run, record = found
    later = Activity.objects.filter(run=run, step__gt=activity.step or 0, status=Status.PLANNED, version=1)
    _take_back(list(later), record)
    if run.state != RunState.RUNNING and _is_open(record) and not _runs_again(run):
        _finish(run, RunState.RUNNING)


def _take_back(activities: list[Activity], record: models.Model | None) -> None:
    keys = [activity.pk for activity in activities]
    if keys:
        ActivityLink.objects.filter(activity__in=keys).delete()
        Activity.objects.filter(pk__in=keys).delete()
        next_step_refresh([record] if record is not None else [])


def _runs_again(run: SequenceRun) -> bool:
    """Whether the same sequence was started anew on the record meanwhile."""
    same = SequenceRun.objects.filter(sequence=run.sequence_id, content_type=run.content_type_id)
    return same.filter(object_id=run.object_id, state=RunState.RUNNING).exclude(pk=run.pk).exists()
