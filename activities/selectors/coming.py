"""The times of repetitions that are not made yet, reckoned by their rules for the pages of the calendar."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone

from activities.choices import Status
from activities.models import Activity, Recurrence
from activities.recurrence import occurrences, parse_rule
from activities.selectors.calendar import Event, Stored, event_of, people_of_events, stored_rows, takes_time
from core import display
from core.working_time import end_from

FURTHEST: Final = dt.timedelta(days=731)  # nobody plans by a calendar further ahead
MAX_SERIES: Final = 200
MAX_TIMES: Final = 60  # of one series on one page

Times = dict[int, list[dt.datetime]]


def coming_events(*, user: Any, start: dt.datetime, end: dt.datetime, people: Iterable[int]) -> list[Event]:
    """What the repetitions of the people will bring between two moments, beyond what is made; four queries at most.

    Each opens the latest activity of its series. Up to FURTHEST ahead, MAX_SERIES series, MAX_TIMES of each. What the
    reader may not see is busy; it has neither a room nor an answer yet.
    """
    people, now = frozenset(people), timezone.now()
    end = min(end, now + FURTHEST)
    if not people or end <= max(start, now):
        return []
    patterns = _patterns(people, end)
    times = _times(patterns.values(), max(start - dt.timedelta(days=1), now), end)
    rows = stored_rows(user, [pk for pk, series in patterns.items() if series.pk in times]) if times else []
    doing = people_of_events([row.pk for row in rows], people) if len(people) > 1 else {}
    zone, events = display.current().tz, []
    hidden = user.hidden_fields(Activity._meta.label_lower)
    for row in rows:
        if not row.readable and not takes_time(row):
            continue
        series = patterns[row.pk]
        for moment in times[series.pk]:
            event = event_of(_at(row, moment, ZoneInfo(series.time_zone)), zone, hidden)
            own = {*doing.get(row.pk, ()), *({row.owner_id} & people)} if len(people) > 1 else people
            shown = tuple(sorted(one for one in own if one is not None))
            events.append(replace(event, is_coming=True, is_movable=False, people=shown))
    first, last = start.astimezone(zone).date(), (end - dt.timedelta(microseconds=1)).astimezone(zone).date()
    return [event for event in events if event.last_day >= first and event.first_day <= last]


def _at(row: Stored, moment: dt.datetime, zone: ZoneInfo) -> Stored:
    """The row at another moment, as long as it is."""
    end = row.ends_at
    if end is not None:
        end = end_from(moment, due_at=row.due_at, ends_at=end, all_day=row.all_day, zone=zone)
    return row._replace(due_at=moment, ends_at=end)


def _patterns(people: frozenset[int], end: dt.datetime) -> dict[int, Recurrence]:
    """The latest open activity of each repetition of the people that is not made up to ``end``, with its repetition."""
    rows = Activity.objects.filter(
        status=Status.PLANNED,
        recurrence__is_active=True,
        recurrence__made_until__lt=end,
        owner__is_active=True,
    ).order_by()
    keys = rows.filter(owner__in=people).values("pk").union(rows.filter(assignments__user__in=people).values("pk"))
    latest = (
        Activity.objects.filter(pk__any_of=keys)
        .order_by("recurrence", F("occurrence").desc(nulls_last=True))
        .distinct("recurrence")
    )
    return {row.pk: row.recurrence for row in latest.select_related("recurrence")[:MAX_SERIES] if row.recurrence}


def _times(series: Iterable[Recurrence], start: dt.datetime, end: dt.datetime) -> Times:
    """Repetition → its moments in the span that are not made, without those that have a row all the same (a time that
    was left out of an imported file lies in the bin)."""
    reckoned = {row.pk: list(islice(_moments(row, start, end), MAX_TIMES)) for row in series}
    known: dict[int, set[dt.datetime]] = defaultdict(set)
    keys = [key for key, moments in reckoned.items() if moments]
    if keys:
        rows = Activity.all_objects.filter(recurrence__in=keys, occurrence__gte=start, occurrence__lt=end)
        for key, occurrence in rows.annotate(series=F("recurrence")).values_list("series", "occurrence"):
            known[key].add(occurrence)
    left = {key: [one for one in moments if one not in known[key]] for key, moments in reckoned.items()}
    return {key: moments for key, moments in left.items() if moments}


def _moments(series: Recurrence, start: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    rule = parse_rule(series.rule, "jalali" if series.calendar == "jalali" else "gregorian")
    begin = max(start, series.made_until or start)
    found = occurrences(rule, series.starts_at, ZoneInfo(series.time_zone), before=end)
    return (moment for moment in found if begin < moment < end)
