"""The funnel: how far deals get, what they are worth there and how long they stay (R90, R92, R93)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Avg, Count, FloatField, Sum

from opportunities.choices import StageKind, Status
from opportunities.models import Stage, StageVisit, Tally, TallyKind
from reports.selectors.kept import kept
from reports.selectors.query import FunnelQuery, within

SECONDS_A_DAY = 86_400


class Median(Aggregate):
    """The middle value: PostgreSQL's ``percentile_cont(0.5)``."""

    function = "percentile_cont"
    name = "median"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass
class Step:
    """A step of the funnel; the last one is "won" and stands for every won stage.

    ``reached`` counts the deals that got at least here, ``passed`` those that got further, ``lost`` those that were
    lost here. ``conversion`` = passed / reached. Values are in the organisation's base currency; ``weighted`` is
    the sum of amount × probability of the deals that stand here now.
    """

    stage: Stage
    reached: int = 0
    value: Decimal = Decimal(0)
    standing: int = 0
    open_value: Decimal = Decimal(0)
    weighted: Decimal = Decimal(0)
    lost: int = 0
    passed: int | None = None
    mean_days: float | None = None
    median_days: float | None = None
    visits: int = 0

    @property
    def whole_weighted(self) -> Decimal:
        """The expected value without the fractions that percentages leave."""
        return self.weighted.quantize(Decimal(1))

    @property
    def is_won(self) -> bool:
        """Whether this is the last step."""
        return self.stage.kind == StageKind.WON

    @property
    def conversion(self) -> Decimal | None:
        """The share of the deals here that got further; None at the end or when nobody came."""
        if self.passed is None or not self.reached:
            return None
        return Decimal(self.passed) / self.reached

    @property
    def drop(self) -> Decimal | None:
        """The share that got no further (yet)."""
        return None if self.conversion is None else 1 - self.conversion


@dataclass
class Funnel:
    """The steps of one cycle for deals opened in a span, and how many deals stand where today.

    ``days_at`` says when the days were counted if that was not just now.
    """

    steps: list[Step]
    total: int = 0
    won: int = 0
    lost: int = 0
    open: int = 0
    open_value: Decimal = Decimal(0)
    weighted: Decimal = Decimal(0)
    standing: dict[int, int] | None = None
    days_at: dt.datetime | None = None

    @property
    def conversion(self) -> Decimal | None:
        """Won of all that entered."""
        return Decimal(self.won) / self.total if self.total else None


def funnel_of(*, user: Any, query: FunnelQuery, with_days: bool = True) -> Funnel:
    """Count deals by the furthest stage they reached. Three statements (two without days)."""
    stages = list(Stage.objects.filter(cycle=query.cycle).exclude(kind=StageKind.LOST).order_by("position", "pk"))
    funnel = Funnel(_steps(stages), standing={})
    places = {stage.pk: stage.position for stage in stages}
    for group in _groups(query, user):
        _add(funnel, group, places)
    for step, after in zip(funnel.steps, [*funnel.steps[1:], None], strict=True):
        step.passed = after.reached if after else None
    if with_days:
        _add_days(funnel, query, user)
    return funnel


def _groups(query: FunnelQuery, user: Any) -> Iterable[dict[str, Any]]:
    """Deals by furthest stage, present stage and status: from the running totals when all deals are asked for."""
    names = ("furthest_stage_id", "stage_id", "status")
    if not query.is_whole(user):
        count, value, weighted = Count("*"), Sum("base_amount"), Sum("expected_value")
        return query.opened(user).values(*names).annotate(count=count, value=value, weighted=weighted)
    rows = within(Tally.objects.filter(kind=TallyKind.OPENED, cycle=query.cycle), "day", query.start, query.end)
    sums = rows.order_by().values(*names).annotate(count=Sum("deals"), value=Sum("amount"), weighted=Sum("expected"))
    return sums.exclude(count=0)  # type: ignore[no-any-return]


def _steps(stages: list[Stage]) -> list[Step]:
    """The open stages in order, then one step for winning."""
    won = [stage for stage in stages if stage.kind == StageKind.WON]
    return [Step(stage) for stage in stages if stage.kind == StageKind.OPEN] + [Step(stage) for stage in won[:1]]


def _add(funnel: Funnel, group: dict[str, Any], places: dict[int, int]) -> None:
    count, value = group["count"], group["value"] or Decimal(0)
    status, furthest = group["status"], places.get(group["furthest_stage_id"])
    funnel.total += count
    funnel.won += count if status == Status.WON else 0
    funnel.lost += count if status == Status.LOST else 0
    assert funnel.standing is not None  # noqa: S101 - made by the caller
    funnel.standing[group["stage_id"]] = funnel.standing.get(group["stage_id"], 0) + count
    if status == Status.OPEN:
        funnel.open += count
        funnel.open_value += value
        funnel.weighted += group["weighted"] or 0
    last = None
    for step in funnel.steps:
        got_here = status == Status.WON if step.is_won else furthest is not None and furthest >= step.stage.position
        if got_here:
            step.reached += count
            step.value += value
            last = step
        if status == Status.OPEN and group["stage_id"] == step.stage.pk:
            step.standing += count
            step.open_value += value
            step.weighted += group["weighted"] or 0
    if last is not None and status == Status.LOST:
        last.lost += count


def _add_days(funnel: Funnel, query: FunnelQuery, user: Any) -> None:
    """Days of finished stays in each open stage, of the same deals; a stay that goes on is not counted yet."""
    steps = {step.stage.pk: step for step in funnel.steps if not step.is_won}
    days = kept("days", user=user, query=query, deals=funnel.total, count=lambda: _days(list(steps), query, user))
    funnel.days_at = days.at
    for stage, visits, mean, median in days.value:
        if stage not in steps:
            continue
        step = steps[stage]
        step.visits = visits
        step.mean_days = mean / SECONDS_A_DAY
        step.median_days = median / SECONDS_A_DAY


def _days(stages: list[int], query: FunnelQuery, user: Any) -> list[tuple[int, int, float, float]]:
    """(stage, finished stays, mean and median seconds)."""
    opened = query.opened(user).values("pk")
    stays = StageVisit.objects.filter(stage__in=stages, left_at__isnull=False, opportunity__in=opened).order_by()
    median = Median("seconds", output_field=FloatField())
    return list(stays.values_list("stage_id").annotate(visits=Count("*"), mean=Avg("seconds"), median=median))
