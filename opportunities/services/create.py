"""Making and changing an opportunity."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Contact, Employment, Source
from activities.services import step_plan
from catalog.models import Product
from core.errors import DomainError
from core.money import BASE_CURRENCY
from core.services import object_save_within, require
from opportunities.choices import StageKind, Status
from opportunities.models import Opportunity, OpportunityContact, OpportunityLine, SalesCycle, Stage, StageVisit
from opportunities.services import lines
from opportunities.services.common import exponent_of, first_stage, guard_amount, locked, rate_of, today


def default_cycle(*, families: Iterable[Any] = (), team: Any = None) -> SalesCycle:
    """The sales cycle of the product families, else of the team, else the default one (R78, R79)."""
    active = SalesCycle.objects.filter(is_active=True)
    wanted = [family for family in families if family is not None]
    found = active.filter(families__in=wanted).order_by("position", "pk").first() if wanted else None
    if found is None and team is not None:
        found = active.filter(teams=team).order_by("position", "pk").first()
    found = found or active.order_by("-is_default", "position", "pk").first()
    if found is None:
        raise DomainError(_("There is no sales cycle yet. Add one in the settings."), field="cycle")
    return found


def _start(cycle: SalesCycle | None, stage: Stage | None) -> Stage:
    """The open stage a deal begins in: the given one, of the given cycle if there is one, else the cycle's first."""
    if stage is None:
        return first_stage(cycle)
    if cycle is not None and stage.cycle_id != cycle.pk:
        raise DomainError(_("This stage belongs to another sales cycle."), field="stage", code="foreign_stage")
    if stage.kind != StageKind.OPEN:
        raise DomainError(_("A new opportunity starts in an open stage."), field="stage")
    return stage


class OpportunityFields(TypedDict, total=False):
    """Further fields of a new deal, as the model describes them. ``opened_on`` is today if not given."""

    type: str
    source: Source | None
    probability: int | None
    opened_on: date | None
    expected_close_on: date | None
    description: str
    external_key: str
    team: Any
    is_sample: bool


@transaction.atomic
def opportunity_create(
    *,
    actor: Any,
    name: str,
    cycle: SalesCycle | None = None,
    stage: Stage | None = None,
    account: Any = None,
    contact: Any = None,
    amount: Decimal | int | None = 0,
    currency: str = BASE_CURRENCY,
    owner: Any = None,
    products: Iterable[Product] = (),
    next_step: str = "",
    next_step_at: datetime | None = None,
    **fields: Unpack[OpportunityFields],
) -> Opportunity:
    """Make a deal in the first stage (or the given open one) of its cycle.

    ``amount`` is in the currency's own unit (rial). Each of ``products`` becomes a line of one piece at its list price;
    without a typed amount the lines are the amount. ``next_step`` and its time are planned as an activity of the owner.
    Without an owner (and without a ``team``) the actor owns it. Raises PermissionRefused or DomainError.
    """
    require(actor, "add", Opportunity)
    products, team = list(products), fields.get("team")
    owner = owner if owner is not None or team is not None else actor
    if cycle is None and stage is None:
        cycle = default_cycle(families=[p.family_id for p in products], team=getattr(owner, "team_id", None) or team)
    stage = _start(cycle, stage)
    fields["opened_on"] = fields.get("opened_on") or today()
    if fields.get("probability") is None:
        fields["probability"] = stage.probability
    row = Opportunity(name=name, account=account, contact=contact, owner=owner, **fields)
    row.cycle, row.stage, row.furthest_stage = cycle or stage.cycle, stage, stage
    row.stage_entered_at = timezone.now()
    row.amount, row.currency, row.exchange_rate = Decimal(amount or 0), currency, rate_of(currency)
    guard_amount(row)
    object_save_within(
        actor=actor,
        instance=row,
        save_m2m=lambda: _finish(row, actor, contact, products),
        code="opportunity.created",
        related=[party for party in (account, contact) if party is not None],
    )
    if next_step or next_step_at is not None:
        step_plan(actor=actor, record=row, words=next_step, at=next_step_at, owner=row.owner)
    return row


def _finish(row: Opportunity, actor: Any, contact: Contact | None, products: list[Product]) -> None:
    StageVisit.objects.create(
        opportunity=row,
        stage=row.stage,
        entered_at=row.stage_entered_at,
        moved_by=actor if getattr(actor, "pk", None) else None,
    )
    if contact is not None:
        role = (
            Employment.objects.filter(contact=contact, account=row.account_id)
            .values_list("buying_role", flat=True)
            .first()
        )
        OpportunityContact.objects.create(opportunity=row, contact=contact, role_id=role)
    if products:
        OpportunityLine.objects.bulk_create(
            OpportunityLine(opportunity=row, product=product, unit_price=list_price(product, row))
            for product in products
        )
        if not row.amount:
            row.amount_from_lines = True
            lines.sum_lines(row)
            row.save(update_fields=["amount", "amount_from_lines"])


def list_price(product: Product, opportunity: Opportunity) -> Decimal:
    """A product's price in the deal's currency, by today's rates."""
    if product.currency == opportunity.currency:
        return product.price
    price = product.price * rate_of(product.currency) / rate_of(opportunity.currency)
    return round(price, exponent_of(opportunity.currency))


@transaction.atomic
def opportunity_update(
    *,
    actor: Any,
    instance: Opportunity,
    expected_version: int | None = None,
    save_m2m: Callable[[], None] | None = None,
) -> Opportunity:
    """Save the edited fields of a deal; the stage moves only by `opportunity_move`.

    The rate is taken anew while the deal is open or when its currency changed; an amount that is the sum of the lines
    is summed again.
    """
    before = locked(actor, instance)
    for name in ("stage_id", "cycle_id", "furthest_stage_id", "stage_entered_at", "status", "closed_on"):
        setattr(instance, name, getattr(before, name))
    if instance.status == Status.OPEN or instance.currency != before.currency:
        instance.exchange_rate = rate_of(instance.currency)
    if instance.amount_from_lines:
        lines.sum_lines(instance)
    guard_amount(instance)
    return object_save_within(
        actor=actor,
        instance=instance,
        expected_version=expected_version,
        save_m2m=save_m2m,
        code="opportunity.changed",
        related=[party for party in (instance.account,) if party is not None],
    )
