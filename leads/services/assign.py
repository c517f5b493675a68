"""Handing a lead over."""

from typing import Any

from django.db import transaction

from core import events
from leads.events import LeadAssigned
from leads.models import Lead
from users.services import record_assign


@transaction.atomic
def lead_assign(*, actor: Any, lead: Lead, owner: Any) -> Lead:
    """Give the lead to another colleague, who is told. Raises PermissionRefused or DomainError."""
    before = lead.owner_id
    changed = record_assign(actor=actor, record=lead, owner=owner)
    events.publish(LeadAssigned(lead_id=lead.pk, owner_id=changed.owner_id, before_id=before, actor_id=actor.pk))
    return changed
