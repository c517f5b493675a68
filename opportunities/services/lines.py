"""The products of a deal; the amount follows them exactly."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from core.services import domain_error, require
from opportunities.choices import Status
from opportunities.models import Opportunity, OpportunityLine
from opportunities.services.common import exponent_of, guard_amount, locked, rate_of

HUNDRED = Decimal(100)
LARGEST_SUM = Decimal(10) ** 18


def line_total(quantity: Decimal, unit_price: Decimal, discount: Decimal, exponent: int) -> Decimal:
    """Quantity × unit price × (1 − discount/100), rounded half up to the currency's decimals."""
    exact = quantity * unit_price * (HUNDRED - discount) / HUNDRED
    return exact.quantize(Decimal(1).scaleb(-exponent), rounding=ROUND_HALF_UP)


def sum_lines(row: Opportunity) -> None:
    """Set the deal's amount to the sum of its lines' rounded totals; the caller saves it."""
    exponent = exponent_of(row.currency)
    values = OpportunityLine.objects.filter(opportunity=row).values_list("quantity", "unit_price", "discount")
    row.amount = sum((line_total(*value, exponent) for value in values), Decimal(0))
    if row.amount >= LARGEST_SUM:
        raise DomainError(_("The sum of the lines is too large."), field="quantity")


def _save_amount(row: Opportunity) -> None:
    if row.amount_from_lines:
        sum_lines(row)
    if row.status == Status.OPEN:
        row.exchange_rate = rate_of(row.currency)
    guard_amount(row)
    row.save(update_fields=["amount", "amount_from_lines", "exchange_rate"])


@transaction.atomic
def line_save(*, actor: Any, line: OpportunityLine) -> OpportunityLine:
    """Add or change a line. The first line makes the amount of the deal the sum of its lines."""
    from django.core.exceptions import ValidationError

    row = locked(actor, line.opportunity)
    line.opportunity = row
    adding = line._state.adding
    if not adding and not OpportunityLine.objects.filter(pk=line.pk, opportunity=row).exists():
        raise DomainError(_("This record no longer exists. It was deleted meanwhile."), code="gone")
    try:
        line.full_clean(exclude=["opportunity"])
    except ValidationError as error:
        raise domain_error(error) from error
    if line.quantity * line.unit_price >= LARGEST_SUM:
        raise DomainError(_("The sum of the lines is too large."), field="quantity")
    if adding and not OpportunityLine.objects.filter(opportunity=row).exists():
        row.amount_from_lines = True
    with audit.action("opportunity.line_saved", actor=actor, obj=row, params={"product": str(line.product)}):
        line.save()
        _save_amount(row)
    return line


@transaction.atomic
def line_delete(*, actor: Any, line: OpportunityLine) -> Opportunity:
    """Remove a line. With the last one the amount stays as it is and can be typed again."""
    row = locked(actor, line.opportunity)
    with audit.action("opportunity.line_deleted", actor=actor, obj=row, params={"product": str(line.product)}):
        OpportunityLine.objects.filter(pk=line.pk, opportunity=row).delete()
        if OpportunityLine.objects.filter(opportunity=row).exists():
            _save_amount(row)
        else:
            row.amount_from_lines = False
            row.save(update_fields=["amount_from_lines"])
    return row


@transaction.atomic
def opportunity_sum_lines(*, actor: Any, opportunity: Opportunity) -> Opportunity:
    """Make the amount the sum of the lines again, after it had been typed."""
    require(actor, "change", Opportunity, opportunity)
    row = locked(actor, opportunity)
    if not OpportunityLine.objects.filter(opportunity=row).exists():
        raise DomainError(_("There are no lines to sum."))
    row.amount_from_lines = True
    with audit.action("opportunity.changed", actor=actor, obj=row):
        _save_amount(row)
    return row
