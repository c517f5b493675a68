"""Handing a deal over."""

from typing import Any

from django.db import transaction

from activities.services import activities_pass_on, hold_planned
from opportunities.models import Opportunity
from users.services import record_assign


@transaction.atomic
def opportunity_assign(*, actor: Any, opportunity: Opportunity, owner: Any) -> Opportunity:
    """Give the deal to another colleague, who is told and takes over what its owner had planned on it.

    Raises PermissionRefused or DomainError.
    """
    hold_planned(opportunity)
    before = opportunity.owner
    changed = record_assign(actor=actor, record=opportunity, owner=owner)
    activities_pass_on(actor=actor, record=changed, before=before, owner=owner)
    return changed
