"""Opportunities as a target of an import, with their stage history from the file's own dates."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.imports import ACCOUNT_LOOKUP
from activities.imports import NEXT_STEP_COLUMNS, steps_write
from catalog.imports import new_product
from catalog.models import Product
from core import bulk, text
from core.errors import DomainError
from core.models import Currency, Organisation
from core.money import BASE_CURRENCY
from exchange.staging import BATCH, Context, Row
from exchange.targets import DECIMAL, MANY, TEXT, Column, Lookup, Refused, Target, columns_of, register
from opportunities.choices import StageKind, Status
from opportunities.models import Opportunity, OpportunityLine, Stage, StageVisit
from opportunities.services import default_cycle, opportunities_backfill


def _begin(context: Context) -> None:
    """Stages by cycle and name, rates by currency, and the cycle of rows that name none."""
    stages: dict[int, dict[str, Stage]] = {}
    for stage in Stage.objects.order_by("position", "pk"):
        names = stages.setdefault(stage.cycle_id, {})
        for name in (stage.code, stage.name_fa, stage.name_en):
            names.setdefault(text.tight(name), stage)
    organisation = Organisation.objects.first()
    context.cache["stages"] = stages
    context.cache["base"] = organisation.base_currency_id if organisation else BASE_CURRENCY
    context.cache["rates"] = dict(Currency.objects.values_list("code", "rate"))
    context.cache["cycle"] = default_cycle().pk if stages else None


def _stage(row: Row, context: Context, column: str) -> Stage | None:
    name = row.virtual.get(column)
    if not name:
        return None
    stage = context.cache["stages"].get(row.values["cycle_id"], {}).get(text.tight(name))
    if stage is None:
        raise Refused(column, gettext("The sales cycle has no stage of this name."), name)
    return stage  # type: ignore[no-any-return]


def _current(context: Context) -> dict[int, tuple[int, int, str]]:
    """Cycle, stage and currency of the deals the file changes, asked once."""
    if "current" not in context.cache:
        pks = [row.pk for row in context.rows if row.existing]
        found = Opportunity.objects.filter(pk__in=pks).values_list("pk", "cycle_id", "stage_id", "currency")
        context.cache["current"] = {pk: rest for pk, *rest in found}
    return context.cache["current"]  # type: ignore[no-any-return]


def _prepare(row: Row, context: Context) -> None:
    """Everything that follows from the stage: status, dates, probability, how far the deal got."""
    values = row.values
    if row.existing:
        cycle, before, currency = _current(context)[row.pk or 0]
        if values.setdefault("cycle_id", cycle) != cycle:
            raise Refused("cycle", gettext("A deal cannot change its sales cycle by import."))
        values.setdefault("currency", currency)
        if not row.virtual.get("stage") or (_stage(row, context, "stage") or row).pk == before:
            values.pop("closed_on", None)
            _money(row, context)
            return
        row.virtual["moved"] = True
    if values.setdefault("cycle_id", context.cache["cycle"]) is None:
        raise DomainError(gettext("There is no sales cycle. Make one first."))
    stages = sorted(set(context.cache["stages"].get(values["cycle_id"], {}).values()), key=lambda s: (s.position, s.pk))
    opened = [s for s in stages if s.kind == StageKind.OPEN]
    stage = _stage(row, context, "stage") or next(iter(opened), None)
    if stage is None:
        raise Refused("cycle", gettext("This sales cycle has no open stage. Add one in the settings."))
    values["stage_id"], values["status"] = stage.pk, stage.kind
    values.setdefault("probability", stage.probability)
    if stage.kind != StageKind.OPEN:
        values["probability"] = 100 if stage.kind == StageKind.WON else 0
    _dates(row, context)
    _reach(row, context, stage, opened)
    _money(row, context)


def _dates(row: Row, context: Context) -> None:
    values = row.values
    opened, closed = values.get("opened_on"), values.get("closed_on")
    today = context.now.astimezone(context.tz).date()
    if values["status"] == Status.OPEN:
        if closed:
            raise Refused("closed_on", gettext("An open deal has no closing date."), closed.isoformat())
        return
    if not closed:
        raise Refused("closed_on", gettext("A won or lost deal needs its closing date."))
    if closed > today:
        raise Refused("closed_on", gettext("A deal cannot be closed in the future."), closed.isoformat())
    if opened and closed < opened:
        raise Refused("closed_on", gettext("The closing date is before the deal was opened."), closed.isoformat())


def _reach(row: Row, context: Context, stage: Stage, opened: list[Stage]) -> None:
    """The furthest stage: the file's, else where it was lost, else where it stands."""
    values = row.values
    lost = _stage(row, context, "lost_stage") if stage.kind == StageKind.LOST else None
    furthest = _stage(row, context, "furthest_stage")
    if stage.kind == StageKind.LOST:
        lost = lost or furthest or (opened[-1] if opened else None)
        furthest = furthest or lost
        values["lost_stage_id"] = lost.pk if lost else None
    elif stage.kind == StageKind.WON or furthest is None:
        furthest = stage
    values["furthest_stage_id"] = (furthest or stage).pk
    moment = values.get("closed_on") or (None if row.existing else values.get("opened_on"))
    values["stage_entered_at"] = context.midnight(moment) if moment else context.now


def _money(row: Row, context: Context) -> None:
    values = row.values
    currency = values.setdefault("currency", context.cache["base"])
    rate = Decimal(1) if currency == context.cache["base"] else context.cache["rates"].get(currency)
    if not rate:
        raise Refused("currency", gettext("There is no exchange rate for this currency. Set it in the settings."))
    values["exchange_rate"] = rate
    if not row.existing:
        values.setdefault("amount", Decimal(0))


def _finish(context: Context) -> None:
    """Lines of the products named in the file (the amount shared among them), and the history of stages."""
    prices = dict(Product.objects.values_list("pk", "price"))
    bulk.copy_rows(OpportunityLine, _lines(context.created, prices, context))
    opportunities_backfill(actor=context.actor, ids=[row.pk for row in context.created if row.pk])
    steps_write(context)
    _follow_moves([row for row in context.updated if row.virtual.get("moved")], context)


def _follow_moves(rows: list[Row], context: Context) -> None:
    """Deals the file moved: the visit they were on ends, and one in the new stage begins."""
    moments: dict[Any, Any] = {row.pk: row.values["stage_entered_at"] for row in rows}
    open_visits = list(StageVisit.objects.filter(opportunity__in=moments, left_at=None))
    for visit in open_visits:
        visit.left_at = max(visit.entered_at, moments[visit.opportunity_id])
    StageVisit.objects.bulk_update(open_visits, ["left_at"], batch_size=BATCH)
    entered = {visit.opportunity_id: visit.left_at for visit in open_visits}
    StageVisit.objects.bulk_create(
        [
            StageVisit(
                opportunity_id=row.pk,
                stage_id=row.values["stage_id"],
                entered_at=entered.get(row.pk, moments[row.pk]),
                moved_by=context.actor,
            )
            for row in rows
        ],
        batch_size=BATCH,
    )


def _lines(rows: list[Row], prices: dict[int, Decimal], context: Context) -> list[dict[str, Any]]:
    """One line each: a single product takes the deal's amount, several their list prices."""
    lines = []
    for row in rows:
        products = row.many.get("products", [])
        for product in products:
            quantity = row.virtual.get("quantity") or Decimal(1)
            price = row.values["amount"] / quantity if len(products) == 1 else prices.get(product, Decimal(0))
            lines.append(
                {
                    "opportunity_id": row.pk,
                    "product_id": product,
                    "quantity": quantity,
                    "unit_price": round(price, 2),
                    "created_at": context.now,
                    "updated_at": context.now,
                }
            )
    return lines


register(
    Target(
        "opportunities",
        Opportunity,
        (
            *columns_of(
                Opportunity,
                "name",
                "account",
                "contact",
                "cycle",
                "type",
                "source",
                "amount",
                "currency",
                "probability",
                "expected_close_on",
                "opened_on",
                "closed_on",
                "close_reason",
                "close_note",
                "competitor",
                "description",
                "external_key",
                "owner",
                "team",
                "created_at",
                required=("name",),
                account=ACCOUNT_LOOKUP,
            ),
            Column("stage", _("stage"), TEXT, virtual=True),
            Column("furthest_stage", _("furthest stage"), TEXT, virtual=True),
            Column("lost_stage", _("lost in stage"), TEXT, virtual=True),
            Column(
                "products",
                _("products"),
                MANY,
                virtual=True,
                lookup=Lookup(Product, ("code", "name_fa", "name_en"), create=new_product),
            ),
            Column("quantity", _("quantity"), DECIMAL, virtual=True),
            *NEXT_STEP_COLUMNS,
        ),
        keys=("external_key",),
        label=_("Opportunities"),
        begin=_begin,
        prepare=_prepare,
        finish=_finish,
    )
)
