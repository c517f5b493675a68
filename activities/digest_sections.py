"""Parts of the morning digest, as the apps declare them in their ``reminders.py``."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

MAX_LINES = 10


@dataclass(frozen=True)
class Line:
    """One thing to know: its words in the reader's language, its page, and when it is (text, may be empty)."""

    text: str
    url: str = ""
    when: str = ""


@dataclass(frozen=True)
class Part:
    """What a section found for one person: the first lines, and how many there are in all."""

    lines: Sequence[Line]
    total: int


@dataclass(frozen=True, kw_only=True)
class Section:
    """``find(user, now)`` is called with the person's language, calendar and time zone in force.

    ``urgent`` ones alone are reason enough to write; the others only go along.
    """

    code: str
    title: Any
    find: Callable[[Any, dt.datetime], Part]
    urgent: bool = True


_sections: dict[str, Section] = {}


def register(section: Section) -> Section:
    """Declare a section."""
    _sections[section.code] = section
    return section


def all_sections() -> list[Section]:
    """Every section, in the order of the apps."""
    return list(_sections.values())
