"""Reading sequences: their steps, and how they stand on a record."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Prefetch
from django.utils import timezone

from activities.choices import PLANNED_KINDS, RunState, Status
from activities.models import Activity, Sequence, SequenceRun, SequenceStep
from core import hosts, working_time
from core.working_time import WorkingTime, at_wall_clock


def steps_of(sequence: Sequence) -> models.QuerySet[SequenceStep]:
    """The steps in their order."""
    return SequenceStep.objects.filter(sequence=sequence).order_by("position", "pk")


@dataclass(frozen=True)
class PlannedStep:
    """A step and when it would be due if each one before it were done on its day."""

    step: SequenceStep
    due_at: dt.datetime


def due_of(step: SequenceStep, after: dt.date, tz: ZoneInfo, time: WorkingTime) -> dt.datetime:
    """When a step is due, counted from the day on which the one before it was done (the first: from the start).

    No step begins late: where that has passed already it is the next working moment, on a full quarter of an hour.
    """
    if step.working_days:
        day = time.add_working_days(after, step.after_days)
    else:
        day = after + dt.timedelta(days=step.after_days)
    due_at, now = at_wall_clock(day, step.at_time, tz), timezone.now()
    return due_at if due_at > now else time.next_working_moment(_next_quarter(now), tz)


def _next_quarter(now: dt.datetime) -> dt.datetime:
    return now.replace(minute=0, second=0, microsecond=0) + dt.timedelta(minutes=15 * (now.minute // 15 + 1))


def steps_planned(steps: Iterable[SequenceStep], start: dt.date, tz: ZoneInfo) -> list[PlannedStep]:
    """The steps with their dates, counted from a start."""
    time, planned, day = working_time.current(), [], start
    for step in steps:
        due_at = due_of(step, day, tz, time)
        planned.append(PlannedStep(step, due_at))
        day = due_at.astimezone(tz).date()
    return planned


@dataclass(frozen=True)
class StepState:
    """One step of a run: ``state`` is done, cancelled, open or coming; ``due_at`` is estimated while it is coming."""

    step: SequenceStep | None
    subject: str
    kind: str
    state: str
    due_at: dt.datetime | None
    activity: Activity | None = None


@dataclass(frozen=True)
class Progress:
    """A run on a record with its steps, done, open and to come."""

    run: SequenceRun
    steps: list[StepState]

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(1 for step in self.steps if step.state == "done")


def sequences_overview() -> list[Sequence]:
    """All sequences with their steps and the number of records they are at work on: three queries."""
    running = models.Count("runs", filter=models.Q(runs__state=RunState.RUNNING))
    steps = SequenceStep.objects.select_related("message_template").order_by("position", "pk")
    rows = Sequence.objects.annotate(at_work=running).prefetch_related(Prefetch("steps", steps, to_attr="all_steps"))
    return list(rows.order_by("-is_active", "host", "name", "pk"))


def sequences_for(label: str) -> models.QuerySet[Sequence]:
    """The sequences that can start on a record of that kind."""
    return Sequence.objects.filter(host=label, is_active=True, steps__isnull=False).distinct().order_by("name", "pk")


def templates_for(labels: Iterable[str], limit: int = 8) -> list[SequenceStep]:
    """The steps of sequences with a single step, for records of these kinds: templates of one activity."""
    single = Sequence.objects.annotate(size=models.Count("steps")).filter(size=1, is_active=True, host__in=list(labels))
    steps = SequenceStep.objects.filter(sequence__in=single, kind__in=PLANNED_KINDS).select_related("sequence")
    return list(steps.order_by("sequence__name", "pk")[:limit])


def template_values(step: SequenceStep, tz: ZoneInfo) -> dict[str, Any]:
    """What a form begins with when an activity is planned from the step today."""
    return {
        "kind": step.kind,
        "subject": step.subject,
        "text": step.text,
        "duration": step.duration,
        "due_at": due_of(step, timezone.now().astimezone(tz).date(), tz, working_time.current()),
    }


def following_step(activity: Activity) -> PlannedStep | None:
    """What the sequence of the activity plans when it is done today; None without a running sequence, or at its end."""
    run = activity.run
    if run is None or run.state != RunState.RUNNING:
        return None
    step = steps_of(run.sequence).filter(position__gt=activity.step or 0).first()
    zone = ZoneInfo(run.owner.time_zone)
    planned = steps_planned([step] if step else [], timezone.now().astimezone(zone).date(), zone)
    return planned[0] if planned else None


def message_template_of(activity: Activity) -> int | None:
    """The key of the message template that the activity's step of a sequence offers."""
    if activity.run is None:
        return None
    steps = SequenceStep.objects.filter(sequence=activity.run.sequence_id, position=activity.step)
    return steps.values_list("message_template", flat=True).first()


def runs_on(record: models.Model, *, user: Any, limit: int = 5) -> list[Progress]:
    """The sequences on a record, running ones first, with what became of each step; five queries."""
    kind = ContentType.objects.get_for_model(record)
    rows = SequenceRun.objects.filter(content_type=kind, object_id=record.pk).select_related("sequence", "owner")
    runs = list(rows.order_by(models.Case(models.When(state=RunState.RUNNING, then=0), default=1), "-pk")[:limit])
    steps = SequenceStep.objects.filter(sequence__in={run.sequence_id for run in runs}).order_by("position", "pk")
    by_sequence: dict[int, list[SequenceStep]] = {}
    for step in steps:
        by_sequence.setdefault(step.sequence_id, []).append(step)
    made: dict[int, list[Activity]] = {}
    for activity in Activity.objects.for_user(user, "view").filter(run__in=runs).order_by("step", "pk"):
        made.setdefault(activity.run_id or 0, []).append(activity)
    return [_state(run, by_sequence.get(run.sequence_id, []), made.get(run.pk, [])) for run in runs]


def _state(run: SequenceRun, steps: list[SequenceStep], made: list[Activity]) -> Progress:
    by_position = {step.position: step for step in steps}
    rows = [
        StepState(
            by_position.get(activity.step or 0),
            activity.subject,
            activity.kind,
            "open" if activity.status == Status.PLANNED else activity.status,
            activity.done_at or activity.due_at,
            activity,
        )
        for activity in made
    ]
    if run.state == RunState.RUNNING:
        rows += _coming(run, steps, made)
    return Progress(run, rows)


def _coming(run: SequenceRun, steps: list[SequenceStep], made: list[Activity]) -> list[StepState]:
    """The steps not planned yet, as they would come if the open one is done on its day (or today, when it is late)."""
    zone = ZoneInfo(run.owner.time_zone)
    last = max((activity.step or 0 for activity in made), default=0)
    moments = [activity.done_at or activity.due_at for activity in made]
    start = max([timezone.now(), *(moment for moment in moments if moment)]).astimezone(zone).date()
    later = [step for step in steps if step.position > last]
    return [
        StepState(planned.step, planned.step.subject, planned.step.kind, "coming", planned.due_at)
        for planned in steps_planned(later, start, zone)
    ]


def run_of_record(user: Any, pk: int) -> tuple[SequenceRun, models.Model] | None:
    """A run and its record, when the user may see the record."""
    run = SequenceRun.objects.select_related("sequence").filter(pk=pk).first()
    model = run.content_type.model_class() if run is not None else None
    if run is None or model is None or hosts.find(model._meta.label_lower) is None:
        return None
    manager: Any = model._default_manager
    record = manager.for_user(user, "view").filter(pk=run.object_id).first()
    return (run, record) if record is not None else None
