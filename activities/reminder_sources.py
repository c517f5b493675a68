"""Sources of reminders that no activity stands for: an important date, a closing date, a lead nobody answers.

An app above registers its own in its ``reminders.py``. Beat asks every source for the occasions of the next day and
writes each as a row; the occasion's key makes sure that it is written once.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models

from core import notifications
from core.working_time import at_wall_clock

REMIND_AT = dt.time(9)


@dataclass(frozen=True)
class Occasion:
    """One person is to be reminded of one record at one moment. ``key`` names it for good, within its source."""

    user_id: int
    pk: int
    due_at: dt.datetime
    key: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Source:
    """``code`` is the kind of notification; ``occasions(start, end)`` yields those due in the span, and always all of
    them: a waiting row that is not among them any more is cancelled. ``holds(keys)`` says, when the moment has come,
    which of the records still call for it.
    """

    code: str
    model: type[models.Model]
    occasions: Callable[[dt.datetime, dt.datetime], Iterable[Occasion]]
    holds: Callable[[Collection[int]], Collection[int]]


_sources: dict[str, Source] = {}


def register(source: Source, sentence: Any, *, label: Any, channels: Iterable[str] = (notifications.APP,)) -> Source:
    """Declare a source and its kind of notification, by which people switch it on and off."""
    notifications.register(source.code, sentence, label=label, channels=channels)
    _sources[source.code] = source
    return source


def all_sources() -> list[Source]:
    """Every source, in the order of the apps."""
    return list(_sources.values())


def find(code: str) -> Source | None:
    """The source of that code, None for reminders of activities and for sources that are gone."""
    return _sources.get(code)


def morning_of(day: dt.date, zone: str) -> dt.datetime:
    """Nine o'clock of the day by the clocks of a person's time zone."""
    return at_wall_clock(day, REMIND_AT, ZoneInfo(zone))


def days_of(start: dt.datetime, end: dt.datetime) -> tuple[dt.date, dt.date]:
    """The dates that some clock of the world shows between two moments: what a source searches for."""
    return (start - dt.timedelta(hours=14)).date(), (end + dt.timedelta(hours=14)).date()
