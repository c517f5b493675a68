"""What becomes of the work planned on a record when it is closed, when that is taken back, and when it changes hands."""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q

from activities.choices import Status
from activities.events import ActivityCancelled, ActivityHandedOver, ActivityReopened
from activities.models import Activity, ActivityLink
from activities.services.assign import take_place
from activities.services.base import actor_key, shown_on, title
from activities.services.next_step import next_step_refresh
from activities.services.resources import bookings_give_up
from core import audit, events, hosts
from core.errors import DomainError


def hold_planned(record: models.Model) -> None:
    """Lock what is planned on the record, or was until it was closed, before the record itself is locked by who closes
    it, opens it again or hands it over.

    Who finishes an activity locks it first and its records after; in the same order nobody waits for ever.
    """
    rows = _linked(record).filter(Q(status=Status.PLANNED) | Q(closed_with=_name(record)))
    list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))


def _linked(record: models.Model) -> Any:
    """The activities of a record, in the order in which everybody locks them."""
    links = ActivityLink.objects.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)
    return Activity.objects.filter(pk__in=links.values("activity")).order_by("pk")


def _name(record: models.Model) -> str:
    """What ``closed_with`` calls the record."""
    return f"{record._meta.label_lower}:{record.pk}"


@transaction.atomic
def activities_close(*, actor: Any, record: models.Model) -> int:
    """Cancel what is still planned on a record that was just closed; returns how many.

    What another open record with a next step needs as well stays planned, and so does what somebody is finishing at
    this very moment. The caller has asked the policy of the record, holds its lock and has saved it.
    """
    rows = _linked(record).filter(status=Status.PLANNED)
    planned = list(rows.select_for_update(of=("self",), skip_locked=True))
    needed = _needed_elsewhere(planned, record)
    closed = [activity for activity in planned if activity.pk not in needed]
    for activity in closed:
        activity.status, activity.closed_with = Status.CANCELLED, _name(record)
        with audit.action(
            "activity.closed",
            actor=actor,
            obj=activity,
            related=shown_on(activity, [record]),
            params={"subject": title(activity), "record": str(record)},
        ):
            activity.save(update_fields=["status", "closed_with"])
            events.publish(ActivityCancelled(activity_id=activity.pk, actor_id=actor_key(actor)))
    next_step_refresh([record])
    return len(closed)


def _needed_elsewhere(activities: Sequence[Activity], record: models.Model) -> set[int]:
    """The activities that another open record with a next step has too."""
    needed: set[int] = set()
    links = ActivityLink.objects.filter(activity__in=activities)
    for host in hosts.all_hosts():
        if not host.has_next_step:
            continue
        kind = ContentType.objects.get_for_model(host.model)
        pairs = list(links.filter(content_type=kind).values_list("activity_id", "object_id"))
        same = host.model is record._meta.model
        others: Any = host.model._default_manager.filter(pk__in={pk for _activity, pk in pairs})
        still_open = {row.pk for row in others if host.is_open(row) and not (same and row.pk == record.pk)}
        needed |= {activity for activity, pk in pairs if pk in still_open}
    return needed


@transaction.atomic
def activities_take_up(*, actor: Any, record: models.Model) -> int:
    """Plan again what the closing of the record had cancelled, for it is open again; returns how many.

    A meeting whose room was taken meanwhile comes back without the room, and its owner is told. What was cancelled by
    hand stays so.
    """
    rows = _linked(record).filter(status=Status.CANCELLED, closed_with=_name(record))
    cancelled = list(rows.select_for_update(of=("self",)))
    for activity in cancelled:
        try:
            with transaction.atomic():
                _take_up(actor, activity, record)
        except DomainError as error:
            if error.code != "room_taken":
                raise
            bookings_give_up(activity)
            _take_up(actor, activity, record)
    next_step_refresh([record])
    return len(cancelled)


def _take_up(actor: Any, activity: Activity, record: models.Model) -> None:
    activity.status, activity.closed_with = Status.PLANNED, ""
    params = {"subject": title(activity)}
    related = shown_on(activity, [record])
    with audit.action("activity.reopened", actor=actor, obj=activity, related=related, params=params):
        activity.save(update_fields=["status", "closed_with"])
        events.publish(ActivityReopened(activity_id=activity.pk, actor_id=actor_key(actor)))


@transaction.atomic
def activities_pass_on(*, actor: Any, record: models.Model, before: Any, owner: Any) -> int:
    """Give what the record's owner until now (``before``) had planned on it to the new one, also what would come back
    if the record were opened again; returns how many.

    Private work, and work of others on the record, stays where it is. The new owner hears of the record, not of each
    activity. The caller has asked the policy of the record.
    """
    if before is None or before.pk == owner.pk:
        return 0
    waits = Q(status=Status.CANCELLED, closed_with=_name(record))
    rows = _linked(record).filter(Q(status=Status.PLANNED) | waits, owner=before, is_private=False)
    planned = list(rows.select_for_update(of=("self",)))
    for activity in planned:
        activity.owner, activity.team = owner, owner.team or activity.team
        params = {"subject": title(activity), "person": str(owner)}
        with audit.action("activity.handed_over", actor=actor, obj=activity, related=[record], params=params):
            activity.save(update_fields=["owner", "team"])
            take_place(activity, before, owner)
            events.publish(
                ActivityHandedOver(
                    activity_id=activity.pk,
                    actor_id=actor_key(actor),
                    user_id=owner.pk,
                    before_id=before.pk,
                )
            )
    return len(planned)
