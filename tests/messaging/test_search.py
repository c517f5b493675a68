"""Messages in the palette and the search page: found by what the reader may read of them, and by nothing else."""

import pytest
from django.db import connection
from django.urls import reverse

from core import search, text
from messaging.models import Message
from messaging.services import message_queue
from tests.leads.factories import LeadFactory
from tests.messaging.factories import MessageFactory
from users.models import FieldRule, Role

pytestmark = pytest.mark.django_db
MOBILE = "+989121234567"


@pytest.fixture
def lead(rep):
    return LeadFactory(owner=rep, last_name="کریمی", mobile="", email="")


def wrote(actor, **more) -> Message:
    given = {"channel": "email", "to_address": "buyer@steel.example", "subject": "پیش‌فاکتور فولاد", "body": "با سلام"}
    return message_queue(actor=actor, **(given | more))


def found(user, query: str) -> set[int]:
    """Keys of the messages the words find."""
    urls = {hit.url: hit.pk for group in search.find(user, query) for hit in group.items}
    return {pk for url, pk in urls.items() if url.startswith("/messages/")}


@pytest.mark.parametrize("query", ["پيش فاكتور", "فولاد", "buyer@steel.example", "steel", "BUYER@steel"])
def test_by_subject_and_address_however_typed(rep, query):
    message = wrote(rep)
    assert found(rep, query) == {message.pk}


@pytest.mark.parametrize("query", ["09121234567", "+98 912 123 4567", "۰۹۱۲۱۲۳۴۵۶۷"])
def test_by_number_to_and_from(rep, lead, query):
    sent = wrote(rep, channel="sms", to_address=MOBILE, body="یادآوری نشست", records=[lead])
    came = MessageFactory(channel="sms", direction="in", from_address=MOBILE, to_address="3000", subject="", body="بله")
    came.links.create(obj=lead)
    MessageFactory(channel="sms", from_address=MOBILE, to_address="+989350000000", subject="", body="از ما")
    assert found(rep, query) == {sent.pk, came.pk}


def test_on_both_pages_with_channel_and_day(client, rep):
    message = wrote(rep, to_name="سارا محمدی")
    client.force_login(rep)
    for page in ("palette", "search"):
        shown = client.get(reverse(page), {"q": "فولاد"}).content.decode()
        assert message.get_absolute_url() in shown
        assert "سارا محمدی" in shown


def test_only_what_the_reader_may_see(rep, teammate, outsider, lead):
    on_lead = wrote(outsider, records=[lead])
    assert found(rep, "فولاد") == {on_lead.pk}, "of a record the reader sees"
    assert found(outsider, "فولاد") == {on_lead.pk}
    elsewhere = wrote(outsider, subject="پیشنهاد محرمانه")
    private = wrote(outsider, subject="پیشنهاد خصوصی", records=[lead], is_private=True)
    assert found(rep, "پیشنهاد") == set()
    assert found(outsider, "پیشنهاد") == {elsewhere.pk, private.pk}


def test_notices_to_colleagues_are_not_looked_for(rep):
    wrote(None, purpose="internal", recipient=rep, subject="یادآوری فولاد", to_address=rep.email)
    assert found(rep, "فولاد") == set()


def test_a_hidden_address_finds_nothing_and_is_not_hinted_at(rep, lead):
    sent = wrote(rep, channel="sms", to_address=MOBILE, body="یادآوری نشست", records=[lead])
    came = MessageFactory(channel="sms", direction="in", from_address=MOBILE, to_address="3000", subject="", body="بله")
    came.links.create(obj=lead)
    mail = wrote(rep)
    assert found(rep, "09121234567") == {sent.pk, came.pk}
    role = Role.objects.get(code="sales-rep")
    FieldRule.objects.create(role=role, model="leads.lead", field="mobile", access="hidden")
    again = type(rep).objects.get(pk=rep.pk)
    assert found(again, "09121234567") == set()
    assert found(again, "steel") == set()
    assert found(again, "فولاد") == {mail.pk}
    hints = [hit.hint for group in search.find(again, "فولاد") for hit in group.items]
    assert not any("steel" in hint for hint in hints)


def test_few_messages_or_many_cost_one_statement(rep, django_assert_num_queries):
    """An address that was typed whole costs one more, for where messages came from."""
    source = next(one for one in search.sources(rep) if one.model is Message)
    for number in range(30):
        wrote(rep, to_address=f"buyer{number}@steel.example")
    search.source_rows(source, rep, "فولاد", 5)
    with django_assert_num_queries(1):
        assert len(search.source_rows(source, rep, "فولاد", 5)) == 5
    with django_assert_num_queries(2):
        assert len(search.source_rows(source, rep, "buyer7@steel.example", 5)) == 1


def test_the_words_are_looked_up_by_index(rep):
    rows = Message.objects.for_user(rep, "view").filter(text.search_q("search_key", "فولاد"))
    came = Message.objects.filter(direction="in", from_address__in=[MOBILE])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plans = [query.explain() for query in (rows, came)]
    assert "message_search" in plans[0]
    assert "message_from" in plans[1]
