"""Writes calendar files: invitations (REQUEST, CANCEL) and feeds (PUBLISH)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Component, Event, Timezone, Todo, vCalAddress, vDuration, vRecur, vText

from activities.choices import Answer

PRODUCT: Final = "-//Peyvand//Calendar//FA"
PARTSTAT: Final[dict[str, str]] = {
    Answer.NONE: "NEEDS-ACTION",
    Answer.ACCEPTED: "ACCEPTED",
    Answer.TENTATIVE: "TENTATIVE",
    Answer.DECLINED: "DECLINED",
}
PRIORITIES: Final = {4: 1, 3: 3, 2: 5, 1: 9}
UTC: Final = ZoneInfo("UTC")


@dataclass(frozen=True)
class Person:
    """Somebody named in an event; ``answer`` is one of ``choices.Answer``."""

    email: str
    name: str = ""
    answer: str = Answer.NONE


@dataclass(kw_only=True)
class Entry:
    """What is written of one activity.

    ``starts_at`` and ``ends_at`` are moments; for whole days they are midnights of ``zone``, the end exclusive. ``rule``
    makes it a series; ``recurrence_id`` makes it the one occurrence of the series that began then. ``alarms`` are
    minutes before the beginning.
    """

    uid: str
    summary: str
    changed_at: dt.datetime
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    all_day: bool = False
    zone: ZoneInfo = UTC
    as_task: bool = False
    sequence: int = 0
    text: str = ""
    location: str = ""
    url: str = ""
    status: str = ""
    is_private: bool = False
    is_busy: bool = True
    priority: int = 2
    done_at: dt.datetime | None = None
    organizer: Person | None = None
    attendees: Sequence[Person] = ()
    rule: str = ""
    recurrence_id: dt.datetime | None = None
    exceptions: Sequence[dt.datetime] = ()
    alarms: Sequence[int] = field(default_factory=tuple)


def calendar_file(entries: Iterable[Entry], *, method: str, name: str = "", zone: str = "") -> bytes:
    """The file: ``method`` is PUBLISH, REQUEST or CANCEL; the time zones that are named are written with their rules."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", vText(name))
        calendar.add("name", vText(name))
    if zone:
        calendar.add("x-wr-timezone", vText(zone))
    if method == "PUBLISH":
        calendar.add("refresh-interval", vDuration(dt.timedelta(hours=1)), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vText("PT1H"))
    written = list(entries)
    years = [entry.starts_at.year for entry in written if entry.starts_at]
    for key in sorted({entry.zone.key for entry in written if entry.starts_at and not entry.all_day} - {"UTC"}):
        calendar.add_component(_zone(key, min(years) - 1, max(years) + 2))
    for entry in written:
        calendar.add_component(_component(entry))
    return bytes(calendar.to_ical())


@lru_cache(maxsize=100)
def _zone(key: str, first_year: int, last_year: int) -> Timezone:
    """The rules of a zone for these years; reckoning them takes longer than the rest of an invitation."""
    return Timezone.from_tzid(key, first_date=dt.date(first_year, 1, 1), last_date=dt.date(last_year, 1, 1))


def _component(entry: Entry) -> Component:
    part: Component = Todo() if entry.as_task else Event()
    part.add("uid", entry.uid)
    part.add("dtstamp", _whole_second(entry.changed_at))
    part.add("last-modified", _whole_second(entry.changed_at))
    part.add("sequence", entry.sequence)
    part.add("summary", entry.summary)
    for name in ("location", "url"):
        if getattr(entry, name):
            part.add(name, getattr(entry, name))
    if entry.text:
        part.add("description", entry.text)
    _write_times(part, entry)
    _write_series(part, entry)
    _write_state(part, entry)
    _write_people(part, entry)
    for minutes in entry.alarms:
        part.add_component(_alarm(entry, minutes))
    return part


def _whole_second(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(microsecond=0)


def _written(moment: dt.datetime, entry: Entry) -> dt.date:
    local = moment.astimezone(entry.zone).replace(microsecond=0)
    return local.date() if entry.all_day else local


def _write_times(part: Component, entry: Entry) -> None:
    if entry.starts_at is None:
        return
    if entry.as_task:
        part.add("due", _written(entry.starts_at, entry))
        return
    part.add("dtstart", _written(entry.starts_at, entry))
    if entry.ends_at:
        part.add("dtend", _written(entry.ends_at, entry))
    elif entry.all_day:
        part.add("dtend", _written(entry.starts_at, entry) + dt.timedelta(days=1))


def _write_series(part: Component, entry: Entry) -> None:
    if entry.rule:
        part.add("rrule", vRecur.from_ical(entry.rule))
    if entry.recurrence_id:
        part.add("recurrence-id", _written(entry.recurrence_id, entry))
    for moment in entry.exceptions:
        part.add("exdate", _written(moment, entry))


def _write_state(part: Component, entry: Entry) -> None:
    if entry.as_task:
        part.add("status", "COMPLETED" if entry.done_at else "NEEDS-ACTION")
        if entry.done_at:
            part.add("completed", _whole_second(entry.done_at))
    else:
        part.add("status", entry.status or "CONFIRMED")
        part.add("transp", "OPAQUE" if entry.is_busy else "TRANSPARENT")
    part.add("class", "PRIVATE" if entry.is_private else "PUBLIC")
    part.add("priority", PRIORITIES.get(entry.priority, 5))


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.email}")
    if person.name:
        address.params["CN"] = person.name.replace('"', "'")
    return address


def _write_people(part: Component, entry: Entry) -> None:
    if entry.organizer:
        part.add("organizer", _address(entry.organizer))
    for person in entry.attendees:
        address = _address(person)
        address.params["CUTYPE"] = "INDIVIDUAL"
        address.params["ROLE"] = "REQ-PARTICIPANT"
        address.params["PARTSTAT"] = PARTSTAT[person.answer]
        address.params["RSVP"] = "TRUE"
        part.add("attendee", address)


def _alarm(entry: Entry, minutes: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.summary)
    alarm.add("trigger", dt.timedelta(minutes=-minutes), parameters={"RELATED": "END"} if entry.as_task else None)
    return alarm
