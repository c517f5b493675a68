"""Leads in the palette and the search page."""

from core.display import format_phone
from core.search import Source, hint_of, register
from leads.models import Lead


def hint(lead: Lead) -> str:
    """Company, phone and status beside the name."""
    company = lead.company if lead.person_name else ""
    return hint_of(company, format_phone(lead.mobile or lead.phone), str(lead.get_status_display()))


register(Source(Lead, "user-plus", order=10, hint=hint))
