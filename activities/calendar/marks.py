"""How an event is drawn: its colour, its words, and what a screen reader says of it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from activities.calendar.layout import Bar, Block, Crowd
from activities.choices import ICONS, Kind
from activities.models import Activity
from activities.selectors.calendar import Event, end_of
from core import display

KIND_COLOURS: Final[dict[str, str]] = {
    Kind.TASK: "teal",
    Kind.CALL: "azure",
    Kind.MEETING: "indigo",
    Kind.FOLLOW_UP: "orange",
    Kind.DEADLINE: "red",
}
COLOURS: Final = ("azure", "orange", "purple", "green", "pink", "indigo", "lime", "cyan")


@dataclass(frozen=True, slots=True)
class Mark:
    """An event with what the page says of it."""

    event: Event
    url: str
    title: str
    time: str
    hours: str
    colour: str
    icon: str
    label: str
    rooms: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Painter:
    """Makes marks of events. ``people`` and ``rooms`` are names by key; ``colours`` by ("person"|"room", key), or empty:
    then the colour tells the kind."""

    people: Mapping[int, str]
    rooms: Mapping[int, str]
    colours: Mapping[tuple[str, int], str]
    now: dt.datetime

    def mark(self, event: Event) -> Mark:
        """The event as it is drawn."""
        title = _("Busy") if event.is_busy else event.title
        time = "" if event.all_day else display.format_time(event.starts)
        hours = self._hours(event)
        rooms = display.listed(self.rooms[key] for key in event.rooms if key in self.rooms)
        late = event.is_late(self.now)
        return Mark(
            event=event,
            url=event_url(event.pk) if event.pk else "",
            title=title,
            time=time,
            hours=hours,
            colour=self._colour(event),
            icon="repeat" if event.is_coming and event.kind else ICONS.get(event.kind, "lock"),
            label=self._label(event, title, hours, rooms, late=late),
            rooms=rooms,
            is_late=late,
        )

    def _colour(self, event: Event) -> str:
        for kind, keys in (("room", event.rooms), ("person", event.people)):
            for key in keys:
                if (kind, key) in self.colours:
                    return self.colours[kind, key]
        return "busy" if event.is_busy else KIND_COLOURS.get(event.kind, "teal")

    def _hours(self, event: Event) -> str:
        if event.all_day:
            if event.first_day == event.last_day:
                return _("all day")
            return _("%(from)s until %(until)s") % {
                "from": display.format_date(event.first_day, "day"),
                "until": display.format_date(event.last_day, "day"),
            }
        if not event.has_span:
            return display.format_time(event.starts)
        if event.is_bar:
            return _("%(from)s until %(until)s") % {
                "from": display.format_datetime(event.starts, "day"),
                "until": display.format_datetime(event.ends, "day"),
            }
        return f"{display.format_time(event.starts)}–{display.format_time(event.ends)}"

    def _label(self, event: Event, title: str, hours: str, rooms: str, *, late: bool) -> str:
        parts = [display.format_date(event.first_day, "full"), hours]
        parts += [capfirst(str(Kind(event.kind).label))] if event.kind else []
        parts.append(title)
        parts += [part for part in (event.location, rooms) if part]
        parts += [self.people[key] for key in event.people if key in self.people and self.colours]
        parts += [_("planned repetition")] if event.is_coming else []
        parts += [_("done")] if event.is_done else [_("late")] if late else []
        return display.listed(parts)


def when(activity: Activity) -> str:
    """Day and time of an activity in words, on the reader's clock; an all-day one keeps its owner's days."""
    if activity.due_at is None:
        return ""
    zone = activity.zone if activity.all_day else display.current().tz
    start = activity.due_at.astimezone(zone)
    end = end_of(activity.kind, activity.due_at, activity.ends_at, activity.duration).astimezone(zone)
    if activity.all_day:
        last = (end - dt.timedelta(hours=12)).date() if end > start else start.date()
        days = dict.fromkeys([start.date(), last])
        return " – ".join(display.format_date(day, "full") for day in days)
    day, time = display.format_date(start.date(), "full"), display.format_time(start)
    if end <= start:
        return display.listed([day, time])
    if end.date() == start.date():
        return display.listed([day, f"{time}–{display.format_time(end)}"])
    return f"{display.format_datetime(start, 'full')} – {display.format_datetime(end, 'full')}"


def event_url(pk: int) -> str:
    """The page of the activity."""
    return _page().replace("/0/", f"/{pk}/")


def _page() -> str:
    return reverse("activities:activity_detail", args=[0])


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark in its place; the numbers are attributes the style sheet knows."""

    mark: Mark
    place: dict[str, int]
    from_before: bool = False
    goes_on: bool = False

    @property
    def classes(self) -> str:
        """The states the style sheet knows, each with a space before it."""
        event = self.mark.event
        states = {
            " is-bar": event.is_bar,
            " is-done": event.is_done,
            " is-busy": event.is_busy,
            " is-coming": event.is_coming,
            " is-late": self.mark.is_late,
            " from-before": self.from_before,
            " goes-on": self.goes_on,
        }
        return "".join(name for name, holds in states.items() if holds)


@dataclass(frozen=True, slots=True)
class More:
    """“+n more” of a stretch of a day, with the page that shows them."""

    place: dict[str, int]
    count: int
    url: str


def block_place(block: Block[Event] | Crowd[Event]) -> dict[str, int]:
    """Beginning and height in hours and minutes, column and how many columns."""
    return {**clock_place(block.start, block.end), "c": block.column, "k": block.columns}


def clock_place(start: int, end: int) -> dict[str, int]:
    """From and length of a stretch of a day given in minutes."""
    hour, minute = divmod(start, 60)
    hours, minutes = divmod(end - start, 60)
    return {"h": hour, "m": minute, "dh": hours, "dm": minutes}


def bar_place(bar: Bar[Event]) -> dict[str, int]:
    """First column, number of columns, and the line from the top."""
    return {"x": bar.column, "n": bar.days, "lane": bar.lane}
