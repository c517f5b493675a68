"""A person's work: what is late, what is due, what waits for an answer, and the next call."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Count, Prefetch, Q, Subquery
from django.db.models.functions import RowNumber

from activities.choices import Kind, Status
from activities.models import Activity, Mention
from activities.selectors.activities import activities_on, records_of
from activities.selectors.mine import (
    DAY,
    WAITING,
    handed_over_notices,
    part_of_day,
    part_of_day_q,
    to_do,
    waiting_q,
)
from core.calendar.periods import midnight
from core.display import current
from core.hiding import blanked_for

SHOWN = {"late": 10, "rest": 12, "ahead": 8}
SHOWN_WAITING = 6


@dataclass(frozen=True)
class Row:
    """An activity with the records it is about that the reader may see."""

    activity: Activity
    records: Sequence[models.Model] = ()

    @property
    def record(self) -> models.Model | None:
        """The first of them."""
        return self.records[0] if self.records else None


@dataclass(frozen=True)
class Group:
    """Activities of one part of the day: the first of them and how many there are."""

    key: str
    count: int
    rows: list[Row]


@dataclass
class Work:
    """Everything the page "my day" shows of a person's activities; ``calls`` are the calls to be made by tonight."""

    groups: list[Group] = field(default_factory=list)
    waiting: list[Group] = field(default_factory=list)
    calls: int = 0

    @property
    def waiting_count(self) -> int:
        """All that waits."""
        return sum(group.count for group in self.waiting)


def _midnight() -> dt.datetime:
    return midnight(current().today(), current().tz)


def calls_q(day: dt.datetime, now: dt.datetime) -> Q:
    """The calls of the day that begins at ``day``: late ones and those still to come."""
    return Q(kind=Kind.CALL) & (part_of_day_q("late", day, now) | part_of_day_q("rest", day, now))


def work_of(*, user: Any) -> Work:
    """The person's work. At most eleven statements, all over the person's own rows by index."""
    now, day = current().now(), _midnight()
    found, calls = _parts(user, day, now)
    waiting = _waiting(user, now)
    records = records_of([a for rows in (*found.values(), *waiting.values()) for a in rows], user=user)

    def group(key: str, rows: list[Activity]) -> Group:
        return Group(key, getattr(rows[0], "total", 0) if rows else 0, [Row(a, records.get(a.pk, ())) for a in rows])

    return Work(
        [group(key, rows) for key, rows in found.items()],
        [group(key, rows) for key, rows in waiting.items() if rows],
        calls,
    )


def _parts(user: Any, day: dt.datetime, now: dt.datetime) -> tuple[dict[str, list[Activity]], int]:
    """The first activities of each part of the day, each with the number of all in its part (``total``), and how many
    calls there are. One statement, which sees each of the person's open activities once.
    """
    rows = (
        to_do(user)
        .filter(due_at__lt=day + 8 * DAY)
        .annotate(
            part=part_of_day(day, now),
            first=models.Window(RowNumber(), partition_by="part", order_by=("due_at", "pk")),
            total=models.Window(Count("pk"), partition_by="part"),
            calls=models.Window(Count("pk", filter=Q(kind=Kind.CALL, part__in=("late", "rest")))),
        )
        .filter(first__lte=max(SHOWN.values()))
    )
    found: dict[str, list[Activity]] = {key: [] for key in SHOWN}
    calls = 0
    for row in rows:
        calls = row.calls
        if len(found[row.part]) < SHOWN[row.part]:
            found[row.part].append(row)
    return found, calls


def _waiting(user: Any, now: dt.datetime) -> dict[str, list[Activity]]:
    """What waits, each kind with its number on the rows (``total``), so that one statement gives both."""
    seen: Any = Activity.objects.for_user(user, "view")
    total = models.Window(Count("pk"))
    mentions = Prefetch("mentions", Mention.objects.filter(user=user).select_related("by"), to_attr="my_mentions")
    found = {}
    for what in WAITING:
        rows = seen.filter(waiting_q(user, what, now)).annotate(total=total).select_related("owner")
        if what == "mentions":
            rows = rows.prefetch_related(mentions)
        elif what == "handed_over":
            rows = rows.annotate(notice=Subquery(handed_over_notices(user).values("pk")[:1]))
        found[what] = list(rows.order_by("-pk")[:SHOWN_WAITING])
    return found


@dataclass(frozen=True)
class CallWalk:
    """Where one is in the day's calls: the call at hand (None at the end), its place, and how many there are to make."""

    call: Activity | None
    records: Sequence[models.Model] = ()
    story: Sequence[Activity] = ()
    left: int = 0


STORY = 5


def next_call(*, user: Any, after: Activity | None = None) -> CallWalk:
    """The first call of the day, or the first one after ``after``, which was skipped; its records and what was said
    last about the first of them. At most nine statements.
    """
    now, day = current().now(), _midnight()
    calls = to_do(user).filter(calls_q(day, now))
    if after is not None and after.due_at is not None:
        calls = calls.filter(Q(due_at__gt=after.due_at) | Q(due_at=after.due_at, pk__gt=after.pk))
    rows = list(calls.annotate(total=models.Window(Count("pk"))).select_related("owner").order_by("due_at", "pk")[:1])
    if not rows:
        return CallWalk(None)
    return call_at_hand(user=user, call=rows[0], left=rows[0].total)  # type: ignore[attr-defined]


def call_at_hand(*, user: Any, call: Activity, left: int = 1) -> CallWalk:
    """A call with what one wants to know while the phone rings."""
    records = records_of([call], user=user).get(call.pk, [])
    story: list[Activity] = []
    if records:
        past = activities_on(records[0], user=user).filter(status=Status.DONE).select_related("outcome", "done_by")
        story = list(past.order_by("-done_at", "-pk")[:STORY])
    return CallWalk(call, records, blanked_for(user, story), left)
