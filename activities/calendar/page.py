"""A page of the calendar: what was asked for, read once and put in its places."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from activities.calendar.layout import block_on, by_day, lay_out, lay_row
from activities.calendar.marks import COLOURS, Mark, More, Painter, Placed, bar_place, block_place, clock_place
from activities.calendar.spans import VIEWS, Span, span_of
from activities.calendar.state import MAX_CALENDARS, State
from activities.models import Resource
from activities.selectors.calendar import Event, calendar_events, calendar_people, holidays_between, rooms_in_use
from activities.selectors.coming import coming_events
from core import display, organisation, working_time
from core.calendar.jalali import Calendar, month_name, weekday_name, year_month_day
from core.forms.widgets import plain_date
from users.models import User

MONTH_LANES: Final = 3
WHOLE_DAY_LANES: Final = 4
WIDEST: Final = {"week": 4, "day": 10}
WIDEST_IN_GROUP: Final = 4
_END_OF_DAY: Final = 24 * 60


@dataclass(slots=True)
class Day:
    """A day of the page: as it is typed, its numbers in both calendars, and why it is off."""

    date: dt.date
    typed: str
    number: str
    month: str
    other: str
    label: str
    weekday: str
    url: str
    is_today: bool
    is_off: bool
    is_outside: bool
    holiday: str
    column: int = 0
    marks: list[Placed] = field(default_factory=list)
    more: More | None = None
    listed: list[Mark] = field(default_factory=list)


@dataclass(slots=True)
class Week:
    """A row of days with what lies over them."""

    days: list[Day]
    lanes: int


@dataclass(slots=True)
class Column:
    """A day's hours, or those of one person or room on the day."""

    day: Day
    name: str
    colour: str
    blocks: list[Placed]
    crowds: list[More]
    shades: list[dict[str, int]]
    bars: list[Placed]
    x: int
    resource: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A person or room whose calendar is laid in, with the page without it."""

    kind: str
    key: int
    name: str
    colour: str
    remove_url: str


class CalendarPage:
    """Reads what the state asks for as the user may see it: ten queries at most, whatever there is."""

    def __init__(self, *, user: Any, state: State) -> None:
        self.user, self.state = user, state
        self.display = display.current()
        self.now = self.display.now()
        self.calendar: Calendar = self.display.calendar
        self.work = working_time.current()

    @cached_property
    def span(self) -> Span:
        """The days of the page."""
        return span_of(self.state.view, self.state.date, self.calendar, organisation.week_start(self.calendar))

    @cached_property
    def all_rooms(self) -> list[Resource]:
        """Every room in use."""
        return rooms_in_use()

    @cached_property
    def rooms(self) -> list[Resource]:
        """The rooms chosen."""
        return [room for room in self.all_rooms if room.pk in self.state.resources]

    @cached_property
    def people(self) -> list[User]:
        """The people chosen: oneself when nobody and no room was, oneself first."""
        if not self.state.people and not self.rooms:
            return [self.user]
        found = calendar_people(self.state.people) if self.state.people else []
        return sorted(found, key=lambda person: person.pk != self.user.pk)

    @cached_property
    def colours(self) -> dict[tuple[str, int], str]:
        """A colour for each person and room when there are several; else none, and the colour tells the kind."""
        keys = [("person", one.pk) for one in self.people] + [("room", one.pk) for one in self.rooms]
        if len(keys) < 2:
            return {}
        return {key: COLOURS[number % len(COLOURS)] for number, key in enumerate(keys)}

    @cached_property
    def painter(self) -> Painter:
        """What draws the events."""
        names = {person.pk: str(person) for person in self.people}
        return Painter(names, {room.pk: str(room) for room in self.all_rooms}, self.colours, self.now)

    @cached_property
    def events(self) -> list[Event]:
        """The events of all days shown, and what repetitions will bring."""
        start, end = self.span.bounds(self.display.tz)
        people, rooms = [one.pk for one in self.people], [one.pk for one in self.rooms]
        events = calendar_events(user=self.user, start=start, end=end, people=people, resources=rooms)
        events += coming_events(user=self.user, start=start, end=end, people=people)
        return sorted(events, key=lambda one: (one.starts, one.is_coming, one.pk))

    @cached_property
    def holidays(self) -> dict[dt.date, str]:
        """Days off with their names."""
        return {date: str(day) for date, day in holidays_between(self.span.first, self.span.last).items()}

    @cached_property
    def days(self) -> dict[dt.date, Day]:
        """Every day shown."""
        return {date: self._day(date) for date in self.span.days}

    def _day(self, date: dt.date) -> Day:
        language, period = self.display.language, self.span.period
        _year, month, number = year_month_day(date, self.calendar)
        first_shown = date == self.span.first and self.state.view == "month"
        return Day(
            date=date,
            typed=plain_date(date),
            number=display.local_digits(str(number)),
            month=month_name(month, self.calendar, language) if number == 1 or first_shown else "",
            other=self._other_number(date, first_shown=first_shown),
            label=display.format_date(date, "full"),
            weekday=self._weekday(date),
            url="?" + self.state.query(view="day", date=date),
            is_today=date == self.now.date(),
            is_off=not self.work.is_working_day(date),
            is_outside=self.state.view == "month" and not period.start <= date <= period.end,
            holiday=self.holidays.get(date, ""),
        )

    def _weekday(self, date: dt.date) -> str:
        """The day's name, in English short where seven stand side by side (in a month on a phone only)."""
        name = weekday_name(date, self.display.language)
        return name[:3] if self.display.language != "fa" and self.state.view in {"week", "month"} else name

    @property
    def other_calendar(self) -> Calendar:
        """The calendar the person does not go by."""
        return "gregorian" if self.calendar == "jalali" else "jalali"

    def _other_number(self, date: dt.date, *, first_shown: bool = False) -> str:
        _year, month, number = year_month_day(date, self.other_calendar)
        name = month_name(month, self.other_calendar, self.display.language)
        short = name[:3] if self.other_calendar == "gregorian" and self.display.language != "fa" else name
        text = f"{number} {short}" if number == 1 or first_shown or self.state.view != "month" else str(number)
        return display.local_digits(text)

    @property
    def other_title(self) -> str:
        """The months of the page in the other calendar: «نوامبر – دسامبر ۲۰۲۶»."""
        ends = self.span.period
        first, last = (year_month_day(day, self.other_calendar) for day in (ends.start, ends.end))
        names = [month_name(one.month, self.other_calendar, self.display.language) for one in (first, last)]
        if self.state.view == "day":
            return display.local_digits(f"{first.day} {names[0]} {first.year}")
        if first[:2] == last[:2]:
            return display.local_digits(f"{names[0]} {first.year}")
        year = f" {first.year}" if first.year != last.year else ""
        return display.local_digits(f"{names[0]}{year} – {names[1]} {last.year}")

    # Month -----------------------------------------------------------------------------------------------------------

    def weeks(self) -> list[Week]:
        """The rows of a month, each day with its events and “+n more”."""
        return [self._week(self.events, dates, MONTH_LANES) for dates in self.span.weeks]

    def _week(self, events: Sequence[Event], dates: tuple[dt.date, ...], lanes: int) -> Week:
        row = lay_row(events, dates, lanes)
        days = [self.days[date] for date in dates]
        for column, day in enumerate(days):
            day.column = column
            if day.date in row.more:
                day.more = More({"x": column, "lane": lanes}, row.more[day.date], self._closer_url(day))
        for bar in row.bars:
            place = Placed(self.painter.mark(bar.event), bar_place(bar), bar.from_before, bar.goes_on)
            days[bar.column].marks.append(place)
        return Week(days, max(row.lanes + bool(row.more), 1))

    # Hours -----------------------------------------------------------------------------------------------------------

    def whole_days(self) -> Week:
        """What lasts all day, above the hours."""
        return self._week([event for event in self.events if event.is_bar], self.span.days, WHOLE_DAY_LANES)

    @property
    def is_grouped(self) -> bool:
        """Whether the day is shown side by side for several people and rooms."""
        return self.state.view == "day" and bool(self.colours)

    def columns(self) -> list[Column]:
        """The hours: a column for each day, or for each person and room of the one day."""
        if not self.is_grouped:
            widest = WIDEST[self.state.view]
            return [self._column(day, "", self.events, widest, x) for x, day in enumerate(self.days.values())]
        day = self.days[self.span.first]
        groups: list[tuple[str, str, list[Event], int | None]] = []
        for person in self.people:
            mine = [event for event in self.events if person.pk in event.people]
            groups.append((str(person), self.colours["person", person.pk], mine, None))
        for room in self.rooms:
            held = [event for event in self.events if room.pk in event.rooms]
            groups.append((str(room), self.colours["room", room.pk], held, room.pk))
        columns = []
        for x, (name, colour, events, resource) in enumerate(groups):
            column = self._column(day, name, events, WIDEST_IN_GROUP, x)
            column.colour, column.resource = colour, resource
            bars = [event for event in events if event.is_bar]
            column.bars = [Placed(self.painter.mark(one), {"x": x, "n": 1, "lane": n}) for n, one in enumerate(bars)]
            columns.append(column)
        return columns

    def _column(self, day: Day, name: str, events: Iterable[Event], widest: int, x: int) -> Column:
        parts = [block for one in events if not one.is_bar and (block := block_on(one, day.date))]
        placed, crowds = lay_out(parts, widest)
        return Column(
            day=day,
            name=name,
            colour="",
            blocks=[
                Placed(self.painter.mark(one.event), block_place(one), one.from_before, one.goes_on) for one in placed
            ],
            crowds=[More(block_place(one), len(one.events), self._closer_url(day)) for one in crowds],
            shades=self._shades(day),
            bars=[],
            x=x,
        )

    def _closer_url(self, day: Day) -> str:
        """Where all of a day's events have room."""
        return "?" + self.state.query(view="agenda" if self.state.view == "day" else "day", date=day.date)

    def _shades(self, day: Day) -> list[dict[str, int]]:
        """The hours without work."""
        if day.is_off:
            return [clock_place(0, _END_OF_DAY)]
        starts, ends = (time.hour * 60 + time.minute for time in (self.work.starts, self.work.ends))
        return [clock_place(0, starts), clock_place(ends, _END_OF_DAY)]

    def clock(self) -> dict[str, int] | None:
        """Where the line of the present moment stands, when today is shown."""
        if self.now.date() not in self.days:
            return None
        minutes = self.now.hour * 60 + self.now.minute
        return clock_place(minutes - minutes % 5, minutes - minutes % 5)

    def hours(self) -> list[tuple[int, str]]:
        """The hours' names."""
        return [(hour, display.format_time(dt.time(hour))) for hour in range(24)]

    # Agenda ----------------------------------------------------------------------------------------------------------

    def agenda(self) -> list[Day]:
        """Days with something on them, and today."""
        for date, events in by_day(self.events, self.span.days).items():
            self.days[date].listed = [self.painter.mark(event) for event in events]
        return [day for day in self.days.values() if day.listed or day.is_today or day.holiday]

    # The frame -------------------------------------------------------------------------------------------------------

    def shown(self) -> list[Shown]:
        """Whose calendars are on the page, when they are not only one's own."""
        people, rooms = [one.pk for one in self.people], [one.pk for one in self.rooms]
        if people == [self.user.pk] and not rooms:
            return []
        entries: list[tuple[str, Any]] = [("person", one) for one in self.people]
        entries += [("room", one) for one in self.rooms]
        return [
            Shown(
                kind,
                one.pk,
                str(one),
                self.colours.get((kind, one.pk), ""),
                "?"
                + self.state.query(
                    people=[key for key in people if (kind, key) != ("person", one.pk)],
                    resources=[key for key in rooms if (kind, key) != ("room", one.pk)],
                ),
            )
            for kind, one in entries
        ]

    def team_url(self) -> str:
        """The page with the calendars of one's team, empty for who works alone."""
        team = [key for key in self.user.colleagues("team") if key != self.user.pk]
        people = (self.user.pk, *team[: MAX_CALENDARS - 1])
        return "?" + self.state.query(people=people, resources=()) if team else ""

    def context(self) -> dict[str, Any]:
        """What the template shows."""
        view = self.state.view
        links = {name: "?" + self.state.query(date=self.span.step(step)) for name, step in (("prev", -1), ("next", 1))}
        context: dict[str, Any] = {
            "page": self,
            "state": self.state,
            "span": self.span,
            "prev_url": links["prev"],
            "next_url": links["next"],
            "today_url": "?" + self.state.query(date=self.now.date()),
            "view_urls": {one: "?" + self.state.query(view=one) for one in VIEWS},
            "shown": self.shown(),
            "weekdays": [
                (weekday_name(day, self.display.language), self._weekday(day), number)
                for number, day in enumerate(self.span.days[:7])
            ],
            "state_query": self.state.query(),
            "team_url": self.team_url(),
        }
        if view == "month":
            context["weeks"] = self.weeks()
        elif view == "agenda":
            context["agenda"] = self.agenda()
        else:
            context["columns"] = columns = self.columns()
            context["whole"] = whole = None if self.is_grouped else self.whole_days()
            context["all_day_lanes"] = whole.lanes if whole else max(1, *(len(column.bars) for column in columns))
            context["hours"] = self.hours()
            context["clock"] = self.clock()
        return context
