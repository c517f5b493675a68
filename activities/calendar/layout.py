"""Where events stand: bars in the rows of a month, blocks in the columns of a day. Pure reckoning over dates and times.

Blocks stand by the clock on the wall: a day has 24 hours on the page, also when the clocks change. An hour that is
skipped stays empty; of an hour that comes twice both stand in the same place, side by side.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

DAY_MINUTES: Final = 24 * 60
SHORTEST: Final = 30  # minutes a block is high at least, so that its words can be read
SLOT: Final = 5  # minutes; blocks begin and end on these
_ONE_DAY: Final = dt.timedelta(days=1)


class Placeable(Protocol):
    """What can be laid out: moments on the reader's clock, and the days it touches."""

    starts: dt.datetime
    ends: dt.datetime
    first_day: dt.date
    last_day: dt.date

    @property
    def is_bar(self) -> bool:
        """Whether it stands above the hours: all day or longer than one."""


E = TypeVar("E", bound=Placeable)


@dataclass(slots=True)
class Block(Generic[E]):
    """An event's part on one day: from and to in minutes of the day, its column of how many.

    ``from_before`` and ``goes_on`` tell of a part that is not all of it.
    """

    event: E
    start: int
    end: int
    column: int = 0
    columns: int = 1
    from_before: bool = False
    goes_on: bool = False


@dataclass(slots=True)
class Crowd(Generic[E]):
    """Events of one stretch of a day that found no column; ``column`` is where “+n more” stands."""

    start: int
    end: int
    column: int
    columns: int
    events: list[E] = field(default_factory=list)


@dataclass(slots=True)
class Bar(Generic[E]):
    """An event in a row of days: first column, number of days, lane from the top."""

    event: E
    column: int
    days: int
    lane: int
    from_before: bool = False
    goes_on: bool = False


@dataclass(slots=True)
class Row(Generic[E]):
    """A row of days with its bars, and how many events each day has that found no lane."""

    days: tuple[dt.date, ...]
    bars: list[Bar[E]]
    more: dict[dt.date, int]
    lanes: int


def wall_minutes(moment: dt.datetime) -> int:
    """Minutes since midnight by the clock on the wall."""
    return moment.hour * 60 + moment.minute


def block_on(event: E, day: dt.date) -> Block[E] | None:
    """The part of a timed event that falls on the day, None when none does. Never shorter than can be read."""
    if not event.first_day <= day <= event.last_day:
        return None
    before, after = event.starts.date() < day, event.ends.date() > day
    start = 0 if before else wall_minutes(event.starts)
    end = DAY_MINUTES if after else wall_minutes(event.ends)
    start = min(start - start % SLOT, DAY_MINUTES - SHORTEST)
    end = min(max(end + -end % SLOT, start + SHORTEST), DAY_MINUTES)
    return Block(event, start, end, from_before=before, goes_on=after)


def lay_out(blocks: Iterable[Block[E]], widest: int) -> tuple[list[Block[E]], list[Crowd[E]]]:
    """Give the blocks of a day their columns, so that none covers another; beyond ``widest`` they are a crowd."""
    placed: list[Block[E]] = []
    crowds: list[Crowd[E]] = []
    group: list[Block[E]] = []
    until = -1
    for block in sorted(blocks, key=lambda one: (one.start, -one.end)):
        if group and block.start >= until:
            _close(group, widest, placed, crowds)
            group = []
        group.append(block)
        until = max(until, block.end) if len(group) > 1 else block.end
    if group:
        _close(group, widest, placed, crowds)
    return placed, crowds


def _close(group: list[Block[E]], widest: int, placed: list[Block[E]], crowds: list[Crowd[E]]) -> None:
    """Columns of blocks that touch each other, directly or through others."""
    free_at: list[int] = []
    for block in group:
        for number, end in enumerate(free_at):
            if end <= block.start:
                block.column, free_at[number] = number, block.end
                break
        else:
            block.column = len(free_at)
            free_at.append(block.end)
    columns = min(len(free_at), widest)
    for block in group:
        block.columns = columns
    if len(free_at) <= widest:
        placed.extend(group)
        return
    shown = [block for block in group if block.column < widest - 1]
    rest = [block for block in group if block.column >= widest - 1]
    placed.extend(shown)
    start, end = min(block.start for block in rest), max(block.end for block in rest)
    crowds.append(Crowd(start, end, widest - 1, widest, [block.event for block in rest]))


def lay_row(events: Sequence[E], days: tuple[dt.date, ...], lanes: int) -> Row[E]:
    """Put events into the lanes of a row of days: longer ones first, then by time. Those beyond ``lanes`` are counted."""
    first, last = days[0], days[-1]
    here = [event for event in events if event.first_day <= last and _last_day(event) >= first]
    here.sort(key=lambda one: (not one.is_bar, max(one.first_day, first), -_days(one), one.starts))
    taken: dict[dt.date, set[int]] = defaultdict(set)
    more: dict[dt.date, int] = defaultdict(int)
    bars: list[Bar[E]] = []
    for event in here:
        start, end = max(event.first_day, first), min(_last_day(event), last)
        touched = [start + _ONE_DAY * n for n in range((end - start).days + 1)]
        held = taken[start] if len(touched) == 1 else set().union(*(taken[day] for day in touched))
        lane = next((n for n in range(lanes) if n not in held), None)
        if lane is None:
            for day in touched:
                more[day] += 1
            continue
        for day in touched:
            taken[day].add(lane)
        bars.append(
            Bar(event, (start - first).days, len(touched), lane, event.first_day < first, _last_day(event) > last)
        )
    bars.sort(key=lambda bar: (bar.column, bar.lane))
    used = max((lane + 1 for one in taken.values() for lane in one), default=0)
    return Row(days, bars, dict(more), used)


def _last_day(event: Placeable) -> dt.date:
    """The last day it is named on: what only runs over midnight stays with its evening."""
    return event.last_day if event.is_bar else event.first_day


def _days(event: Placeable) -> int:
    return (_last_day(event) - event.first_day).days


def by_day(events: Iterable[E], days: Sequence[dt.date]) -> dict[dt.date, list[E]]:
    """The events of each of the days, all-day ones first, then by time."""
    found: dict[dt.date, list[E]] = {day: [] for day in days}
    for event in events:
        day, last = max(event.first_day, days[0]), min(_last_day(event), days[-1])
        while day <= last:
            found[day].append(event)
            day += _ONE_DAY
    for here in found.values():
        here.sort(key=lambda one: (not one.is_bar, one.starts))
    return found
