"""Clocks, zones and ages: days that are shorter or longer, days of people elsewhere, years nobody lives in."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.ics.read import read
from activities.models import Activity
from activities.services import (
    activity_cancel,
    activity_log,
    activity_move,
    activity_plan,
    activity_reopen,
    activity_snooze,
    activity_update,
)
from activities.services.calendar_import import calendar_import
from core import display
from core.errors import DomainError
from users.models import User

TEHRAN, BERLIN = ZoneInfo("Asia/Tehran"), ZoneInfo("Europe/Berlin")
DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def berliner(rep) -> User:
    """Somebody where the clocks still change: in 2027 on 28 March and 31 October."""
    rep.time_zone = "Europe/Berlin"
    rep.save()
    return rep


def midnights(zone, *days):
    return [dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), tzinfo=zone) for day in days]


def days_of(activity, zone):
    activity.refresh_from_db()
    end = activity.ends_at.astimezone(zone) if activity.ends_at else None
    return activity.due_at.astimezone(zone).isoformat()[:16], end.isoformat()[:16] if end else None


@pytest.mark.parametrize(
    ("start", "end", "to", "days"),
    [
        ("2027-03-20", "2027-03-22", "2027-03-27", ("2027-03-27T00:00", "2027-03-29T00:00")),  # into 47 hours
        ("2027-03-27", "2027-03-29", "2027-03-20", ("2027-03-20T00:00", "2027-03-22T00:00")),  # out of them
        ("2027-10-20", "2027-10-22", "2027-10-30", ("2027-10-30T00:00", "2027-11-01T00:00")),  # into 49 hours
        ("2027-10-30", "2027-11-01", "2027-10-20", ("2027-10-20T00:00", "2027-10-22T00:00")),
    ],
)
def test_days_stay_as_many_where_the_clocks_change(berliner, start, end, to, days):
    begin, until, new = midnights(BERLIN, start, end, to)
    trip = activity_plan(actor=berliner, kind="meeting", subject="سفر", due_at=begin, ends_at=until, all_day=True)
    activity_move(actor=berliner, activity=trip, due_at=new)
    assert days_of(trip, BERLIN) == days


def test_hours_stay_as_long_where_the_clocks_change(berliner):
    start = dt.datetime(2027, 3, 20, 22, tzinfo=BERLIN)
    night = activity_plan(actor=berliner, kind="meeting", subject="شب", due_at=start, ends_at=start + 8 * DAY / 24)
    activity_move(actor=berliner, activity=night, due_at=dt.datetime(2027, 3, 27, 22, tzinfo=BERLIN))
    assert days_of(night, BERLIN) == ("2027-03-27T22:00", "2027-03-28T07:00")


def test_an_imported_repetition_of_days_keeps_their_number(berliner):
    year = timezone.now().year
    data = "\r\n".join(
        [
            *("BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:m", "SUMMARY:سفر"),
            *(f"DTSTART;VALUE=DATE:{year - 1}0120", f"DTEND;VALUE=DATE:{year - 1}0122", "RRULE:FREQ=DAILY;INTERVAL=3"),
            *("END:VEVENT", "END:VCALENDAR", ""),
        ]
    )
    calendar_import(actor=berliner, parsed=read(data.encode(), zone=BERLIN), file="x.ics")
    rows = list(Activity.objects.filter(subject="سفر"))
    lengths = {row.ends_at.astimezone(BERLIN).date() - row.due_at.astimezone(BERLIN).date() for row in rows}
    assert rows
    assert lengths == {2 * DAY}


def test_a_day_typed_here_is_that_day_of_a_colleague_elsewhere(manager, rep):
    rep.time_zone = "Europe/Berlin"
    rep.save()
    begin, until = midnights(TEHRAN, "2027-05-05", "2027-05-07")
    with display.use(manager.display):
        trip = activity_plan(
            actor=manager, owner=rep, kind="meeting", subject="سفر", due_at=begin, ends_at=until, all_day=True
        )
        assert days_of(trip, BERLIN) == ("2027-05-05T00:00", "2027-05-07T00:00")
        activity_update(actor=manager, instance=trip)
        activity_cancel(actor=manager, activity=trip)
        activity_reopen(actor=manager, activity=trip)
    assert days_of(trip, BERLIN) == ("2027-05-05T00:00", "2027-05-07T00:00")


@pytest.mark.parametrize("year", [1, 1899, 2201, 9999])
class TestAges:
    """Times before and after everybody's life."""

    def far(self, year):
        return dt.datetime(year, 6, 15, 12, tzinfo=dt.UTC)

    @pytest.mark.parametrize("all_day", [False, True])
    def test_they_are_refused(self, rep, year, all_day):
        soon = timezone.now() + DAY
        activity = activity_plan(actor=rep, kind="meeting", subject="جلسه", due_at=soon, duration=30, all_day=all_day)
        for refused in (
            lambda: activity_plan(actor=rep, kind="task", subject="کار", due_at=self.far(year), all_day=all_day),
            lambda: activity_move(actor=rep, activity=activity, due_at=self.far(year)),
            lambda: activity_snooze(actor=rep, activity=activity, until=self.far(year)),
            lambda: activity_log(actor=rep, kind="call", subject="تماس", at=self.far(year)),
        ):
            with pytest.raises(DomainError):
                refused()

    @pytest.mark.parametrize("language", ["fa", "en"])
    def test_they_are_refused_in_the_forms(self, client, rep, year, language):
        rep.language, rep.calendar = language, "gregorian"
        rep.save()
        client.force_login(rep)
        moment = f"{year:04d}-06-15 12:00"
        lead = {"kind": "meeting", "subject": "جلسه", "due_at": moment, "priority": 2}
        for name, data in (("activity_add", lead), ("activity_add", {**lead, "all_day": "on"})):
            answer = client.post(reverse(f"activities:{name}"), data)
            assert answer.status_code in {200, 422}
        assert not Activity.objects.exists()


@pytest.mark.parametrize("until", [dt.datetime.max.replace(tzinfo=dt.UTC), dt.datetime.min.replace(tzinfo=dt.UTC)])
def test_the_ends_of_time_are_refused(rep, until):
    activity = activity_plan(actor=rep, kind="task", subject="کار", due_at=timezone.now() + DAY)
    with pytest.raises(DomainError):
        activity_snooze(actor=rep, activity=activity, until=until)


def test_a_night_in_which_the_clocks_change_is_as_long_as_it_is(berliner):
    start, end = dt.datetime(2027, 3, 27, 22, tzinfo=BERLIN), dt.datetime(2027, 3, 28, 6, tzinfo=BERLIN)
    night = activity_plan(actor=berliner, kind="meeting", subject="شب", due_at=start, ends_at=end)
    assert night.duration == 7 * 60
