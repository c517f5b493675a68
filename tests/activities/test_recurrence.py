"""Repeating activities: what is made, when, and how a repetition changes and ends."""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from activities.choices import Status
from activities.models import Activity, ActivityLink, Recurrence, Reminder, Watch
from activities.recurrence import next_occurrence, parse_rule
from activities.services import (
    activity_complete,
    activity_delete,
    activity_move,
    activity_plan,
    activity_update,
    checklist_tick,
)
from activities.services.recurrence import (
    AHEAD,
    FINISHED,
    HORIZON,
    occurrences_make,
    recurrence_create,
    recurrence_stop,
    recurrence_update,
    recurrences_due,
    recurrences_make_due,
)
from activities.tasks import make_occurrences
from core import working_time
from core.calendar.jalali import from_jalali, to_jalali, weekday_index
from core.errors import DomainError, PermissionRefused
from core.models import AuditEntry, Holiday, Organisation
from leads.models import DisqualifyReason
from leads.services import lead_disqualify, lead_reopen
from tests.concurrency.test_lead_convert import at_once
from tests.leads.factories import LeadFactory

TEHRAN = ZoneInfo("Asia/Tehran")
pytestmark = pytest.mark.django_db


def plan(rep, **values):
    """A call tomorrow at nine, unless said otherwise."""
    tomorrow = timezone.now().astimezone(TEHRAN).date() + dt.timedelta(days=1)
    due_at = dt.datetime.combine(tomorrow, dt.time(9), tzinfo=TEHRAN)
    return activity_plan(actor=rep, **{"kind": "call", "subject": "پیگیری", "due_at": due_at, **values})


def repeat(rep, rule, **values):
    activity = plan(rep, **values)
    recurrence_create(actor=rep, activity=activity, rule=parse_rule(rule))
    activity.refresh_from_db()
    return activity


def series(activity):
    return list(Activity.objects.filter(recurrence=activity.recurrence).order_by("occurrence"))


def local_days(rows):
    return [to_jalali(row.due_at.astimezone(TEHRAN).date()) for row in rows]


def test_the_occurrences_of_the_coming_weeks_are_made(rep):
    activity = repeat(rep, "FREQ=WEEKLY")
    rows = series(activity)
    assert rows[0] == activity
    assert len(rows) == 9  # tomorrow and what follows within sixty days
    assert {(b.due_at - a.due_at).days for a, b in pairwise(rows)} == {7}
    assert all(row.due_at == row.occurrence and row.owner == rep and row.team == rep.team for row in rows)
    assert rows[-1].due_at <= timezone.now() + HORIZON


def test_a_jalali_day_of_the_month(rep):
    days = local_days(series(repeat(rep, "FREQ=MONTHLY;BYMONTHDAY=5")))
    assert {day.day for day in days} == {5}
    assert len(days) >= 2


def test_the_activity_moves_to_the_first_day_of_its_rule(rep):
    activity = repeat(rep, "FREQ=WEEKLY;BYDAY=SA")
    assert to_jalali(activity.due_at.astimezone(TEHRAN).date())
    assert activity.due_at.astimezone(TEHRAN).weekday() == 5
    assert activity.due_at.astimezone(TEHRAN).time() == dt.time(9)
    assert activity.occurrence == activity.due_at


def test_there_is_always_a_next_one_however_far(rep):
    activity = repeat(rep, "FREQ=YEARLY")
    assert series(activity) == [activity]  # next year's is beyond the horizon
    activity_complete(actor=rep, activity=activity)
    assert [row.status for row in series(activity)] == ["done", "planned"]
    activity_complete(actor=rep, activity=series(activity)[1])
    assert [row.status for row in series(activity)] == ["done", "done", "planned"]


def test_a_deleted_occurrence_does_not_come_back_but_the_next_comes(rep):
    activity = repeat(rep, "FREQ=YEARLY")
    activity_delete(actor=rep, activity=activity)
    (following,) = series(activity)
    assert following.due_at > activity.due_at + dt.timedelta(days=364)
    assert occurrences_make(recurrence=activity.recurrence) == 0
    assert Activity.all_objects.filter(recurrence=activity.recurrence).count() == 2


def test_occurrences_have_everything_of_the_first(rep, teammate, manager):
    lead = LeadFactory(owner=rep)
    activity = repeat(
        rep,
        "FREQ=WEEKLY",
        kind="meeting",
        duration=45,
        records=[lead],
        assignees=[rep, teammate],
        watchers=[manager],
        checklist=["دستور جلسه", "صورت جلسه"],
        location="اتاق ۲",
        text="هفتگی",
        priority=3,
    )
    third = series(activity)[2]
    kind = ContentType.objects.get_for_model(Activity)
    assert third.ends_at - third.due_at == dt.timedelta(minutes=45)
    assert (third.location, third.text, third.priority) == ("اتاق ۲", "هفتگی", 3)
    assert [link.obj for link in third.links.all()] == [lead]
    assert third.links.get().at == third.due_at
    assert {a.user for a in third.assignments.all()} == {rep, teammate}
    assert [item.text for item in third.checklist.all()] == ["دستور جلسه", "صورت جلسه"]
    assert Watch.objects.filter(content_type=kind, object_id=third.pk, user=manager).exists()


def test_the_next_step_of_the_record_is_the_first_occurrence(rep):
    lead = LeadFactory(owner=rep)
    activity = repeat(rep, "FREQ=WEEKLY", records=[lead])
    lead.refresh_from_db()
    assert lead.next_activity_id == activity.pk
    activity_complete(actor=rep, activity=activity)
    lead.refresh_from_db()
    assert lead.next_activity_id == series(activity)[1].pk


def test_the_story_of_the_record_tells_it_in_one_line(rep):
    lead = LeadFactory(owner=rep)
    repeat(rep, "FREQ=DAILY", records=[lead])
    codes = list(AuditEntry.objects.filter(related__object_id=lead.pk).values_list("code", flat=True))
    assert codes.count("activity.occurrences_made") == 1
    assert codes.count("activity.created") == 1


def test_a_count_is_kept_and_then_nothing_more_is_looked_for(rep):
    activity = repeat(rep, "FREQ=DAILY;COUNT=3")
    assert len(series(activity)) == 3
    assert Recurrence.objects.get().made_until == FINISHED
    for row in series(activity):
        activity_complete(actor=rep, activity=row)
    assert len(series(activity)) == 3
    assert not recurrences_due().exists()


def test_a_rule_without_end_never_makes_more_than_the_horizon(rep):
    activity = repeat(rep, "FREQ=DAILY")
    assert len(series(activity)) == AHEAD
    assert occurrences_make(recurrence=activity.recurrence) == 0
    assert recurrences_make_due() == 0


def test_beat_goes_on_where_the_horizon_was(rep):
    activity = repeat(rep, "FREQ=DAILY")
    before = series(activity)
    for row in before[:3]:
        activity_complete(actor=rep, activity=row)
    make_occurrences.delay()
    rows = series(activity)
    assert len(rows) == AHEAD + 3
    assert len({row.occurrence.astimezone(TEHRAN).date() for row in rows}) == AHEAD + 3
    assert (rows[-1].occurrence - rows[0].occurrence).days == AHEAD + 2


def test_what_lies_in_the_past_is_not_made_up_for(rep):
    past = timezone.now() - dt.timedelta(days=1000)
    activity = repeat(rep, "FREQ=DAILY", due_at=past)
    rows = series(activity)
    assert rows[0].due_at == past
    assert rows[1].due_at > timezone.now()
    assert len(rows) == AHEAD + 1


@pytest.mark.parametrize("text", ["FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=31", "FREQ=DAILY;UNTIL=20200101"])
def test_a_rule_that_never_comes_is_refused(rep, text):
    activity = plan(rep)
    with pytest.raises(DomainError) as refusal:
        recurrence_create(actor=rep, activity=activity, rule=parse_rule(text))
    assert refusal.value.field == "rule"
    assert not Recurrence.objects.exists()


def test_what_cannot_repeat(rep, outsider):
    without_time = activity_plan(actor=rep, kind="task", subject="روزی")
    rule = parse_rule("FREQ=DAILY")
    with pytest.raises(DomainError):
        recurrence_create(actor=rep, activity=without_time, rule=rule)
    done = plan(rep)
    activity_complete(actor=rep, activity=done)
    with pytest.raises(DomainError):
        recurrence_create(actor=rep, activity=done, rule=rule)
    again = repeat(rep, "FREQ=DAILY")
    with pytest.raises(DomainError):
        recurrence_create(actor=rep, activity=again, rule=rule)
    with pytest.raises(PermissionRefused):
        recurrence_create(actor=outsider, activity=plan(rep), rule=rule)


def test_this_and_following_make_a_new_repetition(rep):
    activity = repeat(rep, "FREQ=WEEKLY")
    rows = series(activity)
    fourth = rows[3]
    fourth.subject = "جلسهٔ ماهانه"
    activity_update(actor=rep, instance=fourth)
    new = recurrence_update(actor=rep, activity=fourth, rule=parse_rule("FREQ=MONTHLY"))
    fourth.refresh_from_db()
    assert fourth.recurrence == new
    assert {row.subject for row in series(fourth)} == {"جلسهٔ ماهانه"}
    assert [row.pk for row in series(activity)] == [row.pk for row in rows[:3]]
    assert {row.subject for row in series(activity)} == {"پیگیری"}
    assert occurrences_make(recurrence=Recurrence.objects.get(pk=activity.recurrence_id)) == 0


def test_a_new_time_of_day_goes_to_the_following_ones(rep):
    activity = repeat(rep, "FREQ=WEEKLY")
    second = series(activity)[1]
    second.due_at += dt.timedelta(hours=5)
    activity_update(actor=rep, instance=second)
    recurrence_update(actor=rep, activity=second)
    second.refresh_from_db()
    assert {row.due_at.astimezone(TEHRAN).time() for row in series(second)} == {dt.time(14)}


def test_what_is_left_of_a_count_goes_on(rep):
    activity = repeat(rep, "FREQ=DAILY;COUNT=5")
    third = series(activity)[2]
    recurrence_update(actor=rep, activity=third)
    third.refresh_from_db()
    assert len(series(third)) == 3
    assert len(series(activity)) == 2


def test_everywhere_gives_the_words_to_earlier_open_ones(rep):
    activity = repeat(rep, "FREQ=DAILY;COUNT=4")
    rows = series(activity)
    activity_complete(actor=rep, activity=rows[0])
    third = Activity.objects.get(pk=rows[2].pk)
    third.subject = "نام تازه"
    activity_update(actor=rep, instance=third)
    recurrence_update(actor=rep, activity=third, everywhere=True)
    subjects = list(Activity.objects.order_by("occurrence").values_list("subject", flat=True))
    assert subjects == ["پیگیری", "نام تازه", "نام تازه", "نام تازه"]


def test_stopping_takes_the_following_away_and_keeps_what_was_begun(rep):
    lead = LeadFactory(owner=rep)
    activity = repeat(rep, "FREQ=WEEKLY", checklist=["خط"], records=[lead])
    rows = series(activity)
    checklist_tick(actor=rep, item=rows[2].checklist.get())
    assert recurrence_stop(actor=rep, activity=activity) == len(rows) - 1
    assert series(activity) == [activity]
    assert [row.pk for row in Activity.all_objects.exclude(deleted_at=None)] == [rows[2].pk]
    assert not ActivityLink.objects.filter(activity__in=[row.pk for row in rows[3:]]).exists()
    activity_complete(actor=rep, activity=activity)
    assert series(activity) == [activity]
    with pytest.raises(DomainError):
        recurrence_stop(actor=rep, activity=activity)


def test_a_closed_lead_ends_the_coming_and_reopening_takes_it_up(rep):
    lead = LeadFactory(owner=rep)
    activity = repeat(rep, "FREQ=WEEKLY", records=[lead])
    lead_disqualify(actor=rep, lead=lead, reason=DisqualifyReason.objects.first())
    assert {row.status for row in series(activity)} == {Status.CANCELLED}
    number = len(series(activity))
    assert recurrences_make_due() == 0
    lead_reopen(actor=rep, lead=lead)
    assert {row.status for row in series(activity)} == {Status.PLANNED}
    series(activity)[-1].delete()
    Recurrence.objects.update(made_until=series(activity)[-1].occurrence)
    assert (recurrences_make_due(), len(series(activity))) == (1, number)


def test_nobody_makes_work_for_one_who_left(rep):
    activity = repeat(rep, "FREQ=DAILY")
    rep.is_active = False
    rep.save()
    Recurrence.objects.update(made_until=None)
    Activity.objects.filter(recurrence=activity.recurrence, occurrence__gt=activity.occurrence).delete()
    assert recurrences_make_due() == 0


def test_all_day_spans_keep_their_days(rep):
    start = dt.datetime.combine(timezone.now().astimezone(TEHRAN).date(), dt.time(), tzinfo=TEHRAN)
    activity = repeat(
        rep, "FREQ=WEEKLY", kind="meeting", due_at=start, ends_at=start + dt.timedelta(days=2), all_day=True
    )
    rows = series(activity)
    assert len(rows) > 5
    for row in rows:
        assert row.due_at.astimezone(TEHRAN).time() == row.ends_at.astimezone(TEHRAN).time() == dt.time()
        assert row.ends_at - row.due_at == dt.timedelta(days=2)


def test_the_last_working_day_of_esfand(rep):
    first = dt.datetime.combine(from_jalali(1405, 9, 1), dt.time(9), tzinfo=TEHRAN)
    activity = repeat(rep, "FREQ=YEARLY;BYMONTH=12;BYSETPOS=-1;X-WORKDAY=ONLY", due_at=first)
    day = from_jalali(1405, 12, 29)
    while not working_time.current().is_working_day(day):
        day -= dt.timedelta(days=1)
    assert activity.due_at.astimezone(TEHRAN).date() == day


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_each_occurrence_once(rep):
    activity = repeat(rep, "FREQ=DAILY")
    number = len(series(activity))
    Activity.objects.filter(recurrence=activity.recurrence, occurrence__gt=activity.occurrence).delete()
    Recurrence.objects.update(made_until=None)
    made = at_once(lambda _n: recurrences_make_due(), times=3)
    assert sorted(made) == [0, 0, number - 1]
    assert len(series(activity)) == number


def test_each_occurrence_reminds_as_the_first_does(rep):
    activity = repeat(rep, "FREQ=WEEKLY", reminders=[("app", 10), ("email", 60)])
    rows = series(activity)
    assert len(rows) > 5
    for row in rows:
        waiting = Reminder.objects.filter(activity=row, user=rep).values_list("channel", "due_at")
        assert dict(waiting) == {
            "app": row.due_at - dt.timedelta(minutes=10),
            "email": row.due_at - dt.timedelta(minutes=60),
        }


class TestOccurrencesOffTheirDay:
    """An occurrence that a day off moved keeps its place when the repetition goes on from it."""

    @pytest.fixture
    def moved(self, rep):
        """A weekly call on Fridays, or the next working day: it stands on a Saturday."""
        Organisation.objects.update(working_days=[0, 1, 2, 3, 4])
        Holiday.objects.all().delete()
        today = timezone.now().astimezone(TEHRAN).date()
        friday = today + dt.timedelta(days=13 - weekday_index(today))
        due_at = dt.datetime.combine(friday, dt.time(9), tzinfo=TEHRAN)
        activity = repeat(rep, "FREQ=WEEKLY;X-WORKDAY=NEXT;COUNT=4", due_at=due_at)
        assert activity.due_at.astimezone(TEHRAN).date() == friday + dt.timedelta(days=1)
        return activity

    def days(self, activity):
        return [row.due_at.astimezone(TEHRAN).date() for row in series(activity)]

    def test_the_same_rule(self, rep, moved):
        before = self.days(moved)
        moved.subject = "نام تازه"
        activity_update(actor=rep, instance=moved)
        recurrence_update(actor=rep, activity=moved)
        moved.refresh_from_db()
        assert self.days(moved) == before
        assert moved.recurrence.rule == "FREQ=WEEKLY;BYDAY=FR;X-WORKDAY=NEXT;COUNT=3"

    def test_another_end_only(self, rep, moved):
        before = self.days(moved)
        recurrence_update(actor=rep, activity=moved, rule=parse_rule("FREQ=WEEKLY;X-WORKDAY=NEXT"))
        moved.refresh_from_db()
        assert self.days(moved)[:4] == before
        assert len(self.days(moved)) > 4

    def test_the_last_of_a_count(self, rep, moved):
        last = series(moved)[-1]
        recurrence_update(actor=rep, activity=last)
        last.refresh_from_db()
        assert self.days(last) == [last.due_at.astimezone(TEHRAN).date()]

    def test_one_that_was_dragged_elsewhere(self, rep):
        activity = repeat(rep, "FREQ=MONTHLY;BYMONTHDAY=5")
        second = series(activity)[1]
        activity_move(actor=rep, activity=second, due_at=second.due_at + dt.timedelta(days=2))
        recurrence_update(actor=rep, activity=second)
        second.refresh_from_db()
        following = next_occurrence(
            parse_rule(second.recurrence.rule), second.recurrence.starts_at, TEHRAN, after=second.due_at
        )
        assert to_jalali(second.due_at.astimezone(TEHRAN)).day == 7
        assert to_jalali(following.astimezone(TEHRAN)).day == 5
