"""Working days and hours of the company, in any time zone."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache

from activities.services.working_time import snooze_targets
from core import working_time
from core.calendar.jalali import from_jalali
from core.models import Holiday, Organisation
from core.working_time import at_wall_clock, current

TEHRAN = ZoneInfo("Asia/Tehran")
BERLIN = ZoneInfo("Europe/Berlin")
day = dt.date.fromisoformat
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def working_week():
    """Saturday to Wednesday, 8 to 17, no other day off than a test adds."""
    Organisation.objects.update(working_days=[0, 1, 2, 3, 4], work_starts="08:00", work_ends="17:00")
    Holiday.objects.all().delete()


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("date", "works"),
    [
        ("2026-11-21", True),  # Saturday
        ("2026-11-22", True),
        ("2026-11-25", True),  # Wednesday
        ("2026-11-26", False),  # Thursday
        ("2026-11-27", False),  # Friday
        ("2026-11-28", True),
    ],
)
def test_days_of_the_week(date, works):
    assert current().is_working_day(day(date)) is works


def test_holidays_are_off():
    Holiday.objects.create(date=day("2026-11-22"), name="روز")
    assert not current().is_working_day(day("2026-11-22"))


def test_an_organisation_without_days_works_the_usual_ones():
    Organisation.objects.update(working_days=[])
    assert current().is_working_day(day("2026-11-21"))
    assert not current().is_working_day(day("2026-11-27"))


@pytest.mark.parametrize(
    ("date", "days", "expected"),
    [
        ("2026-11-22", 0, "2026-11-22"),
        ("2026-11-27", 0, "2026-11-28"),
        ("2026-11-22", 1, "2026-11-23"),
        ("2026-11-25", 1, "2026-11-28"),  # Wednesday, over Thursday and Friday
        ("2026-11-25", 2, "2026-11-29"),
        ("2026-11-27", 1, "2026-11-28"),
        ("2026-11-28", -1, "2026-11-25"),
        ("2026-11-27", -1, "2026-11-25"),
        ("2026-11-21", 10, "2026-12-05"),
    ],
)
def test_adding_working_days(date, days, expected):
    assert current().add_working_days(day(date), days) == day(expected)


def test_adding_over_nowruz():
    for number in (1, 2, 3, 4, 12, 13):
        Holiday.objects.create(date=from_jalali(1405, 1, number), name="نوروز")
    assert current().add_working_days(from_jalali(1404, 12, 27), 1) == from_jalali(1405, 1, 5)


def test_many_days_cost_two_queries_at_most(django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        for number in range(30):
            current().add_working_days(day("2026-11-22"), number)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-22 06:00", "2026-11-22 06:00"),  # 09:30 in Tehran
        ("2026-11-22 03:00", "2026-11-22 04:30"),  # before work: 08:00
        ("2026-11-22 13:29", "2026-11-22 13:29"),
        ("2026-11-22 13:30", "2026-11-23 04:30"),  # 17:00: the day is over
        ("2026-11-25 20:00", "2026-11-28 04:30"),  # Wednesday night
        ("2026-11-26 06:00", "2026-11-28 04:30"),  # Thursday
    ],
)
def test_next_working_moment(moment, expected):
    assert current().next_working_moment(utc(moment), TEHRAN) == utc(expected)
    assert current().is_working_moment(utc(moment), TEHRAN) is (moment == expected)


@pytest.mark.parametrize(
    ("moment", "hours", "expected"),
    [
        ("2026-11-22 06:00", 2, "2026-11-22 08:00"),
        ("2026-11-22 06:00", 9, "2026-11-23 06:00"),  # a working day is nine hours: the same time next day
        ("2026-11-22 04:30", 9, "2026-11-23 04:30"),  # full at 17:00: told in the morning
        ("2026-11-22 12:30", 2, "2026-11-23 05:30"),  # an hour before the end, an hour after the beginning
        ("2026-11-25 12:30", 2, "2026-11-28 05:30"),  # over Thursday and Friday
        ("2026-11-26 06:00", 1, "2026-11-28 05:30"),  # nobody is there when it begins
        ("2026-11-22 06:00", 45, "2026-11-29 06:00"),
    ],
)
def test_adding_working_hours(moment, hours, expected):
    found = working_time.current().add_working_hours(utc(moment), dt.timedelta(hours=hours), TEHRAN)
    assert found == utc(expected)


def test_working_hours_pass_over_days_off_and_changes_of_the_clocks():
    Holiday.objects.create(date=day("2026-11-23"), name="روز")
    cache.clear()
    time = working_time.current()
    assert time.add_working_hours(utc("2026-11-22 06:00"), dt.timedelta(hours=9), TEHRAN) == utc("2026-11-24 06:00")
    # Berlin's clocks go back on Sunday, 25 October 2026: the same time of the day is an hour later in UTC
    assert time.add_working_hours(utc("2026-10-24 10:00"), dt.timedelta(hours=9), BERLIN) == utc("2026-10-25 11:00")


def test_a_day_that_ends_before_it_begins_counts_as_the_usual_one():
    Organisation.objects.update(work_starts="17:00", work_ends="08:00")
    cache.clear()
    assert working_time.current().day_length == dt.timedelta(hours=9)


def test_the_same_moment_in_another_time_zone():
    assert current().is_working_moment(utc("2026-11-22 05:00"), TEHRAN)
    assert not current().is_working_moment(utc("2026-11-22 05:00"), BERLIN)
    assert current().next_working_moment(utc("2026-11-22 05:00"), BERLIN) == utc("2026-11-22 07:00")


@pytest.mark.parametrize(
    ("date", "time", "tz", "expected"),
    [
        ("2026-03-29", "02:30", BERLIN, "2026-03-29 01:30"),  # skipped: 03:30 summer time
        ("2026-10-25", "02:30", BERLIN, "2026-10-25 00:30"),  # twice: the first
        ("2026-10-25", "09:00", BERLIN, "2026-10-25 08:00"),
        ("2022-03-22", "00:00", TEHRAN, "2022-03-21 20:30"),  # Iran skipped midnight: 01:00
        ("2022-09-21", "23:30", TEHRAN, "2022-09-21 19:00"),  # an hour twice, the last time in Iran
        ("2026-06-01", "09:00", TEHRAN, "2026-06-01 05:30"),
    ],
)
def test_clock_changes(date, time, tz, expected):
    moment = at_wall_clock(day(date), dt.time.fromisoformat(time), tz)
    assert moment == utc(expected)
    assert moment.astimezone(tz).date() == day(date)


def codes(now):
    return {target.code: target.moment for target in snooze_targets(utc(now), TEHRAN)}


def test_snooze_targets_of_a_morning():
    assert codes("2026-11-22 06:00") == {
        "hour": utc("2026-11-22 07:00"),
        "afternoon": utc("2026-11-22 10:30"),
        "tomorrow": utc("2026-11-23 04:30"),
        "week": utc("2026-11-28 04:30"),
        "month": utc("2026-12-22 04:30"),
    }


def test_snooze_targets_before_the_weekend_name_each_moment_once():
    assert list(codes("2026-11-25 14:30")) == ["tomorrow", "month"]


def test_what_is_remembered_is_renewed():
    assert working_time.current() == working_time.current()
    Organisation.objects.update(working_days=[6])
    working_time.cache.delete(working_time.CACHE_KEY)
    assert current().is_working_day(day("2026-11-27"))
