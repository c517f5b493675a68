"""Booking rooms and resources. The database's exclusion constraint is the judge; here its refusal gets words."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from activities.choices import Status
from activities.events import ActivityEvent
from activities.models import Activity, Booking, Resource
from activities.selectors.rooms import MAX_ROOMS, booking_span, bookings_between, needs_rooms, rooms_of
from activities.services.base import locked, title
from core import audit, notifications
from core.errors import DomainError
from users.models import User

Span = tuple[dt.datetime, dt.datetime]


@transaction.atomic
def bookings_sync(*, actor: Any, activity: Activity, resources: Iterable[Resource]) -> list[Booking]:
    """Give the activity exactly these rooms and resources for its time; others it had are free again.

    New rooms of a repeating activity are booked for its later times too, where these have none and the room is free;
    the owner is told where it is not.

    Raises PermissionRefused, or DomainError: a room that is taken (saying by whom, as far as ``actor`` may know), one out
    of use, too many of them, or an activity without a time.
    """
    current = locked(actor, activity)
    had = {row.resource_id: row for row in Booking.objects.filter(activity=current).select_related("resource")}
    wanted = {room.pk: room for room in resources}
    _check(current, wanted.values(), had)
    if wanted.keys() == had.keys():
        _follow(current, actor)
        return [had[pk] for pk in sorted(had)]
    names = [str(room) for room in wanted.values()]
    code = "activity.rooms_booked" if wanted else "activity.rooms_freed"
    with audit.action(code, actor=actor, obj=current, params={"subject": title(current), "rooms": names}):
        _queue_up(wanted.keys() | had.keys())
        Booking.objects.filter(activity=current).exclude(resource__in=wanted).delete()
        _follow(current, actor)
        new = [wanted[pk] for pk in sorted(wanted.keys() - had.keys())]
        made = _book(current, new, actor)
    _repeat(current, new, actor)
    return sorted([*made, *(had[pk] for pk in wanted.keys() & had.keys())], key=lambda row: row.resource_id)


def _check(activity: Activity, rooms: Iterable[Resource], had: dict[int, Booking]) -> None:
    rooms = list(rooms)
    if len(rooms) > MAX_ROOMS:
        text = _("Book %(limit)s rooms and resources at most for one activity.")
        raise DomainError(text % {"limit": MAX_ROOMS}, field="resources")
    for room in rooms:
        if not room.is_active and room.pk not in had:
            raise DomainError(_("“%(room)s” is out of use.") % {"room": room}, field="resources")
    if rooms and activity.due_at is None:
        raise DomainError(_("Say when: a room is booked for a time."), field="due_at")


def _book(activity: Activity, rooms: list[Resource], actor: Any) -> list[Booking]:
    span = booking_span(activity)
    if not rooms or span is None:
        return []
    _queue_up(room.pk for room in rooms)
    made = []
    for room in rooms:
        row = Booking(activity=activity, resource=room, span=span, is_active=needs_rooms(activity))
        made.append(_attempt(row, row.save, actor))
    return made


def _queue_up(rooms: Iterable[int]) -> None:
    """Wait for whoever is booking these rooms at this moment; without it two could wait for each other."""
    list(Resource.objects.select_for_update(no_key=True).filter(pk__in=list(rooms)).order_by("pk").values_list("pk"))


def _attempt(row: Booking, write: Callable[[], Any], actor: Any) -> Booking:
    """Write a booking; what the constraint refuses is said with who has the room, as far as the actor may know."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) != "booking_no_overlap":
            raise
        raise DomainError(_taken_words(row, actor), field="resources", code="room_taken") from error
    return row


def _taken_words(row: Booking, actor: Any) -> str:
    start, end = row.span
    taken = bookings_between(user=actor, start=start, end=end, resources=[row.resource_id], but=row.activity_id).get(
        row.resource_id
    )
    if not taken:
        return _("“%(room)s” was taken at this very moment. Choose another room or time.") % {"room": row.resource}
    text = _("“%(room)s” is taken from %(when)s: %(who)s. Choose another room or time.")
    return text % {"room": row.resource, "when": taken[0].hours, "who": taken[0].label}


def _follow(activity: Activity, actor: Any) -> None:
    """Bring the bookings to the activity's present time and state."""
    rows = list(Booking.objects.filter(activity=activity).select_related("resource").order_by("resource_id"))
    if not rows:
        return
    span, active = booking_span(activity), needs_rooms(activity)
    _queue_up(row.resource_id for row in rows)
    for row in rows:
        times = (row.span.lower, row.span.upper)
        if (span in {None, times}) and row.is_active == active:
            continue
        row.span, row.is_active = span or times, active
        _attempt(row, row.save, actor)


def _repeat(activity: Activity, rooms: list[Resource], actor: Any) -> None:
    """The later times of a repeating activity that have no room take these too."""
    if not rooms or activity.recurrence_id is None:
        return
    later = Activity.objects.filter(
        recurrence=activity.recurrence_id, status=Status.PLANNED, due_at__gt=activity.due_at, bookings=None
    )
    for row in later.select_related("owner").order_by("due_at"):
        _share(row, rooms, actor)


def _share(activity: Activity, rooms: list[Resource], actor: Any) -> None:
    """Book those of the rooms that are free; the owner is told of the others."""
    missed = []
    names = [str(room) for room in rooms]
    params = {"subject": title(activity), "rooms": names}
    with audit.action("activity.rooms_booked", actor=actor, obj=activity, params=params) as entry:
        for room in rooms:
            try:
                _book(activity, [room], actor)
            except DomainError:
                missed.append(room)
        entry.params = {**params, "rooms": [str(room) for room in rooms if room not in missed] or "-"}
    _tell_missed(activity, missed)


def _tell_missed(activity: Activity, rooms: list[Resource]) -> None:
    """The owner hears which rooms the activity did not get."""
    if rooms and activity.owner:
        notifications.notify(
            recipients=[activity.owner],
            code="activity.room_missed",
            url=activity.get_absolute_url(),
            params={
                "subject": title(activity),
                "rooms": [str(room) for room in rooms],
                "at": activity.due_at.isoformat() if activity.due_at else "",
            },
            obj=activity,
        )


def bookings_give_up(activity: Activity) -> None:
    """Leave the rooms of an activity that is to come back without them, and tell its owner; the caller holds its lock."""
    rooms = rooms_of(activity)
    Booking.objects.filter(activity=activity).delete()
    _tell_missed(activity, rooms)


def rooms_take_over(event: ActivityEvent) -> None:
    """A further time of a repeating activity takes the rooms the one before it has."""
    activity = Activity.objects.select_related("owner").filter(pk=event.activity_id, recurrence__isnull=False).first()
    if activity is None or activity.due_at is None:
        return
    before = (
        Activity.objects.filter(recurrence=activity.recurrence_id, due_at__lt=activity.due_at, bookings__is_active=True)
        .order_by("-due_at")
        .first()
    )
    rooms = [room for room in rooms_of(before) if room.is_active] if before else []
    if rooms:
        _share(activity, rooms, _actor(event))


def rooms_follow(event: ActivityEvent) -> None:
    """Rooms go with their activity: to another time, free when it is cancelled or deleted, taken again when it is back."""
    activity = Activity.all_objects.select_related("owner").filter(pk=event.activity_id).first()
    if activity is not None:
        _follow(activity, _actor(event))


def _actor(event: ActivityEvent) -> Any:
    return User.objects.filter(pk=event.actor_id).first() if event.actor_id else None
