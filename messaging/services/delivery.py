"""Notifications by e-mail and SMS: who wants which kind where, what is muted, and when nobody is to be disturbed."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from core import display, links, notifications
from core.models import Notification
from messaging.addresses import address_of
from messaging.choices import Channel, Purpose
from messaging.models import Mute, NotificationPreference, NotificationSettings
from messaging.quiet import person_allowed_from
from messaging.services.notices import RANK, notices_keep, window
from messaging.services.queue import NewMessage, messages_queue
from users.models import User

CHANNELS = (notifications.APP, notifications.EMAIL, notifications.SMS)


@dataclass
class Wishes:
    """What some people want to hear, where and when; read at once for all of them."""

    choices: dict[tuple[int, str, str], bool] = field(default_factory=dict)
    settings: dict[int, NotificationSettings] = field(default_factory=dict)
    muted: set[tuple[int, int, int]] = field(default_factory=set)

    @classmethod
    def of(cls, rows: Sequence[Notification]) -> "Wishes":
        """The wishes of the recipients about these notifications: three statements for any number."""
        people = {row.recipient_id for row in rows}
        chosen = NotificationPreference.objects.filter(user__in=people, code__in={row.code for row in rows})
        return cls(
            choices={(p.user_id, p.code, p.channel): p.is_on for p in chosen},
            settings={s.user_id: s for s in NotificationSettings.objects.filter(user__in=people)},
            muted=muted_records(rows),
        )

    def wants(self, row: Notification, channel: str) -> bool:
        """Whether the recipient wants this kind of notification on the channel."""
        default = channel in notifications.kind_of(row.code).channels
        return self.choices.get((row.recipient_id, row.code, channel), default)

    def is_muted(self, row: Notification) -> bool:
        """Whether the recipient wants to hear nothing about the record."""
        return (row.recipient_id, row.content_type_id, row.object_id) in self.muted

    def allowed_from(self, user: User, moment: dt.datetime) -> dt.datetime:
        """The first moment, not before this one, at which the person may be disturbed by e-mail or SMS."""
        found = self.settings.get(user.pk) or NotificationSettings(user=user)
        return person_allowed_from(found, ZoneInfo(user.time_zone), moment)


def muted_records(rows: Iterable[Notification]) -> set[tuple[int, int, int]]:
    """(user, kind of record, record) of what the recipients have muted at the moment."""
    about = [row for row in rows if row.content_type_id]
    if not about:
        return set()
    mutes = Mute.objects.filter(
        Q(until=None) | Q(until__gt=timezone.now()),
        user__in={row.recipient_id for row in about},
        object_id__in={row.object_id for row in about},
    )
    return set(mutes.values_list("user_id", "content_type_id", "object_id"))


def route(rows: list[Notification]) -> list[Notification]:
    """Hand new notifications to e-mail and SMS as their recipients wish; gives back what the bell shows.

    E-mails wait a few minutes for others to the same person, those of urgent kinds do not. Registered with
    ``core.notifications.deliver_with``; runs inside the sender's transaction.
    """
    wishes = Wishes.of(rows)
    heard = [row for row in rows if not wishes.is_muted(row)]
    wanted = [(row, channel) for row in heard for channel in CHANNELS[1:] if wishes.wants(row, channel)]
    send_out([pair for pair in wanted if not _may_wait(*pair)], wishes)
    gather([row for row, channel in wanted if _may_wait(row, channel)], wishes)
    return [row for row in heard if wishes.wants(row, notifications.APP)]


def deliver_exactly(pairs: Sequence[tuple[Notification, str]]) -> None:
    """Deliver each notification on the one channel its recipient chose for it; only what is muted is left out."""
    wishes = Wishes.of([row for row, _channel in pairs])
    heard = [(row, channel) for row, channel in pairs if not wishes.is_muted(row)]
    notifications.keep([row for row, channel in heard if channel == notifications.APP])
    send_out([(row, channel) for row, channel in heard if channel != notifications.APP], wishes)


def _may_wait(row: Notification, channel: str) -> bool:
    return channel == notifications.EMAIL and not notifications.kind_of(row.code).urgent


def gather(rows: Sequence[Notification], wishes: Wishes) -> None:
    """Keep notifications for a mail with whatever else comes up for the person, when the person may be disturbed."""
    if not rows:
        return
    people = User.objects.in_bulk({row.recipient_id for row in rows})
    soon = timezone.now() + window()
    moments = {pk: wishes.allowed_from(user, soon) for pk, user in people.items()}
    notices_keep((row, moments[row.recipient_id]) for row in rows)


def send_out(wanted: Sequence[tuple[Notification, str]], wishes: Wishes) -> None:
    """Put notifications into the outbox as messages to colleagues, in their language, when they may be disturbed."""
    if not wanted:
        return
    people = User.objects.in_bulk({row.recipient_id for row, _channel in wanted})
    now = timezone.now()
    moments = {pk: wishes.allowed_from(user, now) for pk, user in people.items()}
    found = (message(row, channel, people[row.recipient_id], moments[row.recipient_id]) for row, channel in wanted)
    messages_queue(rows=[one for one in found if one is not None])


def message(row: Notification, channel: str, user: User, not_before: dt.datetime) -> NewMessage | None:
    """The notification as a message to its recipient; None for a person who cannot be reached there."""
    address = address_of(user, channel)
    if not address:
        return None
    with display.use(user.display):
        text = notifications.sentence(row)
    link = links.absolute(row.url) if row.url else ""
    return {
        "channel": channel,
        "to_address": address,
        "to_name": str(user),
        "subject": text[:300],
        "body": f"{text}\n\n{link}".strip() if channel == Channel.EMAIL else text,
        "purpose": Purpose.INTERNAL,
        "recipient": user,
        "not_before": not_before,
        "rank": RANK,
        "idempotency_key": f"notice:{channel}:{row.recipient_id}:{row.key}"[:120] if row.key else None,
    }
