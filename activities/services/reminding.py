"""Calling due reminders: each row once, in the order of time, whatever dies meanwhile.

A worker locks a batch of waiting rows, and writes notifications, outbox rows and the new state in one transaction. Killed
before the commit it has done nothing; after it, everything. The database alone knows what is due: a lost message of the
broker loses nothing, for beat asks again.
"""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from activities import reminder_sources
from activities.choices import ReminderState, Status
from activities.models import Activity, Reminder
from activities.reminder_sources import Occasion, Source
from activities.services.reminders import ACTIVITY
from core import notifications
from core.models import Notification
from core.models.base import detail_url
from core.rounds import carry_on
from messaging.services.delivery import deliver_exactly
from users.models import User

logger = logging.getLogger(__name__)

CODE = "activity.reminder"
AHEAD, BEHIND = dt.timedelta(hours=26), dt.timedelta(days=1)
TURN, TURN_SECONDS = "reminders-turn", 3
POSTPONE = dt.timedelta(hours=1)


def reminders_run(limit: int = 20_000, batch: int | None = None) -> int:
    """Call what is due, at most ``limit`` rows in transactions of ``batch``; says how many. Several may run at once."""
    size = batch or settings.REMINDER_BATCH
    total = 0
    while total < limit:
        count = _run_batch(size)
        total += count
        if count < size:
            break
    return total


def reminders_drain() -> int:
    """Call everything that is due, one worker at a time; says how many. What beat asks for every few seconds.

    The turn is a courtesy kept in Valkey: it leaves the other processes to other work and the reminders in strict order.
    Nothing hangs on it: lost, or with two at once, each row is still called once. A dead worker's turn ends by itself.
    """
    if not cache.add(TURN, 1, TURN_SECONDS):
        return 0
    try:
        total = 0
        while (count := reminders_run(limit=settings.REMINDER_BATCH)) == settings.REMINDER_BATCH:
            total += count
            cache.touch(TURN, TURN_SECONDS)
        return total + count
    finally:
        cache.delete(TURN)


def _run_batch(size: int) -> int:
    try:
        with transaction.atomic():
            rows = _claim(size)
            _call(rows)
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing was written, beat asks again
    except Exception:
        logger.exception("a batch of reminders failed; calling them one by one")
        return _one_by_one(size)
    return len(rows)


def _claim(size: int) -> list[Reminder]:
    due = Reminder.objects.filter(state=ReminderState.WAITING, due_at__lte=timezone.now())
    return list(due.order_by("due_at", "pk").select_for_update(of=("self",), skip_locked=True)[:size])


def _one_by_one(size: int) -> int:
    """A row that cannot be called waits an hour, so that it does not stop the others; it is tried again and again."""
    for number in range(size):
        with transaction.atomic():
            rows = _claim(1)
            if not rows:
                return number
            try:
                with transaction.atomic():
                    _call(rows)
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                logger.exception("reminder failed", extra={"reminder": rows[0].pk})
                Reminder.objects.filter(pk=rows[0].pk).update(due_at=F("due_at") + POSTPONE)
    return size


def _call(rows: Sequence[Reminder]) -> None:
    """Tell the people of locked rows and mark the rows as handled."""
    if not rows:
        return
    people = User.objects.filter(pk__in={row.user_id for row in rows}, is_active=True).in_bulk()
    groups: dict[str, list[Reminder]] = defaultdict(list)
    for row in rows:
        if row.user_id in people:
            groups[row.source].append(row)
    by_wish, exactly = [], []
    for code, group in groups.items():
        for row, notice in _notices(code, group):
            if row.activity_id and row.params.get("chosen"):
                exactly.append((notice, row.channel))
            else:
                by_wish.append((row, notice))
    order = {row.pk: place for place, row in enumerate(rows)}
    by_wish.sort(key=lambda pair: order[pair[0].pk])
    if by_wish:
        notifications.send(rows=[notice for _row, notice in by_wish])
    if exactly:
        deliver_exactly(exactly)
    now = timezone.now()
    Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=ReminderState.DONE, handled_at=now, updated_at=now
    )


def _notices(code: str, rows: Sequence[Reminder]) -> Iterable[tuple[Reminder, Notification]]:
    """The notifications of the rows whose record still calls for it."""
    if code == ACTIVITY:
        yield from _activity_notices(rows)
        return
    source = reminder_sources.find(code)
    if source is None:
        return
    kind = ContentType.objects.get_for_model(source.model)
    page = detail_url(source.model._meta.label_lower)
    holding = set(source.holds({row.object_id for row in rows if row.object_id}))
    for row in rows:
        if row.object_id in holding:
            url = page.replace("/0/", f"/{row.object_id}/", 1)
            yield row, _notice(row, code, url, row.params, kind, row.object_id)


def _activity_notices(rows: Sequence[Reminder]) -> Iterable[tuple[Reminder, Notification]]:
    kind = ContentType.objects.get_for_model(Activity)
    open_ones = Activity.objects.filter(pk__in={row.activity_id for row in rows}, status=Status.PLANNED)
    found = open_ones.select_related("owner").in_bulk()
    for row in rows:
        activity = found.get(row.activity_id)
        if activity is not None and activity.due_at is not None:
            params = {"subject": str(activity)[:200], **_when(activity)}
            yield row, _notice(row, CODE, activity.get_absolute_url(), params, kind, activity.pk)


def _when(activity: Activity) -> dict[str, str]:
    """The day of an all-day activity in its owner's zone, else the moment; shown in the reader's calendar."""
    if activity.due_at is None:
        return {}
    if not activity.all_day:
        return {"at": activity.due_at.isoformat()}
    return {"on": activity.due_at.astimezone(activity.zone).date().isoformat()}


def _notice(
    row: Reminder, code: str, url: str, params: dict[str, Any], kind: ContentType, pk: int | None
) -> Notification:
    """Its key carries the moment, so that a reminder that was moved can be called again."""
    return Notification(
        recipient_id=row.user_id,
        code=code,
        url=url,
        params=params,
        content_type=kind,
        object_id=pk,
        key=f"reminder:{row.pk}:{int(row.due_at.timestamp())}",
    )


def sources_plan(now: dt.datetime | None = None) -> int:
    """Write the occasions of the coming day as rows; planning again changes nothing. Says how many rows are new."""
    now = now or timezone.now()
    new = 0
    for source in reminder_sources.all_sources():
        with carry_on(logger, "the occasions of a source could not be planned", source=source.code):
            new += _plan(source, now - BEHIND, now + AHEAD)
    return new


@transaction.atomic
def _plan(source: Source, start: dt.datetime, end: dt.datetime) -> int:
    kind = ContentType.objects.get_for_model(source.model)
    occasions = {f"{source.code}:{o.key}:u{o.user_id}"[:160]: o for o in source.occasions(start, end)}
    known = dict(Reminder.objects.filter(key__in=list(occasions)).values_list("key", "state"))
    new = [_row(source, kind, key, occasion) for key, occasion in occasions.items() if key not in known]
    Reminder.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)
    mine = Reminder.objects.filter(source=source.code)
    mine.filter(key__in=_in_state(known, ReminderState.CANCELLED)).update(state=ReminderState.WAITING)
    waiting = mine.filter(state=ReminderState.WAITING, due_at__gte=start, due_at__lt=end)
    gone = [pk for pk, key in waiting.values_list("pk", "key") if key not in occasions]
    mine.filter(pk__in=gone, state=ReminderState.WAITING).update(state=ReminderState.CANCELLED)
    return len(new)


def _in_state(known: dict[str, str], state: str) -> Collection[str]:
    return [key for key, found in known.items() if found == state]


def _row(source: Source, kind: ContentType, key: str, occasion: Occasion) -> Reminder:
    return Reminder(
        user_id=occasion.user_id,
        source=source.code,
        content_type=kind,
        object_id=occasion.pk,
        params=occasion.params,
        due_at=occasion.due_at,
        key=key,
    )
