"""Planning, recording and changing activities."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, TypedDict, Unpack

from django.db import models, transaction
from django.utils.translation import gettext as _

from activities.choices import Kind, Status
from activities.events import ActivityChanged, ActivityLogged, ActivityMoved, ActivityPlanned
from activities.models import Activity, ActivityOutcome, Recurrence, SequenceRun
from activities.selectors.activities import activity_records
from activities.services.assign import assignments_set, check_owner, watchers_set
from activities.services.base import (
    actor_key,
    check_author,
    check_outcome,
    check_past,
    check_people,
    check_words,
    keep_moment,
    locked,
    settle,
    shown_on,
    store,
    tell,
    title,
)
from activities.services.checklist import check_lines, checklist_set
from activities.services.links import check_records, links_add, links_set
from activities.services.mentions import mentions_stored
from activities.services.next_step import next_step_refresh
from core import audit, events
from core.errors import DomainError
from core.policies import policy_for
from core.services import require

Reminders = Sequence[tuple[str, int]] | None


class ActivityFields(TypedDict, total=False):
    """Further fields of a new activity, as the model describes them; ``duration`` is in minutes."""

    text: str
    ends_at: dt.datetime | None
    all_day: bool
    duration: int | None
    priority: int
    location: str
    is_private: bool
    uid: str
    external_key: str
    is_sample: bool
    recurrence: Recurrence | None
    run: SequenceRun | None
    step: int | None


@transaction.atomic
def activity_plan(
    *,
    actor: Any,
    kind: str,
    subject: str,
    due_at: dt.datetime | None = None,
    records: Iterable[models.Model] = (),
    owner: Any = None,
    assignees: Iterable[Any] = (),
    watchers: Iterable[Any] = (),
    checklist: Iterable[str] = (),
    reminders: Reminders = None,
    **fields: Unpack[ActivityFields],
) -> Activity:
    """Plan something to do. Calls, meetings, follow-ups and deadlines need ``due_at``.

    Without ``owner`` it is the actor's; without ``assignees`` the owner does it alone. ``records`` are hosts the actor may
    see. ``reminders``: (channel, minutes before) each, None for the person's defaults. No actor: the system plans, and an
    owner is named. New people are told. Raises PermissionRefused or DomainError.
    """
    if kind == Kind.NOTE:
        raise DomainError(_("A note is written, not planned."), field="kind")
    if not subject.strip():
        raise DomainError(_("Say what is to do."), field="subject")
    activity = Activity(kind=kind, subject=subject, due_at=due_at, owner=owner or actor, **fields)
    people, lines = check_people(assignees, "assignees"), check_lines(checklist)
    followers = check_people(watchers, "watchers")
    _create(actor, activity, "activity.created", check_records(actor, records), people, lines)
    if followers:
        watchers_set(activity, followers)
    tell(activity, people or [activity.owner], "activity.assigned", actor)
    events.publish(ActivityPlanned(activity_id=activity.pk, actor_id=actor_key(actor), reminders=_as_tuples(reminders)))
    return activity


@transaction.atomic
def activity_log(
    *,
    actor: Any,
    kind: str,
    subject: str = "",
    at: dt.datetime | None = None,
    records: Iterable[models.Model] = (),
    direction: str = "",
    outcome: ActivityOutcome | None = None,
    outcome_note: str = "",
    owner: Any = None,
    **fields: Unpack[ActivityFields],
) -> Activity:
    """Record what is done already, or a note. ``at`` is when it was (now if not given).

    Raises PermissionRefused or DomainError.
    """
    moment = check_past(at)
    activity = Activity(
        kind=kind,
        subject=subject,
        status=Status.DONE,
        done_at=moment,
        done_by=actor,
        due_at=None if kind == Kind.NOTE else moment,
        direction=direction,
        outcome=outcome,
        outcome_note=outcome_note,
        owner=owner or actor,
        **fields,
    )
    check_outcome(activity, outcome)
    if not subject.strip() and not activity.text.strip() and kind != Kind.NOTE:
        activity.subject = outcome_note.strip()[:200] or str(outcome or Kind(kind).label)
    _create(actor, activity, "activity.logged", check_records(actor, records))
    events.publish(ActivityLogged(activity_id=activity.pk, actor_id=actor_key(actor)))
    return activity


def _as_tuples(reminders: Reminders) -> tuple[tuple[str, int], ...] | None:
    return None if reminders is None else tuple((channel, int(minutes)) for channel, minutes in reminders)


def _check_still_seen(actor: Any, activity: Activity) -> None:
    if actor is not None and not policy_for(Activity).allows(actor, "view", activity):
        raise DomainError(_("With these values the activity would leave what you may see, so it was not saved."))


def _create(
    actor: Any,
    activity: Activity,
    code: str,
    records: Sequence[models.Model],
    people: Sequence[Any] = (),
    lines: Sequence[str] = (),
) -> None:
    if activity.owner is None:
        raise DomainError(_("Say who answers for it."), field="owner")
    check_owner(actor, activity.owner)
    if actor is not None:
        require(actor, "add", Activity)
        activity.created_by = actor
    activity.text = mentions_stored(activity.text)
    check_words(activity)
    settle(activity)
    with audit.action(code, actor=actor, related=shown_on(activity, records)) as entry:
        store(activity)
        links_add(activity, records)
        assignments_set(activity, people)
        checklist_set(activity, lines)
        next_step_refresh(records)
        entry.obj, entry.params = activity, {"subject": title(activity)}
    _check_still_seen(actor, activity)


@transaction.atomic
def activity_update(
    *,
    actor: Any,
    instance: Activity,
    records: Iterable[models.Model] | None = None,
    assignees: Iterable[Any] | None = None,
    watchers: Iterable[Any] | None = None,
    checklist: Iterable[str] | None = None,
    reminders: Reminders = None,
    expected_version: int | None = None,
) -> Activity:
    """Save the changed fields of ``instance``; what is None stays as it is. Status and completion have other services.

    Records the actor cannot see stay attached. New people are told. Raises PermissionRefused, StaleRecord or DomainError.
    """
    current = locked(actor, instance, expected_version=expected_version)
    check_author(actor, current)
    instance.version = current.version
    for name in ("status", "done_at", "done_by_id", "deleted_at", "reminder_choice", "closed_with"):
        setattr(instance, name, getattr(current, name))
    if instance.owner_id != current.owner_id:
        check_owner(actor, instance.owner)
    instance.text = mentions_stored(instance.text)
    check_words(instance)
    settle(instance)
    people = None if assignees is None else check_people(assignees, "assignees")
    before = activity_records(current, user=None)
    params = {"subject": title(instance)}
    with audit.action("activity.changed", actor=actor, obj=instance, params=params) as entry:
        store(instance)
        touched = [] if records is None else links_set(actor, instance, records)
        new = [] if people is None else assignments_set(instance, people)
        _set_rest(instance, watchers, checklist)
        keep_moment(instance)
        next_step_refresh([*before, *touched])
        entry.touched.extend(shown_on(instance, activity_records(instance, user=None)))  # type: ignore[attr-defined]
    _check_still_seen(actor, instance)
    tell(
        instance,
        [*new, *([instance.owner] if instance.owner_id != current.owner_id else [])],
        "activity.assigned",
        actor,
    )
    _publish_change(actor, current, instance, reminders)
    return instance


def _set_rest(activity: Activity, watchers: Iterable[Any] | None, checklist: Iterable[str] | None) -> None:
    if watchers is not None:
        watchers_set(activity, check_people(watchers, "watchers"))
    if checklist is not None:
        checklist_set(activity, checklist)


def _publish_change(actor: Any, before: Activity, after: Activity, reminders: Reminders) -> None:
    events.publish(ActivityChanged(activity_id=after.pk, actor_id=actor_key(actor), reminders=_as_tuples(reminders)))
    if (before.due_at, before.ends_at, before.all_day) != (after.due_at, after.ends_at, after.all_day):
        events.publish(
            ActivityMoved(activity_id=after.pk, actor_id=actor_key(actor), before=before.due_at, due_at=after.due_at)
        )
