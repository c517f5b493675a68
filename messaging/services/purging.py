"""What the machinery of messages forgets at night. The messages themselves stay, and so does what people still decide on."""

import datetime as dt
from typing import Final

from django.db.models import Q
from django.utils import timezone

from core.purging import delete_in_batches, in_batches
from messaging.choices import State
from messaging.models import Incoming, MessageAttempt, NoticeLine

KEEP_REPORTS: Final = dt.timedelta(days=90)
KEEP_NOT_UNDERSTOOD: Final = dt.timedelta(days=365)
KEEP_ATTEMPTS: Final = dt.timedelta(days=180)
OVER: Final = (State.SENT, State.DELIVERED, State.CANCELLED)


def incoming_purge(now: dt.datetime | None = None) -> int:
    """Forget what providers said three months ago; how many rows.

    Of what has a number at the provider the row stays, emptied: some tell their latest messages again for years, and a
    message must not come in twice. What was not understood stays for a year, what was not worked on for good.
    """
    moment = now or timezone.now()
    old = Incoming.objects.filter(
        Q(error="", handled_at__lt=moment - KEEP_REPORTS) | Q(handled_at__lt=moment - KEEP_NOT_UNDERSTOOD)
    )
    numbered = old.exclude(key="").exclude(payload={})
    return in_batches(numbered, lambda rows: rows.update(payload={})) + delete_in_batches(old.filter(key=""))


def notices_purge(now: dt.datetime | None = None) -> int:
    """Forget which notifications were mailed half a year ago; how many rows."""
    return delete_in_batches(NoticeLine.objects.filter(handled_at__lt=(now or timezone.now()) - KEEP_ATTEMPTS))


def attempts_purge(now: dt.datetime | None = None) -> int:
    """Forget how messages were tried half a year ago, once nothing more can come of them; how many rows."""
    old = MessageAttempt.objects.filter(at__lt=(now or timezone.now()) - KEEP_ATTEMPTS)
    return delete_in_batches(old.filter(message__state__in=OVER))
