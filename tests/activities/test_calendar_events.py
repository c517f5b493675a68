"""What of whom the calendar shows to whom."""

import datetime as dt

import pytest
from django.test.utils import CaptureQueriesContext

from activities.selectors.calendar import Event, calendar_events, end_of
from activities.services import activity_cancel, activity_complete, activity_plan
from core import display

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2027, 1, 10, 8, 30, tzinfo=dt.UTC)  # 12:00 in Tehran
DAY = (NOON - dt.timedelta(hours=12), NOON + dt.timedelta(hours=12))
HOUR = dt.timedelta(hours=1)


def plan(person, subject="جلسه", kind="meeting", **values):
    values.setdefault("due_at", NOON)
    return activity_plan(actor=person, kind=kind, subject=subject, **values)


def shown(reader, *people, span=DAY, resources=()) -> list[Event]:
    keys = [person.pk for person in people] or [reader.pk]
    return calendar_events(user=reader, start=span[0], end=span[1], people=keys, resources=resources)


def titles(events: list[Event]) -> list[str]:
    return ["busy" if event.is_busy else event.title for event in events]


def test_own_and_assigned_ones_are_there_once(rep, teammate):
    plan(rep, "خودم", assignees=[rep, teammate])
    plan(teammate, "سپرده", assignees=[rep])
    plan(teammate, "دیگری")
    assert sorted(titles(shown(rep))) == ["خودم", "سپرده"]
    assert len(shown(rep, rep, teammate)) == 3


def test_what_is_cancelled_is_hidden_and_what_is_done_stays(rep):
    activity_cancel(actor=rep, activity=plan(rep, "لغو"))
    activity_complete(actor=rep, activity=plan(rep, "انجام"))
    found = shown(rep)
    assert titles(found) == ["انجام"]
    assert found[0].is_done
    assert not found[0].is_movable


def test_notes_and_letters_have_no_place(rep):
    from activities.services import activity_log

    activity_log(actor=rep, kind="email", subject="نامه")
    now = dt.datetime.now(dt.UTC)
    assert shown(rep, span=(now - HOUR, now + HOUR)) == []


def test_a_colleagues_time_is_taken_without_words(rep, teammate, manager):
    plan(teammate, "محرمانه", is_private=True, location="بانک")
    plan(teammate, "آشکار", due_at=NOON + 2 * HOUR)
    plan(teammate, "یادآوری", kind="task", due_at=NOON + 4 * HOUR)
    seen = shown(rep, teammate)
    assert titles(seen) == ["busy", "busy"]
    assert all((event.pk, event.title, event.location, event.kind) == (0, "", "", "") for event in seen)
    assert not any(event.is_movable for event in seen)
    assert titles(shown(manager, teammate)) == ["busy", "آشکار", "یادآوری"]
    assert titles(shown(teammate)) == ["محرمانه", "آشکار", "یادآوری"]


def test_who_may_see_a_record_sees_what_is_done_on_it(rep, teammate):
    from tests.accounts.factories import AccountFactory
    from tests.leads.factories import LeadFactory

    plan(rep, "پیگیری سرنخ", records=[LeadFactory(owner=rep)])
    plan(rep, "پیگیری حساب", records=[AccountFactory(owner=rep)], due_at=NOON + HOUR)
    found = shown(teammate, rep)
    assert titles(found) == ["busy", "پیگیری حساب"]
    assert not found[1].is_movable


@pytest.mark.parametrize(
    ("values", "there"),
    [
        ({"due_at": DAY[0] - HOUR}, False),
        ({"due_at": DAY[0] - HOUR / 2}, True),  # a meeting lasts an hour
        ({"due_at": DAY[0] - 2 * HOUR, "ends_at": DAY[0]}, False),
        ({"due_at": DAY[0] - 40 * 24 * HOUR, "ends_at": DAY[0] + HOUR}, True),
        ({"due_at": DAY[0] - 9 * HOUR, "duration": 600}, True),
        ({"due_at": DAY[1]}, False),
        ({"due_at": DAY[1] - HOUR / 60}, True),
    ],
)
def test_the_span_holds_what_touches_it(rep, values, there):
    plan(rep, **values)
    assert len(shown(rep)) == there


def test_an_all_day_event_keeps_its_owners_days(rep):
    rep.time_zone = "America/New_York"
    rep.save(update_fields=["time_zone"])
    begins = dt.datetime(2027, 1, 10, 5, tzinfo=dt.UTC)  # midnight in New York, half past eight in Tehran
    plan(rep, "سفر", kind="task", due_at=begins, ends_at=begins + dt.timedelta(days=2), all_day=True)
    with display.use(display.Display()):
        [event] = shown(rep)
    assert (event.first_day, event.last_day) == (dt.date(2027, 1, 10), dt.date(2027, 1, 11))
    assert event.is_bar
    with display.use(display.Display()):
        assert shown(rep, span=(DAY[0] + 48 * HOUR, DAY[1] + 48 * HOUR)) == []


def test_a_meeting_lasts_an_hour_unless_it_says_otherwise():
    assert end_of("meeting", NOON, None, None) == NOON + HOUR
    assert end_of("meeting", NOON, None, 15) == NOON + HOUR / 4
    assert end_of("call", NOON, None, None) == NOON
    assert end_of("task", NOON, NOON + 3 * HOUR, 15) == NOON + 3 * HOUR


def test_each_event_knows_whose_it_is(rep, teammate, manager):
    plan(rep, "هر دو", assignees=[rep, teammate])
    plan(teammate, "یکی", due_at=NOON + HOUR)
    found = {event.title: event.people for event in shown(manager, rep, teammate)}
    assert found == {"هر دو": tuple(sorted((rep.pk, teammate.pk))), "یکی": (teammate.pk,)}


def test_the_bin_is_not_shown(rep):
    from activities.services import activity_delete

    activity_delete(actor=rep, activity=plan(rep))
    assert shown(rep) == []


@pytest.mark.parametrize("count", [3, 40])
def test_three_queries_however_many_there_are(rep, teammate, count):
    from django.db import connection

    for number in range(count):
        plan(rep, f"کار {number}", assignees=[rep, teammate])
    shown(rep, rep, teammate)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(shown(rep, rep, teammate)) == count
    assert len(queries) == 3


def test_nobody_asked_for_is_nothing_shown(rep):
    plan(rep)
    assert calendar_events(user=rep, start=DAY[0], end=DAY[1]) == []
