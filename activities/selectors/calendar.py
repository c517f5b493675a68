"""What the calendar shows: events of a span for chosen people, rooms and days off.

Anybody may lay a colleague's calendar over the own one. What the reader may see is shown as it is; of the rest only
that the time is taken.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Left

from activities.choices import PLANNED_KINDS, Kind, Status
from activities.models import Activity, Assignment, Booking, Resource
from core import display
from core.models import Holiday
from core.policies import policy_for
from users.models import User

MAX_EVENTS: Final = 5000
MEETING_MINUTES: Final = 60
_ONE_DAY: Final = dt.timedelta(days=1)
_TICK: Final = dt.timedelta(microseconds=1)


class Stored(NamedTuple):
    """A row of the query, in the order of its columns."""

    pk: int
    subject: str
    kind: str
    status: str
    due_at: dt.datetime
    ends_at: dt.datetime | None
    duration: int | None
    all_day: bool
    owner_id: int | None
    owner_zone: str | None
    version: int
    location: str
    is_private: bool
    words: str
    readable: bool
    changeable: bool


@dataclass(slots=True)
class Event:
    """Something in the calendar on the reader's clock. A busy one has no words and no key, only its time.

    ``first_day`` and ``last_day`` are the days it touches; an all-day event keeps its owner's days. A coming one is a time of
    a repetition that is not made yet; its key is that of the latest activity of the series.
    """

    pk: int
    title: str
    kind: str
    status: str
    starts: dt.datetime
    ends: dt.datetime
    first_day: dt.date
    last_day: dt.date
    all_day: bool = False
    owner: int | None = None
    version: int = 0
    location: str = ""
    is_private: bool = False
    is_busy: bool = False
    is_movable: bool = False
    is_coming: bool = False
    people: tuple[int, ...] = ()
    rooms: tuple[int, ...] = ()

    @property
    def is_bar(self) -> bool:
        """Whether it stands above the hours: all day, or longer than a day."""
        return self.all_day or self.ends - self.starts >= _ONE_DAY

    @property
    def is_done(self) -> bool:
        """Whether it lies behind."""
        return self.status == Status.DONE

    @property
    def has_span(self) -> bool:
        """Whether it lasts, and is not only a point in time."""
        return self.ends > self.starts

    def is_late(self, now: dt.datetime) -> bool:
        """Whether its time has passed and it is still to do."""
        return (
            not self.is_busy
            and self.status == Status.PLANNED
            and (self.starts if not self.all_day else self.ends) < now
        )


def end_of(kind: str, due_at: dt.datetime, ends_at: dt.datetime | None, duration: int | None) -> dt.datetime:
    """When a timed activity ends: its end, else after its duration, else after an hour when it is a meeting."""
    if ends_at:
        return ends_at
    if duration:
        return due_at + dt.timedelta(minutes=duration)
    return due_at + dt.timedelta(minutes=MEETING_MINUTES if kind == Kind.MEETING else 0)


def calendar_events(
    *,
    user: Any,
    start: dt.datetime,
    end: dt.datetime,
    people: Iterable[int] = (),
    resources: Iterable[int] = (),
) -> list[Event]:
    """Events between two moments of the people (owned or assigned) and in the rooms, in order of time; three queries.

    Cancelled ones are left out. Of what ``user`` may not see, only what takes time is told, as busy.
    """
    people, resources = frozenset(people), frozenset(resources)
    rows = _rows(user, start, end, people, resources)
    keys = [row.pk for row in rows]
    hidden = user.hidden_fields(Activity._meta.label_lower)
    mixed = len(people) > 1 or bool(resources)
    doing = people_of_events(keys, people) if mixed else {}
    booked = _booked(keys)
    zone = display.current().tz
    first, last = start.astimezone(zone).date(), (end - _TICK).astimezone(zone).date()
    events: list[Event] = []
    for row in rows:
        rooms = tuple(booked.get(row.pk, ()))
        if not row.readable and not takes_time(row) and not resources.intersection(rooms):
            continue
        event = event_of(row, zone, hidden)
        event.people = tuple(sorted({*doing.get(row.pk, ()), *({row.owner_id} & people)})) if mixed else tuple(people)
        event.rooms = rooms if row.readable else tuple(one for one in rooms if one in resources)
        if event.last_day >= first and event.first_day <= last:
            events.append(event)
    events.sort(key=lambda one: (one.starts, one.pk))
    return events


def _rows(
    user: Any, start: dt.datetime, end: dt.datetime, people: frozenset[int], resources: frozenset[int]
) -> list[Stored]:
    """The rows that touch the span: each person's, each assignee's, each room's, by an index of their own."""
    live = Activity.objects.filter(status__in=(Status.PLANNED, Status.DONE), kind__in=PLANNED_KINDS)
    # A day's margin: all-day events keep their owner's days, and a duration may run over midnight.
    begins = live.filter(due_at__gte=start - _ONE_DAY, due_at__lt=end + _ONE_DAY).order_by()
    runs_on = live.filter(due_at__lt=start - _ONE_DAY, ends_at__gt=start - _ONE_DAY).order_by()
    parts: list[QuerySet[Any]] = []
    if people:
        for rows in (begins, runs_on):
            parts += [rows.filter(owner__in=people), rows.filter(assignments__user__in=people)]
    if resources:
        taken = Booking.objects.filter(resource__in=resources, is_active=True, span__overlap=(start, end))
        parts.append(live.filter(pk__in=taken.values("activity")).order_by())
    if not parts:
        return []
    return stored_rows(user, parts[0].values("pk").union(*(part.values("pk") for part in parts[1:])))


def stored_rows(user: Any, keys: Any) -> list[Stored]:
    """The activities with these keys in order of time, and whether the user may see and change them; one query."""
    found = Activity.objects.filter(pk__any_of=keys).annotate(
        words=Left("text", 60), readable=_within_scope(user, "view"), changeable=_within_scope(user, "change")
    )
    columns = found.order_by("due_at", "pk").values_list(
        "pk",
        "subject",
        "kind",
        "status",
        "due_at",
        "ends_at",
        "duration",
        "all_day",
        "owner_id",
        F("owner__time_zone"),
        "version",
        "location",
        "is_private",
        "words",
        "readable",
        "changeable",
    )
    return [Stored._make(row) for row in columns[:MAX_EVENTS]]


def _within_scope(user: Any, action: str) -> Case:
    scope = policy_for(Activity).scope(user, action)
    if scope is None:
        return Case(default=Value(False), output_field=BooleanField())
    return Case(When(scope or Q(pk__isnull=False), then=Value(True)), default=Value(False), output_field=BooleanField())


def people_of_events(keys: list[int], people: frozenset[int]) -> dict[int, list[int]]:
    """Activity → those of the people who do it."""
    found: dict[int, list[int]] = defaultdict(list)
    if keys:
        rows = Assignment.objects.filter(activity__pk__any_of=keys, user__in=people).values_list(
            "activity_id", "user_id"
        )
        for activity, person in rows:
            found[activity].append(person)
    return found


def _booked(keys: list[int]) -> dict[int, list[int]]:
    """Activity → the rooms it has."""
    found: dict[int, list[int]] = defaultdict(list)
    if keys:
        rows = Booking.objects.filter(activity__pk__any_of=keys, is_active=True).values_list(
            "activity_id", "resource_id"
        )
        for activity, resource in rows:
            found[activity].append(resource)
    return found


def takes_time(row: Stored) -> bool:
    """Whether it lasts, so that who may not see it sees at least that the time is taken."""
    return row.all_day or end_of(row.kind, row.due_at, row.ends_at, row.duration) > row.due_at


def event_of(row: Stored, zone: ZoneInfo, hidden: Collection[str]) -> Event:
    """The row as the reader may know it, on the reader's clock; nothing of the ``hidden`` fields."""
    if row.all_day:
        starts, ends, first, last = _whole_days(row, zone)
    else:
        starts = row.due_at.astimezone(zone)
        ends = end_of(row.kind, row.due_at, row.ends_at, row.duration).astimezone(zone)
        first, last = starts.date(), max(starts, ends - _TICK).date() if ends > starts else starts.date()
    if not row.readable:
        return Event(0, "", "", row.status, starts, ends, first, last, row.all_day, is_busy=True, owner=row.owner_id)
    return Event(
        pk=row.pk,
        title=_title(row, hidden),
        kind=row.kind,
        status=row.status,
        starts=starts,
        ends=ends,
        first_day=first,
        last_day=last,
        all_day=row.all_day,
        owner=row.owner_id,
        version=row.version,
        location="" if "location" in hidden else row.location,
        is_private=row.is_private,
        is_movable=row.changeable and row.status == Status.PLANNED,
    )


def _title(row: Stored, hidden: Collection[str]) -> str:
    """What it is called, by the words the reader may read; else its kind."""
    subject = "" if "subject" in hidden else row.subject
    words = "" if "text" in hidden else row.words
    return subject or words or str(Kind(row.kind).label)


def _whole_days(row: Stored, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime, dt.date, dt.date]:
    """An all-day event keeps the days of its owner, wherever the reader is."""
    home = ZoneInfo(row.owner_zone) if row.owner_zone else zone
    first = row.due_at.astimezone(home).date()
    last = (row.ends_at - _TICK).astimezone(home).date() if row.ends_at and row.ends_at > row.due_at else first
    midnights = (dt.datetime.combine(day, dt.time(), tzinfo=zone) for day in (first, last + _ONE_DAY))
    starts, ends = midnights
    return starts, ends, first, last


def holidays_between(first: dt.date, last: dt.date) -> dict[dt.date, Holiday]:
    """Days off with their names; one query."""
    return {day.date: day for day in Holiday.objects.filter(date__range=(first, last))}


def calendar_people(keys: Iterable[int]) -> list[User]:
    """The people whose calendars can be shown, of those asked for; everyone active, in the order of their names."""
    return list(User.objects.filter(pk__in=list(keys), is_active=True).order_by("first_name", "last_name", "pk"))


def rooms_in_use() -> list[Resource]:
    """Rooms and resources that can be booked, in their order; one query."""
    return list(Resource.objects.filter(is_active=True).order_by("position", "pk"))
