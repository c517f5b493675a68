"""Sample guests of sample meetings, with answers. No mail goes out for them."""

import datetime as dt
import random
import secrets
from typing import Any

from django.contrib.contenttypes.models import ContentType

from accounts.models import Contact
from activities.choices import Answer, Kind, Status
from activities.models import Activity, ActivityLink, Guest, Invitation
from activities.services.invitations import fingerprint
from demo import words
from opportunities.models import Opportunity

MEETINGS = 12
ANSWERS = (Answer.ACCEPTED, Answer.ACCEPTED, Answer.TENTATIVE, Answer.DECLINED, Answer.NONE)
NOTES = {Answer.ACCEPTED: words.GUEST_COMES, Answer.DECLINED: words.GUEST_STAYS}


def make_guests(rng: random.Random, now: dt.datetime) -> None:
    """Invite the customer's person to the next meetings about deals, as if it had been done yesterday."""
    rows = Activity.objects.filter(is_sample=True, kind=Kind.MEETING, status=Status.PLANNED, due_at__gt=now)
    meetings = list(rows.select_related("owner").order_by("due_at", "pk")[: MEETINGS * 2])
    people = _people(meetings)
    asked = now - dt.timedelta(days=1)
    for number, meeting in enumerate(m for m in meetings if m.pk in people):
        contact, answer = people[meeting.pk], ANSWERS[number % len(ANSWERS)]
        invitation = Invitation(activity=meeting, created_at=asked)
        invitation.told = fingerprint(meeting, invitation)
        invitation.save()
        Guest.objects.create(
            activity=meeting,
            contact=contact,
            name=str(contact),
            email=contact.email,
            token=secrets.token_urlsafe(32),
            answer=answer,
            answered_at=asked + dt.timedelta(hours=rng.randrange(1, 20)) if answer != Answer.NONE else None,
            note=NOTES.get(answer, ""),
            sent_revision=0,
            created_at=asked,
        )


def _people(meetings: list[Activity]) -> dict[int, Any]:
    """The contact of the deal each meeting is about, where there is one with an address."""
    kind = ContentType.objects.get_for_model(Opportunity)
    links = ActivityLink.objects.filter(activity__in=[m.pk for m in meetings], content_type=kind)
    deals = dict(links.values_list("activity", "object_id"))
    known = dict(Opportunity.objects.filter(pk__in=deals.values()).values_list("pk", "contact_id"))
    contacts = Contact.objects.exclude(email="").in_bulk([pk for pk in known.values() if pk])
    return {key: contacts[known[deal]] for key, deal in deals.items() if known.get(deal) in contacts}
