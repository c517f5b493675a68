"""The Undo of putting off, handing over, cancelling and moving: everything as before, unless somebody was there since."""

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from activities.choices import Answer, Kind, RunState, Status
from activities.models import Activity, Assignment, Reminder, Sequence, SequenceRun, SequenceStep
from activities.services import (
    activity_cancel,
    activity_complete,
    activity_hand_over,
    activity_plan,
    activity_snooze,
    activity_update,
    sequence_start,
)
from activities.services.undo import activity_undo, picture, undo_token
from core.errors import DomainError, PermissionRefused, StaleRecord
from core.models import AuditEntry, Notification
from core.testing.toasts import undo_of
from tests.leads.factories import LeadFactory

pytestmark = pytest.mark.django_db


def soon(hours: float = 24) -> dt.datetime:
    return (timezone.now() + dt.timedelta(hours=hours)).replace(microsecond=0)


@pytest.fixture
def lead(rep):
    return LeadFactory(owner=rep)


@pytest.fixture
def call(rep, lead) -> Activity:
    return activity_plan(actor=rep, kind=Kind.CALL, subject="تماس", due_at=soon(), records=[lead])


def waiting(activity: Activity) -> list[tuple]:
    rows = Reminder.objects.filter(activity=activity, state="waiting").order_by("user_id", "due_at")
    return list(rows.values_list("user_id", "channel", "due_at"))


def step_of(lead) -> tuple:
    lead.refresh_from_db()
    return lead.next_step, lead.next_step_at, lead.next_activity_id


def test_putting_off_is_taken_back_with_reminders_and_next_step(rep, lead, call):
    reminders, step, before = waiting(call), step_of(lead), picture(call)
    assert reminders
    after = activity_snooze(actor=rep, activity=call, until=soon(100))
    assert waiting(call) != reminders
    assert step_of(lead) != step
    back = activity_undo(actor=rep, token=undo_token(before, after, rep))
    assert back.due_at == call.due_at
    assert (waiting(call), step_of(lead)) == (reminders, step)
    assert AuditEntry.objects.order_by("-pk")[0].code == "activity.moved_back"


def test_handing_over_is_taken_back_with_the_people(rep, teammate, outsider, lead):
    shared = activity_plan(
        actor=rep, kind=Kind.MEETING, subject="جلسه", due_at=soon(), records=[lead], assignees=[rep, outsider]
    )
    Assignment.objects.filter(activity=shared, user=rep).update(answer=Answer.ACCEPTED)
    reminders, before = waiting(shared), picture(shared)
    after = activity_hand_over(actor=rep, activity=shared, user=teammate)
    assert {row.user for row in after.assignments.all()} == {outsider, teammate}
    back = activity_undo(actor=rep, token=undo_token(before, after, rep))
    assert (back.owner, back.team) == (rep, shared.team)
    assert dict(back.assignments.values_list("user", "answer")) == {
        rep.pk: Answer.ACCEPTED,
        outsider.pk: Answer.NONE,
    }
    assert waiting(shared) == reminders
    assert Notification.objects.filter(recipient=teammate, code="activity.taken_back").count() == 1
    assert AuditEntry.objects.order_by("-pk")[0].params["person"] == str(teammate)


def test_who_handed_over_takes_back_what_is_no_longer_the_own(rep, teammate):
    alone = activity_plan(actor=rep, kind=Kind.TASK, subject="گزارش")
    before = picture(alone)
    after = activity_hand_over(actor=rep, activity=alone, user=teammate)
    assert not Activity.objects.for_user(rep, "change").filter(pk=alone.pk).exists()
    assert activity_undo(actor=rep, token=undo_token(before, after, rep)).owner == rep
    assert not alone.assignments.exists()


def test_cancelling_is_taken_back_word_for_word(rep, teammate, lead, call):
    Activity.objects.filter(pk=call.pk).update(outcome_note="بار اول پاسخ نداد")
    call.refresh_from_db()
    activity_update(actor=rep, instance=call, assignees=[rep, teammate])
    reminders, step, before = waiting(call), step_of(lead), picture(call)
    after = activity_cancel(actor=rep, activity=call, reason="مشتری نخواست")
    assert (waiting(call), step_of(lead)) == ([], ("", None, None))
    back = activity_undo(actor=rep, token=undo_token(before, after, rep))
    assert (back.status, back.outcome_note) == (Status.PLANNED, "بار اول پاسخ نداد")
    assert (waiting(call), step_of(lead)) == (reminders, step)
    assert Notification.objects.filter(recipient=teammate, code="activity.reopened").count() == 1


def test_a_cancelled_step_that_comes_back_takes_its_sequence_up(rep, lead):
    sequence = Sequence.objects.create(name="خوشامد", host="leads.lead")
    SequenceStep.objects.create(sequence=sequence, position=1, kind=Kind.CALL, subject="تماس اول")
    SequenceStep.objects.create(sequence=sequence, position=2, kind=Kind.CALL, subject="تماس دوم")
    sequence_start(actor=rep, sequence=sequence, record=lead)
    step = Activity.objects.get(run__isnull=False)
    before = picture(step)
    after = activity_cancel(actor=rep, activity=step)
    assert SequenceRun.objects.get().state == RunState.STOPPED
    activity_undo(actor=rep, token=undo_token(before, after, rep))
    assert SequenceRun.objects.get().state == RunState.RUNNING


def test_finishing_for_everyone_is_taken_back_and_done_parts_stay_done(rep, teammate, outsider, lead):
    shared = activity_plan(
        actor=rep, kind=Kind.MEETING, subject="جلسه", due_at=soon(), records=[lead], assignees=[teammate, outsider]
    )
    activity_complete(actor=teammate, activity=shared, note="من بودم")
    shared.refresh_from_db()
    before, step = picture(shared), step_of(lead)
    done = activity_complete(
        actor=rep, activity=shared, note="برگزار شد", next_step={"kind": "task", "subject": "بعدی"}
    )
    assert done.activity.status == Status.DONE
    back = activity_undo(actor=rep, token=undo_token(before, done.activity, rep, done.next))
    assert (back.status, back.done_at, back.done_by, back.outcome_note) == (
        Status.PLANNED,
        None,
        None,
        f"{teammate}: من بودم",
    )
    assert picture(back).people == before.people
    assert [row.user for row in back.assignments.filter(done_at=None)] == [outsider]
    assert step_of(lead) == step
    assert not Activity.objects.filter(pk=done.next.pk).exists()


def test_ones_own_part_is_taken_back_alone(rep, teammate):
    shared = activity_plan(actor=rep, kind=Kind.TASK, subject="بازدید", due_at=soon(), assignees=[rep, teammate])
    reminders = waiting(shared)
    for note in ("", "سمت من تمام شد"):
        shared.refresh_from_db()
        before = picture(shared)
        done = activity_complete(actor=rep, activity=shared, note=note)
        assert waiting(shared) != reminders
        back = activity_undo(actor=rep, token=undo_token(before, done.activity, rep))
        assert (back.is_open, back.outcome_note, picture(back).people) == (True, "", before.people)
        assert waiting(shared) == reminders
    assert not Notification.objects.filter(code="activity.reopened").exists()


def test_a_next_step_somebody_works_on_stays(rep, lead, call):
    before = picture(call)
    step = {"kind": "task", "subject": "بعدی", "due_at": soon(5)}
    done = activity_complete(actor=rep, activity=call, next_step=step)
    token = undo_token(before, done.activity, rep, done.next)
    activity_snooze(actor=rep, activity=done.next, until=soon(90))
    assert activity_undo(actor=rep, token=token).is_open
    assert Activity.objects.filter(pk=done.next.pk).exists()


def test_nothing_is_taken_back_after_somebody_changed_it(rep, manager, call):
    before = picture(call)
    after = activity_snooze(actor=rep, activity=call, until=soon(100))
    token = undo_token(before, after, rep)
    there = soon(200)
    activity_snooze(actor=manager, activity=call, until=there)
    with pytest.raises(StaleRecord):
        activity_undo(actor=rep, token=token)
    call.refresh_from_db()
    assert call.due_at == there


def test_a_hand_over_stays_when_the_colleague_has_worked_on_it(rep, teammate, outsider):
    shared = activity_plan(actor=rep, kind=Kind.TASK, subject="بازدید", assignees=[rep, outsider])
    before = picture(shared)
    after = activity_hand_over(actor=rep, activity=shared, user=teammate)
    token = undo_token(before, after, rep)
    activity_complete(actor=teammate, activity=shared)
    with pytest.raises(DomainError):
        activity_undo(actor=rep, token=token)
    shared.refresh_from_db()
    assert shared.owner == teammate


def test_a_note_is_for_who_did_it_and_for_one_activity(rep, manager, call):
    other = activity_plan(actor=rep, kind=Kind.TASK, subject="دیگر")
    before = picture(call)
    token = undo_token(before, activity_snooze(actor=rep, activity=call, until=soon(100)), rep)
    for refused in ({"actor": manager}, {"activity": other}, {"token": token + "x"}, {"token": ""}):
        with pytest.raises(DomainError) as error:
            activity_undo(**{"actor": rep, "token": token, **refused})
        assert error.value.code == "undo"


def test_who_may_no_longer_change_it_takes_nothing_back(rep, outsider, call):
    before = picture(call)
    token = undo_token(before, activity_snooze(actor=rep, activity=call, until=soon(100)), rep)
    Activity.objects.filter(pk=call.pk).update(owner=outsider, team=outsider.team)
    with pytest.raises(PermissionRefused):
        activity_undo(actor=rep, token=token)


def test_an_owner_who_left_meanwhile_does_not_get_it_back(rep, teammate, manager):
    task = activity_plan(actor=rep, kind=Kind.TASK, subject="گزارش")
    before = picture(task)
    token = undo_token(before, activity_hand_over(actor=manager, activity=task, user=teammate), manager)
    type(rep).objects.filter(pk=rep.pk).update(is_active=False)
    with pytest.raises(DomainError):
        activity_undo(actor=manager, token=token)
    task.refresh_from_db()
    assert task.owner == teammate


def test_there_is_no_note_when_nothing_changed_or_two_were_at_it(rep, manager, call):
    before = picture(call)
    assert undo_token(before, call, rep) == ""
    activity_snooze(actor=manager, activity=call, until=soon(50))
    after = activity_snooze(actor=rep, activity=call, until=soon(100))
    assert undo_token(before, after, rep) == ""


# Pages ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(client, rep):
    client.force_login(rep)
    return client


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("activity_snooze", {"until": "1420/01/10 10:00"}),
        ("activity_cancel", {"reason": "نخواست"}),
        ("activity_handover", {}),
        ("activity_complete", {"note": "گفت بعداً"}),
    ],
)
def test_each_dialog_offers_it_and_it_leads_back(signed_in, teammate, call, page, data):
    was = picture(call)
    data = data or {"user": teammate.pk}
    answer = signed_in.post(reverse(f"activities:{page}", args=[call.pk]), data)
    call.refresh_from_db()
    assert picture(call).fields != was.fields
    back = signed_in.post(undo_of(answer), {"return_url": "/activities/?state=open"})
    assert back["Location"] == "/activities/?state=open"
    call.refresh_from_db()
    assert picture(call).fields == was.fields
    again = signed_in.post(undo_of(answer))
    assert again.status_code == 302
    call.refresh_from_db()
    assert picture(call).fields == was.fields


def test_many_are_put_back_and_one_that_changed_is_told(signed_in, rep, manager):
    rows = [activity_plan(actor=rep, kind=Kind.TASK, subject=f"کار {i}", due_at=soon(i + 1)) for i in range(4)]
    chosen = {"pk": [row.pk for row in rows], "go": "1", "until": "1420/01/10 10:00"}
    answer = signed_in.post(reverse("activities:activity_bulk", args=["snooze"]), chosen)
    address = undo_of(answer)
    activity_snooze(actor=manager, activity=rows[3], until=soon(300))
    answer = signed_in.post(address)
    said = [str(message) for message in get_messages(answer.wsgi_request)][-2:]
    assert "۳" in said[0]
    for row, stays in zip(rows, (False, False, False, True), strict=True):
        before = row.due_at
        row.refresh_from_db()
        assert (row.due_at != before) is stays
    assert signed_in.post(address).status_code == 302  # there is nothing left to take back


def test_many_handed_over_come_back(signed_in, rep, teammate):
    rows = [activity_plan(actor=rep, kind=Kind.TASK, subject=f"کار {i}") for i in range(3)]
    chosen = {"pk": [row.pk for row in rows], "go": "1", "user": teammate.pk}
    address = undo_of(signed_in.post(reverse("activities:activity_bulk", args=["hand-over"]), chosen))
    assert Activity.objects.filter(owner=teammate).count() == 3
    signed_in.post(address)
    assert Activity.objects.filter(owner=rep).count() == 3


def test_the_notes_of_many_are_for_who_did_it_and_may_be_lost(signed_in, client, rep, teammate, manager):
    task = activity_plan(actor=rep, kind=Kind.TASK, subject="کار")
    chosen = {"pk": [task.pk], "go": "1", "user": teammate.pk}
    address = undo_of(signed_in.post(reverse("activities:activity_bulk", args=["hand-over"]), chosen))
    client.force_login(manager)
    client.post(address)
    task.refresh_from_db()
    assert task.owner == teammate
    cache.clear()
    client.force_login(rep)
    assert client.post(address).status_code == 302
    task.refresh_from_db()
    assert task.owner == teammate


def test_a_page_one_no_longer_sees_leads_to_the_list(signed_in, teammate, rep):
    task = activity_plan(actor=rep, kind=Kind.TASK, subject="گزارش")
    url = reverse("activities:activity_handover", args=[task.pk])
    behind = f"http://testserver{task.get_absolute_url()}"
    answer = signed_in.post(
        url, {"user": teammate.pk}, headers={"HX-Request": "true", "HX-Target": "dialog", "HX-Current-URL": behind}
    )
    assert answer["HX-Redirect"] == reverse("activities:activity_list")
