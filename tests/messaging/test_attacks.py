"""What somebody with an account, a provider's address or a bad intention tries."""

import pytest
from django.urls import reverse

from core.errors import DomainError
from core.models import Notification
from messaging import services
from messaging.models import ChannelAccount, Consent
from messaging.secrets import unseal
from messaging.services import message_queue
from messaging.services.incoming import incoming_keep, incoming_work
from tests.leads.factories import LeadFactory
from tests.messaging.factories import ChannelAccountFactory
from users.models import FieldRule, Role

pytestmark = pytest.mark.django_db
MOBILE = "+989121234567"


def smtp(admin) -> ChannelAccount:
    row = ChannelAccount(name="ایمیل", channel="email", provider="smtp", sender="crm@example.com")
    row.options = {"host": "mail.example.com", "port": 587, "security": "starttls", "username": "crm"}
    return services.account_save(actor=admin, instance=row, secrets={"password": "kept-secret"})


@pytest.mark.parametrize("change", [{"host": "evil.example.com"}, {"security": "none"}, {"port": 2525}])
def test_stored_secrets_are_not_sent_to_another_server(admin, change):
    row = smtp(admin)
    row.options = {**row.options, **change}
    with pytest.raises(DomainError) as error:
        services.account_save(actor=admin, instance=row, secrets={"password": ""})
    assert error.value.code == "secrets"
    services.account_save(actor=admin, instance=row, secrets={"password": "typed-again"})
    assert unseal(ChannelAccount.objects.get().secrets) == {"password": "typed-again"}


def test_other_settings_keep_the_secret(admin):
    row = smtp(admin)
    row.options, row.name = {**row.options, "username": "other"}, "نام نو"
    services.account_save(actor=admin, instance=row, secrets={"password": ""})
    assert unseal(ChannelAccount.objects.get().secrets) == {"password": "kept-secret"}


def test_the_form_says_so(client, admin):
    row = smtp(admin)
    client.force_login(admin)
    url = reverse("messaging:channelaccount_edit", args=[row.pk])
    page = client.get(url)
    data = {**page.context["form"].initial, "sender_name": "", "rate_per_minute": "", "_version": row.version}
    data |= {f"option_{name}": value for name, value in row.options.items()} | {"option_host": "evil.example.com"}
    answer = client.post(url, data)
    assert answer.status_code == 422
    assert ChannelAccount.objects.get().options["host"] == "mail.example.com"


def answer_of(lead, author):
    account = ChannelAccountFactory(channel="sms", provider="kavenegar", sender="10008663")
    message_queue(actor=author, channel="sms", to_address=MOBILE, body="سلام", records=[lead])
    incoming_keep(account, [{"messageid": "7", "from": "09121234567", "to": "10008663", "message": "پاسخ محرمانه"}])
    incoming_work()


def test_the_answer_is_told_to_who_wrote(rep):
    answer_of(LeadFactory(owner=rep), rep)
    assert Notification.objects.filter(recipient=rep, code="message.received").exists()


def test_but_not_when_the_record_is_somebody_elses_by_now(rep, outsider):
    lead = LeadFactory(owner=rep)
    account = ChannelAccountFactory(channel="sms", provider="kavenegar", sender="10008663")
    message_queue(actor=rep, channel="sms", to_address=MOBILE, body="سلام", records=[lead])
    type(lead).objects.filter(pk=lead.pk).update(owner=outsider)
    incoming_keep(account, [{"messageid": "7", "from": "09121234567", "to": "10008663", "message": "پاسخ محرمانه"}])
    incoming_work()
    assert not Notification.objects.filter(code="message.received").exists()


def test_a_hidden_address_is_not_found_in_the_list_of_consent(client, marketer):
    Consent.objects.create(channel="sms", address=MOBILE, state="granted", source="فرم")
    client.force_login(marketer)
    url = reverse("messaging:consent_list")
    assert "data-pk=" in client.get(url, {"q": "9121234567"}).content.decode()
    role = Role.objects.get(code="marketing-rep")
    FieldRule.objects.create(role=role, model="accounts.contact", field="mobile", access="hidden")
    page = client.get(url, {"q": "9121234567"}).content.decode()
    assert "data-pk=" not in page
    assert "data-pk=" in client.get(url, {"q": "فرم"}).content.decode()


def test_pages_of_a_signed_in_person_are_kept_by_nobody_else(client, rep):
    client.force_login(rep)
    for name in ("messaging:message_list", "activities:calendar", "notification_list"):
        assert client.get(reverse(name)).headers["Cache-Control"] == "private, no-cache"
