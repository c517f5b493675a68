"""What the machinery of reminders forgets at night."""

import datetime as dt
from typing import Final

from django.db.models import Q
from django.utils import timezone

from activities.choices import ReminderState, Status
from activities.models import Digest, Reminder
from core.purging import delete_in_batches

KEEP: Final = dt.timedelta(days=180)


def reminders_purge(now: dt.datetime | None = None) -> int:
    """Forget reminders called or cancelled half a year ago, and which digests were written then; how many rows.

    Those of activities still to be done stay: what they have been reminded of decides what comes next. Sources plan a
    day ahead, so none of theirs comes back.
    """
    moment = (now or timezone.now()) - KEEP
    over = Q(activity=None) | ~Q(activity__status=Status.PLANNED)
    old = Reminder.objects.filter(over, due_at__lt=moment, updated_at__lt=moment).exclude(state=ReminderState.WAITING)
    return delete_in_batches(old) + delete_in_batches(Digest.objects.filter(day__lt=moment.date()))
