"""Repetitions when something is out of order: times left out, records in the bin, a broken neighbour."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from activities.ics.read import read
from activities.models import Activity, Recurrence
from activities.recurrence import parse_rule
from activities.services import (
    activity_cancel,
    activity_complete,
    activity_delete,
    activity_move,
    activity_plan,
    activity_update,
)
from activities.services.calendar_import import calendar_import
from activities.services.left_out import leave_out
from activities.services.recurrence import (
    occurrences_make,
    recurrence_create,
    recurrence_update,
    recurrences_make_due,
)
from core.services import object_delete, object_restore
from leads.models import Lead
from tests.leads.factories import LeadFactory

TEHRAN = ZoneInfo("Asia/Tehran")
WEEK = dt.timedelta(days=7)
pytestmark = pytest.mark.django_db


def weekly(owner, **values):
    due_at = (timezone.now() + dt.timedelta(days=1)).replace(microsecond=0)
    activity = activity_plan(actor=owner, **{"kind": "meeting", "subject": "جلسه", "due_at": due_at, **values})
    recurrence_create(actor=owner, activity=activity, rule=parse_rule("FREQ=WEEKLY"))
    activity.refresh_from_db()
    return activity


def again(recurrence):
    """Forget what was made ahead, as if time had gone on, and let beat make it."""
    kept = Activity.objects.filter(recurrence=recurrence).order_by("occurrence").first()
    Activity.objects.filter(recurrence=recurrence).exclude(pk=kept.pk).delete()
    Recurrence.objects.filter(pk=recurrence.pk).update(made_until=None)


def test_a_time_left_out_far_ahead_is_no_pattern_for_the_others(rep):
    start = (timezone.now() + dt.timedelta(days=1)).replace(microsecond=0)
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:w", "SUMMARY:هفتگی", "LOCATION:تهران"),
        *("DESCRIPTION:دستور جلسه", f"DTSTART:{start:%Y%m%dT%H%M%SZ}", "DURATION:PT90M", "RRULE:FREQ=WEEKLY"),
        *(f"EXDATE:{start + 30 * WEEK:%Y%m%dT%H%M%SZ}", "END:VEVENT", "END:VCALENDAR", ""),
    ]
    calendar_import(actor=rep, parsed=read("\r\n".join(lines).encode(), zone=TEHRAN), file="x.ics")
    recurrence = Recurrence.objects.get()
    again(recurrence)
    assert recurrences_make_due() > 3
    made = Activity.objects.filter(recurrence=recurrence)
    words = {(row.text, row.location, row.duration, row.ends_at - row.due_at) for row in made}
    assert words == {("دستور جلسه", "تهران", 90, dt.timedelta(minutes=90))}


def test_when_all_are_in_the_bin_the_one_deleted_last_is_the_pattern(rep):
    activity = weekly(rep, location="دفتر")
    Activity.objects.filter(recurrence=activity.recurrence).exclude(pk=activity.pk).delete()
    activity_delete(actor=rep, activity=activity)
    assert [row.location for row in Activity.objects.filter(recurrence=activity.recurrence)] == ["دفتر"]


def test_work_on_a_record_in_the_bin_rests(rep, admin):
    lead = LeadFactory(owner=rep)
    activity = weekly(rep, records=[lead])
    again(activity.recurrence)
    object_delete(actor=admin, instance=lead)
    assert occurrences_make(recurrence=activity.recurrence) == 0
    object_restore(actor=admin, instance=Lead.all_objects.get(pk=lead.pk))
    assert occurrences_make(recurrence=activity.recurrence) > 3


def test_a_broken_repetition_stops_no_other(rep, caplog):
    broken, sound = weekly(rep), weekly(rep)
    for activity in (broken, sound):
        again(activity.recurrence)
    Recurrence.objects.filter(pk=broken.recurrence_id).update(rule="FREQ=NEVER")
    assert recurrences_make_due() > 3
    assert Activity.objects.filter(recurrence=sound.recurrence).count() > 3
    assert str(broken.recurrence_id) in " ".join(str(row.__dict__.get("recurrence")) for row in caplog.records)


class TestThisAndFollowing:
    """What was done ahead, cancelled or thrown away is not planned once more when a repetition is changed."""

    def second(self, activity):
        return Activity.objects.filter(recurrence=activity.recurrence).order_by("occurrence")[1]

    @pytest.mark.parametrize("end", [activity_complete, activity_cancel, activity_delete])
    def test_words_are_changed(self, rep, end):
        activity = weekly(rep)
        second = self.second(activity)
        end(actor=rep, activity=second)
        activity.refresh_from_db()
        activity.subject = "نو"
        activity_update(actor=rep, instance=activity)
        recurrence = recurrence_update(actor=rep, activity=activity)
        days = [row.due_at.date() for row in Activity.objects.filter(recurrence=recurrence).order_by("due_at")]
        assert days[0] == activity.due_at.date()
        assert second.due_at.date() not in days
        assert days[1] == second.due_at.date() + WEEK

    def test_the_hour_is_changed(self, rep):
        activity = weekly(rep)
        second = self.second(activity)
        activity_delete(actor=rep, activity=second)
        moved = activity_move(actor=rep, activity=activity, due_at=activity.due_at + dt.timedelta(minutes=30))
        recurrence = recurrence_update(actor=rep, activity=moved)
        rows = Activity.objects.filter(recurrence=recurrence).order_by("due_at")
        assert rows[1].due_at == second.due_at + WEEK + dt.timedelta(minutes=30)

    def test_a_time_left_out_far_ahead_stays_left_out(self, rep):
        activity = weekly(rep)
        far = activity.due_at + 30 * WEEK
        leave_out(activity.recurrence, activity, [far])
        recurrence = recurrence_update(actor=rep, activity=activity)
        assert Activity.all_objects.filter(recurrence=recurrence, occurrence=far).exclude(deleted_at=None).exists()
