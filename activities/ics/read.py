"""Reads calendar files: whatever programs really write, event by event, with a word about each that cannot be used."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Component

from activities.ics import blocks
from activities.ics.zones import known_zone, own_zone
from core import text as texts
from core.errors import DomainError
from exchange.encoding import decode

MAX_BYTES = 2 * 1024 * 1024
MAX_ITEMS = 5_000
CHUNK = 100
FIRST_YEAR, LAST_YEAR = 1900, 2200
UID_LENGTH, SHORT, LONG = 200, 200, 20_000
ALARMS_KEPT = 5
DATES_KEPT = 1_000
ZONES_KEPT = 100
DAY = dt.timedelta(days=1)


@dataclass
class Item:
    """An event or task of a file, in our words: moments in UTC, days as dates, ``priority`` 1 (low) to 4.

    ``uid`` is the file's (shortened when endless); ``recurrence_id`` names the one occurrence it replaces. All-day ones
    have ``first_day`` and ``last_day`` (inclusive). ``warnings`` say what could not be understood and was left out.
    """

    kind: str
    number: int
    uid: str = ""
    recurrence_id: str = ""
    summary: str = ""
    text: str = ""
    location: str = ""
    status: str = ""
    is_private: bool = False
    priority: int = 2
    sequence: int = 0
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    completed_at: dt.datetime | None = None
    rule: str = ""
    zone: str = ""
    exceptions: list[dt.datetime | dt.date] = field(default_factory=list)
    extras: list[dt.datetime | dt.date] = field(default_factory=list)
    alarms: list[int] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def all_day(self) -> bool:
        """Whether it is for whole days."""
        return self.first_day is not None


@dataclass(frozen=True)
class Problem:
    """An event that cannot be used: which one, and why."""

    number: int
    summary: str
    reason: str


@dataclass
class Parsed:
    """What a file holds."""

    name: str = ""
    method: str = ""
    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Unusable(Exception):
    """An event has something wrong that leaves nothing to import; the text says it to a person."""


def read(data: bytes, *, zone: dt.tzinfo) -> Parsed:
    """Read a calendar file; times without a zone are those of ``zone`` (the file's own default goes first).

    DomainError when it is no calendar at all or too big; anything smaller is a Problem of one event.
    """
    if len(data) > MAX_BYTES:
        raise DomainError(_("The file is larger than 2 MB. Export a shorter time span."), field="file")
    try:
        words, _encoding = decode(data)
    except DomainError as error:
        raise DomainError(str(error), field="file") from error
    parts = blocks.split(words)
    if not parts.is_calendar:
        raise DomainError(_("This is not a calendar file: it holds no event and no task."), field="file")
    _check_number(len(parts.items))
    own = {name: found for name, found in map(own_zone, parts.zones[:ZONES_KEPT]) if found is not None}
    zones = {f"zone-{number}": (name, known_zone(name) or own.get(name)) for name, number in parts.zone_names.items()}
    reader = Reader(zones, known_zone(parts.heading.get("X-WR-TIMEZONE", "")) or zone)
    result = Parsed(parts.heading.get("X-WR-CALNAME", "")[:SHORT], parts.heading.get("METHOD", "").upper())
    for block, component in _components(parts.items):
        try:
            result.items.append(reader.item(block, component))
        except Unusable as refusal:
            result.problems.append(Problem(block.number, _heading(block), str(refusal)))
    _check_number(sum(1 + len(item.extras) for item in result.items))
    return result


def _check_number(items: int) -> None:
    """Refuse more events than one import makes; each single extra date of one is another."""
    if items > MAX_ITEMS:
        raise DomainError(
            _("The file holds more than %(limit)d events. Export a shorter time span.") % {"limit": MAX_ITEMS},
            field="file",
        )


def _components(items: list[blocks.Block]) -> Iterator[tuple[blocks.Block, Component | None]]:
    """Each block with what the library makes of it: many at once, and one by one where that fails."""
    for start in range(0, len(items), CHUNK):
        chunk = items[start : start + CHUNK]
        parsed = _parse(chunk)
        for position, block in enumerate(chunk):
            yield block, parsed[position] if parsed is not None else next(iter(_parse([block]) or [None]), None)


def _parse(chunk: list[blocks.Block]) -> list[Component] | None:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for block in chunk:
        lines += [f"BEGIN:{block.kind}", *block.lines]
        for alarm in block.alarms[: ALARMS_KEPT * 2]:
            lines += ["BEGIN:VALARM", "ACTION:DISPLAY", *alarm, "END:VALARM"]
        lines.append(f"END:{block.kind}")
    lines.append("END:VCALENDAR")
    try:
        found = Component.from_ical("\r\n".join(lines) + "\r\n").subcomponents
    except Exception:  # noqa: BLE001 - a parser fed with strangers' files raises whatever it likes
        if len(chunk) == 1 and chunk[0].alarms:
            return _parse([blocks.Block(chunk[0].kind, chunk[0].number, chunk[0].lines)])
        return None
    return found if len(found) == len(chunk) else None


def _heading(block: blocks.Block) -> str:
    line = next((line for line in block.lines if line.upper().startswith("SUMMARY")), "")
    return texts.clean(line.partition(":")[2])[:SHORT]


class Reader:
    """Turns components into items; knows the zones of the file."""

    def __init__(self, zones: dict[str, tuple[str, dt.tzinfo | None]], default: dt.tzinfo):
        self.zones = zones
        self.default = default

    def item(self, block: blocks.Block, component: Component | None) -> Item:
        """The item of a block; Unusable when nothing can be made of it."""
        if not block.is_whole:
            raise Unusable(_("The file ends in the middle of it."))
        if component is None:
            raise Unusable(_("It is not written as a calendar entry should be."))
        item = Item("event" if block.kind == "VEVENT" else "task", block.number)
        item.summary = self.words(component, "SUMMARY", SHORT)
        item.text = self.words(component, "DESCRIPTION", LONG)
        item.location = self.words(component, "LOCATION", SHORT)
        item.status = self.words(component, "STATUS", 20).upper()
        item.is_private = self.words(component, "CLASS", 20).upper() in {"PRIVATE", "CONFIDENTIAL"}
        item.uid = short_uid(str(first(component, "UID") or ""))
        item.priority = self.priority(component)
        item.sequence = min(max(self.number(component, "SEQUENCE"), 0), 10**6)
        self.times(item, component)
        self.repetition(item, component)
        item.alarms = self.alarms(component, item)
        item.warnings = list(dict.fromkeys(item.warnings))
        if not item.summary and not item.text:
            item.summary = _("(no title)")
        return item

    @staticmethod
    def words(component: Component, name: str, limit: int) -> str:
        """A text property, tidied and cut."""
        value = first(component, name)
        return texts.clean(str(value or "")[: limit * 4], multiline=limit > SHORT)[:limit].strip()

    @staticmethod
    def number(component: Component, name: str) -> int:
        """A whole number, 0 for anything else."""
        try:
            return int(first(component, name) or 0)
        except (TypeError, ValueError):
            return 0

    def priority(self, component: Component) -> int:
        """RFC 5545's 1 (highest) to 9 in our four steps; 0 is undefined."""
        value = self.number(component, "PRIORITY")
        return 4 if value == 1 else 3 if 2 <= value <= 4 else 1 if 6 <= value <= 9 else 2

    def times(self, item: Item, component: Component) -> None:
        """Begin and end: of a task the due date, of an event its span."""
        start, end = self.moment(item, component, "DTSTART"), self.moment(item, component, "DTEND")
        if item.kind == "task":
            due = self.moment(item, component, "DUE")
            start, end = due or start, None
            completed = self.moment(item, component, "COMPLETED")
            item.completed_at = completed if isinstance(completed, dt.datetime) else None
        elif start is None:
            raise Unusable(_("It has no date that can be read."))
        if start is None:
            return
        if end is None and item.kind == "event":
            end = self.after(component, start)
        if not isinstance(start, dt.datetime):
            item.first_day, item.last_day = start, last_day(start, end)
            return
        item.starts_at = start
        if isinstance(end, dt.datetime) and end < start:
            item.warnings.append(_("Its end is before its beginning, so the end was left out."))
        elif isinstance(end, dt.datetime) and end > start:
            item.ends_at = end

    @staticmethod
    def after(component: Component, start: dt.date) -> dt.date | None:
        """The end by DURATION."""
        length = value_of(first(component, "DURATION"))
        if not isinstance(length, dt.timedelta) or not dt.timedelta() < length < 3650 * DAY:
            return None
        return start + length

    def moment(self, item: Item, component: Component, name: str) -> dt.date | None:
        """A date, or a moment in UTC; None when it is missing or unreadable."""
        prop = first(component, name)
        if prop is None:
            return None
        value = value_of(prop)
        if not isinstance(value, dt.date):
            if name not in {"DTSTART", "COMPLETED"}:
                item.warnings.append(_("A time of it could not be read."))
            return None
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise Unusable(_("Its date lies outside the years 1900 to 2200."))
        return self.utc(item, value, prop) if isinstance(value, dt.datetime) else value

    def utc(self, item: Item, value: dt.datetime, prop: Any) -> dt.datetime:
        """In UTC, by the zone it names, the file's rules, or the default."""
        name, zone = self.zones.get(str(getattr(prop, "params", {}).get("TZID", "")), ("", value.tzinfo))
        if zone is None and name:
            item.warnings.append(
                _("The time zone “%(name)s” is unknown; its times were read as yours.") % {"name": name}
            )
        chosen = zone or self.default
        item.zone = item.zone or getattr(chosen, "key", "")
        return value if value.tzinfo == dt.UTC else value.replace(tzinfo=chosen).astimezone(dt.UTC)

    def repetition(self, item: Item, component: Component) -> None:
        """The rule as text, and the occurrences that are left out."""
        rule = first(component, "RRULE")
        if rule is not None:
            try:
                item.rule = rule.to_ical().decode()
            except Exception:  # noqa: BLE001 - whatever the parser says of a broken rule
                item.warnings.append(_("Its repetition could not be read; the first time is imported."))
        elif any(name == "RRULE" for name, _reason in component.errors):
            item.warnings.append(_("Its repetition could not be read; the first time is imported."))
        identity = first(component, "RECURRENCE-ID")
        if identity is not None:
            found = self.moment(item, component, "RECURRENCE-ID")
            item.recurrence_id = found.isoformat() if found else ""
        item.exceptions = self.dates(item, component, "EXDATE")
        item.extras = self.dates(item, component, "RDATE")

    def dates(self, item: Item, component: Component, name: str) -> list[dt.datetime | dt.date]:
        """The dates of EXDATE or RDATE (of a period: its beginning), at most a thousand."""
        value = component.get(name)
        found: list[dt.datetime | dt.date] = []
        for group in value if isinstance(value, list) else [value] if value is not None else []:
            for entry in _dates(group):
                moment = value_of(entry)
                moment = moment[0] if isinstance(moment, tuple) else moment
                if isinstance(moment, dt.date) and FIRST_YEAR <= moment.year <= LAST_YEAR:
                    found.append(self.utc(item, moment, group) if isinstance(moment, dt.datetime) else moment)
        return found[:DATES_KEPT]

    @staticmethod
    def alarms(component: Component, item: Item) -> list[int]:
        """Minutes before the beginning at which the file wants to remind; only those before it."""
        found = set()
        for alarm in component.subcomponents:
            trigger = value_of(first(alarm, "TRIGGER"))
            if isinstance(trigger, dt.datetime) and item.starts_at and trigger.tzinfo:
                trigger = trigger - item.starts_at
            if isinstance(trigger, dt.timedelta) and -366 * DAY < trigger <= dt.timedelta():
                found.add(int(-trigger.total_seconds() // 60))
        return sorted(found)[:ALARMS_KEPT]


def first(component: Component, name: str) -> Any:
    """A property, the first one where a file gives several."""
    value = component.get(name)
    return value[0] if isinstance(value, list) and value else value


def value_of(prop: Any) -> Any:
    """The Python value of a property of time, None for a broken one."""
    try:
        return getattr(prop, "dt", None)
    except Exception:  # noqa: BLE001 - broken: which raises whatever it likes
        return None


def _dates(group: Any) -> list[Any]:
    try:
        return list(group.dts[:DATES_KEPT])
    except Exception:  # noqa: BLE001 - broken, as above
        return []


def last_day(start: dt.date, end: dt.date | None) -> dt.date:
    """The last day of an all-day event: DTEND is the day after it."""
    if end is None:
        return start
    day = end.date() if isinstance(end, dt.datetime) else end
    return max(start, day - DAY)


def short_uid(uid: str) -> str:
    """The id as we keep it: tidied, an endless one as its hash."""
    uid = texts.clean(uid)
    return uid if len(uid) <= UID_LENGTH else f"sha256-{hashlib.sha256(uid.encode()).hexdigest()}"
