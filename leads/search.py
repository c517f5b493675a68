"""Leads in the palette and the search page."""

from core.display import format_phone
from core.search import Source, register
from leads.models import Lead


def hint(lead: Lead) -> str:
    """Company, phone and status beside the name."""
    parts = [
        lead.company if lead.person_name else "",
        format_phone(lead.mobile or lead.phone),
        lead.get_status_display(),
    ]
    return " · ".join(part for part in parts if part)


register(Source(Lead, "user-plus", order=10, hint=hint))
