"""Rooms and resources: for how long an activity takes them, who has them, which are free."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.choices import Status
from activities.models import Activity, Booking, Resource
from activities.selectors.calendar import MEETING_MINUTES, end_of
from core import display

MAX_ROOMS: Final = 10


@dataclass(slots=True)
class Taken:
    """A span for which somebody has a room; ``label`` says who and what as far as the reader may know."""

    starts: dt.datetime
    ends: dt.datetime
    label: str
    url: str = ""

    @property
    def hours(self) -> str:
        """From when to when, on the reader's clock; with the day where it is not one day."""
        starts, ends = display.localtime(self.starts), display.localtime(self.ends)
        if starts.date() == (ends - dt.timedelta(microseconds=1)).date():
            text = _("%(from)s to %(until)s")
            return text % {"from": display.format_time(starts), "until": display.format_time(ends)}
        text = _("%(from)s until %(until)s")
        return text % {"from": display.format_datetime(starts, "day"), "until": display.format_datetime(ends, "day")}


@dataclass(slots=True)
class RoomState:
    """A room or resource, and by whom it is taken in the span that was asked about."""

    resource: Resource
    taken: list[Taken] = field(default_factory=list)

    @property
    def is_free(self) -> bool:
        """Whether nobody has it."""
        return not self.taken


def booking_span(activity: Activity) -> tuple[dt.datetime, dt.datetime] | None:
    """From when to when an activity needs its rooms: its own span, else its duration, else an hour. None without a time.

    An all-day one takes the whole days of its owner's time zone.
    """
    if activity.due_at is None:
        return None
    if activity.all_day:
        day = activity.due_at.astimezone(activity.zone).date() + dt.timedelta(days=1)
        return activity.due_at, activity.ends_at or dt.datetime.combine(day, dt.time(), tzinfo=activity.zone)
    end = end_of(activity.kind, activity.due_at, activity.ends_at, activity.duration)
    return activity.due_at, max(end, activity.due_at + dt.timedelta(minutes=MEETING_MINUTES * (end == activity.due_at)))


def needs_rooms(activity: Activity) -> bool:
    """Whether its bookings count: it was not cancelled nor deleted, and has a time."""
    return activity.deleted_at is None and activity.status != Status.CANCELLED and activity.due_at is not None


def rooms_of(activity: Activity) -> list[Resource]:
    """The rooms and resources booked for the activity, in their order; one query."""
    return list(Resource.objects.filter(bookings__activity=activity).order_by("position", "pk"))


def bookings_between(
    *, user: Any, start: dt.datetime, end: dt.datetime, resources: Iterable[int], but: int | None = None
) -> dict[int, list[Taken]]:
    """Room → who has it between two moments, without the activity ``but``; two queries.

    Words and person are told where the reader may see the activity.
    """
    rows = Booking.objects.filter(resource__in=list(resources), is_active=True, span__overlap=(start, end))
    if but is not None:
        rows = rows.exclude(activity=but)
    found: dict[int, list[Taken]] = defaultdict(list)
    for room, taken in _told(user, rows.order_by("span", "pk")):
        found[room].append(taken)
    return found


def rooms_next(*, user: Any, resources: Iterable[int]) -> dict[int, Taken]:
    """Room → who has it now or else next; two queries."""
    rows = Booking.objects.filter(resource__in=list(resources), is_active=True, span__endswith__gt=timezone.now())
    return dict(_told(user, rows.order_by("resource_id", "span").distinct("resource_id")))


def _told(user: Any, rows: QuerySet[Booking]) -> Iterator[tuple[int, Taken]]:
    """Room and who has it, as far as the user may know."""
    bookings = list(rows.select_related("activity__owner"))
    seen = set(
        Activity.objects.for_user(user, "view")
        .filter(pk__in=[row.activity_id for row in bookings])
        .values_list("pk", flat=True)
        if bookings
        else ()
    )
    for row in bookings:
        visible = row.activity_id in seen
        label = _label(row.activity) if visible else _("taken")
        url = row.activity.get_absolute_url() if visible else ""
        yield row.resource_id, Taken(row.span.lower, row.span.upper, label, url)


def _label(activity: Activity) -> str:
    words = str(activity)
    return _("%(what)s (%(who)s)") % {"what": words, "who": activity.owner} if activity.owner else words


def rooms_between(*, user: Any, start: dt.datetime, end: dt.datetime, but: int | None = None) -> list[RoomState]:
    """Every room in use with who has it between two moments; three queries."""
    rooms = list(Resource.objects.filter(is_active=True).order_by("position", "pk"))
    taken = bookings_between(user=user, start=start, end=end, resources=[room.pk for room in rooms], but=but)
    return [RoomState(room, taken.get(room.pk, [])) for room in rooms]
