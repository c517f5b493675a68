"""The mail a guest gets: words in the guest's language, both calendars, three links, and the calendar file."""

from django.template.loader import render_to_string
from django.urls import reverse

from activities.ics.write import Entry, Person, calendar_file
from activities.models import Activity, Guest, Invitation
from activities.selectors.feeds import uid_of
from activities.selectors.invitations import WORDS, guest_display, guest_language, when
from core import display, links, organisation
from messaging.choices import Channel, Purpose
from messaging.services import AttachedFile, NewMessage

NEW, CHANGED, CANCELLED = "new", "changed", "cancelled"
METHODS = {NEW: "REQUEST", CHANGED: "REQUEST", CANCELLED: "CANCEL"}


def answer_url(guest: Guest, answer: str = "") -> str:
    """The address of the guest's own page, with an answer proposed."""
    address = links.absolute(reverse("invitation", args=[guest.token]))
    return f"{address}?answer={answer}" if answer else address


def mail(guest: Guest, invitation: Invitation, activity: Activity, what: str, revision: int) -> NewMessage:
    """The message to one guest; ``what`` is NEW, CHANGED or CANCELLED."""
    language = guest_language(guest, invitation)
    with display.use(guest_display(language, activity.zone)):
        context = {
            "guest": guest,
            "activity": activity,
            "invitation": invitation,
            "what": what,
            "when": when(activity),
            "organiser": activity.owner,
            "organisation": organisation.current()["name"],
            "links": [(answer, label, answer_url(guest, answer)) for answer, label in WORDS.items()],
            "direction": "rtl" if language == "fa" else "ltr",
            "language": language,
        }
        subject = " ".join(render_to_string("activities/mail/guest_subject.txt", context).split())
        body = render_to_string("activities/mail/guest_body.txt", context).strip()
        body_html = render_to_string("activities/mail/guest_body.html", context)
        content = guest_calendar(guest, invitation, activity, METHODS[what], revision)
    file = AttachedFile("invite.ics", f"text/calendar; charset=utf-8; method={METHODS[what]}", content)
    return {
        "channel": Channel.EMAIL,
        "to_address": guest.email,
        "to_name": guest.name,
        "subject": subject,
        "body": body,
        "body_html": body_html,
        "purpose": Purpose.CONVERSATION,
        "records": [guest.contact] if guest.contact and not activity.is_private else [],
        "is_private": activity.is_private,
        "attachments": [file],
        "idempotency_key": f"invitation:{guest.pk}:{revision}:{METHODS[what]}",
    }


def guest_calendar(guest: Guest, invitation: Invitation, activity: Activity, method: str, revision: int) -> bytes:
    """The calendar file of one guest; it names the organiser and this guest, nobody else."""
    owner = activity.owner
    entry = Entry(
        uid=uid_of(activity),
        summary=str(activity),
        changed_at=activity.updated_at,
        starts_at=activity.due_at,
        ends_at=activity.ends_at,
        all_day=activity.all_day,
        zone=activity.zone,
        sequence=revision,
        text="\n\n".join(part for part in (invitation.message, answer_url(guest)) if part),
        location=activity.location,
        url=answer_url(guest),
        status="CANCELLED" if method == "CANCEL" else "CONFIRMED",
        organizer=Person(owner.email, str(owner)) if owner else None,
        attendees=[Person(guest.email, guest.name, guest.answer)],
    )
    return calendar_file([entry], method=method)
