"""What a calendar feed holds: the activities of one person, written for calendar programs."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.choices import PLANNED_KINDS, Answer, Kind, Status, TasksInFeed
from activities.ics.write import Entry, calendar_file
from activities.models import Activity, Assignment, FeedToken, Recurrence, Reminder
from activities.recurrence import occurrences
from activities.selectors.activities import records_of
from core import display, links, organisation, rich_text
from core.hiding import blanked
from core.policies import can
from core.working_time import end_from

PAST, FUTURE = dt.timedelta(days=90), dt.timedelta(days=365)
LIMIT = 5_000
SERIES_LIMIT = 370  # single dates of one repetition
UNWRITTEN = ("X-WORKDAY", "SKIP=", "RSCALE=")
SHORTEST = dt.timedelta(minutes=30)
MEETINGS = (Kind.MEETING, Kind.CALL)


def feed_by_digest(digest: str) -> FeedToken | None:
    """The feed of the secret with this hash, if it is not revoked and its owner still works here with activities."""
    rows = FeedToken.objects.select_related("user").filter(digest=digest, revoked_at=None, user__is_active=True)
    feed = rows.first()
    return feed if feed is not None and can(feed.user, "view", Activity) else None


def uid_of(activity: Activity) -> str:
    """The calendar id, the same for ever: the one it was imported with, else made of its key."""
    return activity.uid or f"activity-{activity.pk}@{links.site_host()}"


def feed_file(feed: FeedToken, *, now: dt.datetime | None = None) -> bytes:
    """The calendar of the feed's owner, from 90 days ago to a year ahead, at most LIMIT entries. At most 9 queries.

    One's own and what one was given (unless declined), private ones too. Runs in the owner's language and calendar.
    """
    now = now or timezone.now()
    with display.use(feed.user.display):
        hidden = feed.user.hidden_fields(Activity._meta.label_lower) & {"text", "location"}
        rows = [blanked(row, hidden) for row in _rows(feed, now)]
        entries = [*_entries(feed, rows), *_coming(feed, rows, now)]
        name = f"{organisation.current()['name']}: {feed.user}"
    entries.sort(key=lambda entry: (str(entry.starts_at), entry.uid))
    return calendar_file(entries, method="PUBLISH", name=name, zone=feed.user.time_zone)


def _rows(feed: FeedToken, now: dt.datetime) -> list[Activity]:
    mine = Assignment.objects.filter(activity=OuterRef("pk"), user=feed.user_id)
    rows = Activity.objects.filter(
        Q(owner=feed.user_id) | Exists(mine.exclude(answer=Answer.DECLINED)),
        due_at__gte=now - PAST,
        due_at__lte=now + FUTURE,
        kind__in=MEETINGS if feed.tasks == TasksInFeed.NONE else PLANNED_KINDS,
    )
    rows = rows.exclude(status=Status.CANCELLED).select_related("owner", "recurrence", "invitation")
    return list(rows.order_by("due_at", "pk")[:LIMIT])


def _entries(feed: FeedToken, rows: list[Activity]) -> Iterator[Entry]:
    about = records_of(rows, user=feed.user)
    alarms: dict[int, set[int]] = {}
    reminders = Reminder.objects.filter(user=feed.user_id, activity__in=[row.pk for row in rows], source="activity")
    for key, minutes in reminders.values_list("activity", "minutes_before"):
        alarms.setdefault(key, set()).add(minutes)
    for row in rows:
        entry = _entry(feed, row)
        entry.uid, entry.sequence = uid_of(row), getattr(getattr(row, "invitation", None), "revision", 0)
        entry.url = links.absolute(row.get_absolute_url())
        words = [rich_text.plain(row.text), *(str(record) for record in about.get(row.pk, ())), entry.url]
        entry.text = "\n".join(part for part in words if part)
        entry.alarms = sorted(alarms.get(row.pk, ())) if row.is_open and not row.all_day else ()
        yield entry


def _entry(feed: FeedToken, row: Activity) -> Entry:
    """What an activity and its later repetitions have in common."""
    as_task = feed.tasks == TasksInFeed.TASKS and row.kind not in MEETINGS
    done = row.status == Status.DONE
    return Entry(
        uid="",
        summary=f"✓ {row}" if done and not as_task else str(row),
        changed_at=row.updated_at,
        starts_at=row.due_at,
        ends_at=_end(row),
        all_day=row.all_day,
        zone=row.zone,
        as_task=as_task,
        location=row.location,
        is_private=row.is_private,
        is_busy=row.kind in MEETINGS and not done,
        priority=row.priority,
        done_at=row.done_at,
    )


def _end(row: Activity) -> dt.datetime | None:
    """The end, so that a calendar has something to draw: by the duration, else half an hour."""
    if row.ends_at or row.all_day or row.due_at is None:
        return row.ends_at
    return row.due_at + max(dt.timedelta(minutes=row.duration or 0), SHORTEST)


def _coming(feed: FeedToken, rows: Iterable[Activity], now: dt.datetime) -> Iterator[Entry]:
    """Repetitions beyond what is planned already: an RRULE in the Gregorian calendar, single dates else."""
    latest: dict[int, Activity] = {}
    for row in rows:
        if row.recurrence_id and row.owner_id == feed.user_id:
            latest[row.recurrence_id] = row
    for row in latest.values():
        recurrence = row.recurrence
        if recurrence is None or not recurrence.is_active or recurrence.made_until is None or row.due_at is None:
            continue
        yield from _series(feed, row, recurrence, now)


def _series(feed: FeedToken, row: Activity, recurrence: Recurrence, now: dt.datetime) -> Iterator[Entry]:
    rule = recurrence.parsed
    zone, made = recurrence.zone, recurrence.made_until or now
    found = enumerate(occurrences(rule, recurrence.starts_at, zone, before=now + FUTURE))
    coming = ((number, moment) for number, moment in found if moment > made)
    if recurrence.calendar == "gregorian" and not any(mark in recurrence.rule for mark in UNWRITTEN):
        number, moment = next(coming, (0, None))
        if moment is not None:
            text = recurrence.rule
            if rule.count:
                text = text.replace(f"COUNT={rule.count}", f"COUNT={rule.count - number}")
            yield _later(feed, row, moment, zone, f"series-{recurrence.pk}", text)
        return
    for _number, moment in islice(takewhile(lambda one: one[1] <= now + FUTURE, coming), SERIES_LIMIT):
        yield _later(feed, row, moment, zone, f"series-{recurrence.pk}-{moment:%Y%m%d}")


def _later(feed: FeedToken, row: Activity, moment: dt.datetime, zone: ZoneInfo, name: str, rule: str = "") -> Entry:
    entry = _entry(feed, row)
    entry.uid, entry.rule, entry.zone = f"{name}@{links.site_host()}", rule, zone
    entry.summary, entry.done_at = str(row), None
    entry.is_busy = row.kind in MEETINGS
    entry.text = _("Repeats; planned by itself as its time comes near.")
    if entry.ends_at:
        begin = row.due_at or moment
        entry.ends_at = end_from(moment, due_at=begin, ends_at=entry.ends_at, all_day=row.all_day, zone=zone)
    entry.starts_at = moment
    return entry


def feeds_of(user: Any) -> list[FeedToken]:
    """The user's feeds that are not revoked, the newest first."""
    return list(FeedToken.objects.for_user(user, "view").filter(revoked_at=None).order_by("-pk"))
