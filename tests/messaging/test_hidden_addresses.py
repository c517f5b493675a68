"""A phone or e-mail hidden on records is not told by the messages that went to it."""

import pytest
from django.urls import reverse

from messaging.services import message_queue
from tests.leads.factories import LeadFactory
from users.models import FieldRule, Role

pytestmark = pytest.mark.django_db
MOBILE = "+989121234567"
SHOWN = ("912 123 4567", "۹۱۲ ۱۲۳ ۴۵۶۷", "9121234567", "۹۱۲۱۲۳۴۵۶۷")


@pytest.fixture
def lead(rep):
    return LeadFactory(owner=rep, mobile=MOBILE)


@pytest.fixture
def message(lead, manager):
    return message_queue(actor=manager, channel="sms", to_address=MOBILE, body="سلام", records=[lead])


def pages(client, rep, lead, message) -> dict[str, bool]:
    """Where the number stands on the pages of the rep."""
    client.force_login(rep)
    addresses = {
        "list": reverse("messaging:message_list"),
        "page": reverse("messaging:message_detail", args=[message.pk]),
        "timeline": reverse("panel", args=["leads.lead", lead.pk, "timeline"]),
        "history": reverse("history", args=["leads.lead", lead.pk]),
        "export": f"{reverse('messaging:message_list')}?export=csv",
    }
    found = {}
    for name, url in addresses.items():
        answer = client.get(url)
        assert answer.status_code in {200, 403}, name
        text = b"".join(answer).decode() if answer.streaming else answer.content.decode()
        found[name] = any(shown in text for shown in SHOWN)
    return found


def test_without_a_rule_the_number_is_shown(client, rep, lead, message):
    found = pages(client, rep, lead, message)
    assert found["list"]
    assert found["page"]
    assert found["timeline"]


def test_a_hidden_mobile_is_told_by_no_page_of_its_messages(client, rep, lead, message):
    role = Role.objects.get(code="sales-rep")
    FieldRule.objects.create(role=role, model="leads.lead", field="mobile", access="hidden")
    assert not any(pages(client, rep, lead, message).values())


def test_nor_is_the_message_found_by_it(client, rep, lead, message):
    FieldRule.objects.create(
        role=Role.objects.get(code="sales-rep"), model="leads.lead", field="mobile", access="hidden"
    )
    client.force_login(rep)
    page = client.get(reverse("messaging:message_list"), {"q": "9121234567"}).content.decode()
    assert reverse("messaging:message_detail", args=[message.pk]) not in page


def test_other_roles_see_it(client, manager, lead, message):
    FieldRule.objects.create(
        role=Role.objects.get(code="sales-rep"), model="leads.lead", field="mobile", access="hidden"
    )
    assert pages(client, manager, lead, message)["page"]
