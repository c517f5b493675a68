"""Times of repetitions that are not made yet stand in the calendar, marked, and write nothing."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.choices import Kind
from activities.models import Activity
from activities.recurrence import parse_rule
from activities.selectors.calendar import calendar_events
from activities.selectors.coming import FURTHEST, MAX_TIMES, coming_events
from activities.services import (
    activity_cancel,
    activity_plan,
    recurrence_create,
    recurrence_stop,
)
from leads.models import DisqualifyReason
from leads.services import lead_disqualify
from tests.leads.factories import LeadFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon(monkeypatch):
    """A fixed day, so that counts of days in a span are always the same."""
    now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now


def repeat(actor, rule: str, *, calendar: str = "gregorian", **values) -> Activity:
    values = {
        "kind": Kind.MEETING,
        "subject": "جلسهٔ هفتگی",
        "due_at": timezone.now() + DAY,
        "duration": 30,
        **values,
    }
    activity = activity_plan(actor=actor, **values)
    recurrence_create(actor=actor, activity=activity, rule=parse_rule(rule, calendar))
    activity.refresh_from_db()
    return activity


def coming(reader, first: int, last: int, *people) -> list:
    now = timezone.now()
    people = [one.pk for one in people or (reader,)]
    return coming_events(user=reader, start=now + first * DAY, end=now + last * DAY, people=people)


def made(reader, first: int, last: int) -> list:
    now = timezone.now()
    return calendar_events(user=reader, start=now + first * DAY, end=now + last * DAY, people=[reader.pk])


def test_each_time_is_there_once_made_or_coming(rep):
    first = repeat(rep, "FREQ=WEEKLY")
    rows = Activity.objects.count()
    events = made(rep, 0, 200) + coming(rep, 0, 200)
    moments = sorted(event.starts for event in events)
    assert moments == [first.due_at + 7 * DAY * n for n in range(len(moments))]
    assert len(moments) == 29
    late = [event for event in events if event.is_coming]
    latest = Activity.objects.order_by("-occurrence")[0]
    assert {event.pk for event in late} == {latest.pk}
    assert all(event.ends - event.starts == 30 * dt.timedelta(minutes=1) and not event.is_movable for event in late)
    assert Activity.objects.count() == rows


def test_beyond_the_twenty_that_are_made_a_daily_one_goes_on(rep):
    repeat(rep, "FREQ=DAILY;COUNT=40")
    events = made(rep, 0, 60) + coming(rep, 0, 60)
    assert len({event.starts for event in events}) == len(events) == 40


def test_a_jalali_rule_comes_on_its_jalali_days(rep):
    repeat(rep, "FREQ=MONTHLY;BYMONTHDAY=5", calendar="jalali", due_at=timezone.now() + 40 * DAY, all_day=True)
    days = [event.first_day for event in coming(rep, 100, 200)]
    assert dt.date(2027, 3, 25) in days  # 5 Farvardin 1406
    assert all(event.all_day for event in coming(rep, 100, 200))


def test_what_ended_rests_or_is_too_far_brings_nothing(rep):
    lead = LeadFactory(owner=rep)
    ended, closed = repeat(rep, "FREQ=WEEKLY"), repeat(rep, "FREQ=WEEKLY", records=[lead])
    assert len(coming(rep, 100, 107)) == 2
    recurrence_stop(actor=rep, activity=ended)
    assert len(coming(rep, 100, 107)) == 1
    lead_disqualify(actor=rep, lead=lead, reason=DisqualifyReason.objects.filter(is_active=True)[0])
    assert not coming(rep, 100, 107)
    repeat(rep, "FREQ=WEEKLY;COUNT=5", subject=str(closed))
    assert not coming(rep, 100, 300)
    repeat(rep, "FREQ=WEEKLY")
    assert not coming(rep, FURTHEST.days + 1, FURTHEST.days + 50)
    assert not coming(rep, -50, -20)


def test_a_time_that_has_a_row_in_the_bin_does_not_come_back(rep):
    activity = repeat(rep, "FREQ=WEEKLY")
    there = coming(rep, 100, 107)[0].starts
    Activity.objects.create(
        owner=rep,
        recurrence=activity.recurrence,
        occurrence=there,
        due_at=there,
        subject="بیرون",
        deleted_at=timezone.now(),
    )
    assert not coming(rep, 100, 107)


def test_a_cancelled_last_one_leaves_the_series(rep):
    repeat(rep, "FREQ=WEEKLY")
    latest = Activity.objects.order_by("-occurrence")[0]
    activity_cancel(actor=rep, activity=latest)
    assert len(coming(rep, 100, 107)) == 1


def test_assignees_have_it_too_and_others_see_that_the_time_is_taken(rep, teammate, outsider):
    repeat(rep, "FREQ=WEEKLY", assignees=[rep, teammate])
    repeat(rep, "FREQ=WEEKLY", subject="خصوصی", is_private=True, due_at=timezone.now() + 2 * DAY)
    both = coming(rep, 100, 107, rep, teammate)
    assert sorted(event.people for event in both) == sorted([(rep.pk,), tuple(sorted((rep.pk, teammate.pk)))])
    foreign = coming(outsider, 100, 107, rep)
    assert [(event.is_busy, event.title, event.pk) for event in foreign] == [(True, "", 0)] * 2


def test_statements_do_not_grow_with_the_series_nor_times_with_the_rule(rep, teammate):
    rep.hidden_fields("activities.activity")  # asked once for all that a request shows
    counts = []
    for more in (1, 5):
        for number in range(more):
            repeat(
                rep, "FREQ=DAILY", subject=f"هر روز {number}", due_at=timezone.now() + dt.timedelta(hours=number + 1)
            )
        coming(rep, 100, 300)  # working days are asked for once and remembered
        with CaptureQueriesContext(connection) as queries:
            found = coming(rep, 100, 300, rep, teammate)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4, counts
    assert 6 * MAX_TIMES >= len(found) > 6 * 50


@pytest.mark.parametrize("view", ["month", "week", "agenda", "day"])
def test_the_pages_mark_it_and_it_opens_the_series(client, rep, view):
    client.force_login(rep)
    repeat(rep, "FREQ=DAILY")
    latest = Activity.objects.order_by("-occurrence")[0]
    day = (timezone.now() + 120 * DAY).date()
    html = client.get(reverse("activities:calendar"), {"view": view, "date": day.isoformat()}).content.decode()
    marks = re.findall(r'<a class="pv-ev[^"]*is-coming[^>]*>', html)
    assert marks
    for mark in marks:
        assert f'href="{latest.get_absolute_url()}"' in mark
        assert "data-pk" not in mark
        assert "data-movable" not in mark
        assert "نوبت" in mark
