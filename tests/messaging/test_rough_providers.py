"""Providers at their worst: answers that make no sense, break off or come too early, and never spoil another's."""

import datetime as dt
import json
import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messaging import services
from messaging.channels.base import Status
from messaging.choices import Channel, Reason, State
from messaging.models import Incoming, Message
from messaging.services.checks import messages_check
from messaging.services.outcome import MOST_ATTEMPTS, learn
from tests.messaging.factories import ChannelAccountFactory, MessageFactory
from tests.messaging.sink import http_provider
from tests.messaging.test_incoming import REPORTS, TOKEN, channel, tell
from tests.messaging.test_sms import OK, account, kavenegar, queue, run

pytestmark = pytest.mark.django_db


@contextmanager
def breaking_off(size):
    """A provider that promises ``size`` letters, writes a few, and hangs up."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n{" % size)
            self.close_connection = True

        def log_message(self, *args):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_an_answer_that_breaks_off_leaves_the_outcome_open():
    with breaking_off(500) as server:
        ChannelAccountFactory(
            channel="sms",
            provider="kavenegar",
            sender="10008663",
            is_default=True,
            options={"base_url": f"http://127.0.0.1:{server.server_port}"},
        )
        row = run(queue())
    assert (row.state, row.error) == (State.UNKNOWN, Reason.UNCERTAIN)


def test_nothing_has_left_when_the_certificate_is_refused(tmp_path, settings):
    settings.OUTBOX_TIMEOUT = 10
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    with http_provider(OK["smsir"]) as provider:
        server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_args: None
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            account(provider, "smsir", base_url=f"https://127.0.0.1:{server.server_port}")
            row = run(queue())
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
    assert (row.state, row.error) == (State.QUEUED, Reason.UNREACHABLE)


def self_signed(folder):
    """A certificate nobody trusts, with its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")]), dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = builder.not_valid_before(now).not_valid_after(now + dt.timedelta(days=1)).sign(key, hashes.SHA256())
    path = folder / "server.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    pem = serialization.Encoding.PEM
    path.write_bytes(key.private_bytes(pem, form, plain) + made.public_bytes(pem))
    return path


def sent(provider, **values):
    return MessageFactory(
        channel="sms",
        to_address="+989121234567",
        account=account(provider, "kavenegar", **values),
        state="sent",
        provider_id="77",
        sent_at=timezone.now(),
        check_at=timezone.now(),
    )


def test_a_state_that_makes_no_sense_spoils_no_other_account():
    nonsense = (200, {"return": {"status": 200}, "entries": [{"messageid": 77, "status": "delivered!"}]})
    fine = (200, {"return": {"status": 200}, "entries": [{"messageid": 77, "status": 10}]})
    with http_provider(nonsense) as odd, http_provider(fine) as good:
        first = sent(odd)
        first.account.is_default = False
        first.account.save()
        second = sent(good)
        assert messages_check() == 1
    second.refresh_from_db()
    assert second.state == State.DELIVERED


def test_incoming_words_that_make_no_sense_spoil_no_other_account():
    nonsense = (200, {"return": {"status": 200}, "entries": 5})
    fine = (200, {"status": 1, "data": [{"messageText": "11", "mobile": 989121234567, "receivedDateTime": 1}]})
    with http_provider(nonsense) as odd, http_provider(fine) as good:
        channel("kavenegar", options={"base_url": odd.url, "receives": True})
        channel("smsir", webhook_token="another", options={"base_url": good.url, "receives": True})
        assert services.incoming_fetch() == 1


def test_a_report_that_breaks_its_reader_stops_no_other():
    row = MessageFactory(channel="sms", account=channel("kavenegar"), state="sent", provider_id="77")
    Incoming.objects.create(account=row.account, payload={"messageid": "77", "status": "1e999"})
    Incoming.objects.create(account=row.account, payload=[["no", "object"]])
    tell(**REPORTS["kavenegar"][1])
    row.refresh_from_db()
    assert row.state == State.DELIVERED
    assert not Incoming.objects.filter(handled_at=None).exists()


@pytest.mark.parametrize("body", ['{"status": NaN}', '{"status": -Infinity, "a": [Infinity]}'])
def test_numbers_that_are_none_are_kept_as_words(body):
    channel("kavenegar")
    answer = Client().post(reverse("provider_hook", args=[TOKEN]), body, content_type="application/json")
    assert answer.status_code == 200
    assert Incoming.objects.get().payload["status"] in {"nan", "-inf"}


@pytest.mark.parametrize("depth", [200, 900, 3_000, 100_000])
def test_words_within_words_within_words_are_answered(depth):
    channel("kavenegar")
    body = '{"a":' * depth + "1" + "}" * depth
    answer = Client().post(reverse("provider_hook", args=[TOKEN]), body[: 250 * 1024], content_type="application/json")
    assert answer.status_code in {200, 400}


def test_a_report_that_is_quicker_than_our_worker_waits_for_it():
    held = MessageFactory(
        channel="sms", account=channel("kavenegar"), state="sending", claimed_by="w", handed_over_at=timezone.now()
    )
    tell(**REPORTS["kavenegar"][1])
    assert Incoming.objects.get().handled_at is None
    Message.objects.filter(pk=held.pk).update(state="sent", provider_id="77")
    assert services.incoming_work() == 1
    held.refresh_from_db()
    assert held.state == State.DELIVERED


def test_a_report_of_somebody_elses_message_is_not_kept_waiting():
    account = channel("kavenegar")
    MessageFactory(channel="sms", account=account, state="sending", claimed_by="w", handed_over_at=timezone.now())
    long_ago = timezone.now() - dt.timedelta(minutes=5)
    kept = Incoming.objects.create(account=account, payload={"messageid": "404", "status": "10"}, at=long_ago)
    assert services.incoming_work() == 1
    kept.refresh_from_db()
    assert "404" in kept.error


def test_a_message_that_never_arrives_there_is_given_up():
    row = MessageFactory(channel="sms", account=channel("kavenegar"), state="unknown", attempts_made=1)
    unknown = Status(None, is_unknown_there=True)
    assert learn(row, unknown)
    row.refresh_from_db()
    assert row.state == State.QUEUED
    Message.objects.filter(pk=row.pk).update(state="unknown", attempts_made=MOST_ATTEMPTS[Channel.SMS])
    assert learn(row, unknown)
    row.refresh_from_db()
    assert (row.state, row.error, row.check_at) == (State.FAILED, Reason.UNREACHABLE, None)


def test_an_answer_of_another_shape_is_no_success():
    for body in ([], "ok", 7, {"return": "ok"}, {**kavenegar(), "entries": [7]}):
        with http_provider((200, body)) as provider:
            made = account(provider, "kavenegar")
            row = run(queue())
            assert row.state == State.UNKNOWN, json.dumps(body)
            type(made).objects.filter(pk=made.pk).update(is_default=False)
