"""Putting messages into the outbox, taking them out and sending one again."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from core import audit, events
from core.errors import DomainError, PermissionRefused
from core.models import Holiday, Organisation
from messaging import quiet, services, sms
from messaging.choices import TRANSITIONS, Reason, State
from messaging.events import MessageStateChanged
from messaging.models import Consent, Message, SendingRules
from tests.accounts.factories import AccountFactory
from tests.leads.factories import LeadFactory
from tests.messaging.factories import ConsentFactory, MessageFactory

pytestmark = pytest.mark.django_db
TEHRAN = ZoneInfo("Asia/Tehran")
NOON = dt.datetime(2026, 11, 24, 12, tzinfo=TEHRAN)  # a Tuesday


def queue(actor=None, **values):
    return services.message_queue(
        actor=actor, **{"channel": "email", "to_address": "ali@example.com", "body": "سلام", **values}
    )


@pytest.fixture
def told(monkeypatch):
    heard = []
    monkeypatch.setitem(events._handlers, MessageStateChanged, [heard.append])
    return heard


@pytest.mark.parametrize(
    ("channel", "typed", "kept"),
    [
        ("email", " Ali@Example.COM ", "ali@example.com"),
        ("sms", "۰۹۱۲ ۱۲۳ ۴۵۶۷", "+989121234567"),
        ("sms", "0098 912 1234567", "+989121234567"),
        ("sms", "+49 1512 3456789", "+4915123456789"),
    ],
)
def test_addresses_have_one_form(channel, typed, kept):
    assert services.normalise_address(channel, typed) == kept


@pytest.mark.parametrize(
    ("channel", "typed"),
    [
        ("email", "ali"),
        ("email", "a@b.com\r\nBcc: x@y.com"),
        ("email", f"{'a' * 250}@example.com"),
        ("sms", "021 88776655"),
        ("sms", "سلام"),
    ],
)
def test_what_no_message_can_reach_is_refused(channel, typed):
    with pytest.raises(DomainError) as refused:
        services.normalise_address(channel, typed)
    assert refused.value.field == "to_address"


@pytest.mark.parametrize(
    ("text", "length", "parts", "is_unicode"),
    [
        ("", 0, 0, False),
        ("a" * 160, 160, 1, False),
        ("a" * 161, 161, 2, False),
        ("a" * 306, 306, 2, False),
        ("a" * 307, 307, 3, False),
        ("€" * 80, 160, 1, False),
        ("a" * 152 + "€" + "a" * 153, 307, 3, False),
        ("س" * 70, 70, 1, True),
        ("س" * 71, 71, 2, True),
        ("س" * 134, 134, 2, True),
        ("س" * 135, 135, 3, True),
        ("می‌روم", 6, 1, True),
        ("😀" * 35, 70, 1, True),
        ("😀" * 67, 134, 3, True),
    ],
)
def test_parts_of_an_sms(text, length, parts, is_unicode):
    assert sms.measure(text) == (length, parts, is_unicode)


def test_a_message_is_queued_with_its_records_and_files(rep, told):
    account, lead = AccountFactory(owner=rep), LeadFactory(owner=rep)
    row = queue(
        rep, subject="پیشنهاد", records=[account, lead, account], attachments=[("a.ics", "text/calendar", b"x")]
    )
    assert row.state == State.QUEUED
    assert {link.obj for link in row.links.all()} == {account, lead}
    assert bytes(row.attachments.get().content) == b"x"
    assert told == [MessageStateChanged(message_id=row.pk, state="queued")]
    assert audit.entries_of(lead).get().code == "message.queued"


def test_a_machine_leaves_no_entry(rep):
    lead = LeadFactory(owner=rep)
    queue(records=[lead], purpose="service")
    assert not audit.entries_of(lead).exists()


def test_the_same_key_is_the_same_message(told):
    first = queue(idempotency_key="reminder:1")
    assert queue(idempotency_key="reminder:1", body="دیگر") == first
    assert Message.objects.get().body == "سلام"
    assert len(told) == 1


def test_writing_to_customers_needs_the_right(nobody):
    with pytest.raises(PermissionRefused):
        queue(nobody)
    assert queue(nobody, purpose="service").created_by == nobody


@pytest.mark.parametrize(
    "values",
    [
        {"headers": {"X-A": "1\r\nBcc: x@y.com"}},
        {"headers": {"X-A\nBcc": "x"}},
        {"headers": {"Bcc": "x@y.com"}},
        {"to_name": "علی\nBcc: x@y.com"},
        {"attachments": [("a\r\nX: y", "text/plain", b"")]},
        {"attachments": [("a", "text/plain\r\nX: y", b"")]},
        {"attachments": [("a", "text/plain", b"0" * (10 * 1024 * 1024 + 1))]},
        {"body": "  "},
        {"channel": "sms", "to_address": "09121234567", "body": "س" * 800},
    ],
)
def test_bad_input_is_refused_and_nothing_is_kept(values):
    with pytest.raises(DomainError):
        queue(**values)
    assert not Message.objects.exists()


def test_a_line_break_in_a_subject_stays_in_the_subject():
    assert queue(subject="سلام\r\nBcc: x@y.com").subject == "سلام Bcc: x@y.com"


@pytest.mark.parametrize(
    ("purpose", "channel", "consent", "needs_consent", "state"),
    [
        ("marketing", "sms", "", True, "refused"),
        ("marketing", "sms", "", False, "queued"),
        ("marketing", "sms", "granted", True, "queued"),
        ("marketing", "sms", "denied", False, "refused"),
        ("marketing", "email", "", True, "refused"),
        ("service", "sms", "denied", True, "refused"),
        ("service", "sms", "", True, "queued"),
        ("service", "email", "denied", True, "queued"),
        ("conversation", "sms", "denied", True, "queued"),
        ("internal", "sms", "denied", True, "queued"),
    ],
)
def test_consent_by_purpose(purpose, channel, consent, needs_consent, state):
    SendingRules.objects.update(needs_consent=needs_consent)
    address = "+989121234567" if channel == "sms" else "ali@example.com"
    if consent:
        ConsentFactory(channel=channel, address=address, state=consent)
    row = queue(channel=channel, to_address=address, purpose=purpose)
    assert row.state == state
    assert row.error == (Reason.CONSENT if state == "refused" else "")
    bulk = services.messages_queue(
        rows=[{"channel": channel, "to_address": address, "purpose": purpose, "body": "سلام"}]
    )
    assert [one.state for one in bulk] == [state]


@pytest.mark.parametrize(
    ("purpose", "footed"), [("marketing", True), ("service", True), ("conversation", False), ("internal", False)]
)
def test_the_footer_stands_below_informational_sms(purpose, footed):
    row = queue(channel="sms", to_address="09121234567", purpose=purpose, body="نوبت شما فردا است.")
    assert row.body == ("نوبت شما فردا است.\nلغو۱۱" if footed else "نوبت شما فردا است.")
    assert row.parts == 1
    assert queue(channel="sms", to_address="09121234567", purpose=purpose, body=row.body).body == row.body


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ((2026, 11, 24, 12, 0), (2026, 11, 24, 12, 0)),
        ((2026, 11, 24, 21, 0), (2026, 11, 25, 8, 0)),
        ((2026, 11, 24, 23, 30), (2026, 11, 25, 8, 0)),
        ((2026, 11, 25, 3, 0), (2026, 11, 25, 8, 0)),
        ((2026, 11, 26, 22, 0), (2026, 11, 29, 8, 0)),  # over a Friday and a holiday on Saturday
        ((2026, 11, 27, 12, 0), (2026, 11, 29, 8, 0)),
    ],
)
def test_marketing_waits_for_the_end_of_quiet_hours_and_days_off(now, then):
    Organisation.objects.update_or_create(defaults={"working_days": [0, 1, 2, 3, 4, 5]})
    Holiday.objects.update_or_create(date=dt.date(2026, 11, 28), defaults={"name": "تعطیل"})
    rules = SendingRules.objects.get()
    found = quiet.allowed_from(dt.datetime(*now, tzinfo=TEHRAN), "email", "marketing", rules)
    assert found == dt.datetime(*then, tzinfo=TEHRAN)


@pytest.mark.parametrize(("purpose", "channel"), [("conversation", "sms"), ("internal", "sms"), ("service", "email")])
def test_others_do_not_wait(purpose, channel):
    night = dt.datetime(2026, 11, 24, 23, tzinfo=TEHRAN)
    assert quiet.allowed_from(night, channel, purpose, SendingRules.objects.get()) == night


def test_a_service_sms_waits_for_the_morning_also_on_a_friday():
    friday = dt.datetime(2026, 11, 27, 5, tzinfo=TEHRAN)
    row = queue(channel="sms", to_address="09121234567", purpose="service", not_before=friday)
    assert row.not_before == friday.replace(hour=8)


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "until", "then"),
    [
        # Clocks go forward at 02:00 on 29 March 2026: 02:30 does not exist, 03:30 is the same moment.
        (dt.datetime(2026, 3, 28, 23, tzinfo=dt.UTC), dt.time(2, 30), dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC)),
        (dt.datetime(2026, 3, 28, 23, tzinfo=dt.UTC), dt.time(8), dt.datetime(2026, 3, 29, 6, tzinfo=dt.UTC)),
        # Back at 03:00 on 25 October: 02:30 comes twice, the first one counts.
        (dt.datetime(2026, 10, 24, 22, tzinfo=dt.UTC), dt.time(2, 30), dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)),
        # In the second 02:15 the second 02:30 is meant.
        (
            dt.datetime(2026, 10, 25, 1, 15, tzinfo=dt.UTC),
            dt.time(2, 30),
            dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC),
        ),
    ],
)
def test_quiet_hours_when_the_clock_changes(now, until, then):
    assert quiet.next_moment(now, dt.time(21), until, BERLIN, lambda _day: False) == then


def test_a_span_within_the_day_and_none_at_all():
    siesta = (dt.time(13), dt.time(15))
    assert quiet.next_moment(NOON.replace(hour=14), *siesta, TEHRAN, lambda _day: False) == NOON.replace(hour=15)
    assert quiet.next_moment(NOON, dt.time(8), dt.time(8), TEHRAN, lambda _day: False) == NOON


def test_a_company_that_never_works_does_not_hang():
    assert quiet.next_moment(NOON, dt.time(21), dt.time(8), TEHRAN, lambda _day: True) > NOON


def test_many_are_queued_in_few_statements_and_once(django_assert_max_num_queries, told):
    queue(idempotency_key="k0")
    told.clear()
    lead = LeadFactory()
    rows = [
        {
            "channel": "sms",
            "to_address": f"0912{n:07d}",
            "body": "سلام",
            "idempotency_key": f"k{n % 50}",
            "records": [lead],
            "purpose": "service",
        }
        for n in range(100)
    ]
    with django_assert_max_num_queries(12):
        made = services.messages_queue(rows=rows)
    assert len(made) == len(told) == 49
    assert services.messages_queue(rows=rows) == []
    assert Message.objects.count() == 50


def test_consent_is_kept_with_its_source_and_history(manager):
    row = services.consent_set(actor=manager, channel="sms", address="0912 123 4567", state="granted", source="فرم")
    assert services.consent_of("sms", "+989121234567") == "granted"
    again = services.consent_set(actor=None, channel="sms", address="+989121234567", state="denied", source="۱۱")
    assert again == row
    assert services.consent_of("sms", "+989121234567") == "denied"
    assert services.consent_of("email", "x@example.com") == ""
    states = list(row.events.order_by("pgh_id").values_list("state", flat=True))
    assert (states[0], states[-1]) == ("granted", "denied")
    assert audit.entries_of(row).count() == 2


def test_consent_needs_its_right(rep):
    with pytest.raises(PermissionRefused):
        services.consent_set(actor=rep, channel="sms", address="09121234567", state="granted", source="")
    assert not Consent.objects.exists()


@pytest.mark.parametrize("state", State.values)
def test_which_states_can_be_cancelled_and_sent_again(rep, state):
    for service, target in ((services.message_cancel, State.CANCELLED), (services.message_resend, State.QUEUED)):
        row = MessageFactory(created_by=rep, state=state, provider_id="7", attempts_made=5, error="busy")
        if target in TRANSITIONS[State(state)]:
            assert service(actor=rep, message=row).state == target
        else:
            with pytest.raises(DomainError):
                service(actor=rep, message=row)
            row.refresh_from_db()
            assert row.state == state


def test_sending_again_is_a_new_round(rep):
    row = MessageFactory(created_by=rep, state="unknown", provider_id="7", attempts_made=5, error="crashed")
    row = services.message_resend(actor=rep, message=row)
    assert (row.round, row.attempts_made, row.provider_id, row.error) == (1, 0, "", "")


def test_sending_again_asks_for_consent(rep):
    row = MessageFactory(created_by=rep, state="refused", purpose="marketing")
    with pytest.raises(DomainError, match=str(Reason.CONSENT.label)):
        services.message_resend(actor=rep, message=row)
    ConsentFactory(channel="email", address=row.to_address)
    assert services.message_resend(actor=rep, message=row).state == "queued"


def test_a_foreign_message_is_not_touched(rep, outsider):
    row = MessageFactory(created_by=rep, state="failed")
    for service in (services.message_cancel, services.message_resend):
        with pytest.raises(PermissionRefused):
            service(actor=outsider, message=row)


def test_trouble_is_said_in_words():
    assert MessageFactory(error="credit").trouble == Reason.CREDIT.label
    assert MessageFactory(error="").trouble == ""
