"""Conversion: a lead becomes an account, a contact and an opportunity, once and only once."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import PartyType
from accounts.models import Account, Contact
from accounts.services import account_create, contact_attach, contact_create
from activities.services import activities_move, hold_planned, sequences_stop_on
from core import audit, events
from core.errors import DomainError
from core.services import lock, require
from leads.choices import TRANSITIONS, LeadStatus
from leads.events import LeadConverted
from leads.models import Lead
from opportunities.models import Opportunity, SalesCycle
from opportunities.services import opportunity_create

NAME_LENGTH = 200


@dataclass(frozen=True)
class Conversion:
    """What a lead became; ``created`` is False when it had been converted before and nothing was made now."""

    lead: Lead
    account: Account | None
    contact: Contact | None
    opportunity: Opportunity | None
    created: bool = True


class DealWishes(TypedDict, total=False):
    """What one wants of the new deal; the rest comes from the lead. ``amount`` is in the lead's currency."""

    cycle: SalesCycle | None
    name: str
    amount: Decimal | None
    expected_close_on: date | None


@transaction.atomic
def lead_convert(
    *,
    actor: Any,
    lead: Lead,
    account: Account | None = None,
    contact: Contact | None = None,
    create_contact: bool | None = None,
    create_opportunity: bool = True,
    **wishes: Unpack[DealWishes],
) -> Conversion:
    """Make (or attach to) an account, a contact and an opportunity, and close the lead with links to them.

    Without ``account`` a new one is made: an organisation, or a person when the lead has no company. Without ``contact``
    a new one is made when the lead names a person of an organisation (``create_contact`` says otherwise).
    What is still planned on the lead goes on with the deal, or with the account where there is no deal.
    A lead that is converted already gives its existing result: a double click or two people make one.
    Raises PermissionRefused or DomainError.
    """
    require(actor, "convert", Lead, lead)
    hold_planned(lead)
    current = lock(lead)
    if current.status == LeadStatus.CONVERTED:
        return Conversion(current, current.account, current.contact, current.opportunity, created=False)
    _guard(actor, current, account, contact)
    with audit.action("lead.converted", actor=actor, obj=current) as entry:
        party = account or _new_account(actor, current, with_contact=_wants_contact(current, contact, create_contact))
        person = _person(actor, current, party, contact, create_contact)
        deal = _new_opportunity(actor, current, party, person, wishes) if create_opportunity else None
        _close(actor, current, party, person, deal)
        activities_move(actor=actor, source=current, target=deal or party)
        sequences_stop_on(actor=actor, record=current)
        entry.touched.extend(obj for obj in (party, person, deal) if obj is not None)  # type: ignore[attr-defined]
    events.publish(
        LeadConverted(
            lead_id=current.pk,
            account_id=party.pk,
            contact_id=person.pk if person else None,
            opportunity_id=deal.pk if deal else None,
            actor_id=actor.pk,
        )
    )
    return Conversion(current, party, person, deal)


def _guard(actor: Any, lead: Lead, account: Account | None, contact: Contact | None) -> None:
    if lead.deleted_at:
        raise DomainError(_("This lead is in the bin. Restore it first."), code="in_bin")
    if LeadStatus.CONVERTED not in TRANSITIONS[lead.status]:
        raise DomainError(
            _("A disqualified lead cannot be converted. Reopen it first."), field="status", code="transition"
        )
    if account is not None and not Account.objects.for_user(actor, "view").filter(pk=account.pk).exists():
        raise DomainError(_("This account is not there, or you may not see it."), field="account")
    if contact is not None and not Contact.objects.for_user(actor, "view").filter(pk=contact.pk).exists():
        raise DomainError(_("This contact is not there, or you may not see it."), field="contact")


def is_person(lead: Lead) -> bool:
    """Whether the lead is a natural person, so that the account is that person."""
    return lead.party_type == PartyType.PERSON or not lead.company


def _wants_contact(lead: Lead, contact: Contact | None, wanted: bool | None) -> bool:
    if contact is not None or not lead.person_name:
        return False
    return not is_person(lead) if wanted is None else wanted


def _new_account(actor: Any, lead: Lead, *, with_contact: bool) -> Account:
    person = is_person(lead)
    fields: dict[str, Any] = {
        "party_type": PartyType.PERSON if person else PartyType.ORGANISATION,
        "phone": lead.phone,
        "website": lead.website,
        "industry": lead.industry,
        "province": lead.province,
        "city": lead.city,
        "address": lead.address,
        "source": lead.source,
    }
    if person or not with_contact:  # else they are the contact's
        fields |= {"mobile": lead.mobile, "email": lead.email}
    name = (lead.person_name or lead.company) if person else lead.company
    return account_create(actor=actor, name=name[:NAME_LENGTH], owner=lead.owner, **fields)


def _person(actor: Any, lead: Lead, account: Account, contact: Contact | None, wanted: bool | None) -> Contact | None:
    if contact is not None:
        contact_attach(actor=actor, contact=contact, account=account, job_title=lead.job_title)
        return contact
    if not _wants_contact(lead, contact, wanted):
        return None
    return contact_create(
        actor=actor,
        first_name=lead.first_name if lead.last_name else "",
        last_name=lead.last_name or lead.first_name,
        account=account,
        job_title=lead.job_title,
        owner=lead.owner,
        mobile=lead.mobile,
        email=lead.email,
    )


def _new_opportunity(
    actor: Any, lead: Lead, account: Account, contact: Contact | None, wishes: DealWishes
) -> Opportunity:
    amount = wishes.get("amount")
    return opportunity_create(
        actor=actor,
        name=(wishes.get("name") or opportunity_name(lead, account))[:NAME_LENGTH],
        cycle=wishes.get("cycle"),
        account=account,
        contact=contact,
        amount=(lead.estimated_value or 0) if amount is None else amount,
        currency=lead.currency,
        owner=lead.owner,
        source=lead.source,
        expected_close_on=wishes.get("expected_close_on"),
        products=list(lead.products.all()),
        description=lead.interest,
    )


def opportunity_name(lead: Lead, account: Account | None = None) -> str:
    """The name proposed for the deal: the first line of what is wanted, else the customer's name."""
    customer = str(account or lead.company or lead)
    wanted = lead.interest.splitlines()[0].strip() if lead.interest else ""
    if wanted:
        return f"{wanted[: NAME_LENGTH - len(customer) - 3]} – {customer}"
    return _("Sale to %(customer)s") % {"customer": customer}


def _close(actor: Any, lead: Lead, account: Account, contact: Contact | None, deal: Opportunity | None) -> None:
    lead.status, lead.status_at = LeadStatus.CONVERTED, timezone.now()
    lead.converted_at, lead.converted_by = lead.status_at, actor
    lead.account, lead.contact, lead.opportunity = account, contact, deal
    lead.save(
        update_fields=["status", "status_at", "converted_at", "converted_by", "account", "contact", "opportunity"]
    )
