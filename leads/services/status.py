"""The life of a lead: its status by the table of transitions."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.services import activities_close, activities_take_up, hold_planned
from core import audit, display
from core.errors import DomainError
from core.services import check_version, lock, require
from leads.choices import TRANSITIONS, LeadStatus
from leads.models import DisqualifyReason, Lead

# These two have services of their own, because they need more than a word.
BY_OTHER_SERVICES = {LeadStatus.DISQUALIFIED, LeadStatus.CONVERTED}
STATUS_FIELDS = ("status", "status_at", "disqualify_reason", "disqualify_note")


def allowed_statuses(lead: Lead) -> list[LeadStatus]:
    """The statuses a button may set from the present one, in the order of the choices."""
    return [s for s in LeadStatus if s in TRANSITIONS[lead.status] and s not in BY_OTHER_SERVICES]


@transaction.atomic
def lead_set_status(*, actor: Any, lead: Lead, status: str, expected_version: int | None = None) -> Lead:
    """Move an open lead to another open status, or take a disqualified one up again with what was planned on it.

    Setting the status it has already changes nothing. Raises PermissionRefused, StaleRecord or DomainError.
    """
    if lead.status == LeadStatus.DISQUALIFIED:
        hold_planned(lead)
    current = _locked(actor, lead, expected_version)
    if current.status == status:
        return current
    if status == LeadStatus.DISQUALIFIED:
        raise DomainError(_("Choose a reason to disqualify a lead."), field="reason", code="needs_reason")
    if status == LeadStatus.CONVERTED:
        raise DomainError(_("A lead becomes converted by converting it."), field="status", code="needs_conversion")
    _guard(current, status)
    before = current.status
    code = "lead.reopened" if before == LeadStatus.DISQUALIFIED else f"lead.{status}"
    _change(current, status)
    with audit.action(code, actor=actor, obj=current):
        current.save(update_fields=STATUS_FIELDS)
        if before == LeadStatus.DISQUALIFIED:
            activities_take_up(actor=actor, record=current)
    return current


@transaction.atomic
def lead_disqualify(
    *, actor: Any, lead: Lead, reason: DisqualifyReason | None, note: str = "", expected_version: int | None = None
) -> Lead:
    """Put a lead aside for a reason; what is still planned on it is cancelled.

    Raises PermissionRefused, StaleRecord or DomainError.
    """
    hold_planned(lead)
    current = _locked(actor, lead, expected_version)
    if reason is None or not reason.is_active:
        raise DomainError(_("Choose a reason to disqualify a lead."), field="reason", code="needs_reason")
    if current.status == LeadStatus.DISQUALIFIED and current.disqualify_reason_id == reason.pk:
        return current
    _guard(current, LeadStatus.DISQUALIFIED)
    _change(current, LeadStatus.DISQUALIFIED)
    current.disqualify_reason, current.disqualify_note = reason, note[:300]
    with audit.action("lead.disqualified", actor=actor, obj=current, params={"reason": str(reason)}):
        current.save(update_fields=STATUS_FIELDS)
        activities_close(actor=actor, record=current)
    return current


@transaction.atomic
def lead_reopen(*, actor: Any, lead: Lead, status: str = LeadStatus.NEW) -> Lead:
    """Take a disqualified lead up again, with what its disqualifying cancelled. Raises PermissionRefused or DomainError."""
    hold_planned(lead)
    current = _locked(actor, lead, None)
    if current.status != LeadStatus.DISQUALIFIED:
        raise DomainError(_("Only a disqualified lead can be reopened."), field="status", code="transition")
    return lead_set_status(actor=actor, lead=current, status=status)


def _locked(actor: Any, lead: Lead, expected_version: int | None) -> Lead:
    require(actor, "change", Lead, lead)
    current = lock(lead)
    if current.deleted_at:
        raise DomainError(_("This lead is in the bin. Restore it first."), code="in_bin")
    check_version(current, expected_version)
    return current


def _guard(lead: Lead, status: str) -> None:
    if status in TRANSITIONS[lead.status]:
        return
    now = lead.get_status_display()
    possible = [str(LeadStatus(s).label) for s in LeadStatus if s in TRANSITIONS[lead.status]]
    if not possible:
        text = _("This lead is already %(now)s; its status can no longer change.") % {"now": now}
    else:
        text = _("A lead that is %(now)s can only become: %(possible)s.") % {
            "now": now,
            "possible": display.listed(possible),
        }
    raise DomainError(text, field="status", code="transition")


def _change(lead: Lead, status: str) -> None:
    lead.status, lead.status_at = status, timezone.now()
    lead.disqualify_reason, lead.disqualify_note = None, ""
