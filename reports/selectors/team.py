"""A manager's view of the team's work: load, lateness, what nobody planned, what was done."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Sum, Value, When
from django.db.models import fields as types
from django.db.models.functions import Extract

from activities.choices import Kind, Status
from activities.models import Activity, Assignment
from activities.selectors.mine import part_of_day_q
from core.calendar.periods import midnight, period_of
from core.display import current
from core.policies import policy_for
from leads.choices import OPEN_STATUSES
from leads.models import Lead
from opportunities.choices import Status as DealStatus
from opportunities.models import Opportunity
from reports.selectors.day import PEOPLE
from users.models import User

PARTS = ("late", "rest", "ahead")
MINUTE = 60


@dataclass
class Load:
    """One person's work. ``minutes`` are those planned from now to the end of the seventh day after today."""

    pk: int
    name: str
    late: int = 0
    rest: int = 0
    ahead: int = 0
    minutes: int = 0
    leads: int = 0
    deals: int = 0
    done: int = 0

    @property
    def hours(self) -> float:
        """The planned minutes as hours, to a half."""
        return round(self.minutes / 30) / 2


@dataclass(frozen=True)
class Team:
    """The people a manager sees, the busiest first, and since when "done" counts."""

    people: list[Load]
    since: dt.date


def may_see_team(user: Any) -> bool:
    """Whether the person's roles show the activities of others too."""
    return policy_for(Activity).level(user, "view") in {"team", "branch", "all"}


def team_of(*, user: Any) -> Team:
    """The visible work by who has to do it. Seven statements, whatever the number of people (``PEOPLE`` at most).

    Minutes planned are the span of an activity, else its duration; all-day ones count none.
    """
    display = current()
    since = period_of(display.today(), "week", display.calendar).start
    seen: Any = Activity.objects.for_user(user, "view").order_by()
    loads: dict[int, Load] = {}
    _add(loads, "user", _open(seen.filter(~Exists(Assignment.objects.filter(activity=OuterRef("pk")))), "owner"))
    parts = seen.filter(assignments__user__isnull=False, assignments__done_at=None)
    _add(loads, "user", _open(parts, "assignments__user"))
    done = seen.filter(status=Status.DONE, done_at__gte=midnight(since, display.tz), done_by__isnull=False)
    done = done.exclude(kind=Kind.NOTE).values("done_by").annotate(done=Count("pk"))
    _add(loads, "done_by", done)
    leads: Any = Lead.objects.for_user(user, "view").filter(status__in=[*OPEN_STATUSES]).order_by()
    deals: Any = Opportunity.objects.for_user(user, "view").filter(status=DealStatus.OPEN).order_by()
    for name, rows in (("leads", leads), ("deals", deals)):
        stepless = rows.filter(next_step_at=None, owner__isnull=False)
        _add(loads, "owner", stepless.values("owner").annotate(**{name: Count("pk")}))
    people = User.objects.for_user(user, "view").filter(pk__in=loads, is_active=True)
    for person in people:
        loads[person.pk].name = str(person)
    named = [load for load in loads.values() if load.name]
    return Team(sorted(named, key=lambda load: (-load.late, -load.minutes, load.name))[:PEOPLE], since)


def _open(rows: Any, who: str) -> Any:
    """Open activities counted by who does them: parts of the day, and the minutes of what is to come."""
    display = current()
    day = midnight(display.today(), display.tz)
    end = day + dt.timedelta(days=8)
    length = ExpressionWrapper(F("ends_at") - F("due_at"), output_field=types.DurationField())
    minutes = Case(
        When(all_day=True, then=Value(0)),
        When(ends_at__isnull=False, then=Extract(length, "epoch") / MINUTE),
        When(duration__isnull=False, then=F("duration")),
        default=Value(0),
        output_field=types.FloatField(),
    )
    counted = {part: Count("pk", filter=part_of_day_q(part, day, display.now())) for part in PARTS}
    coming = Q(due_at__gte=display.now(), due_at__lt=end)
    rows = rows.filter(status=Status.PLANNED, due_at__lt=end)
    return rows.values(user=F(who)).annotate(**counted, minutes=Sum(minutes, filter=coming))


def _add(loads: dict[int, Load], who: str, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        pk = row.pop(who)
        if pk is None:
            continue
        load = loads.setdefault(pk, Load(pk, ""))
        for name, value in row.items():
            setattr(load, name, getattr(load, name) + int(value or 0))
