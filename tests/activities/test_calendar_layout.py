"""Where the calendar's pages begin and end, and where events stand on them."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest

from activities.calendar.layout import DAY_MINUTES, SHORTEST, Block, block_on, by_day, lay_out, lay_row
from activities.calendar.spans import FIRST_DAY, LAST_DAY, span_of, week_of
from core import display
from core.calendar.jalali import from_jalali

BERLIN, TEHRAN = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tehran")
SATURDAY, MONDAY = 0, 2


@dataclass
class Thing:
    """An event by its moments."""

    starts: dt.datetime
    ends: dt.datetime
    all_day: bool = False

    @property
    def first_day(self) -> dt.date:
        return self.starts.date()

    @property
    def last_day(self) -> dt.date:
        return max(self.starts, self.ends - dt.timedelta(microseconds=1)).date()

    @property
    def is_bar(self) -> bool:
        return self.all_day or self.ends - self.starts >= dt.timedelta(days=1)


def at(day: int, hour: int, minute: int = 0, length: int = 60, zone: ZoneInfo = TEHRAN) -> Thing:
    starts = dt.datetime(2026, 11, day, hour, minute, tzinfo=zone)
    return Thing(starts, (starts.astimezone(dt.UTC) + dt.timedelta(minutes=length)).astimezone(zone))


def whole(first: int, days: int = 1) -> Thing:
    starts = dt.datetime(2026, 11, first, tzinfo=TEHRAN)
    return Thing(starts, starts + dt.timedelta(days=days), all_day=True)


# Pages ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "month", "days"),
    [(1405, 1, 31), (1405, 6, 31), (1405, 7, 30), (1405, 11, 30), (1404, 12, 29), (1403, 12, 30), (1408, 12, 30)],
)
def test_a_jalali_month_is_shown_in_whole_weeks_from_saturday(year: int, month: int, days: int) -> None:
    first = from_jalali(year, month, 1)
    span = span_of("month", first + dt.timedelta(days=14), "jalali", SATURDAY)
    assert (span.period.start, span.period.days) == (first, days)
    assert span.first <= first <= span.last
    assert span.first.weekday() == 5
    assert span.last.weekday() == 4
    assert len(span.days) % 7 == 0
    assert (span.first + dt.timedelta(days=7)) > first
    assert (span.last - dt.timedelta(days=7)) < span.period.end


def test_months_follow_each_other_over_nowruz() -> None:
    span = span_of("month", from_jalali(1403, 12, 30), "jalali", SATURDAY)
    after = span_of("month", span.step(1), "jalali", SATURDAY)
    assert after.period.start == from_jalali(1404, 1, 1)
    before = span_of("month", after.step(-1), "jalali", SATURDAY)
    assert before.period.start == from_jalali(1403, 12, 1)


def test_from_the_31st_the_next_month_keeps_its_last_day() -> None:
    span = span_of("month", from_jalali(1405, 6, 31), "jalali", SATURDAY)
    assert span.step(1) == from_jalali(1405, 7, 30)


def test_a_week_may_hold_two_years() -> None:
    nowruz = from_jalali(1405, 1, 1)
    span = span_of("week", nowruz, "jalali", SATURDAY)
    assert nowruz in span.days
    assert (len(span.days), span.first.weekday()) == (7, 5)


@pytest.mark.parametrize(("starts_on", "weekday"), [(SATURDAY, 5), (1, 6), (MONDAY, 0), (6, 4)])
def test_a_week_begins_where_the_company_says(starts_on: int, weekday: int) -> None:
    for day in range(1, 20):
        date = dt.date(2026, 11, day)
        first = week_of(date, starts_on)
        assert first.weekday() == weekday
        assert 0 <= (date - first).days < 7


def test_a_gregorian_month_begins_with_monday() -> None:
    span = span_of("month", dt.date(2026, 2, 10), "gregorian", MONDAY)
    assert (span.first, span.last) == (dt.date(2026, 1, 26), dt.date(2026, 3, 1))


def test_pages_have_names_in_the_readers_words() -> None:
    with display.use(display.Display()):
        assert span_of("month", from_jalali(1405, 9, 1), "jalali", SATURDAY).title == "آذر ۱۴۰۵"
        assert span_of("day", from_jalali(1405, 9, 1), "jalali", SATURDAY).title == "یک‌شنبه ۱ آذر ۱۴۰۵"
    with display.use(display.Display(language="en", calendar="gregorian", digits="latin")):
        assert span_of("week", dt.date(2026, 11, 25), "gregorian", MONDAY).title == "23 – 29 November 2026"


def test_there_is_a_first_and_a_last_page() -> None:
    for view in ("month", "week", "day", "agenda"):
        assert span_of(view, dt.date.min, "jalali", SATURDAY).date == FIRST_DAY
        last = span_of(view, dt.date.max, "gregorian", MONDAY)
        assert last.date == LAST_DAY
        assert last.step(1) == LAST_DAY


def test_a_day_is_cut_at_the_readers_midnights() -> None:
    longer = span_of("day", dt.date(2026, 10, 25), "gregorian", MONDAY).bounds(BERLIN)
    shorter = span_of("day", dt.date(2026, 3, 29), "gregorian", MONDAY).bounds(BERLIN)
    tehran = span_of("day", dt.date(2026, 3, 22), "jalali", SATURDAY).bounds(TEHRAN)
    assert [(end - start).total_seconds() / 3600 for start, end in (longer, shorter, tehran)] == [25, 23, 24]
    assert tehran[0] == dt.datetime(2026, 3, 21, 20, 30, tzinfo=dt.UTC)


# Blocks of a day -----------------------------------------------------------------------------------------------------


def day(number: int) -> dt.date:
    return dt.date(2026, 11, number)


def test_an_event_over_midnight_has_a_part_on_each_day() -> None:
    event = at(22, 23, length=150)
    evening, night = block_on(event, day(22)), block_on(event, day(23))
    assert evening
    assert night
    assert (evening.start, evening.end, evening.goes_on, evening.from_before) == (23 * 60, DAY_MINUTES, True, False)
    assert (night.start, night.end, night.goes_on, night.from_before) == (0, 90, False, True)
    assert block_on(event, day(24)) is None


def test_what_ends_at_midnight_does_not_reach_the_next_day() -> None:
    event = at(22, 22, length=120)
    assert block_on(event, day(23)) is None
    block = block_on(event, day(22))
    assert block
    assert block.end == DAY_MINUTES


@pytest.mark.parametrize(("hour", "minute", "length"), [(9, 0, 0), (9, 0, 5), (23, 58, 1), (0, 0, 0)])
def test_a_block_is_never_too_low_to_read(hour: int, minute: int, length: int) -> None:
    block = block_on(at(22, hour, minute, length), day(22))
    assert block
    assert block.end - block.start >= SHORTEST
    assert 0 <= block.start < block.end <= DAY_MINUTES


def test_a_day_of_23_hours_keeps_the_clock_on_the_wall() -> None:
    starts = dt.datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN)
    event = Thing(starts, (starts.astimezone(dt.UTC) + dt.timedelta(hours=1)).astimezone(BERLIN))
    block = block_on(event, dt.date(2026, 3, 29))
    assert block
    assert (block.start, block.end) == (90, 3 * 60 + 30)


def test_in_a_day_of_25_hours_both_of_the_same_hour_stand_side_by_side() -> None:
    first = dt.datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    second = first.replace(fold=1)
    later = dt.timedelta(minutes=45)
    events = [Thing(one, (one.astimezone(dt.UTC) + later).astimezone(BERLIN)) for one in (first, second)]
    assert events[0].ends.hour == 2  # 02:15 of the second round: before it began, by the clock on the wall
    blocks = [block for event in events if (block := block_on(event, first.date()))]
    placed, crowds = lay_out(blocks, 4)
    assert not crowds
    assert all(block.end - block.start >= SHORTEST for block in placed)
    assert sorted(block.column for block in placed) == [0, 1]


def covered(placed: list[Block[Thing]]) -> bool:
    """Whether one block lies over another."""
    return any(
        one.column == other.column and one.start < other.end and other.start < one.end
        for number, one in enumerate(placed)
        for other in placed[number + 1 :]
    )


def test_blocks_that_touch_share_the_width() -> None:
    events = [at(22, 9, 0, 90), at(22, 9, 30, 30), at(22, 10, 0, 60), at(22, 12, 0, 60)]
    placed, crowds = lay_out([block for event in events if (block := block_on(event, day(22)))], 4)
    assert not crowds
    assert not covered(placed)
    assert [(block.column, block.columns) for block in placed] == [(0, 2), (1, 2), (1, 2), (0, 1)]


@pytest.mark.parametrize("count", [1, 2, 5, 40])
def test_a_crowd_is_counted_where_no_column_is_left(count: int) -> None:
    events = [at(22, 9 + number % 3, number % 4 * 10, 75) for number in range(count)]
    placed, crowds = lay_out([block for event in events if (block := block_on(event, day(22)))], 4)
    assert not covered(placed)
    assert len(placed) + sum(len(crowd.events) for crowd in crowds) == count
    assert all(block.column < 4 and block.columns <= 4 for block in placed)
    assert all(block.column < crowd.column for crowd in crowds for block in placed if block.columns == crowd.columns)


# Rows of days --------------------------------------------------------------------------------------------------------

WEEK = tuple(dt.date(2026, 11, 21) + dt.timedelta(days=n) for n in range(7))


def test_long_events_lie_over_their_days_and_are_cut_at_the_weeks_ends() -> None:
    row = lay_row([at(22, 9), whole(19, 4), whole(26, 4)], WEEK, 4)
    bars = {(bar.column, bar.days, bar.lane, bar.from_before, bar.goes_on) for bar in row.bars}
    assert bars == {(0, 2, 0, True, False), (1, 1, 1, False, False), (5, 2, 0, False, True)}
    assert not row.more


def test_what_finds_no_lane_is_counted_on_each_of_its_days() -> None:
    row = lay_row([*(whole(22, 2) for _n in range(5)), at(22, 9), at(24, 9)], WEEK, 3)
    assert row.more == {day(22): 3, day(23): 2}
    assert sorted({bar.lane for bar in row.bars}) == [0, 1, 2]
    assert (row.lanes, len(row.bars)) == (3, 4)


def test_a_late_evening_stays_one_line_of_its_own_day() -> None:
    row = lay_row([at(22, 23, length=150)], WEEK, 3)
    assert [(bar.column, bar.days) for bar in row.bars] == [(1, 1)]


def test_an_agenda_names_long_events_every_day() -> None:
    found = by_day([at(22, 9), whole(21, 3), at(22, 8)], WEEK)
    assert [len(found[one]) for one in WEEK[:4]] == [1, 3, 1, 0]
    assert [event.all_day for event in found[day(22)]] == [True, False, False]
    assert found[day(22)][1].starts.hour == 8
