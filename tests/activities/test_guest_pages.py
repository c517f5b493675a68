"""The dialog that invites guests, the panel that shows them, and a colleague's own answer."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Guest
from activities.services import Invited, activity_move, activity_plan, guest_answer, guests_set
from messaging.models import Message
from tests.accounts.factories import ContactFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(rep) -> Activity:
    return activity_plan(
        actor=rep, kind="meeting", subject="جلسه", due_at=timezone.now() + dt.timedelta(days=2), text="سقف تخفیف ۲۰٪"
    )


def url(meeting) -> str:
    return reverse("activities:activity_invite", args=[meeting.pk])


def filled(client, meeting, **values):
    """The dialog as it comes, changed and posted."""
    form = client.get(url(meeting)).context["form"]
    data = {name: value for name in form.fields if (value := form[name].value())}
    return client.post(url(meeting), {**data, **values})


def test_contacts_and_addresses_are_invited(client, rep, meeting):
    client.force_login(rep)
    contact = ContactFactory(owner=rep, email="buyer@example.com")
    lines = "سارا کاظمی <sara@example.com>\nali@example.com؛ reza@example.com"
    response = filled(client, meeting, contacts=[contact.pk], guests=lines, language="en", message="Bring the samples.")
    assert response.status_code == 302
    guests = dict(meeting.guests.values_list("email", "name"))
    assert guests == {
        "buyer@example.com": str(contact),
        "sara@example.com": "سارا کاظمی",
        "ali@example.com": "",
        "reza@example.com": "",
    }
    assert Message.objects.count() == 4
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "sara@example.com" in page
    assert filled(client, meeting).status_code == 302
    assert (meeting.guests.count(), Message.objects.count()) == (4, 4)
    assert meeting.invitation.language == "en"


def test_what_is_wrong_is_said_and_what_was_typed_stays(client, rep, meeting):
    client.force_login(rep)
    response = filled(client, meeting, guests="good@example.com\nnonsense")
    assert response.status_code == 422
    html = response.content.decode()
    assert "nonsense" in html
    assert "good@example.com" in html
    crowd = "\n".join(f"guest{number}@example.com" for number in range(10_000))
    response = filled(client, meeting, guests=crowd)
    assert response.status_code == 422
    assert "200" in str(response.context["form"].errors["guests"])
    assert not Guest.objects.exists()
    assert not Message.objects.exists()


def test_hidden_contacts_are_no_choice(client, rep, outsider, meeting):
    client.force_login(rep)
    hidden = ContactFactory(owner=outsider, email="hidden@example.com")
    assert filled(client, meeting, contacts=[hidden.pk]).status_code == 422
    assert not Guest.objects.exists()


def test_the_panel_tells_answers_notes_and_changes(client, rep, meeting):
    guests_set(actor=rep, activity=meeting, guests=[Invited("sara@example.com", "سارا")])
    guest_answer(token=Guest.objects.get().token, answer="tentative", note="<i>شاید دیر برسم</i>")
    client.force_login(rep)
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "&lt;i&gt;شاید دیر برسم" in page
    assert "hourglass" not in page
    activity_move(actor=rep, activity=meeting, due_at=meeting.due_at + dt.timedelta(hours=2))
    assert "#hourglass" in client.get(meeting.get_absolute_url()).content.decode()


def test_a_colleague_answers_on_the_page(client, rep, teammate):
    due = timezone.now() + dt.timedelta(days=2)
    meeting = activity_plan(actor=rep, kind="meeting", subject="جلسه", due_at=due, assignees=[rep, teammate])
    answer = reverse("activities:activity_answer", args=[meeting.pk, "accepted"])
    client.force_login(teammate)
    assert answer in client.get(meeting.get_absolute_url()).content.decode()
    assert client.get(answer).status_code == 405
    assert client.post(answer).status_code == 302
    assert meeting.assignments.get(user=teammate).answer == "accepted"
    client.force_login(rep)
    assert answer not in client.get(meeting.get_absolute_url()).content.decode()


def test_what_is_over_offers_no_invitation(client, rep, meeting):
    client.force_login(rep)
    assert url(meeting) in client.get(meeting.get_absolute_url()).content.decode()
    Activity.objects.filter(pk=meeting.pk).update(due_at=timezone.now() - dt.timedelta(days=1))
    assert url(meeting) not in client.get(meeting.get_absolute_url()).content.decode()
    assert client.post(url(meeting), {"guests": "a@example.com", "language": "fa"}).status_code == 422


def test_guests_are_invited_while_planning(client, rep):
    client.force_login(rep)
    due = timezone.localtime(timezone.now() + dt.timedelta(days=2))
    data = {
        "kind": "meeting",
        "subject": "معرفی",
        "due_at": f"{due:%Y-%m-%d %H:%M}",
        "priority": "2",
        "owner": rep.pk,
        "guests": "سارا sara@example.com",
    }
    bad = client.post(reverse("activities:activity_add"), {**data, "guests": "nonsense"})
    assert bad.status_code == 422
    assert "nonsense" in bad.content.decode()
    assert not Activity.objects.exists()
    assert client.post(reverse("activities:activity_add"), data).status_code == 302
    assert Guest.objects.get().name == "سارا"
    assert Message.objects.get().to_address == "sara@example.com"
