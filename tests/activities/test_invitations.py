"""Inviting guests: who is told what, how often, and what they answer."""

import datetime as dt
from collections.abc import Iterator

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from activities.choices import Answer
from activities.models import Activity, Guest, Invitation
from activities.recurrence import parse_rule
from activities.services import (
    Invited,
    activity_cancel,
    activity_delete,
    activity_move,
    activity_plan,
    activity_update,
    assignment_answer,
    changed_invitations_tell,
    guest_answer,
    guests_set,
)
from activities.services.invitations import MAX_GUESTS
from activities.services.recurrence import recurrence_create, recurrence_stop
from core import audit
from core.errors import DomainError, PermissionRefused
from core.models import Notification
from messaging.models import Message
from messaging.services.outbox import outbox_run
from tests.accounts.factories import ContactFactory
from tests.activities.factories import restore_from_bin
from tests.messaging.factories import ChannelAccountFactory
from tests.messaging.sink import mail_server

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
START = dt.datetime(2031, 5, 5, 6, 30, tzinfo=dt.UTC)
LATER = dt.timedelta(minutes=5)


@pytest.fixture
def meeting(rep) -> Activity:
    return activity_plan(
        actor=rep,
        kind="meeting",
        subject="بازدید انبار",
        due_at=START,
        ends_at=START + HOUR,
        location="تهران، ولی‌عصر ۱۲",
        text="تا ۲۰ درصد تخفیف بدهیم",
    )


@pytest.fixture
def invited(rep, meeting) -> Guest:
    guests_set(actor=rep, activity=meeting, guests=[Invited("Sara@Example.com", "سارا")], message="نشانی پیوست است")
    return meeting.guests.get()


def mails() -> list[Message]:
    return list(Message.objects.filter(idempotency_key__startswith="invitation:").order_by("pk"))


def event_of(message: Message) -> icalendar.Event:
    (file,) = message.attachments.all()
    calendar = icalendar.Calendar.from_ical(bytes(file.content))
    assert f"method={calendar['METHOD']}" in file.content_type
    (event,) = calendar.walk("VEVENT")
    return event


def tell() -> int:
    return changed_invitations_tell(now=timezone.now() + LATER)


def again(meeting) -> Activity:
    return Activity.all_objects.get(pk=meeting.pk)


def test_a_guest_gets_a_mail_with_file_and_links(invited, meeting, rep):
    (message,) = mails()
    assert (message.to_address, message.to_name, message.created_by) == ("sara@example.com", "سارا", rep)
    assert "بازدید انبار" in message.subject
    for text in (message.body, message.body_html):
        assert "نشانی پیوست است" in text
        assert "تخفیف" not in text  # the organiser's own words stay inside
        assert "۱۴۱۰" in text  # the Jalali year
        assert "۲۰۳۱" in text
        assert all(f"/i/{invited.token}/?answer={answer}" in text for answer in ("accepted", "tentative", "declined"))
    event = event_of(message)
    assert event.decoded("dtstart") == START
    assert str(event["dtstart"].params["TZID"]) == "Asia/Tehran"
    assert (str(event["ORGANIZER"]), str(event["ATTENDEE"])) == (f"mailto:{rep.email}", "mailto:sara@example.com")
    assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")
    assert "تخفیف" not in event.to_ical().decode()
    assert audit.entries_of(meeting).filter(code="activity.guests_set").count() == 1


def test_english_guests_read_english(rep, meeting):
    guests_set(actor=rep, activity=meeting, guests=[Invited("a@example.com")], language="en")
    (message,) = mails()
    assert "Invitation: بازدید انبار (Monday, 5 May 2031, 10:00 to 11:00)" in message.subject
    assert "Will you come?" in message.body
    assert 'dir="ltr"' in message.body_html


def test_a_contact_with_a_language_is_invited_in_it(client, rep, meeting):
    contact = ContactFactory(owner=rep, email="buyer@example.com", language="en")
    guests_set(actor=rep, activity=meeting, guests=[Invited(contact=contact), Invited("a@example.com")], language="fa")
    directions = {mail.to_address: 'dir="ltr"' in mail.body_html for mail in mails()}
    assert directions == {"buyer@example.com": True, "a@example.com": False}
    for guest in meeting.guests.all():
        page = client.get(reverse("invitation", args=[guest.token]))
        assert page.headers["Content-Language"] == ("en" if guest.contact else "fa")


def test_words_of_guests_are_no_html(rep, meeting):
    guests_set(actor=rep, activity=meeting, guests=[Invited("a@example.com", "<b>x</b>")], message="<script>1</script>")
    (message,) = mails()
    assert "<script>" not in message.body_html
    assert "<b>x</b>" not in message.body_html


def test_each_revision_is_told_once(invited, meeting, rep):
    guests_set(actor=rep, activity=meeting, guests=[Invited("sara@example.com", "سارا")], message="نشانی پیوست است")
    assert (len(mails()), tell()) == (1, 0)
    activity_move(actor=rep, activity=again(meeting), due_at=START + HOUR)
    assert changed_invitations_tell() == 0  # a moment to take it back
    assert (tell(), tell()) == (1, 0)
    first, second = mails()
    assert (event_of(first)["UID"], event_of(second)["SEQUENCE"]) == (event_of(second)["UID"], 1)
    assert event_of(second).decoded("dtstart") == START + HOUR
    assert Guest.objects.get().sent_revision == 1


def test_a_move_taken_back_troubles_nobody(invited, meeting, rep):
    activity_move(actor=rep, activity=again(meeting), due_at=START + HOUR)
    activity_move(actor=rep, activity=again(meeting), due_at=START)
    assert tell() == 0
    assert len(mails()) == 1
    assert Invitation.objects.get().changed_at is None


def test_another_time_asks_again_and_another_place_does_not(invited, meeting, rep):
    guest_answer(token=invited.token, answer="accepted")
    row = again(meeting)
    row.location = "دفتر مرکزی"
    activity_update(actor=rep, instance=row)
    assert tell() == 1
    assert Guest.objects.get().answer == Answer.ACCEPTED
    activity_move(actor=rep, activity=again(meeting), due_at=START + HOUR)
    assert tell() == 1
    assert Guest.objects.get().answer == Answer.NONE


def test_inner_changes_are_not_told(invited, meeting, rep):
    row = again(meeting)
    row.text, row.priority = "یادداشت تازه", 4
    activity_update(actor=rep, instance=row)
    assert tell() == 0
    assert len(mails()) == 1


@pytest.mark.parametrize("service", [activity_cancel, activity_delete])
def test_a_cancelled_meeting_is_told_and_its_return_too(invited, meeting, rep, service):
    service(actor=rep, activity=again(meeting))
    assert (tell(), tell()) == (1, 0)
    event = event_of(mails()[-1])
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    with pytest.raises(DomainError):
        guest_answer(token=invited.token, answer="accepted")
    if service is activity_delete:
        restore_from_bin(actor=rep, activity=again(meeting))
        assert tell() == 1
        assert (event_of(mails()[-1])["STATUS"], event_of(mails()[-1])["SEQUENCE"]) == ("CONFIRMED", 2)


def test_who_is_taken_off_the_list_is_told(invited, meeting, rep):
    guests_set(actor=rep, activity=meeting, guests=[Invited("other@example.com")], message="نشانی پیوست است")
    assert [m.to_address for m in mails()] == ["sara@example.com"] * 2 + ["other@example.com"]
    assert event_of(mails()[1])["STATUS"] == "CANCELLED"
    assert [guest.email for guest in meeting.guests.all()] == ["other@example.com"]


def test_ten_thousand_are_refused_before_anything_is_saved(rep, meeting):
    asked = 0

    def crowd() -> Iterator[Invited]:
        nonlocal asked
        for number in range(10_000):
            asked += 1
            yield Invited(f"guest{number}@example.com")

    with pytest.raises(DomainError) as refusal:
        guests_set(actor=rep, activity=meeting, guests=crowd())
    assert (refusal.value.field, refusal.value.code) == ("guests", "too_many")
    assert asked == MAX_GUESTS + 1
    assert not Guest.objects.exists()
    assert not Invitation.objects.exists()
    assert not mails()


def test_two_hundred_are_invited(rep, meeting, django_assert_max_num_queries):
    people = [Invited(f"guest{number}@example.com", f"مهمان {number}") for number in range(MAX_GUESTS)]
    guests_set(actor=rep, activity=meeting, guests=people)
    assert len(mails()) == MAX_GUESTS
    with django_assert_max_num_queries(60):
        activity_move(actor=rep, activity=again(meeting), due_at=START + HOUR)
        assert tell() == MAX_GUESTS


@pytest.mark.parametrize("address", ["", "nonsense", "a@b", "a@example.com\nBcc: x@example.com", "a b@example.com"])
def test_what_is_no_address_is_named_and_nothing_is_saved(rep, meeting, address):
    with pytest.raises(DomainError) as refusal:
        guests_set(actor=rep, activity=meeting, guests=[Invited("good@example.com"), Invited(address, "ناشناس")])
    assert refusal.value.field == "guests"
    assert not Guest.objects.exists()
    assert not mails()


def test_contacts_come_with_their_address_and_only_visible_ones(rep, outsider, meeting):
    contact = ContactFactory(owner=rep, email="buyer@example.com")
    guests_set(actor=rep, activity=meeting, guests=[Invited(contact=contact), Invited("BUYER@example.com")])
    guest = Guest.objects.get()
    assert (guest.email, guest.name, guest.contact) == ("buyer@example.com", str(contact), contact)
    assert [link.obj for link in mails()[0].links.all()] == [contact]
    for hidden in (ContactFactory(owner=outsider, email="x@example.com"), ContactFactory(owner=rep, email="")):
        with pytest.raises(DomainError):
            guests_set(actor=rep, activity=meeting, guests=[Invited(contact=hidden)])


def test_the_end_of_a_repetition_is_told_to_guests_of_later_times(rep):
    soon = timezone.now() + 2 * HOUR
    weekly = activity_plan(actor=rep, kind="meeting", subject="بازدید انبار", due_at=soon)
    recurrence_create(actor=rep, activity=weekly, rule=parse_rule("FREQ=WEEKLY", "gregorian"))
    first, second = Activity.objects.filter(subject="بازدید انبار").order_by("due_at")[:2]
    guests_set(actor=rep, activity=second, guests=[Invited("sara@example.com")])
    recurrence_stop(actor=rep, activity=first)
    assert tell() == 1
    assert event_of(mails()[-1])["STATUS"] == "CANCELLED"


def test_who_may_invite(outsider, rep, meeting, executive):
    for actor in (outsider, executive):
        with pytest.raises(PermissionRefused):
            guests_set(actor=actor, activity=meeting, guests=[Invited("a@example.com")])


def test_what_is_over_or_has_no_time_invites_nobody(rep):
    past = activity_plan(actor=rep, kind="meeting", subject="دیروز", due_at=timezone.now() - 3 * HOUR)
    someday = activity_plan(actor=rep, kind="task", subject="روزی")
    for activity in (past, someday):
        with pytest.raises(DomainError):
            guests_set(actor=rep, activity=activity, guests=[Invited("a@example.com")])
    assert not mails()


def test_answers_are_kept_told_and_changed(invited, meeting, rep):
    guest_answer(token=invited.token, answer="accepted", note="  با همکارم\u200f می‌آیم ")
    guest_answer(token=invited.token, answer="accepted", note="با همکارم می‌آیم")
    guest = Guest.objects.get()
    assert (guest.answer, guest.answered_at is None) == ("accepted", False)
    guest_answer(token=invited.token, answer="declined")
    told = Notification.objects.filter(recipient=rep).order_by("pk").values_list("code", flat=True)
    assert list(told)[-1] == "activity.guest_declined"
    assert "activity.guest_accepted" in list(told)
    entry = audit.entries_of(meeting).first()
    assert (entry.code, entry.actor) == ("activity.guest_declined", None)
    assert "سارا" in audit.sentence(entry)


@pytest.mark.parametrize("answer", ["", "none", "maybe", "ACCEPTED"])
def test_other_words_are_no_answer(invited, answer):
    with pytest.raises(DomainError):
        guest_answer(token=invited.token, answer=answer)
    assert Guest.objects.get().answer == Answer.NONE


def test_colleagues_answer_in_the_product(rep, teammate, outsider):
    meeting = activity_plan(actor=rep, kind="meeting", subject="جلسه", due_at=START, assignees=[rep, teammate])
    assignment_answer(actor=teammate, activity=meeting, answer="tentative")
    assert meeting.assignments.get(user=teammate).answer == "tentative"
    assert Notification.objects.filter(recipient=rep, code="activity.guest_tentative").exists()
    with pytest.raises((DomainError, PermissionRefused)):
        assignment_answer(actor=outsider, activity=meeting, answer="accepted")


def test_it_arrives_over_a_mail_server_as_an_invitation(rep, meeting):
    with mail_server() as server:
        options = {"host": "127.0.0.1", "port": server.port, "security": "none"}
        ChannelAccountFactory(provider="smtp", options=options, is_default=True)
        guests_set(actor=rep, activity=meeting, guests=[Invited("sara@example.com", "سارا")])
        assert outbox_run() == 1
        assert outbox_run() == 0
        (taken,) = server.taken
    assert taken["Reply-To"] == rep.email
    (file,) = taken.iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    calendar = next(part for part in taken.walk() if part.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "REQUEST"
    (event,) = icalendar.Calendar.from_ical(calendar.get_content()).walk("VEVENT")
    assert str(event["SUMMARY"]) == "بازدید انبار"
    assert "می‌آیم" in taken.get_body(["plain"]).get_content()
