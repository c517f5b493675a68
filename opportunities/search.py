"""Opportunities in the palette and the search page."""

from core.display import format_money_compact
from core.search import Source, hint_of, register
from opportunities.models import Opportunity


def hint(deal: Opportunity) -> str:
    """Customer, stage and amount beside the name."""
    amount = format_money_compact(deal.amount, deal.currency) if deal.amount else ""
    return hint_of(str(deal.account or ""), str(deal.stage), amount)


register(Source(Opportunity, "target-arrow", order=20, hint=hint, select=("account", "stage")))
