"""Reminders of activities: planned with them, kept in step with them."""

import datetime as dt
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.choices import PLANNED_KINDS, REMIND_BEFORE, ReminderChannel, ReminderState, Status
from activities.models import Activity, Reminder
from activities.selectors.activities import open_doers
from activities.selectors.mine import to_do
from core import working_time
from core.errors import DomainError
from core.rounds import carry_on
from core.working_time import at_wall_clock
from messaging.models import NotificationSettings

logger = logging.getLogger(__name__)

ACTIVITY = "activity"
SWEEP = dt.timedelta(days=3)
SWEEP_ROWS = 1000
MAX_REMINDERS = 10
MAX_MINUTES = 60 * 24 * 60
Spec = tuple[str, int]


def minutes_of(settings: NotificationSettings | None, kind: str) -> list[int]:
    """How many minutes before an activity of the kind a person is reminded: own choice, else the product's."""
    chosen = settings.reminder_minutes.get(kind) if settings else None
    return list(REMIND_BEFORE.get(kind, ())) if chosen is None else [int(minutes) for minutes in chosen]


def begins_at(activity: Activity) -> dt.datetime | None:
    """What minutes are counted back from: the beginning; of an all-day activity the beginning of work on that day."""
    if activity.due_at is None or not activity.all_day:
        return activity.due_at
    day = activity.due_at.astimezone(activity.zone).date()
    return at_wall_clock(day, working_time.current().starts, activity.zone)


@transaction.atomic
def reminders_refresh(*, activity_id: int, chosen: Iterable[Spec] | None = None) -> None:
    """Bring the reminders of an activity in step with its time, its people and its state.

    ``chosen`` (channel, minutes before) holds for all of its people from now on, an empty one means none; None leaves
    the choice as it was. A moment that has passed is not called after; when none is left before the beginning, the
    beginning itself is the moment.
    """
    rows_of_it = Activity.all_objects.select_related("owner").select_for_update(of=("self",), no_key=True)
    activity = rows_of_it.filter(pk=activity_id).first()  # who moves it meanwhile would be overwritten without the lock
    if activity is None:
        return
    if chosen is not None:
        _keep_choice(activity, chosen)
    rows = {row.key: row for row in Reminder.objects.filter(activity=activity, source=ACTIVITY)}
    start = begins_at(activity)
    people = [person for person in open_doers(activity) if person.is_active]
    if activity.deleted_at or start is None or not people:
        _write(activity, rows, {})
        return
    wanted: dict[str, tuple[Any, Spec, dt.datetime]] = {}
    for person, own in _specs(activity, people):
        wanted |= _moments(activity, person, own, start, rows)
    _write(activity, rows, wanted)


@transaction.atomic
def reminders_choose(*, activity_id: int, chosen: Iterable[Spec] | None) -> None:
    """Choose the reminders of one activity for all of its people; None gives everyone the own usual ones back."""
    if chosen is None:
        Activity.all_objects.filter(pk=activity_id).update(reminder_choice=None)
    reminders_refresh(activity_id=activity_id, chosen=chosen)


def _keep_choice(activity: Activity, chosen: Iterable[Spec]) -> None:
    specs = [[c, m] for c, m in sorted(set(chosen)) if c in ReminderChannel.values and 0 <= m <= MAX_MINUTES]
    activity.reminder_choice = specs[:MAX_REMINDERS]
    Activity.all_objects.filter(pk=activity.pk).update(reminder_choice=activity.reminder_choice)


def _specs(activity: Activity, people: Sequence[Any]) -> list[tuple[Any, list[Spec]]]:
    """What each person is to be reminded by."""
    if activity.reminder_choice is not None:
        return [(person, [(channel, minutes) for channel, minutes in activity.reminder_choice]) for person in people]
    found = {s.user_id: s for s in NotificationSettings.objects.filter(user__in=[person.pk for person in people])}
    default: str = ReminderChannel.APP
    return [
        (person, [(default, minutes) for minutes in minutes_of(found.get(person.pk), activity.kind)])
        for person in people
    ]


def _moments(
    activity: Activity, person: Any, specs: Sequence[Spec], start: dt.datetime, rows: dict[str, Reminder]
) -> dict[str, tuple[Any, Spec, dt.datetime]]:
    """When the person is reminded, by the key of the row."""
    now = timezone.now()
    due = {spec: start - dt.timedelta(minutes=spec[1]) for spec in specs}
    keys = {spec: f"a{activity.pk}:u{person.pk}:{spec[0]}:{spec[1]}" for spec in specs}
    coming = {spec: moment for spec, moment in due.items() if moment > now}
    called = [s for s in specs if (row := rows.get(keys[s])) and row.state == "done" and row.due_at == due[s]]
    if not coming and not called and start > now:
        nearest = min((spec[1] for spec in specs), default=0)
        coming = {spec: start for spec in specs if spec[1] == nearest}
    return {keys[spec]: (person, spec, moment) for spec, moment in coming.items()}


def _write(activity: Activity, rows: dict[str, Reminder], wanted: dict[str, tuple[Any, Spec, dt.datetime]]) -> None:
    """Make, move, wake and cancel rows until they are the wanted ones; those already called are left alone."""
    new, changed = [], []
    params = {"chosen": True} if activity.reminder_choice is not None else {}
    for key, (person, (channel, minutes), moment) in wanted.items():
        row = rows.get(key)
        if row is None:
            new.append(
                Reminder(
                    user=person,
                    channel=channel,
                    activity=activity,
                    minutes_before=minutes,
                    source=ACTIVITY,
                    params=params,
                    due_at=moment,
                    key=key,
                )
            )
        elif (row.due_at, row.params) != (moment, params) or row.state == ReminderState.CANCELLED:
            row.due_at, row.state, row.handled_at = moment, ReminderState.WAITING, None
            row.params = params
            changed.append(row)
    Reminder.objects.bulk_create(new)
    Reminder.objects.bulk_update(changed, ["due_at", "state", "handled_at", "params"])
    gone = [row.pk for key, row in rows.items() if key not in wanted and row.state == ReminderState.WAITING]
    if gone:
        Reminder.objects.filter(pk__in=gone).update(state=ReminderState.CANCELLED)


@transaction.atomic
def reminder_defaults_save(*, actor: Any, minutes: Mapping[str, Sequence[int]]) -> NotificationSettings:
    """Keep how long before each kind of activity the actor wants to be reminded; coming activities follow at once.

    Raises DomainError for a kind that is not planned or a time that cannot be.
    """
    for kind, before in minutes.items():
        if kind not in PLANNED_KINDS or len(before) > MAX_REMINDERS or any(not 0 <= m <= MAX_MINUTES for m in before):
            raise DomainError(_("Such a reminder cannot be set."), field=kind)
    row, _made = NotificationSettings.objects.select_for_update().get_or_create(user_id=actor.pk)
    row.reminder_minutes = {**row.reminder_minutes, **{kind: sorted(set(before)) for kind, before in minutes.items()}}
    row.save(update_fields=["reminder_minutes", "updated_at"])
    coming = to_do(actor).filter(reminder_choice__isnull=True, due_at__gt=timezone.now(), kind__in=minutes)
    for key in sorted(coming.values_list("pk", flat=True)[:SWEEP_ROWS]):
        reminders_refresh(activity_id=key)
    return row


def reminders_sweep(now: dt.datetime | None = None) -> int:
    """Plan reminders of coming activities that have none because no service made them (an import, a migration)."""
    now = now or timezone.now()
    bare = Activity.objects.filter(
        ~Exists(Reminder.objects.filter(activity=OuterRef("pk"))),
        status=Status.PLANNED,
        due_at__gt=now,
        due_at__lte=now + SWEEP,
    ).exclude(reminder_choice=[])
    keys = list(bare.order_by("due_at", "pk").values_list("pk", flat=True)[:SWEEP_ROWS])
    for key in keys:
        with carry_on(logger, "reminders could not be planned", activity=key):
            reminders_refresh(activity_id=key)
    return len(keys)
