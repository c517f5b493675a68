"""The next step of a deal."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from opportunities.choices import Status
from opportunities.models import Opportunity
from opportunities.services.common import locked


@transaction.atomic
def opportunity_plan_step(
    *, actor: Any, opportunity: Opportunity, next_step: str, next_step_at: datetime | None
) -> Opportunity:
    """Set what is done next and when; both empty clears it. A deal with a future step does not rot."""
    row = locked(actor, opportunity)
    if row.status != Status.OPEN and next_step:
        raise DomainError(_("This opportunity is closed. Reopen it to plan a next step."))
    if bool(next_step) != bool(next_step_at):
        missing = "next_step" if next_step_at else "next_step_at"
        raise DomainError(_("A next step is something to do and a date."), field=missing)
    row.next_step, row.next_step_at = next_step, next_step_at
    with audit.action("opportunity.next_step", actor=actor, obj=row):
        row.save(update_fields=["next_step", "next_step_at"])
    return row
