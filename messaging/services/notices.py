"""Several notifications of one person as one mail.

A notification by e-mail is first a line, written with what caused it; senders only insert, so none waits for another. A
few minutes later a worker takes all lines of the person and writes one mail into the outbox, in the transaction that marks
them as handled: killed before its end it has written nothing, after it everything.
"""

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from core import display, links, notifications
from core.models import Notification
from core.rounds import carry_on
from messaging.addresses import address_of
from messaging.choices import Channel, Purpose
from messaging.models import NoticeLine, NotificationSettings
from messaging.quiet import person_allowed_from
from messaging.services.queue import NewMessage, messages_queue
from users.models import User

logger = logging.getLogger(__name__)

RANK: Final = 30
SHOWN: Final = 40  # lines of one mail; the rest is a number and a link
PEOPLE: Final = 200


def window() -> dt.timedelta:
    """How long a notification waits for others before its mail is written."""
    return dt.timedelta(seconds=settings.NOTICE_WINDOW)


def notices_keep(rows: Iterable[tuple[Notification, dt.datetime]]) -> None:
    """Note notifications for a mail that is written at the moment given with each; one told before is left out."""
    NoticeLine.objects.bulk_create(
        (
            NoticeLine(
                recipient_id=row.recipient_id,
                code=row.code,
                params=row.params,
                url=links.absolute(row.url) if row.url else "",
                content_type_id=row.content_type_id,
                object_id=row.object_id,
                key=row.key,
                due_at=due_at,
            )
            for row, due_at in rows
        ),
        ignore_conflicts=True,
        batch_size=1000,
    )


def notices_run(now: dt.datetime | None = None, limit: int = PEOPLE) -> int:
    """Write the mails whose time has come; says how many. Any number of workers may run this at once."""
    now = now or timezone.now()
    waiting = NoticeLine.objects.filter(handled_at=None, due_at__lte=now)
    people = waiting.values_list("recipient").annotate(first=Min("due_at")).order_by("first")[:limit]
    written = 0
    for pk, _first in list(people):
        with carry_on(logger, "notifications could not be mailed", user=pk):
            written += _write(pk, now)
    return written


@transaction.atomic
def _write(recipient: int, now: dt.datetime) -> int:
    """One mail of all that waits for the person. A second worker waits here and finds nothing that is due."""
    waiting = NoticeLine.objects.filter(recipient=recipient, handled_at=None)
    lines = list(waiting.select_for_update(of=("self",)).order_by("pk"))
    if not any(line.due_at <= now for line in lines):
        return 0
    NoticeLine.objects.filter(pk__in=[line.pk for line in lines]).update(handled_at=now)
    user = User.objects.filter(pk=recipient, is_active=True).first()
    address = address_of(user, Channel.EMAIL) if user else ""
    if user is None or not address:
        return 0
    wishes = NotificationSettings.objects.filter(user=user).first() or NotificationSettings(user=user)
    not_before = person_allowed_from(wishes, ZoneInfo(user.time_zone), now)
    with display.use(user.display):
        messages_queue(rows=[_mail(user, address, lines, not_before)])
    return 1


def _mail(user: User, address: str, lines: Sequence[NoticeLine], not_before: dt.datetime) -> NewMessage:
    return {
        "channel": Channel.EMAIL,
        "to_address": address,
        "to_name": str(user),
        "subject": _subject(lines)[:300],
        "body": _body(lines),
        "purpose": Purpose.INTERNAL,
        "recipient": user,
        "not_before": not_before,
        "rank": RANK,
    }


def _subject(lines: Sequence[NoticeLine]) -> str:
    first = _sentence(lines[0])
    if len(lines) == 1:
        return first
    text = ngettext("%(count)s notification: %(first)s", "%(count)s notifications: %(first)s", len(lines))
    return text % {"count": display.local_digits(str(len(lines))), "first": first}


def _body(lines: Sequence[NoticeLine]) -> str:
    """The sentences, those about one record together with its link, in the order in which they came up."""
    groups: dict[tuple[int | None, int | None], list[NoticeLine]] = {}
    for line in lines[:SHOWN]:
        about = (line.content_type_id, line.object_id) if line.content_type_id else (None, line.pk)
        groups.setdefault(about, []).append(line)
    parts = [_group(group) for group in groups.values()]
    more = len(lines) - SHOWN
    if more > 0:
        words = ngettext("and %(count)s more notification", "and %(count)s more notifications", more)
        words %= {"count": display.local_digits(str(more))}
        parts.append(f"{words}\n\n{urljoin(lines[0].url or links.site_url(), reverse('notification_list'))}")
    return "\n\n".join(parts)


def _group(lines: Sequence[NoticeLine]) -> str:
    """Sentences with the same link stand above it; a sentence told several times stands once."""
    found: dict[str, dict[str, None]] = {}
    for line in lines:
        found.setdefault(line.url, {})[_sentence(line)] = None
    return "\n\n".join("\n".join(sentences) + (f"\n\n{url}" if url else "") for url, sentences in found.items())


def _sentence(line: NoticeLine) -> str:
    return notifications.sentence(Notification(code=line.code, params=line.params))
