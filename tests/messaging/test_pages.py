"""The pages of messages and templates, by the contracts; the preview; the templates every company starts with."""

import pytest
from django.urls import reverse
from django.utils import translation

from core import hosts
from core.testing import CrudContract, FilterContract, TableContract
from messaging.merge import check
from messaging.models import Message, MessageTemplate
from tests.accounts.factories import AccountFactory
from tests.messaging.factories import MessageFactory

pytestmark = pytest.mark.django_db

BOOKKEEPING = (
    "account",
    "recipient",
    "from_address",
    "to_address",
    "to_name",
    "subject",
    "body",
    "body_html",
    "headers",
    "is_private",
    "parts",
    "rank",
    "idempotency_key",
    "not_before",
    "round",
    "attempts_made",
    "claimed_by",
    "lease_until",
    "handed_over_at",
    "check_at",
    "provider_id",
    "error",
    "cost",
    "delivered_at",
)


class TestMessage(CrudContract, FilterContract, TableContract):
    model = Message
    exempt = BOOKKEEPING

    def make(self, owner=None, **values):
        return MessageFactory(created_by=owner, **values)


class TestMessageTemplate(CrudContract, FilterContract, TableContract):
    model = MessageTemplate
    seer = "manager"
    foreigner = ""
    values = {"name": "تازه", "channel": "sms", "host": "leads.lead", "body_fa": "سلام {{ first_name }}"}
    changed = {"name": "نام نو"}
    exempt = ("subject_fa", "body_fa", "subject_en", "body_en", "created_at")

    def make(self, owner=None, **values):
        number = MessageTemplate.objects.count()
        given = {
            "name": f"قالب {number}",
            "channel": "email",
            "host": "leads.lead",
            "subject_fa": "سلام",
            "body_fa": "متن",
        }
        return MessageTemplate.objects.create(**{**given, **values})


@pytest.fixture
def boss(client, manager):
    client.force_login(manager)
    return client


def form(**more):
    return {
        "name": "سلام",
        "channel": "email",
        "host": "accounts.account",
        "purpose": "conversation",
        "subject_fa": "سلام",
        "body_fa": "{{ name }}",
        "is_active": "on",
        **more,
    }


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"body_fa": "{% for x in name %}{{ x }}{% endfor %}"}, "body_fa"),
        ({"body_en": "{{ stage }}", "subject_en": "x"}, "body_en"),
        ({"subject_fa": "{{ unknown }}"}, "subject_fa"),
        ({"body_fa": ""}, "body_fa"),
        ({"subject_fa": ""}, "subject_fa"),
        ({"host": "users.user"}, "host"),
        ({"purpose": "internal"}, "purpose"),
    ],
)
def test_a_template_that_cannot_be_used_is_not_saved(boss, wrong, field):
    before = MessageTemplate.objects.count()
    answer = boss.post(reverse("messaging:messagetemplate_add"), form(**wrong))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert MessageTemplate.objects.count() == before


def test_fields_may_be_written_by_their_persian_names(boss):
    with translation.override("fa"):
        assert boss.post(reverse("messaging:messagetemplate_add"), form(body_fa="سلام {{ نام }}")).status_code == 302


def test_the_preview_fills_a_record_the_writer_sees(boss, rep, outsider):
    preview = reverse("messaging:messagetemplate_preview")
    account = AccountFactory(owner=rep, name="شرکت پیدا")
    answer = boss.post(preview, form(record=f"accounts.account:{account.pk}", body_fa="سلام {{ name }} از {{ city }}"))
    text = answer.content.decode()
    assert "سلام شرکت پیدا" in text
    assert answer.context["pictures"][0]["filled"].missing
    assert boss.post(preview, form(record=f"accounts.account:{account.pk}", body_fa="{% for %}")).context["pictures"][
        0
    ]["problem"]
    for record in ("", "leads.lead:1", f"accounts.account:{AccountFactory(owner=outsider).pk}", "x:y"):
        assert "asks_record" in boss.post(preview, form(record=record)).context


def test_the_templates_every_company_starts_with_can_be_used():
    rows = list(MessageTemplate.objects.filter(created_by=None))
    assert len(rows) >= 5
    for row in rows:
        host = hosts.find(row.host)
        assert row.body_fa
        assert row.body_en
        for text in (row.subject_fa, row.body_fa, row.subject_en, row.body_en):
            check(text, host)
