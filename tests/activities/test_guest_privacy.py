"""Guests who are contacts the reader may not see, and addresses hidden from the reader."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import FeedToken
from activities.services import Invited, activity_plan, feed_create, guests_set
from core.errors import DomainError
from messaging.models import Message
from tests.accounts.factories import ContactFactory
from users.models import FieldRule, Role, RoleGrant, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(rep, outsider):
    """The rep's meeting, done together with an outsider who sees none of the rep's contacts."""
    row = activity_plan(
        actor=rep,
        kind="meeting",
        subject="بازدید",
        due_at=timezone.now() + dt.timedelta(days=2),
        assignees=[rep, outsider],
    )
    person = ContactFactory(owner=rep, last_name="ناپیدا", email="unseen@example.com")
    guests_set(actor=rep, activity=row, guests=[Invited(contact=person), Invited("typed@example.com", "تایپ")])
    return row


def panel(client, meeting):
    return client.get(reverse("panel", args=["activities.activity", meeting.pk, "guests"])).content.decode()


def test_a_contact_one_may_not_see_is_a_guest_without_a_name(client, meeting, rep, outsider):
    client.force_login(rep)
    assert "ناپیدا" in panel(client, meeting)
    client.force_login(outsider)
    page = panel(client, meeting)
    assert "typed@example.com" in page
    assert "ناپیدا" not in page
    assert "unseen@example.com" not in page
    form = client.get(reverse("activities:activity_invite", args=[meeting.pk])).content.decode()
    assert "unseen@example.com" not in form


def test_and_stays_invited_when_the_list_is_saved(client, meeting, outsider):
    client.force_login(outsider)
    before = Message.objects.count()
    data = {"contacts": [], "guests": "typed@example.com", "language": "fa", "message": ""}
    response = client.post(reverse("activities:activity_invite", args=[meeting.pk]), data)
    assert response.status_code in {204, 302}
    assert set(meeting.guests.values_list("email", flat=True)) == {"unseen@example.com", "typed@example.com"}
    assert Message.objects.count() == before


def test_a_hidden_address_is_not_told_by_the_guests(client, meeting, rep):
    FieldRule.objects.create(
        role=Role.objects.get(code="sales-rep"), model="accounts.contact", field="email", access="hidden"
    )
    client.force_login(rep)
    page = panel(client, meeting)
    assert "ناپیدا" in page
    assert "@example.com" not in page
    fresh = User.objects.get(pk=rep.pk)
    guests_set(
        actor=fresh, activity=meeting, guests=[Invited(contact=meeting.guests.exclude(contact=None).get().contact)]
    )
    assert meeting.guests.count() == 2


def test_a_feed_ends_with_the_right_to_see_activities(client, rep):
    activity_plan(actor=rep, kind="meeting", subject="بازدید", due_at=timezone.now() + dt.timedelta(days=2))
    _feed, token = feed_create(actor=rep)
    url = reverse("calendar_feed", args=[token])
    assert client.get(url).status_code == 200
    RoleGrant.objects.filter(role__code="sales-rep", model="activities.activity").delete()
    assert client.get(url).status_code == 404
    assert FeedToken.objects.get().revoked_at is None


def test_a_feed_holds_no_hidden_place(client, rep):
    at = timezone.now() + dt.timedelta(days=2)
    activity_plan(actor=rep, kind="meeting", subject="visit", text="secret text", location="secret place", due_at=at)
    _feed, token = feed_create(actor=rep)
    url = reverse("calendar_feed", args=[token])
    assert "secret place" in client.get(url).content.decode()
    for field in ("text", "location"):
        FieldRule.objects.create(
            role=Role.objects.get(code="sales-rep"), model="activities.activity", field=field, access="hidden"
        )
    content = client.get(url).content.decode()
    assert "visit" in content
    assert "secret" not in content


def test_one_person_sends_no_more_invitations_than_a_day_bears(meeting, rep, monkeypatch):
    monkeypatch.setattr("activities.services.invitations.MAX_A_DAY", 3)
    present = [Invited(guest.email, guest.name) for guest in meeting.guests.all()]
    guests_set(actor=rep, activity=meeting, guests=[*present, Invited("third@example.com")])
    with pytest.raises(DomainError) as error:
        guests_set(actor=rep, activity=meeting, guests=[*present, Invited("fourth@example.com")])
    assert error.value.code == "too_many_today"
    assert meeting.guests.count() == 3
    guests_set(actor=rep, activity=meeting, guests=present)
    assert meeting.guests.count() == 2
