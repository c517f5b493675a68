"""Figures and histories of opportunities, each scoped to what the user may see."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from opportunities.choices import StageKind, Status
from opportunities.models import CloseReason, Opportunity, SalesCycle, Stage, StageVisit, Tally, TallyKind

ZERO = Decimal(0)


@dataclass(frozen=True)
class Figures:
    """What a customer's deals are worth, in the organisation's base currency; expected = Σ amount × probability."""

    won: Decimal
    won_count: int
    open: Decimal
    open_count: int
    expected: Decimal
    lost_count: int

    @property
    def count(self) -> int:
        """All deals."""
        return self.won_count + self.open_count + self.lost_count


def opportunity_figures(*, user: Any, **party: Any) -> Figures:
    """Won revenue, open amount and expected value of an ``account`` or a ``contact``; one query."""
    won, still_open, lost = Q(status=Status.WON), Q(status=Status.OPEN), Q(status=Status.LOST)
    found = (
        Opportunity.objects.for_user(user, "view")
        .filter(**party)
        .aggregate(
            won=Sum("base_amount", filter=won),
            won_count=Count("pk", filter=won),
            open=Sum("base_amount", filter=still_open),
            open_count=Count("pk", filter=still_open),
            expected=Sum("expected_value", filter=still_open),
            lost_count=Count("pk", filter=lost),
        )
    )
    return Figures(**{name: value or (0 if name.endswith("count") else ZERO) for name, value in found.items()})


def opportunities_of(*, user: Any, limit: int, **party: Any) -> list[Opportunity]:
    """The newest deals of an ``account`` or a ``contact``, open ones first."""
    rows = Opportunity.objects.for_user(user, "view").filter(**party).select_related("stage", "owner")
    closed = Q(status=Status.OPEN)
    return list(rows.annotate(is_live=closed).order_by("-is_live", "-created_at", "-pk")[:limit])


@dataclass(frozen=True)
class Step:
    """A stage on the way of a deal: how long the deal stood there, and whether it is there now."""

    stage: Stage
    state: str  # 'past', 'now', 'next'
    days: int | None
    is_late: bool = False


def stage_steps(*, opportunity: Opportunity, visits: Sequence[StageVisit]) -> list[Step]:
    """The stages of the deal's cycle in order, with the days spent in each; closing stages only as they apply."""
    now = timezone.now()
    spent: dict[int, dt.timedelta] = {}
    for visit in visits:
        stay = (visit.left_at or now) - visit.entered_at
        spent[visit.stage_id] = spent.get(visit.stage_id, dt.timedelta()) + stay
    steps = []
    for stage in Stage.objects.filter(cycle=opportunity.cycle_id, kind=StageKind.OPEN).order_by("position", "pk"):
        here = stage.pk == opportunity.stage_id
        if not stage.is_active and stage.pk not in spent:
            continue
        state = "now" if here else ("past" if stage.pk in spent else "next")
        days = spent[stage.pk].days if stage.pk in spent else None
        late = here and stage.expected_days is not None and (days or 0) > stage.expected_days
        steps.append(Step(stage, state, days, late))
    return steps


def stage_visits(*, opportunity: Opportunity) -> list[StageVisit]:
    """The stays of the deal in their order; the caller has seen the deal, and its history goes with it."""
    visits = StageVisit.objects.filter(opportunity=opportunity).select_related("stage", "moved_by")
    return list(visits.order_by("entered_at", "pk"))


def active_cycles() -> list[SalesCycle]:
    """The cycles in use, the default one first, with their stages; two queries."""
    stages = Stage.objects.filter(is_active=True).order_by("position", "pk")
    cycles = SalesCycle.objects.filter(is_active=True).order_by("-is_default", "position", "pk")
    return list(cycles.prefetch_related(Prefetch("stages", stages, to_attr="active_stages")))


def board_totals(
    *, user: Any, cycle: SalesCycle, owner: Any = (), team: Any = (), status: Sequence[str] = ()
) -> dict[int, dict[str, Any]]:
    """Stage key → ``count``, ``sum`` and ``weighted`` of the cycle's deals the user may see, from the running totals.

    ``owner``, ``team`` and ``status`` keep the deals of any of these. One statement, over a row for each stage, owner
    and team, however many deals there are.
    """
    asked = {"owner__in": owner, "team__in": team, "status__in": status}
    rows: Any = Tally.objects.for_user(user, "view")
    rows = rows.filter(kind=TallyKind.BOARD, cycle=cycle, **{name: value for name, value in asked.items() if value})
    groups = rows.order_by().values_list("stage_id").annotate(Sum("deals"), Sum("amount"), Sum("expected"))
    return {stage: {"count": count, "sum": amount, "weighted": expected} for stage, count, amount, expected in groups}


def cycles_overview() -> QuerySet[SalesCycle]:
    """All cycles with their stages, for the settings."""
    stages = Stage.objects.order_by("position", "pk")
    return SalesCycle.objects.order_by("-is_active", "position", "pk").prefetch_related(
        Prefetch("stages", stages, to_attr="all_stages"), "families", "teams"
    )


def close_reasons(outcome: str) -> QuerySet[CloseReason]:
    """The reasons in use for "won" or "lost"."""
    return CloseReason.objects.filter(outcome=outcome, is_active=True).order_by("position", "pk")
