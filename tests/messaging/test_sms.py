"""SMS providers as their documents describe them, on HTTP servers of this machine; errors and silence included."""

from decimal import Decimal

import pytest
from django.utils import timezone

from messaging import services
from messaging.channels.base import own_number
from messaging.channels.http import national
from messaging.choices import Reason, State
from messaging.models import ChannelAccount, Message
from messaging.secrets import seal
from tests.messaging.factories import ChannelAccountFactory
from tests.messaging.sink import free_port, http_provider

pytestmark = pytest.mark.django_db
LINE = "10008663"
SECRETS = {"api_key": "k3y", "username": "user", "password": "p4ss"}


IMPATIENT = 0.4  # seconds, where a provider is silent on purpose


@pytest.fixture(autouse=True)
def patient(settings):
    settings.OUTBOX_TIMEOUT = 10


def kavenegar(status=200, **entry):
    entries = [{"messageid": 8792343, "status": 1, "statustext": "در صف ارسال", "cost": 120, **entry}]
    return {"return": {"status": status, "message": "تایید شد"}, "entries": entries if status == 200 else None}


def smsir(status=1, message="موفق", **data):
    return {"status": status, "message": message, "data": {"packId": "b5e", "messageIds": [89545112], "cost": 1} | data}


def melipayamak(value="3741437414374137", status=1):
    return {"Value": value, "RetStatus": status, "StrRetStatus": "Ok" if status == 1 else "InvalidData"}


def ghasedak(status=200, **data):
    ok = status == 200
    body = {"messageId": "551", "cost": 95, **data} if ok else None
    return {"isSuccess": ok, "statusCode": status, "message": "", "data": body}


OK = {
    "kavenegar": (200, kavenegar()),
    "smsir": (200, smsir()),
    "melipayamak": (200, melipayamak()),
    "ghasedak": (200, ghasedak()),
}
NUMBERS = {"kavenegar": "8792343", "smsir": "89545112", "melipayamak": "3741437414374137", "ghasedak": "551"}
COSTS = {"kavenegar": 120, "smsir": 40, "melipayamak": 40, "ghasedak": 95}


def account(provider, name, **options):
    known = {"base_url": provider.url, "username": "user", "price": 20, **options}
    return ChannelAccountFactory(
        channel="sms", provider=name, sender=LINE, options=known, secrets=seal(SECRETS), is_default=True
    )


def queue(to="09121234567", body="سلام" * 20, **values):
    return services.message_queue(actor=None, channel="sms", to_address=to, body=body, **values)


def run(row):
    services.outbox_run()
    row.refresh_from_db()
    return row


@pytest.mark.parametrize("name", OK)
def test_a_text_is_sent(name):
    with http_provider(OK[name]) as provider:
        account(provider, name)
        row = run(queue())
    assert (row.state, row.provider_id, row.parts) == (State.SENT, NUMBERS[name], 2)
    assert row.cost == Decimal(COSTS[name])
    assert row.check_at is not None
    assert len(provider.asked) == 1


def test_what_each_provider_is_told():
    expected = {
        "kavenegar": lambda row: {
            "receptor": "09121234567",
            "message": row.body,
            "sender": LINE,
            "localid": str(own_number(row)),
        },
        "smsir": lambda row: {
            "lineNumber": LINE,
            "messageText": row.body,
            "mobiles": ["09121234567"],
            "sendDateTime": None,
        },
        "melipayamak": lambda row: {
            "username": "user",
            "password": "p4ss",
            "to": "09121234567",
            "text": row.body,
            "isFlash": "false",
            "from": LINE,
        },
        "ghasedak": lambda row: {
            "lineNumber": LINE,
            "receptor": "09121234567",
            "message": row.body,
            "clientReferenceId": str(own_number(row)),
            "udh": False,
        },
    }
    paths = {
        "kavenegar": "/k3y/sms/send.json",
        "smsir": "/send/bulk",
        "melipayamak": "/SendSMS/SendSMS",
        "ghasedak": "/SendSingleSMS",
    }
    keys = {"smsir": "x-api-key", "ghasedak": "apikey"}
    for name, answer in OK.items():
        ChannelAccount.objects.update(is_default=False)
        with http_provider(answer) as provider:
            account(provider, name)
            row = run(queue())
        asked = provider.asked[0]
        assert (asked.method, asked.path) == ("POST", paths[name])
        assert (asked.json if "json" in asked.headers["content-type"] else asked.form) == expected[name](row)
        if name in keys:
            assert asked.headers[keys[name]] == "k3y"


def test_numbers_as_providers_want_them():
    assert national("+989121234567") == "09121234567"
    assert national("+4915123456789") == "004915123456789"


@pytest.mark.parametrize(
    ("name", "answer", "state", "reason"),
    [
        ("kavenegar", (418, kavenegar(418)), State.QUEUED, Reason.CREDIT),
        ("kavenegar", (200, kavenegar(418)), State.QUEUED, Reason.CREDIT),  # 200 with an error inside
        ("kavenegar", (403, kavenegar(403)), State.QUEUED, Reason.CREDENTIALS),
        ("kavenegar", (411, kavenegar(411)), State.FAILED, Reason.ADDRESS),
        ("kavenegar", (412, kavenegar(412)), State.FAILED, Reason.SENDER),
        ("kavenegar", (413, kavenegar(413)), State.FAILED, Reason.CONTENT),
        ("kavenegar", (409, kavenegar(409)), State.QUEUED, Reason.BUSY),
        ("kavenegar", (499, kavenegar(499)), State.FAILED, Reason.PROVIDER),
        ("kavenegar", (200, kavenegar() | {"entries": []}), State.UNKNOWN, Reason.PROVIDER),
        (
            "kavenegar",
            (200, kavenegar() | {"entries": [{"messageid": 7, "status": 14, "statustext": "بلاک"}]}),
            State.FAILED,
            Reason.BLOCKED,
        ),
        ("smsir", (200, smsir(status=102)), State.QUEUED, Reason.CREDIT),
        ("smsir", (401, smsir(status=10)), State.QUEUED, Reason.CREDENTIALS),
        ("smsir", (200, smsir(status=104)), State.FAILED, Reason.ADDRESS),
        ("smsir", (429, smsir(status=20)), State.QUEUED, Reason.BUSY),
        ("smsir", (200, smsir(messageIds=[0])), State.FAILED, Reason.BLOCKED),
        ("smsir", (200, smsir(messageIds=[])), State.UNKNOWN, Reason.PROVIDER),
        ("smsir", (500, smsir(status=0)), State.UNKNOWN, Reason.PROVIDER),
        ("melipayamak", (200, melipayamak("0", 0)), State.QUEUED, Reason.CREDENTIALS),
        ("melipayamak", (200, melipayamak("2", 35)), State.QUEUED, Reason.CREDIT),
        ("melipayamak", (200, melipayamak("5", 35)), State.FAILED, Reason.SENDER),
        ("melipayamak", (200, melipayamak("7", 35)), State.FAILED, Reason.CONTENT),
        ("melipayamak", (200, melipayamak("35", 35)), State.FAILED, Reason.BLOCKED),
        ("melipayamak", (200, melipayamak("")), State.UNKNOWN, Reason.PROVIDER),
        ("ghasedak", (200, ghasedak(418)), State.QUEUED, Reason.CREDIT),
        ("ghasedak", (401, ghasedak(401)), State.QUEUED, Reason.CREDENTIALS),
        ("ghasedak", (200, ghasedak(412)), State.FAILED, Reason.SENDER),
        ("ghasedak", (200, ghasedak(messageId="")), State.UNKNOWN, Reason.PROVIDER),
    ],
)
def test_errors_of_the_providers(name, answer, state, reason):
    with http_provider(answer) as provider:
        account(provider, name)
        row = run(queue())
    assert (row.state, row.error) == (state, reason), row.attempts.get().detail
    assert row.attempts.get().detail
    assert not row.cost


@pytest.mark.parametrize("name", OK)
@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        ((200, None), State.UNKNOWN, Reason.UNCERTAIN),
        ((200, "drop"), State.UNKNOWN, Reason.UNCERTAIN),
        ((200, b""), State.UNKNOWN, Reason.PROVIDER),
        ((200, b"<html>maintenance</html>"), State.UNKNOWN, Reason.PROVIDER),
        ((200, ["surprise"]), State.UNKNOWN, Reason.PROVIDER),
        ((502, b"<html>bad gateway</html>"), State.UNKNOWN, Reason.PROVIDER),
        ((503, b"busy"), State.QUEUED, Reason.BUSY),
        ((404, b"nothing here"), State.FAILED, Reason.PROVIDER),
        ((302, b""), State.FAILED, Reason.PROVIDER),
    ],
)
def test_faults_that_any_provider_may_have(settings, name, answer, state, reason):
    if answer[1] is None:
        settings.OUTBOX_TIMEOUT = IMPATIENT
    with http_provider(answer) as provider:
        account(provider, name)
        row = run(queue())
    assert (row.state, row.error) == (state, reason)
    assert "k3y" not in row.attempts.get().detail
    assert len(provider.asked) == 1


@pytest.mark.parametrize("name", OK)
def test_a_provider_that_is_not_there_is_tried_again(name):
    row = queue()
    ChannelAccountFactory(
        channel="sms",
        provider=name,
        options={"base_url": f"http://127.0.0.1:{free_port()}"},
        secrets=seal(SECRETS),
        is_default=True,
    )
    run(row)
    assert (row.state, row.error) == (State.QUEUED, Reason.UNREACHABLE)
    assert "k3y" not in row.attempts.get().detail


STATUS = {
    "kavenegar": lambda code: {"return": {"status": 200}, "entries": [{"messageid": 8792343, "status": code}]},
    "smsir": lambda code: {"status": 1, "data": {"messageId": 89545112, "deliveryState": code}},
    "melipayamak": lambda code: {"Value": str(code), "RetStatus": 1},
    "ghasedak": lambda code: {"isSuccess": True, "data": [{"messageId": "551", "status": code}]},
}


@pytest.mark.parametrize(
    ("name", "code", "state", "reason"),
    [
        ("kavenegar", 10, State.DELIVERED, ""),
        ("kavenegar", 11, State.FAILED, Reason.UNDELIVERED),
        ("kavenegar", 14, State.FAILED, Reason.BLOCKED),
        ("kavenegar", 5, State.SENT, ""),
        ("kavenegar", 100, State.SENT, ""),
        ("smsir", 1, State.DELIVERED, ""),
        ("smsir", 2, State.FAILED, Reason.UNDELIVERED),
        ("smsir", 3, State.SENT, ""),
        ("smsir", 7, State.FAILED, Reason.BLOCKED),
        ("melipayamak", 1, State.DELIVERED, ""),
        ("melipayamak", 2, State.FAILED, Reason.UNDELIVERED),
        ("melipayamak", 8, State.SENT, ""),
        ("melipayamak", 999, State.SENT, ""),
        ("ghasedak", 14, State.DELIVERED, ""),
        ("ghasedak", 13, State.FAILED, Reason.UNDELIVERED),
        ("ghasedak", 12, State.FAILED, Reason.BLOCKED),
        ("ghasedak", 10, State.SENT, ""),
    ],
)
def test_delivery_is_asked_for(name, code, state, reason):
    with http_provider(OK[name], (200, STATUS[name](code))) as provider:
        account(provider, name)
        row = run(queue())
        Message.objects.update(check_at=timezone.now())
        services.messages_check()
        row.refresh_from_db()
    assert (row.state, row.error) == (state, reason)
    assert (row.check_at is None) == (state != State.SENT)
    assert (row.delivered_at is not None) == (state == State.DELIVERED)


@pytest.mark.parametrize("answer", [(200, None), (500, b"oops"), (200, {"status": 10, "message": "no"})])
def test_a_provider_that_does_not_say_is_asked_later(settings, answer):
    with http_provider(OK["smsir"], answer) as provider:
        account(provider, "smsir")
        row = run(queue())
        settings.OUTBOX_TIMEOUT = IMPATIENT
        Message.objects.update(check_at=timezone.now())
        assert services.messages_check() == 0
        row.refresh_from_db()
    assert row.state == State.SENT
    assert row.check_at > timezone.now()


@pytest.mark.parametrize(
    ("name", "answer", "state"),
    [
        ("kavenegar", lambda n: {"return": {"status": 200}, "entries": [{"localid": n, "messageid": 7, "status": 4}]}, "sent"),
        ("kavenegar", lambda n: {"return": {"status": 200}, "entries": [{"localid": n, "status": 100}]}, "queued"),
        ("ghasedak", lambda n: {"isSuccess": True, "data": [{"clientReferenceId": n, "messageId": "7", "status": 10}]}, "sent"),
        ("ghasedak", lambda _n: {"isSuccess": True, "data": []}, "queued"),
        ("smsir", lambda _n: {"status": 1, "data": {}}, "unknown"),
        ("melipayamak", lambda _n: {"RetStatus": 1, "Value": "1"}, "unknown"),
    ],
)  # fmt: skip
def test_a_message_of_unknown_outcome_is_asked_for_by_our_number(settings, name, answer, state):
    """Where the provider knows our number: found there it was sent, not found it never arrived and goes out."""
    settings.OUTBOX_TIMEOUT = IMPATIENT
    with http_provider((200, None)) as provider:
        account(provider, name)
        row = run(queue())
        assert row.state == State.UNKNOWN
        settings.OUTBOX_TIMEOUT = 10
        provider.answers = [(200, answer(str(own_number(row))))]
        assert services.messages_check() == 0, "not at once: it may still be on its way"
        Message.objects.update(check_at=timezone.now())
        services.messages_check()
        row.refresh_from_db()
    assert row.state == state
    if state == State.SENT:
        assert (row.provider_id, row.error) == ("7", "")
        assert row.sent_at


def test_the_same_round_has_the_same_number_and_the_next_another(rep):
    row = queue()
    first = own_number(row)
    Message.objects.filter(pk=row.pk).update(state="failed", created_by=rep)
    row.refresh_from_db()
    assert own_number(services.message_resend(actor=rep, message=row)) == first + 1


def test_a_provider_s_answer_may_not_be_endless(monkeypatch):
    monkeypatch.setattr("messaging.channels.http.MAX_ANSWER", 1000)
    with http_provider((200, b" " * 5000)) as provider:
        account(provider, "smsir")
        row = run(queue())
    assert row.state == State.UNKNOWN
