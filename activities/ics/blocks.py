"""Takes a calendar file apart line by line, so that one broken event spoils only itself."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

KEPT = frozenset(
    {
        *("UID", "DTSTART", "DTEND", "DUE", "DURATION", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "CLASS"),
        *("PRIORITY", "COMPLETED", "RRULE", "EXDATE", "RDATE", "RECURRENCE-ID", "SEQUENCE", "TRIGGER"),
    }
)
ITEMS = frozenset({"VEVENT", "VTODO"})
NAME = re.compile(r"^\s*([A-Za-z0-9-]+)\s*[;:]")
EMPTY_PARAMETER = re.compile(r"(?<=^DTSTART);(?=[;:])|(?<=^DTEND);(?=[;:])|(?<=^DUE);(?=[;:])")
# No part may begin where another may end: letters that two of them could take make a search endless.
ZONE = re.compile(
    r";[ \t]{0,9}TZID[ \t]{0,9}=(?:[ \t]{0,9}(\"[^\"]*\")|([^;\"]*?))(?=[ \t]{0,9};|:[ \t]{0,9}\d{8})",
    re.IGNORECASE,
)
MAX_LINE = 100_000  # characters of one unfolded line; longer ones are cut
MAX_LINES = 2_000  # of one event
MAX_ZONES = 200  # names of zones in a file; times of others are read as those of the file


@dataclass
class Block:
    """The lines of one event or task that matter to us; ``is_whole`` is False when the file ends within it."""

    kind: str
    number: int
    lines: list[str] = field(default_factory=list)
    alarms: list[list[str]] = field(default_factory=list)
    is_whole: bool = False


@dataclass
class Parts:
    """What stands in a file: events and tasks, time zones, and what is said about the whole.

    A line names its zone by its number in ``zone_names`` (name → number): programs write there what no parser takes.
    """

    items: list[Block] = field(default_factory=list)
    zones: list[list[str]] = field(default_factory=list)
    zone_names: dict[str, int] = field(default_factory=dict)
    heading: dict[str, str] = field(default_factory=dict)
    is_calendar: bool = False


def unfold(text: str) -> Iterator[str]:
    """The lines of the text, continued ones joined, empty ones left out."""
    parts: list[str] = []
    room = MAX_LINE
    for raw in re.split(r"\r\n|\r|\n", text.replace("\x00", "")):
        if raw[:1] in {" ", "\t"} and parts:
            if room > 0:
                parts.append(raw[1 : room + 1])
                room -= len(parts[-1])
            continue
        yield from _whole(parts)
        parts = [raw[:MAX_LINE]] if raw else []
        room = MAX_LINE - len(raw)
    yield from _whole(parts)


def _whole(parts: list[str]) -> Iterator[str]:
    line = "".join(parts)
    if line.strip():
        yield line


class Splitter:
    """Walks over the lines with a stack of open components."""

    def __init__(self) -> None:
        self.parts = Parts()
        self.stack: list[str] = []
        self.opened: Counter[str] = Counter()  # how often each kind stands in the stack
        self.block: Block | None = None
        self.zone: list[str] | None = None

    def run(self, text: str) -> Parts:
        """Take the text apart."""
        for line in unfold(text):
            found = NAME.match(line)
            if found is None:
                continue
            name, value = found.group(1).upper(), line.partition(":")[2].strip()
            if name == "BEGIN":
                self.begin(value.upper(), line)
            elif name == "END":
                self.end(value.upper(), line)
            else:
                self.keep(name, line, value)
        return self.parts

    def begin(self, kind: str, line: str) -> None:
        """A component opens."""
        self.stack.append(kind)
        self.opened[kind] += 1
        if self.zone is not None:
            self.zone.append(line)
        elif kind == "VTIMEZONE" and self.block is None:
            self.zone = [line]
        elif kind in ITEMS and self.block is None:
            self.parts.is_calendar = True
            self.block = Block(kind, len(self.parts.items) + 1)
            self.parts.items.append(self.block)
        elif kind == "VALARM" and self.block is not None:
            self.block.alarms.append([])
        elif kind == "VCALENDAR":
            self.parts.is_calendar = True

    def end(self, kind: str, line: str) -> None:
        """A component closes, and with it those that were left open inside."""
        if not self.opened[kind]:
            return
        closed = ""
        while closed != kind:
            closed = self.stack.pop()
            self.opened[closed] -= 1
        if self.zone is not None:
            self.zone.append(line)
            if kind == "VTIMEZONE":
                self.parts.zones.append(self.zone)
                self.zone = None
        elif self.block is not None and not self.opened[self.block.kind]:
            self.block.is_whole = kind == self.block.kind
            self.block = None

    def number_zone(self, found: re.Match[str]) -> str:
        """The parameter with the number of the zone in the place of its name."""
        name, names = _unquoted(found.group(1) or found.group(2)), self.parts.zone_names
        if name not in names and len(names) >= MAX_ZONES:
            return ""
        return f";TZID=zone-{names.setdefault(name, len(names))}"

    def keep(self, name: str, line: str, value: str) -> None:
        """A property, put where it belongs."""
        if self.zone is not None:
            self.zone.append(line)
        elif self.block is not None:
            inside = self.stack[-1]
            if inside == self.block.kind and name in KEPT and len(self.block.lines) < MAX_LINES:
                self.block.lines.append(ZONE.sub(self.number_zone, EMPTY_PARAMETER.sub("", line, count=1)))
            elif inside == "VALARM" and name in KEPT and self.block.alarms:
                self.block.alarms[-1].append(line)
        elif name in {"X-WR-CALNAME", "X-WR-TIMEZONE", "METHOD"} and value:
            self.parts.heading.setdefault(name, value)


def _unquoted(name: str) -> str:
    return name.strip().strip('"').strip()


def split(text: str) -> Parts:
    """The parts of a calendar file."""
    return Splitter().run(text)
