"""Writing a message from a record: to whom, with which words, once; and who sees it afterwards."""

import datetime as dt
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import ContactPoint, Employment
from activities.selectors.timeline import timeline
from core.errors import DomainError, PermissionRefused
from messaging.models import Message, MessageTemplate
from messaging.selectors.reach import addresses_for
from messaging.services import consent_set
from messaging.services.compose import message_compose
from tests.accounts.factories import AccountFactory, ContactFactory
from tests.leads.factories import LeadFactory
from tests.messaging.factories import MessageFactory
from users.models import FieldRule, Role

pytestmark = pytest.mark.django_db

DIALOG = {"HX-Request": "true", "HX-Target": "dialog"}


@pytest.fixture
def account(rep):
    return AccountFactory(owner=rep, email="info@example.com", mobile="+989121234567")


@pytest.fixture
def mine(client, rep):
    client.force_login(rep)
    return client


def url(record, channel="email", name="compose"):
    return reverse(f"messaging:{name}", args=[channel, record._meta.label_lower, record.pk])


def data(**more):
    return {
        "key": uuid.uuid4().hex,
        "to": "info@example.com",
        "language": "fa",
        "subject": "پیشنهاد",
        "body": "با سلام",
        "purpose": "conversation",
        **more,
    }


def test_it_begins_in_the_language_of_whom_it_goes_to(mine, rep, account):
    """The contact's own; without one, or on the account's own address, the writer's."""
    sara = ContactFactory(owner=rep, email="sara@example.com", language="en")
    ali = ContactFactory(owner=rep, email="ali@example.com")
    for person in (sara, ali):
        Employment.objects.create(account=account, contact=person)
    MessageTemplate.objects.create(
        name="خوش‌آمد", channel="email", host="accounts.contact", subject_fa="درود", body_fa="درود", subject_en="Hello",
        body_en="Hello",
    )  # fmt: skip
    template = MessageTemplate.objects.get(name="خوش‌آمد")

    def form(record, **query):
        return mine.get(url(record), query).context["form"]

    assert [form(record)["language"].value() for record in (sara, ali, account)] == ["en", "fa", "fa"]
    assert form(account, to="sara@example.com")["language"].value() == "en"
    assert form(sara, template=template.pk)["body"].value() == "Hello"
    assert form(ali, template=template.pk)["body"].value() == "درود"


def compose(actor, record, **more):
    given = {
        "channel": "email",
        "to_address": "info@example.com",
        "subject": "پیشنهاد",
        "body": "متن",
        "key": uuid.uuid4().hex,
    }
    return message_compose(actor=actor, record=record, **{**given, **more})


def test_an_email_is_written_sent_once_and_told(mine, rep, account):
    assert mine.get(url(account), headers=DIALOG).status_code == 200
    form = data()
    for _click in range(2):
        answer = mine.post(url(account), form, headers=DIALOG)
        assert answer.status_code == 204
    assert json.loads(answer["HX-Trigger"])["refresh"] == {"target": "#panel-timeline"}
    message = Message.objects.get()
    assert (message.to_address, message.subject, message.body, message.state) == (
        "info@example.com",
        "پیشنهاد",
        "با سلام",
        "queued",
    )
    assert message.to_name == str(account)
    assert [item.row for item in timeline(user=rep, obj=account, kind="messages").items] == [message]
    page = mine.get(reverse("panel", args=["accounts.account", account.pk, "timeline"])).content.decode()
    assert message.get_absolute_url() in page


def test_without_javascript_the_record_comes_back(mine, account):
    answer = mine.post(url(account), data())
    assert (answer.status_code, answer["Location"]) == (302, account.get_absolute_url())


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"body": "  "}, "body"),
        ({"subject": ""}, "subject"),
        ({"to": "someone@else.com"}, "to"),
        ({"to": "other"}, "to_other"),
        ({"to": "other", "to_other": "نه"}, "to_other"),
        ({"body": "{% for x in y %}"}, None),
        ({"body": "سلام {{ city }}"}, "body"),
        ({"body": "{{ owner }}"}, None),
        ({"purpose": "internal"}, "purpose"),
        ({"send_at": "۱۴۰۰/۰۱/۰۱ ۱۰:۰۰"}, "send_at"),
        ({"key": "x"}, None),
        ({"language": "de"}, "language"),
    ],
)
def test_a_refused_draft_comes_back_as_it_was_written(mine, account, wrong, field):
    form = data(subject="موضوع من", **wrong) if "subject" not in wrong else data(**wrong)
    answer = mine.post(url(account), form, headers=DIALOG)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field or "__all__"}
    assert form["key"] in answer.content.decode()
    assert form["body"].strip().replace("'", "&#x27;") in answer.content.decode()
    assert not Message.objects.exists()


def test_the_words_of_the_record_are_filled_in_when_sending(rep, account):
    account.city = "شیراز"
    account.save()
    message = compose(rep, account, body="سلام {{ name }} از {{ شهر }}", subject="برای {{ name }}")
    assert (message.subject, message.body) == (f"برای {account}", f"سلام {account} از شیراز")


def test_a_template_is_filled_for_looking_over(mine, rep, account):
    template = MessageTemplate.objects.create(
        name="سلام",
        channel="email",
        host="accounts.account",
        subject_fa="به {{ name }}",
        body_fa="از {{ city }} و {{ name }}",
    )
    other = MessageTemplate.objects.create(name="برای سرنخ", channel="email", host="leads.lead", body_fa="سلام")
    answer = mine.get(url(account, name="compose_fill"), {"template": template.pk, "language": "fa"})
    text = answer.content.decode()
    assert f"به {account}" in text
    assert "{{ city }}" in text
    assert answer.context["missing"]
    for foreign in (other.pk, "x", 2**70):
        assert mine.get(url(account, name="compose_fill"), {"template": foreign}).status_code == 204
    MessageTemplate.objects.filter(pk=template.pk).update(body_fa="{{ gone }}")
    assert mine.get(url(account, name="compose_fill"), {"template": template.pk, "language": "fa"}).context["problem"]


def test_an_sms_goes_to_mobiles_and_counts_its_parts(mine, account):
    assert 'name="subject"' not in mine.get(url(account, "sms"), headers=DIALOG).content.decode()
    form = data(to="+989121234567", body="سلام " * 30)
    assert mine.post(url(account, "sms"), form, headers=DIALOG).status_code == 204
    message = Message.objects.get()
    assert (message.channel, message.to_address, message.subject, message.parts) == ("sms", "+989121234567", "", 3)
    assert (
        mine.post(url(account, "sms"), data(to="+989121234567", body="سلام " * 300), headers=DIALOG).status_code == 422
    )


def test_files_go_with_an_email(mine, account):
    files = [SimpleUploadedFile("پیشنهاد.pdf", b"%PDF"), SimpleUploadedFile("../../b.txt", b"b")]
    assert mine.post(url(account), {**data(), "attachments": files}, headers=DIALOG).status_code == 204
    message = Message.objects.get()
    assert {(one.name, one.content_type) for one in message.attachments.all()} == {
        ("پیشنهاد.pdf", "application/pdf"),
        ("b.txt", "text/plain"),
    }


@pytest.mark.parametrize(
    "files",
    [
        [SimpleUploadedFile("virus.EXE", b"MZ")],
        [SimpleUploadedFile("empty.txt", b"")],
        [SimpleUploadedFile("big.bin", b"0" * (10 * 1024 * 1024 + 1))],
        [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(11)],
    ],
    ids=["program", "empty", "too-large", "too-many"],
)
def test_files_mail_servers_refuse_are_refused_here(mine, account, files):
    for one in files:
        one.seek(0)
    answer = mine.post(url(account), {**data(), "attachments": files}, headers=DIALOG)
    assert answer.status_code == 422
    assert "attachments" in answer.context["form"].errors
    assert not Message.objects.exists()


def test_a_message_can_wait(rep, account):
    later = timezone.now() + dt.timedelta(days=3)
    assert compose(rep, account, send_at=later).not_before == later
    for wrong in (timezone.now() - dt.timedelta(hours=1), timezone.now() + dt.timedelta(days=400)):
        with pytest.raises(DomainError) as refusal:
            compose(rep, account, send_at=wrong)
        assert refusal.value.field == "send_at"


def test_who_refused_gets_no_marketing(mine, rep, account, admin):
    consent_set(actor=admin, channel="email", address="info@example.com", state="denied", source="گفت نه")
    answer = mine.post(url(account), data(purpose="marketing"), headers=DIALOG)
    assert answer.status_code == 422
    assert "to" in answer.context["form"].errors
    assert not Message.objects.exists()
    assert mine.post(url(account), data(), headers=DIALOG).status_code == 204
    assert addresses_for(user=rep, obj=account, channel="email")[0].is_refused


def test_addresses_of_hidden_people_and_fields_are_not_offered(mine, rep, outsider, account):
    seen, hidden = (
        ContactFactory(owner=rep, email="seen@example.com"),
        ContactFactory(owner=outsider, email="no@example.com"),
    )
    for contact in (seen, hidden):
        Employment.objects.create(account=account, contact=contact)
    ContactPoint.objects.create(account=account, kind="email", value="sales@example.com")
    values = [one.value for one in addresses_for(user=rep, obj=account, channel="email")]
    assert values == ["info@example.com", "sales@example.com", "seen@example.com"]
    assert "no@example.com" not in mine.get(url(account), headers=DIALOG).content.decode()
    FieldRule.objects.create(
        role=Role.objects.get(code="sales-rep"), model="accounts.contact", field="email", access="hidden"
    )
    reader = type(rep).objects.get(pk=rep.pk)
    assert "seen@example.com" not in [one.value for one in addresses_for(user=reader, obj=account, channel="email")]


def test_a_fixed_line_in_the_mobile_field_is_not_offered_for_sms(rep):
    lead = LeadFactory(owner=rep, mobile="+982188776655")
    assert addresses_for(user=rep, obj=lead, channel="sms") == []


def test_only_on_records_one_sees_and_with_the_right(client, rep, outsider, nobody, account):
    for user in (outsider, nobody):
        with pytest.raises(PermissionRefused):
            compose(user, account)
    client.force_login(outsider)
    assert client.get(url(account)).status_code == 404
    assert client.post(url(account), data()).status_code == 404
    assert client.get(url(account, name="compose_fill")).status_code == 404


@pytest.mark.parametrize(("channel", "label"), [("fax", "accounts.account"), ("email", "users.user"), ("email", "x")])
def test_an_unknown_channel_or_kind_is_not_found(mine, account, channel, label):
    assert mine.get(reverse("messaging:compose", args=[channel, label, account.pk])).status_code == 404


def test_two_writers_with_one_key_are_two_messages(rep, manager, account):
    key = uuid.uuid4().hex
    first, second = compose(rep, account, key=key), compose(manager, account, key=key)
    assert first != second
    assert compose(rep, account, key=key) == first


def test_messages_are_seen_by_author_and_whoever_sees_the_record(client, rep, teammate, outsider, account):
    message = compose(rep, account, attachments=[("a.txt", "text/plain", b"x")])
    file = reverse("messaging:attachment", args=[message.attachments.get().pk])
    for user, status in ((rep, 200), (teammate, 200), (outsider, 404)):
        client.force_login(user)
        assert client.get(message.get_absolute_url()).status_code == status
        assert client.get(file).status_code == status
        shown = "پیشنهاد" in client.get(reverse("messaging:message_list")).content.decode()
        assert shown is (status == 200)
    client.force_login(rep)
    answer = client.get(file)
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["Content-Type"], answer.content) == ("application/octet-stream", b"x")


def test_the_list_is_filtered_by_record(mine, rep, outsider, account):
    compose(rep, account)
    compose(rep, ContactFactory(owner=rep))
    listed = reverse("messaging:message_list")
    assert len(mine.get(listed, {"record": f"accounts.account:{account.pk}"}).context["pager"].rows) == 1
    foreign = AccountFactory(owner=outsider)
    assert mine.get(listed, {"record": f"accounts.account:{foreign.pk}"}).context["pager"].rows == []


def test_html_in_a_message_stays_words(mine, rep, account):
    message = compose(rep, account, body="<script>alert(1)</script>", subject="<b>x</b>")
    for page in (message.get_absolute_url(), reverse("panel", args=["accounts.account", account.pk, "timeline"])):
        text = mine.get(page).content.decode()
        assert "<script>alert" not in text
        assert "<b>x</b>" not in text


def test_a_failed_message_is_sent_again_from_its_page(mine, client, rep, teammate, account):
    message = MessageFactory(created_by=rep, state="failed", error="unreachable")
    page = mine.get(message.get_absolute_url()).content.decode()
    again = reverse("messaging:message_resend", args=[message.pk])
    assert again in page
    assert mine.post(again).status_code == 302
    message.refresh_from_db()
    assert message.state == "queued"
    assert mine.post(reverse("messaging:message_cancel", args=[message.pk])).status_code == 302
    message.refresh_from_db()
    assert message.state == "cancelled"
    assert again not in mine.get(message.get_absolute_url()).content.decode()
    client.force_login(teammate)
    assert client.post(again).status_code == 404


def test_an_answer_goes_to_whoever_wrote(mine, rep, account):
    message = MessageFactory(direction="in", state="received", from_address="stranger@example.com", subject="پرسش")
    page = mine.get(message.get_absolute_url())
    assert page.status_code == 404
    link(message, account)
    (reply,) = mine.get(message.get_absolute_url()).context["actions"]
    form = mine.get(reply.url).context["form"]
    assert (form["to"].value(), form["to_other"].value(), form["subject"].value()) == (
        "other",
        "stranger@example.com",
        "Re: پرسش",
    )


def link(message, record):
    from django.contrib.contenttypes.models import ContentType

    message.links.create(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)
