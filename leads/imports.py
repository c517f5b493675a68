"""Leads as a target of an import."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import PartyType
from accounts.imports import ACCOUNT_LOOKUP
from activities.imports import NEXT_STEP_COLUMNS, steps_write
from exchange.staging import Context, Row
from exchange.targets import TEXT, Column, Refused, Target, columns_of, register
from leads.choices import LeadStatus
from leads.models import Lead

IMPORTED_STATUSES = frozenset({LeadStatus.NEW, LeadStatus.CONTACTED, LeadStatus.QUALIFIED, LeadStatus.NURTURING})


def _prepare(row: Row, context: Context) -> None:
    """Split a full name, tell persons from companies, and refuse a status that needs more than a word."""
    values = row.values
    full_name = row.virtual.pop("full_name", "")
    if full_name and not values.get("last_name"):
        first, _space, last = full_name.strip().rpartition(" ")
        values["first_name"], values["last_name"] = first[:80], last[:120]
    named = any(values.get(name) for name in ("first_name", "last_name", "company"))
    if not named and not row.existing:
        raise Refused("company", gettext("Enter the name of a person or of a company."))
    status = values.get("status")
    if status == LeadStatus.CONVERTED:
        raise Refused("status", gettext("A lead is converted here, not by import: import it as qualified."), status)
    if status == LeadStatus.DISQUALIFIED and not values.get("disqualify_reason_id"):
        raise Refused("status", gettext("A disqualified lead needs its reason."), status)
    if "party_type" not in values and named:
        values["party_type"] = PartyType.ORGANISATION if values.get("company") else PartyType.PERSON
    if values.get("created_at"):
        values.setdefault("status_at", values["created_at"])


register(
    Target(
        "leads",
        Lead,
        (
            *columns_of(
                Lead,
                "party_type",
                "first_name",
                "last_name",
                "company",
                "job_title",
                "mobile",
                "phone",
                "email",
                "website",
                "industry",
                "province",
                "city",
                "address",
                "interest",
                "products",
                "estimated_value",
                "currency",
                "source",
                "referrer_account",
                "heard_about_us",
                "utm_source",
                "utm_medium",
                "utm_campaign",
                "utm_term",
                "utm_content",
                "consent",
                "status",
                "disqualify_reason",
                "disqualify_note",
                "description",
                "external_key",
                "owner",
                "team",
                "created_at",
                referrer_account=ACCOUNT_LOOKUP,
            ),
            Column("full_name", _("full name"), TEXT, virtual=True),
            *NEXT_STEP_COLUMNS,
        ),
        keys=("external_key", "mobile", "phone", "email"),
        label=_("Leads"),
        prepare=_prepare,
        finish=steps_write,
    )
)
