"""Deals as they are after months of work: closed, lost somewhere, with their stage history."""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from catalog.models import Product
from opportunities.choices import Status
from opportunities.models import Opportunity, OpportunityLine, SalesCycle, Stage, StageVisit
from tests.opportunities.factories import CycleFactory

TEHRAN = ZoneInfo("Asia/Tehran")
__all__ = ["CycleFactory", "deal", "stage"]


def stage(cycle: SalesCycle, code: str) -> Stage:
    """A stage of the cycle."""
    return cycle.stages.get(code=code)


def noon(day: str) -> dt.datetime:
    """The noon of a day in Tehran."""
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(12), tzinfo=TEHRAN)


def deal(
    cycle: SalesCycle,
    at: str,
    *,
    opened: str | None = "2025-04-01",
    closed: str | None = None,
    amount: int = 100,
    furthest: str = "",
    stays: tuple[tuple[str, int], ...] = (),
    product: Product | None = None,
    **fields: Any,
) -> Opportunity:
    """A deal standing in ``at``; ``stays`` are finished stays (stage, days) from the opening on."""
    here = stage(cycle, at)
    lost = stage(cycle, furthest or "one") if here.kind == "lost" else None
    row = Opportunity.objects.create(
        name=f"{at} {amount}",
        cycle=cycle,
        stage=here,
        furthest_stage=lost or (stage(cycle, furthest) if furthest else here),
        lost_stage=lost,
        status=here.kind,
        probability={Status.WON: 100, Status.LOST: 0}.get(here.kind, here.probability),
        amount=Decimal(amount),
        opened_on=dt.date.fromisoformat(opened) if opened else None,
        closed_on=dt.date.fromisoformat(closed) if closed else None,
        **fields,
    )
    moment = noon(opened or "2025-04-01")
    for code, days in stays:
        left = moment + dt.timedelta(days=days)
        StageVisit.objects.create(opportunity=row, stage=stage(cycle, code), entered_at=moment, left_at=left)
        moment = left
    StageVisit.objects.create(opportunity=row, stage=here, entered_at=moment)
    if product is not None:
        OpportunityLine.objects.create(opportunity=row, product=product, unit_price=Decimal(amount))
    return row
