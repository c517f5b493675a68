"""Handing a lead over."""

from typing import Any

from django.db import transaction

from activities.services import activities_pass_on, hold_planned
from core import events
from leads.events import LeadAssigned
from leads.models import Lead
from users.services import record_assign


@transaction.atomic
def lead_assign(*, actor: Any, lead: Lead, owner: Any) -> Lead:
    """Give the lead to another colleague, who is told and takes over what its owner had planned on it.

    Raises PermissionRefused or DomainError.
    """
    hold_planned(lead)
    before = lead.owner
    changed = record_assign(actor=actor, record=lead, owner=owner)
    activities_pass_on(actor=actor, record=changed, before=before, owner=owner)
    events.publish(
        LeadAssigned(
            lead_id=lead.pk,
            owner_id=changed.owner_id,
            before_id=before.pk if before else None,
            actor_id=actor.pk,
        )
    )
    return changed
