"""Columns of the lists of the app."""

from typing import Any

from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from core import display
from core.tables import (
    BadgeColumn,
    BooleanColumn,
    CodeColumn,
    Column,
    DateColumn,
    DateTimeColumn,
    DueColumn,
    EmailColumn,
    PhoneColumn,
    RoundedMoneyColumn,
    Table,
)
from leads.choices import UTM_LABELS, LeadStatus

STATUS_COLOURS: dict[str, str] = {
    LeadStatus.NEW: "blue",
    LeadStatus.CONTACTED: "azure",
    LeadStatus.QUALIFIED: "green",
    LeadStatus.NURTURING: "yellow",
    LeadStatus.DISQUALIFIED: "secondary",
    LeadStatus.CONVERTED: "purple",
}


class NextStepColumn(DueColumn):
    """What to do next and when; late ones in red."""

    def html(self, value: Any, row: Any) -> str:
        late = " text-danger fw-bold" if value < timezone.now() else " text-secondary"
        when = f'<span class="text-nowrap{late}">{escape(display.relative_day(value))}</span>'
        return f"<bdi>{escape(row.next_step)}</bdi> {when}" if row.next_step else when


class LeadTable(Table):
    """The list of leads."""

    default_order = "-created_at"

    name = Column(_("Name"), str, order_by="sort_key", link=True, field="last_name")
    company = Column(_("Company"))
    mobile = PhoneColumn(_("Mobile"))
    status = BadgeColumn(_("Status"), colours=STATUS_COLOURS)
    source = Column(_("Source"), select=["source"])
    owner = Column(_("Owner"), select=["owner"])
    estimated_value = RoundedMoneyColumn(_("Estimate"), order_by="estimated_value")
    next_step_at = NextStepColumn(_("Next step"), order_by="next_step_at")
    created_at = DateColumn(_("Created at"), order_by="created_at")
    phone = PhoneColumn(_("Phone"), default=False)
    email = EmailColumn(_("Email"), default=False)
    job_title = Column(_("Job title"), default=False)
    party_type = BadgeColumn(_("Type"), colours={}, default=False)
    industry = Column(_("Field of activity"), select=["industry"], default=False)
    province = Column(_("Province"), select=["province"], default=False)
    city = Column(_("City"), default=False)
    team = Column(_("Team"), select=["team"], default=False)
    interest = Column(_("Interest"), default=False)
    heard_about_us = Column(_("How did you hear about us"), default=False)
    consent = BadgeColumn(_("Consent to messages"), colours={"yes": "green", "no": "red"}, default=False)
    referrer_account = Column(_("Referring customer"), select=["referrer_account"], default=False)
    disqualify_reason = Column(_("Reason for disqualifying"), select=["disqualify_reason"], default=False)
    status_at = DateTimeColumn(_("In this status since"), default=False)
    converted_at = DateTimeColumn(_("Converted at"), default=False)
    updated_at = DateTimeColumn(_("Last change"), order_by="updated_at", default=False)
    utm_source = CodeColumn(UTM_LABELS["utm_source"], default=False)
    utm_medium = CodeColumn(UTM_LABELS["utm_medium"], default=False)
    utm_campaign = CodeColumn(UTM_LABELS["utm_campaign"], default=False)


class CaptureFormTable(Table):
    """The list of web forms."""

    default_order = "-created_at"
    selectable = False

    name = Column(_("Title"), str, link=True, field="name_fa")
    source = Column(_("Source"), select=["source"])
    owner = Column(_("Owner of its leads"), select=["owner"])
    team = Column(_("Team of its leads"), select=["team"])
    is_active = BooleanColumn(_("Active"))
    created_at = DateTimeColumn(_("Created at"), order_by="created_at")
