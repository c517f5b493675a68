"""Making and changing a lead by hand."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.choices import PartyType
from activities.services import step_plan
from catalog.models import Product
from core import events, notifications
from core.services import object_save_within
from leads.choices import ConsentAnswer
from leads.events import LeadCreated
from leads.models import Lead
from leads.services.consent import pass_on


@transaction.atomic
def lead_create(
    *,
    actor: Any,
    owner: Any = None,
    team: Any = None,
    products: Iterable[Product] = (),
    next_step: str = "",
    next_step_at: datetime | None = None,
    **fields: Any,
) -> Lead:
    """Record a lead. Without ``owner`` and ``team`` it is the actor's own; a team alone is that team's queue.

    A lead without a company is a person. ``next_step`` and its time are planned as an activity of the owner.
    ``fields`` are fields of the model, phones in any writing. Raises PermissionRefused or DomainError.
    """
    lead = Lead(owner=owner or (None if team else actor), team=team, **fields)
    _settle(lead)
    chosen = list(products)
    object_save_within(actor=actor, instance=lead, code="lead.created", save_m2m=lambda: lead.products.add(*chosen))
    pass_on(lead)
    if next_step or next_step_at is not None:
        step_plan(actor=actor, record=lead, words=next_step, at=next_step_at, owner=lead.owner)
    if lead.owner_id and lead.owner_id != actor.pk:
        notifications.notify(
            recipients=[lead.owner], code="lead.assigned", url=lead.get_absolute_url(), params={"name": str(lead)}
        )
    events.publish(LeadCreated(lead_id=lead.pk, actor_id=actor.pk))
    return lead


@transaction.atomic
def lead_update(
    *, actor: Any, lead: Lead, expected_version: int | None = None, save_m2m: Callable[[], Any] | None = None
) -> Lead:
    """Save the changed fields of a lead; status, owner and conversion have services of their own.

    Raises PermissionRefused, StaleRecord or DomainError.
    """
    before = _answer_before(lead)
    _settle(lead)
    saved = object_save_within(actor=actor, instance=lead, expected_version=expected_version, save_m2m=save_m2m)
    if lead.consent != before:
        pass_on(lead)
    return saved


def _settle(lead: Lead) -> None:
    """What follows from other fields: a lead without a company is a person, an answer about consent has its time."""
    if not lead.company:
        lead.party_type = PartyType.PERSON
    if lead.consent == ConsentAnswer.UNKNOWN:
        lead.consent_at = None
    elif lead.consent_at is None or _answer_before(lead) != lead.consent:
        lead.consent_at = timezone.now()


def _answer_before(lead: Lead) -> str | None:
    if lead._state.adding:
        return None
    return Lead.all_objects.filter(pk=lead.pk).values_list("consent", flat=True).first()
