"""What the services of opportunities share: the locked row, the rate, and entering a stage."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.display import current
from core.errors import DomainError
from core.models import Currency
from core.money import BASE_CURRENCY
from core.services import check_version, lock, require
from opportunities.choices import StageKind, Status
from opportunities.models import Opportunity, Stage, StageVisit

LARGEST = Decimal(10) ** 20
MOVE_FIELDS = (
    "stage",
    "stage_entered_at",
    "furthest_stage",
    "lost_stage",
    "status",
    "probability",
    "closed_on",
    "close_reason",
    "close_note",
    "competitor",
)


def locked(
    actor: Any, opportunity: Opportunity, action: str = "change", expected_version: int | None = None
) -> Opportunity:
    """The deal as it is now, locked, when the actor may do the action on it and nobody changed it meanwhile."""
    require(actor, action, Opportunity, opportunity)
    row = lock(opportunity)
    if row.deleted_at is not None:
        raise DomainError(_("This opportunity is in the bin. Restore it first."), code="gone")
    check_version(row, expected_version)
    return row


def today() -> Any:
    """The person's own date."""
    return current().today()


def rate_of(currency: str) -> Decimal:
    """The rate of a currency to the organisation's base currency as it is today; unknown currencies are refused."""
    rate = Currency.objects.filter(pk=currency).values_list("rate", flat=True).first()
    if rate is None and currency == BASE_CURRENCY:
        return Decimal(1)
    if not rate:
        raise DomainError(_("There is no exchange rate for this currency. Set it in the settings."), field="currency")
    return Decimal(rate)


def exponent_of(currency: str) -> int:
    """The decimals an amount of the currency is kept with: those of the currency, at most two."""
    exponent = Currency.objects.filter(pk=currency).values_list("exponent", flat=True).first()
    return min(2 if exponent is None and currency != BASE_CURRENCY else exponent or 0, 2)


def guard_amount(row: Opportunity) -> None:
    """Refuse an amount whose worth in the base currency the database cannot hold."""
    if Decimal(row.amount) * row.exchange_rate >= LARGEST:
        raise DomainError(_("This amount is too large."), field="amount")


def enter_stage(row: Opportunity, stage: Stage, actor: Any, at: datetime | None = None) -> StageVisit:
    """Close the open visit, open one in ``stage`` and set what follows from standing there; the caller saves the row.

    The probability follows the stage unless somebody typed another one; a closed deal has 100 or 0.
    """
    at = at or timezone.now()
    before = row.stage
    follows = row.probability == before.probability or row.status != Status.OPEN or stage.kind != StageKind.OPEN
    StageVisit.objects.filter(opportunity=row, left_at=None).update(left_at=at)
    row.stage, row.stage_entered_at = stage, at
    if follows:
        row.probability = stage.probability
    if stage.kind == StageKind.WON:
        row.probability = 100
    elif stage.kind == StageKind.LOST:
        row.probability = 0
    known = {stage.pk: stage, before.pk: before}  # mostly the furthest stage is one of these two
    furthest = known.get(row.furthest_stage_id) or row.furthest_stage
    if stage.kind != StageKind.LOST and stage.position > furthest.position:
        row.furthest_stage = stage
    return StageVisit.objects.create(
        opportunity=row, stage=stage, entered_at=at, moved_by=actor if getattr(actor, "pk", None) else None
    )


def furthest_open(row: Opportunity) -> Stage:
    """The furthest open stage the deal stood in, by its visits; a win that was taken back does not count."""
    visited = (
        Stage.objects.filter(visits__opportunity=row, cycle=row.cycle_id, kind=StageKind.OPEN)
        .order_by("-position", "-pk")
        .first()
    )
    return visited or first_stage(row.cycle)


def first_stage(cycle: Any) -> Stage:
    """Where a new deal of the cycle starts."""
    stage = Stage.objects.filter(cycle=cycle, kind=StageKind.OPEN, is_active=True).order_by("position", "pk").first()
    if stage is None:
        raise DomainError(_("This sales cycle has no open stage. Add one in the settings."), field="cycle")
    return stage


def closing_stage(cycle: Any, kind: str) -> Stage:
    """The cycle's won or lost stage."""
    stage = Stage.objects.filter(cycle=cycle, kind=kind, is_active=True).order_by("position", "pk").first()
    if stage is None:
        raise DomainError(_("This sales cycle has no stage for won or lost deals. Add one in the settings."))
    return stage
