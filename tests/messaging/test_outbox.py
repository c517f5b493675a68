"""The engine with a real mail server on this machine: what comes of each message, also when the server misbehaves."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from core import events
from messaging import services
from messaging.choices import Reason, State
from messaging.events import MessageStateChanged
from messaging.models import ChannelAccount, Consent, Message, SendingRules
from messaging.secrets import seal
from messaging.services import claims, outcome
from tests.messaging.factories import ChannelAccountFactory, MessageFactory
from tests.messaging.sink import free_port, http_provider, mail_server

pytestmark = pytest.mark.django_db


IMPATIENT = 0.5  # seconds, where a server is silent on purpose


@pytest.fixture(autouse=True)
def patient(settings):
    settings.OUTBOX_TIMEOUT = 10


@pytest.fixture
def server():
    with mail_server() as running:
        yield running


@pytest.fixture
def account(server):
    options = {"host": "127.0.0.1", "port": server.port, "security": "none"}
    return ChannelAccountFactory(provider="smtp", options=options, is_default=True, sender_name="شرکت نمونه")


def queue(name="ali", **values):
    return services.message_queue(
        **{
            "actor": None,
            "channel": "email",
            "to_address": f"{name}@example.com",
            "subject": "پیشنهاد",
            "body": "سلام\n.نقطه در آغاز خط",
            **values,
        }
    )


def run(row=None):
    services.outbox_run()
    if row is not None:
        row.refresh_from_db()
    return row


def test_a_message_arrives_as_it_was_written(server, account, rep):
    row = run(queue(to_name="علی رضایی", body_html="<p>سلام</p>", headers={"X-Ref": "۱۲"}, actor=rep))
    assert (row.state, row.error, row.attempts_made) == (State.SENT, "", 1)
    assert row.account == account
    assert row.from_address == "crm@example.com"
    taken = server.taken[0]
    assert taken["Subject"] == "پیشنهاد"
    assert taken["To"].addresses[0].display_name == "علی رضایی"
    assert taken["From"].addresses[0].display_name == "شرکت نمونه"
    assert taken["Reply-To"] == rep.email
    assert taken["X-Ref"] == "۱۲"
    assert taken["Message-ID"] == row.provider_id
    assert taken.get_body(["plain"]).get_content().strip().splitlines() == ["سلام", ".نقطه در آغاز خط"]
    assert taken.get_body(["html"]).get_content().strip() == "<p>سلام</p>"
    attempt = row.attempts.get()
    assert attempt.outcome == State.SENT
    assert "taken" in attempt.detail


def test_an_invitation_stands_beside_the_text_and_is_a_file_too(server, account):
    ics = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:جلسه\r\nEND:VCALENDAR\r\n".encode()
    run(
        queue(
            attachments=[
                ("invite.ics", "text/calendar; method=REQUEST; charset=utf-8", ics),
                ("a.pdf", "application/pdf", b"\x00\xff"),
            ]
        )
    )
    taken = server.taken[0]
    parts = {part.get_filename(): part for part in taken.iter_attachments()}
    assert parts["invite.ics"].get_content_type() == "application/ics"
    assert parts["invite.ics"].get_content() == ics
    assert parts["a.pdf"].get_content() == b"\x00\xff"
    calendar = next(part for part in taken.walk() if part.get_content_type() == "text/calendar")
    assert dict(calendar["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    assert calendar.get_content().replace("\r\n", "\n") == ics.decode().replace("\r\n", "\n")
    together = next(part for part in taken.walk() if part.get_content_type() == "multipart/alternative")
    assert [part.get_content_type() for part in together.iter_parts()] == ["text/plain", "text/calendar"]


def test_one_connection_serves_many_messages(server, account):
    for number in range(30):
        queue(f"person{number}")
    queue("nobody")
    queue("person30")
    assert services.outbox_run() == 32
    assert len(server.taken) == 31
    assert server.connections == 1


def test_rank_goes_before_time(server, account):
    now = timezone.now()
    queue("bulk", rank=90, not_before=now - dt.timedelta(hours=1))
    queue("second", rank=10, not_before=now - dt.timedelta(seconds=5))
    queue("first", rank=10, not_before=now - dt.timedelta(seconds=9))
    queue("tomorrow", not_before=now + dt.timedelta(days=1))
    run()
    assert [to.partition("@")[0] for to in server.recipients] == ["first", "second", "bulk"]


@pytest.mark.parametrize(
    ("name", "state", "reason", "said"),
    [
        ("nobody", State.FAILED, Reason.ADDRESS, "550 5.1.1 no such user"),
        ("refused", State.FAILED, Reason.CONTENT, "554 5.7.1 looks like spam"),
        ("later", State.QUEUED, Reason.PROVIDER, "451 4.7.1 greylisted"),
        ("full", State.QUEUED, Reason.PROVIDER, "452 4.2.2 mailbox full"),
        ("busy", State.QUEUED, Reason.BUSY, "421 4.3.2"),
        ("signin", State.QUEUED, Reason.CREDENTIALS, "530 5.7.0"),
        ("cut", State.QUEUED, Reason.UNREACHABLE, ""),
        ("silent", State.UNKNOWN, Reason.UNCERTAIN, ""),
        ("taken", State.UNKNOWN, Reason.UNCERTAIN, ""),
    ],
)
def test_what_a_server_answers_decides(server, account, settings, name, state, reason, said):
    if name == "silent":
        settings.OUTBOX_TIMEOUT = IMPATIENT
    row = run(queue(name))
    assert (row.state, row.error) == (state, reason)
    attempt = row.attempts.get()
    assert attempt.outcome == state
    assert said in attempt.detail
    assert row.trouble
    if state == State.QUEUED:
        assert timezone.now() < row.not_before < timezone.now() + dt.timedelta(minutes=1)
        assert row.handed_over_at is None
    run(row)
    assert row.attempts.count() == 1, "nothing is sent again before its time, and what is uncertain never by itself"


def test_a_server_that_hangs_mid_message_keeps_the_others_whole(server, account, settings):
    """The one in its hands is of unknown outcome; the others wait a moment and go out."""
    settings.OUTBOX_TIMEOUT = IMPATIENT
    first, others = queue("silent", rank=0), [queue(f"person{number}") for number in range(5)]
    run(first)
    assert first.state == State.UNKNOWN
    assert set(Message.objects.filter(pk__in=[row.pk for row in others]).values_list("state", "attempts_made")) == {
        ("queued", 0)
    }
    account.refresh_from_db()
    assert account.next_send_at > timezone.now()
    ChannelAccount.objects.update(next_send_at=None)
    settings.OUTBOX_TIMEOUT = 10
    run()
    assert len(server.taken) == 5
    first.refresh_from_db()
    assert first.state == State.UNKNOWN


def test_an_account_in_trouble_does_not_hold_up_another(server, account):
    dead = ChannelAccountFactory(
        provider="smtp", options={"host": "127.0.0.1", "port": free_port(), "security": "none"}
    )
    waiting = [queue(f"dead{number}", account=dead, rank=0) for number in range(3)]
    alive = queue("alive", rank=50)
    run(alive)
    assert alive.state == State.SENT
    states = Message.objects.filter(pk__in=[row.pk for row in waiting]).order_by("pk")
    assert [(row.state, row.attempts_made, row.error) for row in states] == [
        ("queued", 1, "unreachable"),
        ("queued", 0, ""),
        ("queued", 0, ""),
    ]


def test_waits_grow_and_end(server, account):
    row = queue("later")
    seen = []
    for _attempt in range(outcome.MOST_ATTEMPTS["email"]):
        Message.objects.update(not_before=timezone.now() - dt.timedelta(seconds=1))
        run(row)
        seen.append((row.not_before - timezone.now()).total_seconds())
    assert row.state == State.FAILED
    assert row.attempts_made == row.attempts.count() == outcome.MOST_ATTEMPTS["email"]
    assert all(30 * 2**n * 0.6 < seconds < 30 * 2**n * 1.25 for n, seconds in enumerate(seen[:-1]))
    assert outcome.wait_before(40) <= dt.timedelta(seconds=outcome.LONGEST_WAIT * 1.2)
    assert outcome.wait_before(1, asked=600) >= dt.timedelta(seconds=480)


def test_a_person_sends_a_failed_one_again(server, account, rep):
    row = run(queue("nobody", actor=rep))
    Message.objects.filter(pk=row.pk).update(to_address="ali@example.com")
    services.message_resend(actor=rep, message=row)
    run(row)
    assert (row.state, row.round) == (State.SENT, 1)
    assert list(row.attempts.order_by("pk").values_list("outcome", flat=True)) == ["failed", "sent"]


def test_a_wrong_password_is_said(server):
    options = {"host": "127.0.0.1", "port": server.port, "security": "none", "username": "crm"}
    ChannelAccountFactory(provider="smtp", options=options, secrets=seal({"password": "x"}), is_default=True)
    row = run(queue())
    assert (row.state, row.error) == (State.QUEUED, Reason.UNREACHABLE)  # this server offers no sign-in at all
    assert "AUTH" in row.attempts.get().detail


def test_secrets_of_another_key_are_said_and_nothing_is_sent(server, account, settings):
    account.secrets = seal({"password": "x"})
    account.save()
    settings.SECRET_KEY = "another"
    row = run(queue())
    assert (row.state, row.error) == (State.QUEUED, Reason.CREDENTIALS)
    assert not server.taken


def test_without_an_account_the_installation_s_own_server_sends():
    row = run(queue())
    assert row.state == State.SENT
    assert mail.outbox[0].to == ["ali@example.com"]


def test_without_any_channel_it_fails_with_a_clear_word(settings):
    settings.SMS_TO_LOG = False
    row = run(queue(channel="sms", to_address="09121234567"))
    assert (row.state, row.error) == (State.FAILED, Reason.NO_CHANNEL)


@pytest.mark.parametrize("change", [{"is_active": False}, {"deleted_at": timezone.now()}])
def test_a_channel_that_was_switched_off_sends_nothing(server, account, rep, change):
    other = ChannelAccountFactory(provider="smtp", options=account.options)
    row = queue(account=other, actor=rep)
    ChannelAccount.objects.filter(pk=other.pk).update(**change)
    run(row)
    assert (row.state, row.error) == (State.FAILED, Reason.CHANNEL_OFF)
    services.message_resend(actor=rep, message=row)
    run(row)
    assert (row.state, row.account) == (State.SENT, account)


def test_consent_taken_back_while_waiting_is_kept(server, account):
    Consent.objects.create(channel="email", address="ali@example.com", state="granted")
    SendingRules.objects.update(quiet_from="00:00", quiet_until="00:00", quiet_on_holidays=False)
    row = queue(purpose="marketing")
    assert row.state == State.QUEUED
    services.consent_set(actor=None, channel="email", address="ali@example.com", state="denied", source="")
    run(row)
    assert (row.state, row.error) == (State.REFUSED, Reason.CONSENT)
    assert not server.taken


def test_quiet_hours_that_came_while_waiting_are_kept(server, account):
    Consent.objects.create(channel="email", address="ali@example.com", state="granted")
    SendingRules.objects.update(quiet_from="00:00", quiet_until="00:00", quiet_on_holidays=False)
    row = queue(purpose="marketing")
    now = timezone.localtime()
    SendingRules.objects.update(
        quiet_from=(now - dt.timedelta(hours=1)).time(), quiet_until=(now + dt.timedelta(hours=1)).time()
    )
    run(row)
    assert (row.state, row.attempts_made) == (State.QUEUED, 0)
    assert row.not_before > timezone.now()
    assert not server.taken


def test_marketing_mails_tell_how_to_stop_them(server, account, settings):
    settings.SITE_URL = "https://crm.example.ir"
    Consent.objects.create(channel="email", address="ali@example.com", state="granted")
    SendingRules.objects.update(quiet_from="00:00", quiet_until="00:00", quiet_on_holidays=False)
    run(queue(purpose="marketing"))
    head = server.taken[0]
    assert head["List-Unsubscribe"].strip().startswith("<https://crm.example.ir/hooks/")
    assert "<mailto:crm@example.com?subject=unsubscribe>" in head["List-Unsubscribe"]
    assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    run(queue(purpose="service"))
    assert server.taken[1]["List-Unsubscribe"] is None
    assert server.taken[1]["Auto-Submitted"] == "auto-generated"


def test_a_listener_that_breaks_does_not_undo_what_happened(server, account, monkeypatch):
    def broken(event):
        raise RuntimeError("listener")

    row = queue()
    monkeypatch.setitem(events._handlers, MessageStateChanged, [broken])
    assert run(row).state == State.SENT


def test_rates_are_kept_and_others_go_on(server, account):
    slow = ChannelAccountFactory(provider="smtp", options=account.options, rate_per_minute=2)
    for number in range(40):
        queue(f"slow{number}", account=slow, rank=0)
        queue(f"quick{number}", rank=50)
    assert services.outbox_run() == 41
    names = [to.partition("@")[0] for to in server.recipients]
    assert sum(name.startswith("slow") for name in names) == 1
    slow.refresh_from_db()
    assert slow.next_send_at > timezone.now()
    assert services.outbox_run() == 0
    ChannelAccount.objects.filter(pk=slow.pk).update(next_send_at=timezone.now())
    assert services.outbox_run() == 1


@pytest.mark.parametrize(("rate", "at_once"), [(600, 100), (60, 10), (30, 5), (6, 1), (1, 1)])
def test_ten_seconds_worth_may_leave_after_a_rest_and_then_the_rate_holds(rate, at_once):
    slow = ChannelAccountFactory.build(rate_per_minute=rate)
    now = timezone.now()
    assert sum(claims._take(slow, now) for _try in range(200)) == at_once
    minutes = [now + dt.timedelta(seconds=second) for second in range(1, 121)]
    taken = sum(claims._take(slow, moment) for moment in minutes for _try in range(20))
    assert abs(taken - 2 * rate) <= 1


def test_an_account_of_one_a_minute_sends_one(server, account):
    account.rate_per_minute = 1
    account.save()
    for number in range(3):
        queue(f"person{number}")
    assert services.outbox_run() == 1


def lost(minutes=1, **values):
    return MessageFactory(
        state="sending",
        claimed_by="dead",
        lease_until=timezone.now() - dt.timedelta(minutes=minutes),
        attempts_made=1,
        **values,
    )


def test_what_a_dead_worker_had_not_handed_over_goes_out(server, account):
    row = run(lost())
    assert row.state == State.SENT
    assert len(server.taken) == 1


def test_what_a_dead_worker_had_handed_over_is_unknown_and_stays(server, account):
    row = run(lost(handed_over_at=timezone.now()))
    assert (row.state, row.error) == (State.UNKNOWN, Reason.CRASHED)
    assert row.attempts.get().outcome == State.UNKNOWN
    run(row)
    assert row.state == State.UNKNOWN
    assert not server.taken


def test_what_a_living_worker_holds_is_left_alone(server, account):
    row = run(lost(minutes=-1))
    assert row.state == State.SENDING


def test_a_message_that_ends_every_worker_is_given_up(account):
    row = lost()
    Message.objects.filter(pk=row.pk).update(attempts_made=claims.MOST_CLAIMS)
    run(row)
    assert (row.state, row.error) == (State.FAILED, Reason.CRASHED)


def test_a_worker_that_lost_its_lease_does_not_send(server, account):
    row = queue()
    mine = claims.claim("slow", 1)[0]
    Message.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    run(row)
    assert row.state == State.SENT
    assert not claims.hand_over(mine, "slow")
    assert outcome.settle(mine, "slow", outcome.Sent(), 0) == ""


def test_a_slow_worker_still_tells_what_became_of_it(server, account):
    """Its lease ran out and the message counted as unknown; then the answer came after all."""
    row = queue()
    mine = claims.claim("slow", 1)[0]
    claims.hand_over(mine, "slow")
    Message.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    run(row)
    assert row.state == State.UNKNOWN
    outcome.settle(mine, "slow", outcome.Sent(provider_id="7"), 0)
    row.refresh_from_db()
    assert (row.state, row.provider_id, row.error) == (State.SENT, "7", "")


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        ((200, {"messageId": "<abc@smtp-relay>"}), State.SENT, ""),
        ((401, {"message": "Key not found"}), State.QUEUED, Reason.CREDENTIALS),
        ((402, {"message": "not enough credits"}), State.QUEUED, Reason.CREDIT),
        ((429, {"message": "slow down"}), State.QUEUED, Reason.BUSY),
        ((400, {"message": "invalid sender"}), State.FAILED, Reason.PROVIDER),
        ((500, {"message": "oops"}), State.UNKNOWN, Reason.PROVIDER),
        ((200, {"error": "surprise"}), State.UNKNOWN, Reason.UNCERTAIN),
        ((200, b"<html>"), State.UNKNOWN, Reason.UNCERTAIN),
        ((200, None), State.UNKNOWN, Reason.UNCERTAIN),
        ((200, "drop"), State.UNKNOWN, Reason.UNCERTAIN),
    ],
)
def test_mail_services(settings, answer, state, reason):
    if answer[1] is None:
        settings.OUTBOX_TIMEOUT = IMPATIENT
    with http_provider(answer) as provider:
        options = {"service": "brevo", "api_url": provider.url}
        ChannelAccountFactory(provider="esp", options=options, secrets=seal({"key": "k"}), is_default=True)
        row = run(queue())
        assert (row.state, row.error) == (state, reason)
        assert provider.asked[0].headers["api-key"] == "k"
        assert provider.asked[0].json["to"] == [{"email": "ali@example.com"}]
    if state == State.SENT:
        assert row.provider_id == "<abc@smtp-relay>"


def test_a_mail_service_that_is_not_there():
    options = {"service": "postmark", "api_url": f"http://127.0.0.1:{free_port()}"}
    ChannelAccountFactory(provider="esp", options=options, secrets=seal({"key": "k"}), is_default=True)
    row = run(queue())
    assert (row.state, row.error) == (State.QUEUED, Reason.UNREACHABLE)
