"""What providers tell us: reports, answers, 11 and 12; twice, broken, or from strangers."""

import datetime as dt
import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import Notification
from messaging import services
from messaging.choices import State
from messaging.links import unsubscribe_token
from messaging.models import Incoming, Message
from messaging.secrets import seal
from tests.accounts.factories import AccountFactory, ContactFactory
from tests.leads.factories import LeadFactory
from tests.messaging.factories import ChannelAccountFactory, MessageFactory
from tests.messaging.sink import http_provider

pytestmark = pytest.mark.django_db
TOKEN = "t0ken-of-the-reports-which-nobody-guesses"
MOBILE = "+989121234567"


def channel(name, **values):
    kind = "email" if name == "esp" else "sms"
    return ChannelAccountFactory(
        **{"channel": kind, "provider": name, "sender": "10008663", "webhook_token": TOKEN, **values}
    )


def tell(method="get", token=TOKEN, **said):
    client = Client()
    url = reverse("provider_hook", args=[token])
    if method == "json":
        answer = client.post(url, json.dumps(said), content_type="application/json")
    else:
        answer = getattr(client, method)(url, said)
    services.incoming_work()
    return answer


REPORTS = {
    "kavenegar": ("get", {"messageid": "77", "status": "10"}),
    "smsir": ("json", {"messageId": 77, "deliveryState": 1}),
    "melipayamak": ("get", {"recId": "77", "status": "1"}),
    "ghasedak": ("json", {"messageId": "77", "status": 14}),
}
TEXTS = {
    "kavenegar": ("get", {"messageid": "5", "from": "09121234567", "to": "10008663", "message": "{}"}),
    "smsir": ("json", {"messageText": "{}", "mobile": 989121234567, "number": 10008663, "receivedDateTime": 1}),
    "melipayamak": ("get", {"from": "9121234567", "to": "10008663", "text": "{}"}),
    "ghasedak": ("json", {"id": 9, "sender": "09121234567", "lineNumber": "10008663", "message": "{}"}),
}


def text(name, words):
    method, said = TEXTS[name]
    return method, {key: words if value == "{}" else value for key, value in said.items()}


@pytest.mark.parametrize("name", REPORTS)
def test_a_delivery_report_changes_the_message(name):
    row = MessageFactory(channel="sms", account=channel(name), state="sent", provider_id="77")
    method, said = REPORTS[name]
    for _twice in range(2):
        assert tell(method, **said).status_code == 200
    row.refresh_from_db()
    assert row.state == State.DELIVERED
    assert row.attempts.count() == 1


def test_a_report_of_an_unknown_message_is_kept_with_its_error():
    channel("kavenegar")
    assert tell(messageid="404", status="10").status_code == 200
    kept = Incoming.objects.get()
    assert kept.handled_at
    assert "404" in kept.error


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(
    ("words", "state"), [("11", "denied"), ("۱۱", "denied"), ("لغو ۱۱", "denied"), ("۱۲", "granted")]
)
def test_11_stops_and_12_allows(name, words, state):
    channel(name)
    method, said = text(name, words)
    assert tell(method, **said).status_code == 200
    assert services.consent_of("sms", MOBILE) == state


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_on_the_record_of_its_sender(name, rep):
    channel(name)
    lead = LeadFactory(mobile=MOBILE, owner=rep)
    contact = ContactFactory(mobile=MOBILE, owner=rep)
    LeadFactory(mobile="+989120000000")
    method, said = text(name, "لطفاً تماس بگیرید")
    tell(method, **said)
    row = Message.objects.get(direction="in")
    assert (row.state, row.from_address, row.body) == (State.RECEIVED, MOBILE, "لطفاً تماس بگیرید")
    assert {link.obj for link in row.links.all()} == {lead, contact}
    assert services.consent_of("sms", MOBILE) == ""


def test_an_answer_reaches_whoever_wrote_last(rep):
    account = AccountFactory(owner=rep)
    services.message_queue(
        actor=rep, channel="sms", to_address=MOBILE, to_name="خانم رضایی", body="سلام", records=[account]
    )
    channel("kavenegar")
    method, said = text("kavenegar", "سلام، بله")
    tell(method, **said)
    row = Message.objects.get(direction="in")
    assert {link.obj for link in row.links.all()} == {account}
    told = Notification.objects.get(recipient=rep)
    assert told.code == "message.received"
    assert told.params == {"name": "خانم رضایی", "text": "سلام، بله"}


@pytest.mark.parametrize("name", ["kavenegar", "smsir", "ghasedak"])
def test_a_text_told_twice_is_one(name):
    channel(name)
    method, said = text(name, "سلام")
    for _twice in range(2):
        tell(method, **said)
    assert Message.objects.filter(direction="in").count() == 1


def test_without_a_number_of_its_own_the_same_words_twice_are_two():
    channel("melipayamak")
    method, said = text("melipayamak", "سلام")
    for _twice in range(2):
        tell(method, **said)
    assert Message.objects.filter(direction="in").count() == 2


@pytest.mark.parametrize(
    "said",
    [
        {"status": "تحویل شد", "messageid": "77"},
        {"message": "سلام", "from": "ناشناس"},
        {"message": "سلام", "from": "02188776655"},
        {"surprise": "x"},
    ],
)
def test_what_makes_no_sense_is_kept_and_breaks_nothing(said):
    channel("kavenegar")
    assert tell(**said).status_code == 200
    kept = Incoming.objects.get()
    assert kept.error
    assert kept.handled_at
    assert kept.payload == said
    assert services.incoming_work() == 0


@pytest.mark.parametrize("body", ["{", "7", "null", '"x"', "[" * 5000])
def test_broken_json_is_refused(body):
    channel("smsir")
    url = reverse("provider_hook", args=[TOKEN])
    assert Client().post(url, body, content_type="application/json").status_code == 400
    assert not Incoming.objects.exists()


@pytest.mark.parametrize(("name", "unstorable"), [("kavenegar", "\x00"), ("ghasedak", "\x00"), ("ghasedak", "\ud800")])
def test_letters_that_the_database_cannot_hold_lose_nothing_else(name, unstorable):
    channel(name)
    method, said = text(name, f"سلام{unstorable} قیمت")
    assert tell(method, **said).status_code == 200
    assert Message.objects.get().body == "سلام قیمت"


def test_a_length_that_is_no_number_breaks_nothing():
    channel("kavenegar")
    answer = Client().get(reverse("provider_hook", args=[TOKEN]), {"messageid": "77"}, CONTENT_LENGTH="many")
    assert answer.status_code == 200


def test_megabytes_are_refused():
    channel("smsir")
    url = reverse("provider_hook", args=[TOKEN])
    answer = Client().post(url, json.dumps({"x": "y" * 300_000}), content_type="application/json")
    assert answer.status_code == 413


def test_only_the_secret_address_is_heard():
    account = channel("kavenegar")
    method, said = text("kavenegar", "11")
    assert tell(method, token="wrong", **said).status_code == 404
    account.is_active = False
    account.save()
    assert tell(method, **said).status_code == 404
    assert Client().delete(reverse("provider_hook", args=[TOKEN])).status_code == 404
    assert not Incoming.objects.exists()


def test_old_reports_are_forgotten_and_unhandled_ones_stay():
    account = channel("kavenegar")
    long_ago = timezone.now() - dt.timedelta(days=91)
    Incoming.objects.create(account=account, handled_at=long_ago)
    kept = {Incoming.objects.create(account=account, handled_at=timezone.now()).pk}
    kept.add(Incoming.objects.create(account=account, at=long_ago).pk)
    kept.add(Incoming.objects.create(account=account, handled_at=long_ago, error="ValueError").pk)
    Incoming.objects.create(account=account, handled_at=long_ago - dt.timedelta(days=275), error="ValueError")
    assert services.incoming_purge() == 2
    assert set(Incoming.objects.values_list("pk", flat=True)) == kept


def test_a_message_the_provider_tells_again_for_months_comes_in_once():
    """Some tell their latest messages whenever asked: the number is remembered when the words are forgotten."""
    account = channel("melipayamak")
    said = {"MsgID": 7, "Sender": "09121234567", "Body": "11"}
    services.incoming_keep(account, [said])
    services.incoming_work()
    Incoming.objects.update(handled_at=timezone.now() - dt.timedelta(days=91))
    assert (services.incoming_purge(), services.incoming_purge()) == (1, 0)
    assert Incoming.objects.get().payload == {}
    assert services.incoming_keep(account, [said]) == []
    assert services.incoming_work() == 0
    assert Message.objects.filter(direction="in").count() == 1


FETCHED = {
    "kavenegar": {"return": {"status": 200}, "entries": [{"messageid": 5, "sender": "09121234567", "message": "11"}]},
    "smsir": {"status": 1, "data": [{"messageText": "11", "mobile": 989121234567, "receivedDateTime": 1}]},
    "melipayamak": {"MyBase": {"RetStatus": 1}, "Data": [{"MsgID": 5, "Body": "11", "Sender": "9121234567"}]},
    "ghasedak": {"isSuccess": True, "data": {"items": [{"id": 5, "sender": "09121234567", "message": "11"}]}},
}


@pytest.mark.parametrize("name", FETCHED)
def test_providers_that_do_not_call_are_asked(name):
    with http_provider((200, FETCHED[name])) as provider:
        options = {"base_url": provider.url, "receives": True, "username": "u"}
        account = channel(name, options=options, secrets=seal({"api_key": "k", "password": "p"}))
        assert services.incoming_fetch() == 1
        assert not Message.objects.exists(), "kept first, understood later"
        assert services.incoming_fetch() == 0
        assert services.incoming_work() == 1
        account.options = {**options, "receives": False}
        account.save()
        asked = len(provider.asked)
        services.incoming_fetch()
        assert len(provider.asked) == asked
    assert services.consent_of("sms", MOBILE) == "denied"


def test_a_provider_that_does_not_answer_is_asked_another_time(settings):
    settings.OUTBOX_TIMEOUT = 0.3
    with http_provider((200, None)) as provider:
        channel("smsir", options={"base_url": provider.url, "receives": True})
        assert services.incoming_fetch() == 0


POSTMARK = {"RecordType": "Delivery", "MessageID": "77", "Recipient": "ali@example.com", "Details": "ok"}
BOUNCE = {
    "RecordType": "Bounce",
    "Type": "HardBounce",
    "MessageID": "77",
    "Email": "ali@example.com",
    "Description": "no such user",
}
SPAM = {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "MessageID": "77", "Email": "ali@example.com"}


@pytest.mark.parametrize(
    ("event", "state", "reason", "consent"),
    [
        (POSTMARK, "delivered", "", ""),
        (BOUNCE, "failed", "address", ""),
        (SPAM, "sent", "", "denied"),
    ],
)
def test_mail_services_report(event, state, reason, consent):
    account = channel("esp", options={"service": "postmark"})
    row = MessageFactory(account=account, state="sent", provider_id="77", to_address="ali@example.com")
    assert tell("json", **event).status_code == 200
    row.refresh_from_db()
    assert (row.state, row.error) == (state, reason), Incoming.objects.get().error
    assert services.consent_of("email", "ali@example.com") == consent


def test_a_mail_service_whose_reports_are_not_read_says_so():
    channel("esp", options={"service": "mailgun"})
    tell("json", event="delivered")
    assert "mailgun" in Incoming.objects.get().error


def test_the_reader_of_a_mail_stops_such_mails():
    url = reverse("unsubscribe", args=[unsubscribe_token("ali@example.com")])
    page = Client().get(url)
    assert page.status_code == 200
    assert b"ali@example.com" in page.content
    assert services.consent_of("email", "ali@example.com") == "", "looking changes nothing: mail filters look too"
    assert Client(enforce_csrf_checks=True).post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert services.consent_of("email", "ali@example.com") == "denied"


@pytest.mark.parametrize("token", ["x", unsubscribe_token("ali@example.com")[:-2]])
def test_a_forged_link_is_not_found(token):
    assert Client().get(reverse("unsubscribe", args=[token])).status_code == 404
