"""A person's leads and deals of the day: new, closing, rotting, without a step; and how the month goes."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from core.calendar.periods import period_of
from core.display import Display, current
from core.policies import policy_for
from leads.choices import OPEN_STATUSES, LeadStatus
from leads.models import Lead
from opportunities.choices import Status
from opportunities.models import Opportunity, Tally, TallyKind
from opportunities.querysets import rotting_q
from users.models import User

SHOWN = 8
SOON_DAYS = 14
PEOPLE = 50


@dataclass(frozen=True)
class Times:
    """The moments that cut a day for its reader."""

    now: dt.datetime
    today: dt.date
    month: dt.date

    @classmethod
    def of(cls, display: Display) -> "Times":
        """As the clock of the reader stands."""
        now = display.now()
        today = now.date()
        return cls(
            now=now,
            today=today,
            month=period_of(today, "month", display.calendar).start,
        )


@dataclass
class Day:
    """What the page "my day" shows of a person's leads and deals."""

    new_leads: list[Lead] = field(default_factory=list)
    new_lead_count: int = 0
    closing: list[Opportunity] = field(default_factory=list)
    closing_count: int = 0
    rotting: list[Opportunity] = field(default_factory=list)
    rotting_count: int = 0
    stepless: list[Any] = field(default_factory=list)
    stepless_leads: int = 0
    stepless_deals: int = 0
    won_count: int = 0
    won_value: Decimal = Decimal(0)
    open_count: int = 0
    open_value: Decimal = Decimal(0)
    expected: Decimal = Decimal(0)


def my_leads(user: Any) -> QuerySet[Lead]:
    """The open leads the person works on."""
    rows: Any = Lead.objects.for_user(user, "view")
    return rows.filter(owner=user, status__in=[*OPEN_STATUSES]).order_by()  # type: ignore[no-any-return]


def my_deals(user: Any) -> QuerySet[Opportunity]:
    """The person's own deals, open or not."""
    rows: Any = Opportunity.objects.for_user(user, "view")
    return rows.filter(owner=user).order_by()  # type: ignore[no-any-return]


def day_of(*, user: Any) -> Day:
    """The person's leads and deals. At most eight statements, all over the person's own rows by index."""
    times = Times.of(current())
    leads, deals = my_leads(user), my_deals(user)
    open_deals = deals.filter(status=Status.OPEN)
    lead_counts, deal_counts = _counts(leads, open_deals, times)
    day = Day(
        new_lead_count=lead_counts["new"],
        closing_count=deal_counts["closing"],
        rotting_count=deal_counts["rotting"],
        stepless_leads=lead_counts["none"],
        stepless_deals=deal_counts["none"],
        open_count=deal_counts["open"],
        open_value=deal_counts["value"] or Decimal(0),
        expected=deal_counts["expected"] or Decimal(0),
    )
    _month(day, deals, times)
    _lists(day, leads, open_deals, times)
    return day


def _closing_q(times: Times) -> Q:
    return Q(expected_close_on__lte=times.today + dt.timedelta(days=SOON_DAYS))


def _counts(leads: Any, deals: Any, times: Times) -> tuple[dict[str, Any], dict[str, Any]]:
    none = Count("pk", filter=Q(next_step_at=None))
    lead_counts = leads.aggregate(none=none, new=Count("pk", filter=Q(status=LeadStatus.NEW)))
    deal_counts = deals.aggregate(
        none=none,
        closing=Count("pk", filter=_closing_q(times)),
        rotting=Count("pk", filter=rotting_q(times.now)),
        open=Count("pk"),
        value=Sum("base_amount"),
        expected=Sum("expected_value"),
    )
    return lead_counts, deal_counts


def _month(day: Day, deals: Any, times: Times) -> None:
    won = deals.filter(status=Status.WON, closed_on__gte=times.month, closed_on__lte=times.today)
    found = won.aggregate(count=Count("pk"), value=Sum("base_amount"))
    day.won_count, day.won_value = found["count"], found["value"] or Decimal(0)


def _lists(day: Day, leads: Any, deals: Any, times: Times) -> None:
    if day.new_lead_count:
        rows = leads.filter(status=LeadStatus.NEW).select_related("source")
        day.new_leads = list(rows.order_by("-created_at", "-pk")[:SHOWN])
    shown = deals.select_related("account", "stage")
    if day.closing_count:
        day.closing = list(shown.filter(_closing_q(times)).order_by("expected_close_on", "pk")[:SHOWN])
    if day.rotting_count:
        day.rotting = list(shown.filter(rotting_q(times.now)).order_by("stage_entered_at", "pk")[:SHOWN])
    if day.stepless_deals:
        day.stepless += shown.filter(next_step_at=None).order_by("-expected_value", "-pk")[:SHOWN]
    if day.stepless_leads and len(day.stepless) < SHOWN:
        room = SHOWN - len(day.stepless)
        day.stepless += leads.filter(next_step_at=None).order_by("-created_at", "-pk")[:room]


@dataclass
class Person:
    """A colleague's month and open work, as a manager sees it."""

    pk: int | None
    name: str
    won_count: int = 0
    won_value: Decimal = Decimal(0)
    open_count: int = 0
    open_value: Decimal = Decimal(0)
    late: int = 0
    stepless: int = 0
    rotting: int = 0


def sees_others(user: Any) -> bool:
    """Whether the person's roles show the deals of others too."""
    return policy_for(Opportunity).level(user, "view") in {"team", "branch", "all"}


def people_of(*, user: Any) -> list[Person]:
    """The visible deals by owner: won this month, open, late, without a step, rotting. Three statements.

    What was won is read from the running totals, what is open from an index that holds nothing else.
    """
    times = Times.of(current())
    people = _open_by_owner(user, times)
    won: Any = Tally.objects.for_user(user, "view").filter(
        kind=TallyKind.OWNER, status=Status.WON, day__gte=times.month, day__lte=times.today
    )
    for owner, count, value in won.order_by().values_list("owner_id").annotate(Sum("deals"), Sum("amount")):
        if count:
            person = people.setdefault(owner, Person(owner, ""))
            person.won_count, person.won_value = count, value
    shown = sorted(people.values(), key=lambda p: (-p.won_value, -p.open_value, p.pk is None, p.pk or 0))[:PEOPLE]
    # Read apart: grouping thousands of deals by names too costs as much again as grouping them by key.
    names = {found.pk: found.get_full_name() for found in User.objects.filter(pk__in=[p.pk for p in shown if p.pk])}
    for person in shown:
        person.name = names.get(person.pk, "") if person.pk else ""
    return shown


def _open_by_owner(user: Any, times: Times) -> dict[int | None, Person]:
    """Owner → the figures of the visible open deals."""
    rows: Any = Opportunity.objects.for_user(user, "view")
    groups = (
        rows.filter(status=Status.OPEN)
        .order_by()
        .values("owner_id")
        .annotate(
            open_count=Count("pk"),
            open_value=Sum("base_amount"),
            late=Count("pk", filter=Q(next_step_at__lt=times.now)),
            stepless=Count("pk", filter=Q(next_step_at=None)),
            rotting=Count("pk", filter=rotting_q(times.now)),
        )
    )
    return {group["owner_id"]: Person(group.pop("owner_id"), "", **group) for group in groups}
