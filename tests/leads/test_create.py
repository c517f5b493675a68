"""Recording a lead by hand."""

import pytest
from django.utils import timezone

from accounts.choices import PartyType
from activities.models import Activity
from catalog.models import Product
from core import audit, events
from core.errors import DomainError, PermissionRefused
from core.models import Notification
from leads.events import LeadCreated
from leads.models import Lead
from leads.services import lead_assign, lead_create, lead_update
from tests.leads.factories import LeadFactory

pytestmark = pytest.mark.django_db


def test_a_lead_is_its_recorders_and_is_tidied(rep):
    lead = lead_create(
        actor=rep,
        first_name=" علي ",
        last_name="كریمی",
        company="شركت پارس\u200f",
        mobile="۰۹۱۲-۱۲۳ ۴۵۶۷",
        interest="😀",
    )
    lead.refresh_from_db()
    assert (lead.first_name, lead.last_name, lead.company) == ("علی", "کریمی", "شرکت پارس")
    assert (lead.mobile, lead.owner, lead.team, lead.created_by) == ("+989121234567", rep, rep.team, rep)
    assert lead.interest == "😀"
    assert audit.entries_of(lead).get().code == "lead.created"


def test_the_fact_is_published(rep):
    heard = []
    handler = heard.append
    events.subscribe(LeadCreated, handler)
    try:
        lead = lead_create(actor=rep, last_name="کریمی")
    finally:
        events._handlers[LeadCreated].remove(handler)
    assert heard == [LeadCreated(lead_id=lead.pk, actor_id=rep.pk)]


def test_products_and_next_step_come_along(rep):
    product, at = Product.objects.create(code="p-1", name_fa="پرینتر"), timezone.now()
    lead = lead_create(actor=rep, last_name="کریمی", products=[product], next_step="تماس", next_step_at=at)
    assert list(lead.products.all()) == [product]
    assert (lead.next_step, lead.next_step_at) == ("تماس", at)
    step = Activity.objects.get(pk=lead.next_activity_id)
    assert (step.kind, step.subject, step.owner, step.due_at) == ("call", "تماس", rep, at)


@pytest.mark.parametrize(("words", "has_time", "field"), [("تماس", False, "next_step_at"), ("", True, "next_step")])
def test_a_next_step_has_words_and_a_time(rep, words, has_time, field):
    with pytest.raises(DomainError) as refusal:
        lead_create(actor=rep, last_name="کریمی", next_step=words, next_step_at=timezone.now() if has_time else None)
    assert refusal.value.field == field
    assert not Lead.objects.exists()


def test_without_a_company_it_is_a_person(rep):
    assert lead_create(actor=rep, last_name="کریمی").party_type == PartyType.PERSON
    assert lead_create(actor=rep, last_name="کریمی", company="پارس").party_type == PartyType.ORGANISATION


def test_another_owner_is_told(manager, rep):
    lead = lead_create(actor=manager, owner=rep, last_name="کریمی")
    told = Notification.objects.get()
    assert (told.recipient, told.code, told.url) == (rep, "lead.assigned", lead.get_absolute_url())


def test_a_lead_without_a_name_is_refused(rep):
    with pytest.raises(DomainError) as refusal:
        lead_create(actor=rep, mobile="09121234567")
    assert "lead_has_name" not in str(refusal.value)
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"mobile": "123"},
        {"email": "not an address"},
        {"last_name": "x" * 121},
        {"estimated_value": -1},
        {"estimated_value": 10**19},
    ],
)
def test_bad_values_are_refused_by_field(rep, fields):
    with pytest.raises(DomainError) as refusal:
        lead_create(actor=rep, **{"last_name": "کریمی", **fields})
    assert refusal.value.field == next(iter(fields))


def test_nobody_without_the_right(nobody):
    with pytest.raises(PermissionRefused):
        lead_create(actor=nobody, last_name="کریمی")


def test_consent_has_its_time(rep):
    lead = lead_create(actor=rep, last_name="کریمی", consent="yes")
    assert lead.consent_at is not None
    given = lead.consent_at
    lead.city = "قم"
    lead_update(actor=rep, lead=lead)
    assert lead.consent_at == given
    lead.consent = "unknown"
    lead_update(actor=rep, lead=lead)
    assert lead.consent_at is None


def test_handing_over_tells_the_new_owner(manager, rep, teammate):
    lead = LeadFactory(owner=rep)
    lead_assign(actor=manager, lead=lead, owner=teammate)
    lead.refresh_from_db()
    assert lead.owner == teammate
    assert Notification.objects.filter(recipient=teammate).count() == 1
    assert audit.entries_of(lead).get().code == "record.assigned"
