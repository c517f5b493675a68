"""Repeating activities: beginning, changing and ending a repetition, and making its occurrences.

A repetition is worked on ahead: its occurrences of the next HORIZON, AHEAD of them at most, are rows like any other,
and there is always at least the next one. They are made under the lock of the repetition and unique by (recurrence, occurrence).
"""

import datetime as dt
import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.choices import Status
from activities.events import ActivityDeleted, ActivityEvent, ActivityPlanned
from activities.models import Activity, ActivityLink, Assignment, ChecklistItem, Guest, Recurrence, Watch
from activities.recurrence import Frequency, Rule, Workday, next_occurrence, occurrences
from activities.selectors.activities import activity_records
from activities.services.base import actor_key, locked, shown_on, title
from activities.services.left_out import days_without, leave_out_days
from activities.services.moving import activity_move
from activities.services.next_step import next_step_refresh
from core import audit, events, hosts
from core.calendar.jalali import weekday_index, year_month_day
from core.errors import DomainError
from core.policies import can
from core.rounds import carry_on
from core.services import lock
from core.working_time import end_from

logger = logging.getLogger(__name__)

HORIZON: Final = dt.timedelta(days=60)
AHEAD: Final = 20
FINISHED: Final = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
COPIED: Final = (
    "kind",
    "subject",
    "text",
    "priority",
    "direction",
    "all_day",
    "duration",
    "location",
    "is_private",
    "owner_id",
    "team_id",
    "created_by_id",
    "is_sample",
)
WORDS: Final = ("kind", "subject", "text", "priority", "location", "is_private")


@transaction.atomic
def recurrence_create(*, actor: Any, activity: Activity, rule: Rule) -> Recurrence:
    """Let a planned activity come again by a rule, on the wall clock of its owner.

    The activity itself is the first occurrence: it moves to the rule's first day. Raises PermissionRefused, or
    DomainError for an activity that cannot repeat and for a rule that never comes.
    """
    current = locked(actor, activity)
    if current.recurrence_id and current.recurrence is not None and current.recurrence.is_active:
        raise DomainError(_("This activity repeats already. Change its repetition instead."), field="rule")
    return _begin(actor, current, rule, "activity.repeated")


@transaction.atomic
def recurrence_update(
    *, actor: Any, activity: Activity, rule: Rule | None = None, everywhere: bool = False
) -> Recurrence:
    """Make this occurrence, as it is saved now, the pattern of those after it, with its rule or another one.

    Open later occurrences are made anew; what was done stays, and where one was done, cancelled or deleted none is made
    again. ``everywhere`` gives its words to earlier open ones too. Raises PermissionRefused or DomainError.
    """
    current = locked(actor, activity)
    old = _repetition_of(current)
    before = old.parsed
    moves = rule is not None and _without_end(rule) != _without_end(before)
    wanted = _rest_of(_explicit(before, old), old, current)
    if rule is not None:
        wanted = rule if moves else replace(wanted, count=rule.count, until=rule.until)
    if everywhere:
        _spread_words(current, old)
    without = days_without(current, old)
    _end(actor, current, old)
    return _begin(actor, current, wanted, "activity.repetition_changed", moves=moves, without=without)


@transaction.atomic
def recurrence_stop(*, actor: Any, activity: Activity) -> int:
    """End the repetition with this occurrence; open later ones go. Returns how many went.

    Raises PermissionRefused or DomainError.
    """
    current = locked(actor, activity)
    old = _repetition_of(current)
    records = activity_records(current, user=None)
    params = {"subject": title(current)}
    with audit.action(
        "activity.repetition_ended", actor=actor, obj=current, related=shown_on(current, records), params=params
    ):
        return _end(actor, current, old)


def _repetition_of(activity: Activity) -> Recurrence:
    if activity.recurrence_id is None or activity.recurrence is None or not activity.recurrence.is_active:
        raise DomainError(_("This activity does not repeat."), code="no_recurrence")
    return lock(activity.recurrence)


def _without_end(rule: Rule) -> Rule:
    return replace(rule, count=None, until=None)


def _explicit(rule: Rule, recurrence: Recurrence) -> Rule:
    """The rule with the days it took from its beginning written out, so that it may begin anew on another day.

    An occurrence that was moved off a day off, or by hand, does not change which day of the month is meant.
    """
    if rule.by_day or rule.by_month_day or rule.workday == Workday.ONLY or rule.freq == Frequency.DAILY:
        return rule
    anchor = recurrence.anchor
    _year, month, day = year_month_day(anchor, rule.calendar)
    if rule.freq == Frequency.WEEKLY:
        return replace(rule, by_day=((0, weekday_index(anchor)),))
    months = rule.by_month or ((month,) if rule.freq == Frequency.YEARLY else ())
    return replace(rule, by_month=months, by_month_day=(day,))


def _rest_of(rule: Rule, recurrence: Recurrence, activity: Activity) -> Rule:
    """The rule with the times that are left of its COUNT, this one included."""
    if rule.count is None or activity.occurrence is None:
        return rule
    zone = recurrence.zone
    known = occurrences(rule, recurrence.starts_at, zone, before=activity.occurrence)
    return replace(rule, count=max(1, rule.count + 1 - sum(1 for _moment in known)))


def _begin(
    actor: Any, activity: Activity, rule: Rule, code: str, *, moves: bool = True, without: Collection[dt.date] = ()
) -> Recurrence:
    """Store the rule, move the activity to its first day (unless it stays where it is) and make what comes next."""
    _check_can_repeat(activity)
    owner, starts_at = activity.owner, activity.due_at
    if owner is None or starts_at is None:
        raise AssertionError("checked above")
    zone = ZoneInfo(owner.time_zone)
    first = next_occurrence(rule, starts_at, zone, after=starts_at - dt.timedelta(days=366))
    if moves and first is None:
        raise DomainError(_("By this rule it would never come. Choose a day that exists."), field="rule", code="empty")
    if first is None or not moves:
        rule, first = _counted(rule, first, starts_at, zone), starts_at
    recurrence = Recurrence.objects.create(
        rule=str(rule), calendar=rule.calendar, starts_at=starts_at, time_zone=owner.time_zone
    )
    if first != activity.due_at:
        activity = activity_move(actor=actor, activity=activity, due_at=first)
    records = activity_records(activity, user=None)
    params = {"subject": title(activity)}
    with audit.action(code, actor=actor, obj=activity, related=shown_on(activity, records), params=params):
        activity.recurrence, activity.occurrence = recurrence, first
        activity.save(update_fields=["recurrence", "occurrence"])
        leave_out_days(recurrence, activity, without)
        occurrences_make(recurrence=recurrence, after=first)
    return recurrence


def _counted(rule: Rule, first: dt.datetime | None, stays: dt.datetime, zone: ZoneInfo) -> Rule:
    """The rule for an activity that stays on a day of its own: it is one of the COUNT although the rule does not say it."""
    if rule.count is None or first == stays:
        return rule
    if rule.count > 1:
        return replace(rule, count=rule.count - 1)
    return replace(rule, count=None, until=stays.astimezone(zone).date())


def _check_can_repeat(activity: Activity) -> None:
    if not activity.is_open:
        raise DomainError(_("Only an open activity can repeat."), field="rule", code="closed")
    if activity.due_at is None:
        raise DomainError(_("Say when it is due first: a repetition begins on a day."), field="due_at")
    if activity.run_id is not None:
        raise DomainError(_("A step of a sequence does not repeat."), field="rule", code="sequence")
    if activity.owner is None:
        raise DomainError(_("Say who answers for it."), field="owner")


def _later(activity: Activity, recurrence: Recurrence) -> models.QuerySet[Activity]:
    rows = Activity.objects.filter(recurrence=recurrence, status=Status.PLANNED).exclude(pk=activity.pk)
    return rows.filter(occurrence__gt=activity.occurrence) if activity.occurrence else rows


def _spread_words(activity: Activity, recurrence: Recurrence) -> None:
    earlier = Activity.objects.filter(recurrence=recurrence, status=Status.PLANNED).exclude(pk=activity.pk)
    earlier.update(**{name: getattr(activity, name) for name in WORDS}, version=models.F("version") + 1)


def _end(actor: Any, activity: Activity, recurrence: Recurrence) -> int:
    """Close a repetition here; later open occurrences go: those nobody touched for good, others to the bin."""
    recurrence.is_active = False
    recurrence.save(update_fields=["is_active", "updated_at"])
    gone = list(_later(activity, recurrence).select_for_update(of=("self",)).order_by("pk"))
    keys = [row.pk for row in gone]
    records = activity_records(activity, user=None)
    touched = set(
        Assignment.objects.filter(activity__in=keys, done_at__isnull=False).values_list("activity", flat=True)
    )
    touched |= set(
        ChecklistItem.objects.filter(activity__in=keys, done_at__isnull=False).values_list("activity", flat=True)
    )
    touched |= set(Guest.objects.filter(activity__in=keys).values_list("activity", flat=True))  # they must be told
    kept = [row.pk for row in gone if row.version > 1 or row.pk in touched]
    Activity.objects.filter(pk__in=kept).update(deleted_at=timezone.now(), deleted_by=actor)
    for key in kept:
        events.publish(ActivityDeleted(activity_id=key, actor_id=actor_key(actor)))
    untouched = [key for key in keys if key not in kept]
    kind = ContentType.objects.get_for_model(Activity)
    Watch.objects.filter(content_type=kind, object_id__in=untouched).delete()
    Activity.objects.filter(pk__in=untouched).delete()
    next_step_refresh(records)
    return len(keys)


@transaction.atomic
def occurrences_make(*, recurrence: Recurrence, after: dt.datetime | None = None, wait: bool = True) -> int:
    """Make the occurrences of the next HORIZON that are missing, and at least the next one. Returns how many.

    What lies in the past is not made up for. Called as often as one likes, by as many as like: the second finds nothing
    to do. A repetition whose owner has left, or whose deal is closed, rests until that is over. Without ``wait`` one that
    somebody else has under lock is left to him.
    """
    row = Recurrence.objects.select_for_update(skip_locked=not wait).filter(pk=recurrence.pk, is_active=True).first()
    pattern = _pattern_of(row) if row is not None else None
    if row is None or pattern is None or not _is_wanted(pattern):
        return 0
    now = timezone.now()
    begun = max(filter(None, (row.made_until, after, now)))
    missing = _missing(row, begun, now)
    moments = missing[: max(0, AHEAD - _open_ahead(row, now))]
    made = _copies(row, pattern, moments)
    if len(moments) < len(missing):
        row.made_until = moments[-1] if moments else begun
    else:
        row.made_until = _made_until(row, begun, now, moments)
    row.save(update_fields=["made_until", "updated_at"])
    return made


def _pattern_of(recurrence: Recurrence) -> Activity | None:
    """The latest occurrence that is still there; when all are in the bin, the one that went there last.

    A time that an imported file leaves out lies in the bin as a row without words, often far ahead of all others.
    """
    rows = Activity.all_objects.filter(recurrence=recurrence).select_related("owner")
    return rows.order_by(models.F("deleted_at").desc(nulls_first=True), "-occurrence").first()


def _is_wanted(pattern: Activity) -> bool:
    """Whether its owner works here, and what it is about is neither closed nor in the bin."""
    owner = pattern.owner
    if owner is None or not owner.is_active or not can(owner, "view", Activity):
        return False
    records = [row for row in activity_records(pattern, user=None) if hosts.host_of(row).has_next_step]
    states = [hosts.host_of(row).is_open(row) and not getattr(row, "deleted_at", None) for row in records]
    return not states or any(states)


def _missing(recurrence: Recurrence, begun: dt.datetime, now: dt.datetime) -> list[dt.datetime]:
    """The moments to make: those up to the horizon, or the next one when nothing is open."""
    rule, zone = recurrence.parsed, recurrence.zone
    found = [m for m in occurrences(rule, recurrence.starts_at, zone, before=now + HORIZON) if m > begun]
    if not found and not _open_ahead(recurrence, now):
        following = next_occurrence(rule, recurrence.starts_at, zone, after=begun)
        found = [following] if following is not None else []
    present = Activity.all_objects.filter(recurrence=recurrence, occurrence__in=found)
    known = set(present.values_list("occurrence", flat=True))
    return [moment for moment in found if moment not in known]


def _open_ahead(recurrence: Recurrence, now: dt.datetime) -> int:
    """How many occurrences to come are still to do."""
    return Activity.objects.filter(recurrence=recurrence, status=Status.PLANNED, occurrence__gt=now).count()


def _made_until(
    recurrence: Recurrence, begun: dt.datetime, now: dt.datetime, moments: Sequence[dt.datetime]
) -> dt.datetime:
    """Up to where everything is made; FINISHED when nothing will come any more."""
    until = max(begun, now + HORIZON, *moments)
    zone = recurrence.zone
    return until if next_occurrence(recurrence.parsed, recurrence.starts_at, zone, after=until) else FINISHED


def _copies(recurrence: Recurrence, pattern: Activity, moments: Sequence[dt.datetime]) -> int:
    """Rows like the pattern at these moments, with its records, people, followers, checklist and reminders."""
    if not moments:
        return 0
    zone = recurrence.zone
    rows = [
        Activity(
            **{name: getattr(pattern, name) for name in COPIED},
            recurrence=recurrence,
            occurrence=moment,
            due_at=moment,
            ends_at=_end_of(pattern, moment, zone),
        )
        for moment in moments
    ]
    records = activity_records(pattern, user=None)
    params = {"subject": title(pattern), "count": len(rows)}
    with audit.action(
        "activity.occurrences_made", actor=None, obj=pattern, related=shown_on(pattern, records), params=params
    ):
        Activity.objects.bulk_create(rows)
        _copy_parts(pattern, rows)
        next_step_refresh(records)
    reminders = _reminders(pattern)
    for row in rows:
        events.publish(ActivityPlanned(activity_id=row.pk, reminders=reminders))
    return len(rows)


def _end_of(pattern: Activity, moment: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    """As long as the pattern."""
    if pattern.ends_at is None or pattern.due_at is None:
        return None
    return end_from(moment, due_at=pattern.due_at, ends_at=pattern.ends_at, all_day=pattern.all_day, zone=zone)


def _copy_parts(pattern: Activity, rows: Sequence[Activity]) -> None:
    kind = ContentType.objects.get_for_model(Activity)
    links = list(ActivityLink.objects.filter(activity=pattern))
    people = list(Assignment.objects.filter(activity=pattern).values_list("user", flat=True))
    lines = list(ChecklistItem.objects.filter(activity=pattern).values_list("text", "position"))
    watchers = list(Watch.objects.filter(content_type=kind, object_id=pattern.pk).values_list("user", flat=True))
    ActivityLink.objects.bulk_create(
        ActivityLink(
            activity=row,
            content_type_id=link.content_type_id,
            object_id=link.object_id,
            position=link.position,
            at=row.moment,
        )
        for row in rows
        for link in links
    )
    Assignment.objects.bulk_create(Assignment(activity=row, user_id=user) for row in rows for user in people)
    ChecklistItem.objects.bulk_create(
        ChecklistItem(activity=row, text=text, position=position) for row in rows for text, position in lines
    )
    Watch.objects.bulk_create(
        Watch(user_id=user, content_type=kind, object_id=row.pk) for row in rows for user in watchers
    )


def _reminders(pattern: Activity) -> tuple[tuple[str, int], ...] | None:
    """The reminders chosen for the pattern; None for everyone's usual ones."""
    chosen = Activity.all_objects.filter(pk=pattern.pk).values_list("reminder_choice", flat=True).first()
    return None if chosen is None else tuple((channel, minutes) for channel, minutes in chosen)


def recurrences_due() -> models.QuerySet[Recurrence]:
    """The repetitions whose made occurrences do not reach the horizon."""
    made = models.Q(made_until=None) | models.Q(made_until__lt=timezone.now() + HORIZON - dt.timedelta(days=1))
    return Recurrence.objects.filter(made, is_active=True)


def recurrences_make_due() -> int:
    """Make the occurrences of every repetition that needs some, each in a transaction of its own; one that cannot be
    reckoned stops no other. Returns how many."""
    made = 0
    for row in recurrences_due().order_by("pk").iterator(chunk_size=500):
        with carry_on(logger, "occurrences could not be made", recurrence=row.pk):
            made += occurrences_make(recurrence=row)
    return made


def occurrence_keep_next(event: ActivityEvent) -> None:
    """Make sure that a repeating activity that was finished, cancelled or deleted has a next one."""
    rows = Recurrence.objects.filter(activities=event.activity_id, is_active=True)
    row = rows.exclude(made_until=FINISHED).first()
    if row is not None:
        occurrences_make(recurrence=row, wait=False)
