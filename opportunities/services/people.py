"""The people of a purchase and their parts in it (R73)."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from opportunities.models import OpportunityContact
from opportunities.services.common import locked


@transaction.atomic
def person_save(*, actor: Any, person: OpportunityContact) -> OpportunityContact:
    """Add a contact to the deal or change his or her part; the same contact twice is refused."""
    row = locked(actor, person.opportunity)
    person.opportunity = row
    with audit.action(
        "opportunity.person_saved",
        actor=actor,
        obj=row,
        related=[person.contact],
        params={"contact": str(person.contact)},
    ):
        try:
            with transaction.atomic():
                person.save()
        except IntegrityError as error:
            raise DomainError(_("This contact is already in the list."), field="contact") from error
    return person


@transaction.atomic
def person_remove(*, actor: Any, person: OpportunityContact) -> None:
    """Take a contact off the deal; the contact itself stays."""
    row = locked(actor, person.opportunity)
    with audit.action(
        "opportunity.person_removed",
        actor=actor,
        obj=row,
        related=[person.contact],
        params={"contact": str(person.contact)},
    ):
        OpportunityContact.objects.filter(pk=person.pk, opportunity=row).delete()
