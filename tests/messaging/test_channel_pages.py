"""The settings of channels, of the rules and of consent, and the outbox page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import audit
from core.testing.contracts import CrudContract, FilterContract, TableContract
from core.testing.forms import form_data
from messaging import services
from messaging.choices import Reason, State
from messaging.models import ChannelAccount, Consent, Message, MessageAttempt, SendingRules
from messaging.secrets import seal, unseal
from tests.messaging.factories import ChannelAccountFactory, ConsentFactory, MessageFactory

pytestmark = pytest.mark.django_db
SMTP = {
    "name": "ایمیل فروش",
    "sender": "Sales@Example.com",
    "option_host": "mail.example.com",
    "option_password": "s3cret",
}


class TestChannelAccount(CrudContract, FilterContract, TableContract):
    model = ChannelAccount
    factory = ChannelAccountFactory
    seer = "admin"
    stranger = "manager"
    foreigner = ""
    values = SMTP
    changed = {"name": "نام دیگر"}
    exempt = ("sender_name", "options", "secrets", "webhook_token", "rate_per_minute", "next_send_at")

    def url(self, action, *args):
        url = super().url(action, *args)
        return f"{url}?provider=email:smtp" if action == "add" else url


class TestConsent(CrudContract, FilterContract, TableContract):
    model = Consent
    factory = ConsentFactory
    seer = "manager"
    stranger = "rep"
    foreigner = ""
    values = {"channel": "sms", "address": "۰۹۱۲ ۱۲۳ ۴۵۶۷", "state": "denied", "source": "تلفنی گفت"}
    changed = {"state": "denied", "source": "با نامه"}


@pytest.fixture
def office(admin):
    client = Client()
    client.force_login(admin)
    return client


def fill(client, url, **values):
    page = client.get(url)
    assert page.status_code == 200
    return client.post(url, {**form_data(page.context["form"]), **values})


def add_url(kind):
    return f"{reverse('messaging:channelaccount_add')}?provider={kind}"


def test_the_provider_is_chosen_first(office):
    page = office.get(reverse("messaging:channelaccount_add")).content.decode()
    for kind in ("email:smtp", "email:esp", "sms:kavenegar", "sms:smsir", "sms:melipayamak", "sms:ghasedak"):
        assert f"?provider={kind}" in page
    assert office.get(add_url("sms:nobody")).status_code == 404
    assert office.get(add_url("email:kavenegar")).status_code == 404


def test_a_channel_is_saved_with_its_secret_which_is_never_shown_again(office):
    assert fill(office, add_url("email:smtp"), **SMTP).status_code == 302
    row = ChannelAccount.objects.get()
    assert (row.sender, row.is_default, row.provider) == ("sales@example.com", True, "smtp")
    assert row.options == {"host": "mail.example.com", "port": 587, "security": "starttls"}
    assert unseal(row.secrets) == {"password": "s3cret"}
    for name in ("edit", "detail"):
        page = office.get(reverse(f"messaging:channelaccount_{name}", args=[row.pk])).content.decode()
        assert "s3cret" not in page
        assert row.secrets not in page
    history = office.get(reverse("history", args=["messaging.channelaccount", row.pk])).content.decode()
    assert "s3cret" not in history
    assert row.secrets not in history
    assert row.webhook_token not in history


def test_an_empty_secret_keeps_the_stored_one(office):
    fill(office, add_url("sms:kavenegar"), name="خط", sender="10008663", option_api_key="k3y")
    row = ChannelAccount.objects.get()
    edit = reverse("messaging:channelaccount_edit", args=[row.pk])
    assert fill(office, edit, name="خط دوم").status_code == 302
    row.refresh_from_db()
    assert (row.name, unseal(row.secrets)) == ("خط دوم", {"api_key": "k3y"})
    fill(office, edit, option_api_key="n3w")
    row.refresh_from_db()
    assert unseal(row.secrets) == {"api_key": "n3w"}


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("email:smtp", {"sender": "not-an-address"}, "sender"),
        ("email:smtp", {"sender": ""}, "sender"),
        ("email:smtp", {"option_host": ""}, "option_host"),
        ("email:smtp", {"option_port": "x"}, "option_port"),
        ("email:smtp", {"option_security": "magic"}, "option_security"),
        ("email:smtp", {"rate_per_minute": "0"}, "rate_per_minute"),
        ("sms:kavenegar", {"option_api_key": ""}, "option_api_key"),
        ("sms:kavenegar", {"option_base_url": "ftp://x"}, "option_base_url"),
        ("sms:kavenegar", {"option_base_url": "file:///etc/passwd"}, "option_base_url"),
        ("sms:kavenegar", {"option_base_url": "https://user:pw@x/"}, "option_base_url"),
    ],
)
def test_bad_settings_are_refused_by_their_field(office, kind, values, field):
    good = {"name": "خط", "sender": "a@b.com", "option_host": "mail", "option_api_key": "k"}
    answer = fill(office, add_url(kind), **{**good, **values})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not ChannelAccount.objects.exists()


def test_a_test_message_goes_through_the_channel_and_is_shown(office, admin):
    row = ChannelAccountFactory(channel="sms", provider="console", sender="1")
    url = reverse("messaging:channelaccount_test", args=[row.pk])
    assert fill(office, url, to_address="تلفن").status_code == 422
    assert fill(office, url, to_address="0912 123 4567").status_code == 302
    services.outbox_run()
    message = Message.objects.get()
    assert (message.account, message.state, message.rank) == (row, State.SENT, 0)
    page = office.get(row.get_absolute_url()).content.decode()
    assert "۰۹۱۲ ۱۲۳ ۴۵۶۷" in page
    assert audit.entries_of(message).get().actor == admin


def test_the_page_of_a_channel_asks_again_while_messages_move(office):
    row = ChannelAccountFactory()
    waiting = MessageFactory(account=row)
    url = reverse("messaging:channelaccount_messages", args=[row.pk])
    assert "every 2s" in office.get(url).content.decode()
    Message.objects.filter(pk=waiting.pk).update(state="failed", error="credit")
    MessageAttempt.objects.create(message=waiting, outcome="failed", detail="418: credit")
    page = office.get(url).content.decode()
    assert "every 2s" not in page
    assert str(Reason.CREDIT.label) in page
    assert "418: credit" in page


def test_the_default_and_the_address_for_reports_change(office):
    first = ChannelAccountFactory(channel="sms", provider="kavenegar", is_default=True, webhook_token="old")
    second = ChannelAccountFactory(channel="sms", provider="smsir", webhook_token="second")
    office.post(reverse("messaging:channelaccount_default", args=[second.pk]))
    assert ChannelAccount.objects.get(is_default=True) == second
    assert "/hooks/old/" in office.get(first.get_absolute_url()).content.decode()
    office.post(reverse("messaging:channelaccount_token", args=[first.pk]))
    assert "/hooks/old/" not in office.get(first.get_absolute_url()).content.decode()


def test_an_inactive_channel_does_not_become_the_default(office):
    row = ChannelAccountFactory(is_active=False)
    office.post(reverse("messaging:channelaccount_default", args=[row.pk]))
    row.refresh_from_db()
    assert not row.is_default


def test_the_rules_are_changed_and_the_entry_stays(office):
    url = reverse("messaging:sending_rules")
    answer = fill(office, url, quiet_from="22:30", quiet_until="07:15", sms_footer="لغو۱۱")
    assert answer.status_code == 302
    rules = SendingRules.objects.get()
    assert (str(rules.quiet_from), str(rules.quiet_until)) == ("22:30:00", "07:15:00")
    assert audit.entries_of(rules).exists()


def test_consent_is_found_by_a_number_written_any_way(manager):
    client = Client()
    client.force_login(manager)
    wanted = ConsentFactory(address="+989121234567")
    ConsentFactory(address="+989350000000")
    for words in ("0912 123 4567", "۰۹۱۲۱۲۳۴۵۶۷", "+98912", "1234567"):
        page = client.get(reverse("messaging:consent_list"), {"q": words})
        assert [row.pk for row in page.context["pager"].rows] == [wanted.pk], words


def test_recording_a_known_address_again_is_its_new_word(manager):
    client = Client()
    client.force_login(manager)
    row = ConsentFactory(address="+989121234567", state="granted")
    url = reverse("messaging:consent_add")
    assert fill(client, url, channel="sms", address="09121234567", state="denied", source="تلفنی").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.source) == ("denied", "تلفنی")
    assert fill(client, url, channel="sms", address="x", state="denied", source="تلفنی").status_code == 422
    assert fill(client, url, channel="sms", address="09121234567", state="denied", source="").status_code == 422


def outbox(client, **query):
    page = client.get(reverse("messaging:outbox"), query)
    assert page.status_code == 200
    return page


@pytest.fixture
def rows(rep, teammate, outsider):
    made = {
        "failed": MessageFactory(created_by=rep, state="failed", error="address"),
        "unknown": MessageFactory(created_by=teammate, state="unknown", error="crashed"),
        "queued": MessageFactory(created_by=rep),
        "sent": MessageFactory(created_by=rep, state="sent"),
        "foreign": MessageFactory(created_by=outsider, state="failed"),
        "incoming": MessageFactory(created_by=rep, state="received", direction="in"),
    }
    MessageAttempt.objects.create(message=made["failed"], outcome="failed", detail="550 no such user")
    return made


def test_the_outbox_shows_what_one_answers_for(rows, manager):
    client = Client()
    client.force_login(manager)
    page = outbox(client)
    seen = {row.pk for row in page.context["pager"].rows}
    assert seen == {rows[name].pk for name in ("failed", "unknown", "queued", "sent")}
    text = page.content.decode()
    assert str(Reason.ADDRESS.label) in text
    assert "550 no such user" in text
    assert {row.pk for row in outbox(client, show="trouble").context["pager"].rows} == {
        rows["failed"].pk,
        rows["unknown"].pk,
    }


def test_figures_of_the_outbox(rows, manager):
    from messaging.selectors import outbox_figures

    found = outbox_figures(user=manager)
    assert (found.queued, found.failed, found.unknown, found.sending) == (1, 1, 1, 0)
    assert found.oldest == rows["queued"].not_before


def test_selected_messages_are_sent_again_or_cancelled(rows, manager):
    client = Client()
    client.force_login(manager)
    picked = [rows[name].pk for name in ("failed", "unknown", "sent", "foreign")]
    answer = client.post(reverse("messaging:outbox_resend"), {"pk": picked, "query": "show=trouble"}, follow=True)
    assert answer.redirect_chain[0][0].endswith("?show=trouble")
    states = {name: Message.objects.get(pk=row.pk).state for name, row in rows.items()}
    assert states | {"incoming": ""} == {
        "failed": "queued",
        "unknown": "queued",
        "queued": "queued",
        "sent": "sent",
        "foreign": "failed",
        "incoming": "",
    }
    texts = [str(message) for message in answer.context["messages"]]
    assert any("۲" in text for text in texts)
    assert any("۱" in text for text in texts), "the sent one was left, and that is said"
    client.post(reverse("messaging:outbox_cancel"), {"all_matching": "1", "query": "state=queued"})
    assert not Message.objects.filter(state="queued", created_by__isnull=False).exists()
    assert Message.objects.get(pk=rows["sent"].pk).state == "sent"


def test_nonsense_selections_do_nothing(rows, manager):
    client = Client()
    client.force_login(manager)
    for data in ({}, {"pk": ["x", "9" * 30, "-1"]}, {"all_matching": "1", "query": "state=nonsense&page=x"}):
        assert client.post(reverse("messaging:outbox_cancel"), data).status_code == 302
    assert Message.objects.get(pk=rows["foreign"].pk).state == "failed"


def test_the_outbox_costs_the_same_with_ten_times_the_rows(rep):
    client = Client()
    client.force_login(rep)

    def cost():
        outbox(client, size="100")
        with CaptureQueriesContext(connection) as queries:
            outbox(client, size="100")
        return len(queries)

    MessageFactory.create_batch(3, created_by=rep, state="failed", account=ChannelAccountFactory())
    few = cost()
    MessageFactory.create_batch(30, created_by=rep, state="failed", account=ChannelAccountFactory())
    assert cost() == few


def test_secrets_are_in_no_export(office):
    ChannelAccountFactory(secrets=seal({"api_key": "k3y"}), webhook_token="hook-token")
    answer = office.get(reverse("messaging:channelaccount_list"), {"export": "csv"})
    content = b"".join(answer.streaming_content).decode()
    assert "hook-token" not in content
    assert "gAAAA" not in content
