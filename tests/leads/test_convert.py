"""Conversion: every combination, and only once."""

import itertools
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.choices import PartyType
from accounts.models import Account, Contact, Employment
from activities.selectors.activities import activity_records
from activities.services import step_plan
from catalog.models import Product
from core import audit, events
from core.errors import DomainError, PermissionRefused
from leads.choices import LeadStatus
from leads.events import LeadConverted
from leads.services import lead_convert
from opportunities.models import Opportunity
from tests.accounts.factories import AccountFactory, ContactFactory
from tests.leads.factories import LeadFactory, ReasonFactory, SourceFactory

pytestmark = pytest.mark.django_db


def full_lead(owner, **values):
    """A lead with everything a conversion carries over."""
    return LeadFactory(
        **{
            "owner": owner,
            "first_name": "نرگس",
            "last_name": "رضایی",
            "company": "شرکت پارس‌نور",
            "job_title": "مدیر خرید",
            "mobile": "+989121234567",
            "phone": "+982188776655",
            "email": "n@pars.ir",
            "city": "تهران",
            "source": SourceFactory(),
            "interest": "ده دستگاه پرینتر\nتا پایان ماه",
            "estimated_value": Decimal(500_000_000),
            **values,
        }
    )


@pytest.mark.parametrize(
    ("old_account", "old_contact", "deal", "person"), list(itertools.product([False, True], repeat=4))
)
def test_every_combination(rep, old_account, old_contact, deal, person):
    lead = full_lead(rep, **({"party_type": PartyType.PERSON, "company": ""} if person else {}))
    account = AccountFactory(owner=rep) if old_account else None
    contact = ContactFactory(owner=rep) if old_contact else None
    result = lead_convert(actor=rep, lead=lead, account=account, contact=contact, create_opportunity=deal)
    lead.refresh_from_db()
    assert result.created
    assert lead.status == LeadStatus.CONVERTED
    assert (lead.converted_by, lead.converted_at is None) == (rep, False)
    assert (lead.account, lead.contact, lead.opportunity) == (result.account, result.contact, result.opportunity)
    assert result.account == (account or Account.objects.get())
    assert Account.objects.count() == 1
    assert Contact.objects.count() == (1 if old_contact or not person else 0)
    assert Opportunity.objects.count() == int(deal)
    if result.contact:
        assert Employment.objects.get().job_title == "مدیر خرید"
        assert Employment.objects.get().account == result.account


def test_an_organisation_keeps_its_numbers_and_the_person_has_the_others(rep):
    lead = full_lead(rep)
    step = step_plan(actor=rep, record=lead, words="جلسه", at=timezone.now())
    result = lead_convert(actor=rep, lead=lead)
    account, contact, deal = result.account, result.contact, result.opportunity
    assert (account.name, account.party_type) == ("شرکت پارس‌نور", PartyType.ORGANISATION)
    assert (account.phone, account.mobile, account.city, account.source) == ("+982188776655", "", "تهران", lead.source)
    assert (contact.first_name, contact.last_name) == ("نرگس", "رضایی")
    assert (contact.mobile, contact.email) == ("+989121234567", "n@pars.ir")
    assert (deal.account, deal.contact, deal.source, deal.amount) == (account, contact, lead.source, 500_000_000)
    assert deal.name == "ده دستگاه پرینتر – شرکت پارس‌نور"
    deal.refresh_from_db()
    assert (deal.next_step, deal.next_activity_id) == ("جلسه", step.pk)
    assert {account.owner, contact.owner, deal.owner} == {rep}
    lead.refresh_from_db()
    assert (lead.next_step, lead.next_activity_id) == ("", None)


def test_without_a_deal_the_account_goes_on_with_what_is_planned(rep):
    lead = full_lead(rep)
    step = step_plan(actor=rep, record=lead, words="جلسه", at=timezone.now())
    result = lead_convert(actor=rep, lead=lead, create_opportunity=False)
    assert activity_records(step, user=None) == [lead, result.account]
    step.refresh_from_db()
    assert step.status == "planned"


def test_a_person_becomes_a_person_with_the_numbers(rep):
    lead = full_lead(rep, company="", party_type=PartyType.ORGANISATION)
    result = lead_convert(actor=rep, lead=lead)
    assert (result.account.name, result.account.party_type) == ("نرگس رضایی", PartyType.PERSON)
    assert (result.account.mobile, result.account.email) == ("+989121234567", "n@pars.ir")
    assert result.contact is None


def test_a_person_may_also_be_made_a_contact(rep):
    result = lead_convert(actor=rep, lead=full_lead(rep, company=""), create_contact=True)
    assert str(result.contact) == "نرگس رضایی"


def test_a_company_without_a_person_makes_no_contact(rep):
    result = lead_convert(actor=rep, lead=full_lead(rep, first_name="", last_name=""))
    assert result.contact is None
    assert result.account.mobile == "+989121234567"


def test_a_first_name_alone_is_enough_for_a_contact(rep):
    assert str(lead_convert(actor=rep, lead=full_lead(rep, last_name="")).contact) == "نرگس"


def test_products_become_lines(rep):
    lead = full_lead(rep, estimated_value=None)
    lead.products.add(Product.objects.create(code="p-1", name_fa="پرینتر", price=Decimal(7_000_000)))
    deal = lead_convert(actor=rep, lead=lead).opportunity
    assert deal.lines.get().product.code == "p-1"
    assert deal.amount == 7_000_000


def test_the_typed_name_and_amount_win(rep):
    deal = lead_convert(actor=rep, lead=full_lead(rep), name="قرارداد سالانه", amount=Decimal(3)).opportunity
    assert (deal.name, deal.amount) == ("قرارداد سالانه", 3)


def test_twice_gives_the_first_result(rep):
    lead = full_lead(rep)
    first = lead_convert(actor=rep, lead=lead)
    second = lead_convert(actor=rep, lead=lead, create_opportunity=False)
    assert not second.created
    assert (second.account, second.contact, second.opportunity) == (first.account, first.contact, first.opportunity)
    assert (Account.objects.count(), Contact.objects.count(), Opportunity.objects.count()) == (1, 1, 1)


def test_it_is_told_at_both_ends(rep):
    heard = []
    handler = heard.append
    events.subscribe(LeadConverted, handler)
    lead = full_lead(rep)
    try:
        result = lead_convert(actor=rep, lead=lead)
    finally:
        events._handlers[LeadConverted].remove(handler)
    assert heard[0].account_id == result.account.pk
    for end in (lead, result.account, result.contact, result.opportunity):
        assert audit.entries_of(end).filter(code="lead.converted").count() == 1


def test_a_disqualified_lead_is_refused_and_nothing_is_made(rep):
    lead = full_lead(rep, status=LeadStatus.DISQUALIFIED, disqualify_reason=ReasonFactory())
    with pytest.raises(DomainError):
        lead_convert(actor=rep, lead=lead)
    assert not Account.objects.exists()


def test_a_party_out_of_sight_is_refused(rep, outsider):
    lead = full_lead(rep)
    with pytest.raises(DomainError) as refusal:
        lead_convert(actor=rep, lead=lead, account=AccountFactory(owner=outsider))
    assert refusal.value.field == "account"
    with pytest.raises(DomainError) as refusal:
        lead_convert(actor=rep, lead=lead, contact=ContactFactory(owner=outsider))
    assert refusal.value.field == "contact"


def test_somebody_elses_lead_is_refused(rep, outsider):
    with pytest.raises(PermissionRefused):
        lead_convert(actor=outsider, lead=full_lead(rep))


def test_a_failure_on_the_way_leaves_nothing(rep):
    lead = full_lead(rep, estimated_value=None)
    with pytest.raises(DomainError):
        lead_convert(actor=rep, lead=lead, amount=Decimal(-5))
    lead.refresh_from_db()
    assert lead.status == LeadStatus.NEW
    assert not Account.objects.exists()
    assert not Contact.objects.exists()
