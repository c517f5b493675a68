"""What is written to colleagues, and what tells of private activities, is read by author and recipient alone."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.services import Invited, activity_plan, guests_set
from messaging.models import Message
from messaging.services import message_queue
from tests.messaging.factories import ChannelAccountFactory

pytestmark = pytest.mark.django_db
WORDS = "مصاحبه استخدامی"


@pytest.fixture
def invitation(rep):
    at = timezone.now() + dt.timedelta(days=2)
    activity = activity_plan(actor=rep, kind="meeting", subject=WORDS, due_at=at, is_private=True)
    guests_set(actor=rep, activity=activity, guests=[Invited("candidate@example.com", "نامزد")])
    return Message.objects.get()


@pytest.fixture
def notice(rep):
    return message_queue(
        actor=None,
        channel="email",
        to_address=rep.email,
        subject=WORDS,
        body=WORDS,
        purpose="internal",
        recipient=rep,
    )


def read(client, url):
    answer = client.get(url)
    content = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, content.decode("utf-8", "replace")


@pytest.mark.parametrize("reader", ["manager", "executive", "admin"])
@pytest.mark.parametrize("which", ["invitation", "notice"])
def test_a_wider_role_does_not_read_it(client, request, reader, which):
    message = request.getfixturevalue(which)
    client.force_login(request.getfixturevalue(reader))
    label = "messaging.message"
    assert client.get(reverse("messaging:message_detail", args=[message.pk])).status_code == 404
    assert client.get(reverse("history", args=[label, message.pk])).status_code == 404
    for url in ("messaging:message_list", "messaging:outbox"):
        for query in ("", "?export=csv", f"?q={WORDS.split(maxsplit=1)[0]}"):
            assert WORDS not in read(client, f"{reverse(url)}{query}")[1]
    for file in message.attachments.all():
        assert client.get(reverse("messaging:attachment", args=[file.pk])).status_code == 404


@pytest.mark.parametrize("which", ["invitation", "notice"])
def test_the_outbox_of_an_administrator_has_it_without_its_words(client, request, admin, which):
    message = request.getfixturevalue(which)
    Message.objects.update(state="failed")
    client.force_login(admin)
    page = read(client, reverse("messaging:outbox"))[1]
    assert f'value="{message.pk}"' in page
    assert reverse("messaging:message_detail", args=[message.pk]) not in page
    assert ("candidate@example.com" in page) is False
    client.post(reverse("messaging:outbox_resend"), {"pk": message.pk})
    message.refresh_from_db()
    assert message.state == "queued"


def test_a_channel_does_not_tell_whom_a_private_meeting_invites(client, invitation, admin):
    account = ChannelAccountFactory()
    Message.objects.update(account=account)
    client.force_login(admin)
    page = read(client, reverse("messaging:channelaccount_detail", args=[account.pk]))[1]
    assert "candidate@example.com" not in page


def test_author_and_recipient_read_theirs(client, invitation, notice, rep):
    client.force_login(rep)
    for message in (invitation, notice):
        status, page = read(client, reverse("messaging:message_detail", args=[message.pk]))
        assert status == 200
        assert WORDS in page
    assert read(client, reverse("messaging:outbox"))[1].count(WORDS) == 1  # the notice is not the rep's to send again


def test_an_invitation_to_an_open_meeting_is_read_by_the_manager(client, rep, manager):
    at = timezone.now() + dt.timedelta(days=2)
    activity = activity_plan(actor=rep, kind="meeting", subject=WORDS, due_at=at)
    guests_set(actor=rep, activity=activity, guests=[Invited("buyer@example.com", "خریدار")])
    client.force_login(manager)
    assert WORDS in read(client, reverse("messaging:message_list"))[1]
