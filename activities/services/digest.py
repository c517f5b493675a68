"""The morning digest: what the day brings, once a day to everyone who wants it, in the reader's own words and time."""

import datetime as dt
import logging

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.digest_sections import Part, Section, all_sections
from activities.models import Digest
from core import display, links, working_time
from core.rounds import carry_on
from messaging.addresses import address_of
from messaging.choices import Channel, Purpose
from messaging.models import NotificationSettings
from messaging.quiet import as_time
from messaging.services import NewMessage, messages_queue
from users.models import User

logger = logging.getLogger(__name__)

GRACE = dt.timedelta(hours=4)
RANK = 40


def digests_run(now: dt.datetime | None = None) -> int:
    """Write the digests whose time has come, each in a transaction of its own; says how many were sent.

    Called by beat every few minutes. After a breakdown a digest still comes up to four hours late, then not at all.
    """
    now = now or timezone.now()
    found = {s.user_id: s for s in NotificationSettings.objects.all()}
    since = (now - dt.timedelta(days=2)).date()
    have = set(Digest.objects.filter(day__gte=since).values_list("user_id", "day"))
    sent = 0
    for user in User.objects.filter(is_active=True).order_by("pk"):
        with carry_on(logger, "digest failed", user=user.pk):
            day = day_due(user, found.get(user.pk) or NotificationSettings(user=user), now)
            if day is not None and (user.pk, day) not in have:
                sent += digest_write(user=user, day=day, now=now)
    return sent


def day_due(user: User, settings: NotificationSettings, now: dt.datetime) -> dt.date | None:
    """The person's date when the digest is due right now, else None."""
    local = now.astimezone(user.display.tz)
    day = local.date()
    due = working_time.at_wall_clock(day, as_time(settings.digest_at), user.display.tz)
    if not settings.digest or not due <= now < due + GRACE:
        return None
    if settings.only_working_days and not working_time.current().is_working_day(day):
        return None
    return day


@transaction.atomic
def digest_write(*, user: User, day: dt.date, now: dt.datetime | None = None) -> bool:
    """Put the person's digest of the day into the outbox; whether there was one to send.

    The row of the day is the claim: a second worker finds it and does nothing, a dead one takes it back with its
    transaction. A day that brings nothing pressing is left in peace.
    """
    _row, made = Digest.objects.get_or_create(user=user, day=day)
    address = address_of(user, Channel.EMAIL)
    if not made or not address:
        return False
    with display.use(user.display):
        parts = sections_of(user, now or timezone.now())
        if not any(section.urgent for section, _part in parts):
            return False
        messages_queue(rows=[_message(user, day, address, parts)])
    return True


def sections_of(user: User, now: dt.datetime) -> list[tuple[Section, Part]]:
    """The sections that have something to say."""
    found = [(section, section.find(user, now)) for section in all_sections()]
    return [(section, part) for section, part in found if part.total]


def _message(user: User, day: dt.date, address: str, parts: list[tuple[Section, Part]]) -> NewMessage:
    context = {
        "user": user,
        "day": day,
        "parts": [{"title": s.title, "part": p, "more": p.total - len(p.lines)} for s, p in parts],
        "site": links.site_url(),
        "direction": "rtl" if user.language == "fa" else "ltr",
    }
    subject = _("Your day: %(date)s") % {"date": display.format_date(day, "full")}
    return {
        "channel": Channel.EMAIL,
        "to_address": address,
        "to_name": str(user),
        "subject": subject,
        "body": render_to_string("activities/mail/digest.txt", context),
        "body_html": render_to_string("activities/mail/digest.html", {**context, "subject": subject}),
        "purpose": Purpose.INTERNAL,
        "recipient": user,
        "rank": RANK,
        "idempotency_key": f"digest:{user.pk}:{day}",
    }
