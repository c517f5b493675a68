"""Planning, finishing and moving activities: the rules of the services."""

import datetime as dt
import itertools
import threading

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone

from activities import events as facts
from activities.choices import TRANSITIONS, Kind, Status
from activities.models import Activity, ActivityLink, ActivityOutcome, Assignment
from activities.selectors.activities import activities_on, activity_records, doers, open_doers
from activities.services import (
    activities_move,
    activity_cancel,
    activity_complete,
    activity_delete,
    activity_hand_over,
    activity_log,
    activity_move,
    activity_plan,
    activity_reopen,
    activity_snooze,
    activity_update,
    checklist_add,
    checklist_remove,
    checklist_tick,
)
from core import audit, events
from core.errors import DomainError, PermissionRefused, StaleRecord
from core.models import Notification
from tests.accounts.factories import AccountFactory
from tests.activities.factories import restore_from_bin
from tests.leads.factories import LeadFactory
from tests.users.factories import UserFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def soon(hours: float = 24) -> dt.datetime:
    return (timezone.now() + dt.timedelta(hours=hours)).replace(microsecond=0)


def plan(actor, **values) -> Activity:
    return activity_plan(actor=actor, **{"kind": Kind.CALL, "subject": "تماس", "due_at": soon(), **values})


@pytest.fixture
def heard():
    """The events published during the test."""
    found: list[events.Event] = []
    kinds = [kind for kind in vars(facts).values() if isinstance(kind, type) and issubclass(kind, facts.ActivityEvent)]
    for kind in kinds:
        events.subscribe(kind, found.append)
    yield found
    for kind in kinds:
        events._handlers[kind] = [handler for handler in events._handlers[kind] if handler != found.append]


def test_planning_makes_links_an_entry_and_a_next_step(rep, heard):
    lead, account = LeadFactory(owner=rep), AccountFactory(owner=rep)
    activity = plan(rep, records=[lead, account], checklist=["کاتالوگ", " ", "قیمت"], reminders=[("app", 15)])
    assert (activity.owner, activity.team, activity.created_by) == (rep, rep.team, rep)
    assert activity_records(activity, user=rep) == [lead, account]
    assert [item.text for item in activity.checklist.all()] == ["کاتالوگ", "قیمت"]
    assert audit.entries_of(lead).get().code == "activity.created"
    lead.refresh_from_db()
    assert (lead.next_step, lead.next_step_at, lead.next_activity_id) == ("تماس", activity.due_at, activity.pk)
    assert heard == [facts.ActivityPlanned(activity_id=activity.pk, actor_id=rep.pk, reminders=(("app", 15),))]
    assert not Notification.objects.exists()


@pytest.mark.parametrize("kind", [Kind.CALL, Kind.MEETING, Kind.FOLLOW_UP, Kind.DEADLINE])
def test_these_kinds_need_a_time(rep, kind):
    with pytest.raises(DomainError) as refusal:
        plan(rep, kind=kind, due_at=None)
    assert refusal.value.field == "due_at"


def test_a_task_needs_no_time_and_is_no_next_step(rep):
    lead = LeadFactory(owner=rep)
    assert plan(rep, kind=Kind.TASK, due_at=None, records=[lead]).due_at is None
    lead.refresh_from_db()
    assert lead.next_step == ""


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": Kind.NOTE}, "kind"),
        ({"subject": "  "}, "subject"),
        ({"kind": "dance"}, "kind"),
        ({"ends_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, "ends_at"),
        ({"ends_at": dt.datetime(2200, 1, 1, tzinfo=dt.UTC)}, "ends_at"),
        ({"kind": Kind.TASK, "due_at": None, "ends_at": dt.datetime(2200, 1, 1, tzinfo=dt.UTC)}, "due_at"),
        ({"priority": 9}, "priority"),
        ({"text": "x" * 20_001}, "text"),
        ({"checklist": ["خط"] * 101}, "checklist"),
        ({"checklist": ["x" * 201]}, "checklist"),
    ],
)
def test_what_cannot_be_planned_is_refused_with_its_field(rep, values, field):
    with pytest.raises(DomainError) as refusal:
        plan(rep, **values)
    assert refusal.value.field == field
    assert not Activity.objects.exists()


@pytest.mark.parametrize("role", ["owner", "assignees", "watchers"])
def test_a_person_who_left_gets_nothing(manager, rep, role):
    rep.is_active = False
    rep.save()
    with pytest.raises(DomainError) as refusal:
        plan(manager, **{role: rep if role == "owner" else [rep]})
    assert (refusal.value.field, refusal.value.code) == (role, "person")


def test_too_many_people_or_records_are_refused(rep):
    people = UserFactory.build_batch(51)
    for pk, person in enumerate(people, start=10_000):
        person.pk = pk
    with pytest.raises(DomainError) as refusal:
        plan(rep, assignees=people)
    assert refusal.value.field == "assignees"
    with pytest.raises(DomainError) as refusal:
        plan(rep, records=LeadFactory.create_batch(51, owner=rep))
    assert refusal.value.field == "records"


def test_only_hosts_in_sight_can_be_records(rep, outsider):
    for record in (LeadFactory(owner=outsider), rep, LeadFactory(owner=rep, deleted_at=timezone.now())):
        with pytest.raises(DomainError) as refusal:
            plan(rep, records=[record])
        assert refusal.value.field == "records"


def test_somebody_without_the_right_plans_nothing(nobody):
    with pytest.raises((PermissionRefused, DomainError)):
        plan(nobody)


def test_colleagues_are_told_and_do_their_parts(rep, teammate):
    activity = plan(rep, assignees=[rep, teammate])
    assert doers(activity) == [rep, teammate]
    told = Notification.objects.get()
    assert (told.recipient, told.code) == (teammate, "activity.assigned")
    activity_complete(actor=teammate, activity=activity, note="قسمت من")
    activity.refresh_from_db()
    assert activity.status == Status.PLANNED
    assert open_doers(activity) == [rep]
    assert not activity_complete(actor=teammate, activity=activity).changed
    assert activity_complete(actor=rep, activity=activity).activity.status == Status.DONE
    activity.refresh_from_db()
    assert "قسمت من" in activity.outcome_note
    assert not activity.assignments.filter(done_at=None).exists()


def test_the_owner_finishes_for_everyone_and_an_assignee_does_not(rep, teammate):
    activity = plan(rep, assignees=[rep, teammate])
    with pytest.raises(DomainError) as refusal:
        activity_complete(actor=teammate, activity=activity, for_everyone=True)
    assert refusal.value.code == "not_owner"
    activity_complete(actor=rep, activity=activity, for_everyone=True)
    activity.refresh_from_db()
    assert activity.status == Status.DONE


def test_finishing_plans_the_next_on_the_same_records_once(rep, heard):
    lead = LeadFactory(owner=rep)
    outcome = ActivityOutcome.objects.get(code="reached")
    activity = plan(rep, records=[lead])
    following = {"kind": Kind.MEETING, "subject": "بازدید", "due_at": soon(48), "duration": 60}
    done = activity_complete(actor=rep, activity=activity, outcome=outcome, note="قیمت خواست", next_step=following)
    again = activity_complete(actor=rep, activity=activity, outcome=outcome, next_step=following)
    assert (done.changed, again.changed, again.next) == (True, False, None)
    assert done.next is not None
    assert done.next.ends_at == following["due_at"] + HOUR
    assert activity_records(done.next, user=rep) == [lead]
    assert Activity.objects.count() == 2
    lead.refresh_from_db()
    assert lead.next_activity_id == done.next.pk
    assert [type(event).__name__ for event in heard] == ["ActivityPlanned", "ActivityPlanned", "ActivityCompleted"]
    assert ActivityLink.objects.get(activity=activity).at == done.activity.done_at


def test_a_next_step_that_cannot_be_leaves_the_first_undone(rep):
    activity = plan(rep)
    with pytest.raises(DomainError) as refusal:
        activity_complete(actor=rep, activity=activity, next_step={"kind": Kind.CALL, "subject": "باز هم"})
    assert refusal.value.field == "next_due_at"
    activity.refresh_from_db()
    assert activity.is_open


@pytest.mark.parametrize(("before", "after"), list(itertools.product(Status, Status)))
def test_status_follows_the_table(rep, before, after):
    activity = plan(rep)
    Activity.objects.update(status=before, done_at=timezone.now() if before == Status.DONE else None)
    act = {Status.DONE: activity_complete, Status.CANCELLED: activity_cancel, Status.PLANNED: activity_reopen}[after]
    if after == before or after in TRANSITIONS[before]:
        act(actor=rep, activity=activity)
        activity.refresh_from_db()
        assert activity.status == after
        assert bool(activity.done_at) == (after == Status.DONE)
    else:
        with pytest.raises(DomainError) as refusal:
            act(actor=rep, activity=activity)
        assert refusal.value.code == "transition"


def test_two_clicks_at_once_finish_once(transactional_db, rep):
    activity = plan(rep)
    following = {"kind": Kind.TASK, "subject": "بعدی"}
    barrier, results = threading.Barrier(2), []

    def click() -> None:
        barrier.wait()
        results.append(activity_complete(actor=rep, activity=activity, next_step=following).changed)
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, True]
    assert Activity.objects.filter(subject="بعدی").count() == 1


def test_logging_is_done_at_once(rep, heard):
    lead = LeadFactory(owner=rep)
    call = activity_log(actor=rep, kind=Kind.CALL, at=timezone.now() - HOUR, records=[lead], direction="in", duration=5)
    assert (call.status, call.subject, call.done_at) == (Status.DONE, str(Kind.CALL.label), call.due_at)
    note = activity_log(actor=rep, kind=Kind.NOTE, text="<b onclick=x>پررنگ</b>", records=[lead])
    assert (note.due_at, note.text) == (None, "<b onclick=x>پررنگ</b>")
    lead.refresh_from_db()
    assert lead.next_step == ""
    assert set(activities_on(lead, user=rep)) == {call, note}
    with pytest.raises(DomainError):
        activity_reopen(actor=rep, activity=note)
    for values in ({"kind": Kind.NOTE}, {"kind": Kind.CALL, "at": soon()}):
        with pytest.raises(DomainError):
            activity_log(actor=rep, **values)


def test_an_outcome_fits_its_kind(rep):
    held = ActivityOutcome.objects.get(code="held")
    with pytest.raises(DomainError) as refusal:
        activity_complete(actor=rep, activity=plan(rep), outcome=held)
    assert refusal.value.field == "outcome"


def test_updating_keeps_what_the_actor_cannot_see(rep, manager, outsider):
    mine, hidden, other = LeadFactory(owner=rep), LeadFactory(owner=outsider), LeadFactory(owner=rep)
    activity = plan(rep, records=[mine])
    ActivityLink.objects.create(
        activity=activity, content_type=ContentType.objects.get_for_model(hidden), object_id=hidden.pk
    )
    activity.subject = "موضوع تازه"
    activity_update(actor=rep, instance=activity, records=[other], expected_version=activity.version)
    assert set(activity_records(activity, user=None)) == {other, hidden}
    assert activity_records(activity, user=rep) == [other]
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.next_step, other.next_step) == ("", "موضوع تازه")


def test_an_old_form_is_refused(rep):
    activity = plan(rep)
    with pytest.raises(StaleRecord):
        activity_update(actor=rep, instance=activity, expected_version=activity.version + 1)
    with pytest.raises(StaleRecord):
        activity_move(actor=rep, activity=activity, due_at=soon(), expected_version=99)


def test_moving_keeps_the_length_and_the_order_of_steps(rep, teammate, heard):
    lead = LeadFactory(owner=rep)
    first = plan(rep, kind=Kind.MEETING, duration=90, records=[lead], assignees=[rep, teammate])
    second = plan(rep, subject="دوم", due_at=soon(30), records=[lead])
    before = first.due_at
    moved = activity_move(actor=rep, activity=first, due_at=soon(40))
    assert moved.ends_at - moved.due_at == dt.timedelta(minutes=90)
    lead.refresh_from_db()
    assert lead.next_activity_id == second.pk
    assert heard[-1] == facts.ActivityMoved(activity_id=first.pk, actor_id=rep.pk, before=before, due_at=moved.due_at)
    assert Notification.objects.filter(code="activity.moved", recipient=teammate).count() == 1
    assert activity_move(actor=rep, activity=first, due_at=moved.due_at).version == moved.version
    activity_complete(actor=rep, activity=second)
    with pytest.raises(DomainError):
        activity_move(actor=rep, activity=second, due_at=soon())


def test_whole_days_begin_at_the_owners_midnight(rep):
    due_at = dt.datetime(2026, 11, 25, 9, 30, tzinfo=dt.UTC)
    day = plan(rep, kind=Kind.TASK, due_at=due_at, all_day=True, ends_at=due_at + HOUR)
    tehran_midnight = dt.datetime(2026, 11, 24, 20, 30, tzinfo=dt.UTC)
    assert (day.due_at, day.ends_at, day.duration) == (tehran_midnight, None, None)
    days = plan(rep, kind=Kind.TASK, due_at=due_at, all_day=True, ends_at=due_at + 2 * DAY)
    assert (days.due_at, days.ends_at) == (tehran_midnight, tehran_midnight + 3 * DAY)


def test_snoozing_goes_to_the_future(rep):
    activity = plan(rep, due_at=soon(-5))
    until = soon(1)
    assert activity_snooze(actor=rep, activity=activity, until=until).due_at == until
    with pytest.raises(DomainError) as refusal:
        activity_snooze(actor=rep, activity=activity, until=soon(-1))
    assert refusal.value.field == "until"


def test_handing_over_changes_places(rep, teammate, outsider, heard):
    activity = plan(rep, assignees=[rep, outsider])
    activity_hand_over(actor=rep, activity=activity, user=teammate)
    activity.refresh_from_db()
    assert activity.owner == teammate
    assert set(doers(activity)) == {teammate, outsider}
    assert Notification.objects.filter(code="activity.handed_over", recipient=teammate).exists()
    with pytest.raises(PermissionRefused):
        activity_hand_over(actor=rep, activity=activity, user=rep)


def test_others_cannot_change_it(rep, outsider):
    activity = plan(rep)
    for act in (activity_complete, activity_cancel, activity_reopen, activity_delete):
        with pytest.raises(PermissionRefused):
            act(actor=outsider, activity=activity)
    with pytest.raises(PermissionRefused):
        checklist_add(actor=outsider, activity=activity, text="x")


def test_a_private_activity_is_nobody_elses_step_or_story(rep, manager):
    lead = LeadFactory(owner=rep)
    activity = plan(rep, records=[lead], is_private=True)
    lead.refresh_from_db()
    assert lead.next_step == ""
    assert not audit.entries_of(lead).exists()
    assert not Activity.objects.for_user(manager, "view").filter(pk=activity.pk).exists()
    assert Activity.objects.for_user(rep, "view").filter(pk=activity.pk).exists()


def test_the_checklist_is_ticked_by_line(rep, heard):
    activity = plan(rep, checklist=["یک", "دو"])
    first = activity.checklist.get(text="یک")
    assert checklist_tick(actor=rep, item=first).done_by == rep
    entries = audit.entries_of(activity).count()
    checklist_tick(actor=rep, item=first)
    assert audit.entries_of(activity).count() == entries
    checklist_add(actor=rep, activity=activity, text=" سه ")
    activity_update(actor=rep, instance=activity, checklist=["سه", "یک"])
    lines = [(item.text, bool(item.done_at)) for item in activity.checklist.all()]
    assert lines == [("سه", False), ("یک", True)]
    assert checklist_tick(actor=rep, item=first, done=False).done_at is None
    checklist_remove(actor=rep, item=first)
    with pytest.raises(DomainError):
        checklist_tick(actor=rep, item=first)
    with pytest.raises(DomainError):
        checklist_add(actor=rep, activity=activity, text=" ")


def test_records_come_and_go(rep):
    lead, other = LeadFactory(owner=rep), LeadFactory(owner=rep)
    activity = plan(rep, records=[lead])
    activity_update(actor=rep, instance=activity, records=[lead, other, lead])
    assert activity_records(activity, user=rep) == [lead, other]
    activity_update(actor=rep, instance=activity, records=[other])
    lead.refresh_from_db()
    other.refresh_from_db()
    assert (lead.next_step, other.next_step) == ("", "تماس")


def test_open_activities_go_along(rep):
    source, target = LeadFactory(owner=rep), LeadFactory(owner=rep)
    plan(rep, records=[source])
    done = activity_log(actor=rep, kind=Kind.NOTE, text="قبلی", records=[source])
    assert activities_move(actor=rep, source=source, target=target) == 1
    target.refresh_from_db()
    assert target.next_step == "تماس"
    assert activities_on(source, user=rep).count() == 2
    assert done not in activities_on(target, user=rep)


def test_the_bin_takes_the_step_and_gives_it_back(rep, heard):
    lead = LeadFactory(owner=rep)
    activity = plan(rep, records=[lead])
    activity_delete(actor=rep, activity=activity)
    lead.refresh_from_db()
    assert lead.next_step == ""
    with pytest.raises(DomainError) as refusal:
        activity_complete(actor=rep, activity=activity)
    assert refusal.value.code == "in_bin"
    restore_from_bin(actor=rep, activity=activity)
    lead.refresh_from_db()
    assert lead.next_step == "تماس"


def test_the_system_plans_for_an_owner(rep, teammate):
    activity = activity_plan(
        actor=None, kind=Kind.CALL, subject="خودکار", due_at=soon(), owner=rep, assignees=[rep, teammate]
    )
    assert activity.created_by is None
    assert set(Notification.objects.values_list("recipient", flat=True)) == {rep.pk, teammate.pk}
    assert Assignment.objects.filter(activity=activity).count() == 2
    with pytest.raises(DomainError):
        activity_plan(actor=None, kind=Kind.TASK, subject="بی‌صاحب")


def test_reopening_takes_up_ones_own_part(rep, teammate):
    activity = plan(rep, assignees=[rep, teammate])
    activity_complete(actor=rep, activity=activity, for_everyone=True)
    activity_reopen(actor=teammate, activity=activity)
    activity.refresh_from_db()
    assert open_doers(activity) == [teammate]
    activity_complete(actor=teammate, activity=activity)
    activity_reopen(actor=rep, activity=activity)
    assert set(open_doers(Activity.objects.get())) == {rep, teammate}


def test_two_people_finishing_at_once_leave_the_true_next_step(transactional_db, rep, manager):
    lead = LeadFactory(owner=rep)
    first = plan(rep, records=[lead], due_at=soon(1))
    second = plan(rep, records=[lead], due_at=soon(2))
    last = plan(rep, records=[lead], due_at=soon(3))
    barrier = threading.Barrier(2)

    def finish(actor, activity: Activity) -> None:
        barrier.wait()
        activity_complete(actor=actor, activity=activity)
        connection.close()

    threads = [threading.Thread(target=finish, args=pair) for pair in ((rep, first), (manager, second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lead.refresh_from_db()
    assert lead.next_activity_id == last.pk


def test_nobody_waits_for_an_assignee_who_left(rep, teammate):
    activity = plan(rep, assignees=[rep, teammate])
    teammate.is_active = False
    teammate.save()
    assert activity_complete(actor=rep, activity=activity).activity.status == Status.DONE
