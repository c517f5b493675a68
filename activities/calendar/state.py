"""What a page of the calendar is asked to show, as it stands in its address."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import QueryDict

from activities.calendar.spans import VIEWS, View, within
from core.calendar.jalali import Calendar
from core.calendar.parse import parse_date
from core.parsing import InputError, read_keys

MAX_CALENDARS: Final = 8


@dataclass(frozen=True, slots=True)
class State:
    """View, day, people and rooms. Nobody and no room chosen means oneself."""

    view: View
    date: dt.date
    people: tuple[int, ...] = ()
    resources: tuple[int, ...] = ()
    bad_date: bool = False

    def query(self, **changes: Any) -> str:
        """The address's query string, with some of it changed."""
        state = replace(self, **changes)
        data = QueryDict(mutable=True)
        data.update({"view": state.view, "date": state.date.isoformat()})
        data.setlist("people", [str(key) for key in state.people])
        data.setlist("resources", [str(key) for key in state.resources])
        return data.urlencode()


def read(data: QueryDict, *, today: dt.date, calendar: Calendar, default: str) -> State:
    """The state an address asks for. What cannot be read is left out; a date that is none is today, and said to be bad.

    The date may be typed in either calendar.
    """
    view = data.get("view", "")
    view = view if view in VIEWS else default if default in VIEWS else "week"
    typed, bad = data.get("date", "").strip(), False
    try:
        date = parse_date(typed, calendar, today=today) if typed else today
    except InputError:
        date, bad = today, True
    return State(view, within(date), _keys(data.getlist("people")), _keys(data.getlist("resources")), bad)  # type: ignore[arg-type]


def _keys(texts: Iterable[str]) -> tuple[int, ...]:
    return tuple(read_keys(texts)[:MAX_CALENDARS])
