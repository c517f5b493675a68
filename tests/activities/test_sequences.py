"""Sequences: writing them, and how they work on leads and opportunities."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Account
from activities.choices import RunState
from activities.models import Activity, Sequence, SequenceRun, SequenceStep
from activities.selectors.sequences import due_of, runs_on, sequences_for, sequences_overview, steps_of, steps_planned
from activities.services import (
    activity_cancel,
    activity_complete,
    activity_delete,
    activity_reopen,
    sequence_delete,
    sequence_save,
    sequence_start,
    sequence_stop,
    step_delete,
    step_save,
    step_shift,
    steps_reorder,
)
from core.calendar.jalali import weekday_index
from core.errors import DomainError, PermissionRefused
from core.models import AuditEntry, Holiday, Organisation
from core.working_time import WorkingTime
from leads.models import DisqualifyReason, Lead
from leads.services import lead_convert, lead_disqualify
from messaging.models import MessageTemplate
from opportunities.services import opportunity_create, opportunity_win
from tests.activities.factories import restore_from_bin
from tests.concurrency.test_lead_convert import at_once
from tests.leads.factories import LeadFactory

TEHRAN = ZoneInfo("Asia/Tehran")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def working_week(db):
    Organisation.objects.update(working_days=[0, 1, 2, 3, 4])
    Holiday.objects.all().delete()


def make_sequence(*steps, host="leads.lead", **values):
    sequence = Sequence.objects.create(**{"name": "پیگیری سرنخ تازه", "host": host, **values})
    for number, step in enumerate(steps, start=1):
        SequenceStep.objects.create(sequence=sequence, position=number * 10, **step)
    return sequence


def call_mail_call(host="leads.lead"):
    """Call, two working days later a mail, five days later a call again."""
    return make_sequence(
        {"kind": "call", "subject": "تماس نخست", "after_days": 0},
        {"kind": "email", "subject": "فرستادن معرفی", "after_days": 2},
        {"kind": "call", "subject": "تماس دوم", "after_days": 5, "working_days": False, "at_time": "16:30"},
        host=host,
    )


def open_step(run):
    return Activity.objects.get(run=run, status="planned")


def tuesday():
    """A Tuesday to come."""
    today = timezone.now().astimezone(TEHRAN).date()
    return today + dt.timedelta(days=10 - weekday_index(today))


def moment(date, time="09:00"):
    return dt.datetime.combine(date, dt.time.fromisoformat(time), tzinfo=TEHRAN)


class TestDates:
    def test_working_days_and_calendar_days(self):
        planned = steps_planned(steps_of(call_mail_call()), tuesday(), TEHRAN)
        assert [step.due_at for step in planned] == [
            moment(tuesday()),
            moment(tuesday() + dt.timedelta(days=4)),  # Wednesday is one, Saturday the second
            moment(tuesday() + dt.timedelta(days=9), "16:30"),  # Thursday: calendar days do not ask
        ]

    def test_a_start_on_a_day_off_begins_on_the_next_working_day(self):
        (first, *_rest) = steps_planned(steps_of(call_mail_call()), tuesday() + dt.timedelta(days=3), TEHRAN)
        assert first.due_at == moment(tuesday() + dt.timedelta(days=4))

    def test_holidays_are_passed_over(self):
        step = SequenceStep(after_days=1, working_days=True, at_time=dt.time(10))
        time = WorkingTime(holidays=frozenset({tuesday(), tuesday() - dt.timedelta(days=1)}))
        wednesday = tuesday() + dt.timedelta(days=1)
        assert due_of(step, tuesday() - dt.timedelta(days=2), TEHRAN, time) == moment(wednesday, "10:00")

    def test_no_step_begins_late(self):
        step = SequenceStep(after_days=0, working_days=True, at_time=dt.time(0))
        today = timezone.now().astimezone(TEHRAN).date()
        time = WorkingTime()
        due_at = due_of(step, today, TEHRAN, time)
        assert due_at > timezone.now()
        assert time.is_working_moment(due_at, TEHRAN)


class TestRuns:
    def test_the_first_step_is_planned(self, rep):
        lead, sequence = LeadFactory(owner=rep), call_mail_call()
        run = sequence_start(actor=rep, sequence=sequence, record=lead, start=tuesday())
        step = open_step(run)
        assert (step.kind, step.subject, step.due_at) == ("call", "تماس نخست", moment(tuesday()))
        assert (step.owner, step.step, [link.obj for link in step.links.all()]) == (rep, 10, [lead])
        lead.refresh_from_db()
        assert lead.next_activity_id == step.pk
        assert AuditEntry.objects.filter(code="sequence.started", object_id=lead.pk).count() == 1

    def test_the_next_step_counts_from_the_day_the_last_was_done(self, rep):
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=LeadFactory(owner=rep))
        done = timezone.now() - dt.timedelta(minutes=5)
        activity_complete(actor=rep, activity=open_step(run), at=done)
        second = open_step(run)
        day = done.astimezone(TEHRAN).date()
        expected = due_of(steps_of(run.sequence)[1], day, TEHRAN, WorkingTime())
        assert (second.kind, second.due_at, second.step) == ("email", expected, 20)

    def test_the_last_step_finishes_the_run(self, rep):
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=LeadFactory(owner=rep))
        for _number in range(3):
            activity_complete(actor=rep, activity=open_step(run))
        run.refresh_from_db()
        assert run.state == RunState.DONE
        assert run.ended_at
        assert Activity.objects.filter(run=run).count() == 3

    def test_a_template_is_a_sequence_of_one_step(self, rep):
        sequence = make_sequence({"kind": "call", "subject": "خوش‌آمد"})
        run = sequence_start(actor=rep, sequence=sequence, record=LeadFactory(owner=rep))
        activity_complete(actor=rep, activity=open_step(run))
        run.refresh_from_db()
        assert run.state == RunState.DONE

    def test_the_steps_can_be_anothers(self, manager, rep):
        lead = LeadFactory(owner=rep)
        run = sequence_start(actor=manager, sequence=call_mail_call(), record=lead, owner=rep)
        assert open_step(run).owner == rep
        activity_complete(actor=manager, activity=open_step(run))
        assert open_step(run).owner == rep

    def test_an_opportunity_too(self, rep):
        deal = opportunity_create(actor=rep, name="معامله", owner=rep)
        run = sequence_start(actor=rep, sequence=call_mail_call("opportunities.opportunity"), record=deal)
        assert [link.obj for link in open_step(run).links.all()] == [deal]

    def test_stopping_cancels_the_open_step(self, rep):
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=LeadFactory(owner=rep))
        sequence_stop(actor=rep, run=run)
        run.refresh_from_db()
        assert run.state == RunState.STOPPED
        assert Activity.objects.get(run=run).status == "cancelled"
        assert sequence_stop(actor=rep, run=run).state == RunState.STOPPED
        assert AuditEntry.objects.filter(code="sequence.stopped").count() == 1

    @pytest.mark.parametrize("end", [activity_cancel, activity_delete])
    def test_a_step_that_will_not_be_done_ends_it(self, rep, end):
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=LeadFactory(owner=rep))
        end(actor=rep, activity=open_step(run))
        run.refresh_from_db()
        assert run.state == RunState.STOPPED

    def test_taking_a_finished_step_up_takes_the_next_one_back(self, rep):
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=LeadFactory(owner=rep))
        first = open_step(run)
        activity_complete(actor=rep, activity=first)
        activity_reopen(actor=rep, activity=first)
        assert open_step(run) == first
        activity_complete(actor=rep, activity=first)
        assert open_step(run).step == 20

    def test_a_cancelled_step_taken_up_takes_the_run_up(self, rep):
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=LeadFactory(owner=rep))
        first = open_step(run)
        activity_cancel(actor=rep, activity=first)
        activity_reopen(actor=rep, activity=first)
        run.refresh_from_db()
        assert run.state == RunState.RUNNING

    def test_conversion_stops_it_and_its_open_step_goes_with_the_deal(self, rep):
        lead = LeadFactory(owner=rep)
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=lead)
        deal = lead_convert(actor=rep, lead=lead).opportunity
        run.refresh_from_db()
        step = open_step(run)
        assert run.state == RunState.STOPPED
        assert deal in [link.obj for link in step.links.all()]
        activity_complete(actor=rep, activity=step)
        assert Activity.objects.filter(run=run).count() == 1

    def test_disqualifying_stops_it(self, rep):
        lead = LeadFactory(owner=rep)
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=lead)
        lead_disqualify(actor=rep, lead=lead, reason=DisqualifyReason.objects.first())
        run.refresh_from_db()
        assert run.state == RunState.STOPPED

    def test_winning_stops_it(self, rep):
        deal = opportunity_create(actor=rep, name="معامله", owner=rep, account=Account.objects.create(name="شرکت"))
        run = sequence_start(actor=rep, sequence=call_mail_call("opportunities.opportunity"), record=deal)
        opportunity_win(actor=rep, opportunity=deal)
        run.refresh_from_db()
        assert run.state == RunState.STOPPED

    def test_an_owner_who_left_stops_it_and_does_not_stand_in_the_way(self, manager, rep):
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=LeadFactory(owner=rep))
        rep.is_active = False
        rep.save()
        activity_complete(actor=manager, activity=open_step(run))
        run.refresh_from_db()
        assert run.state == RunState.STOPPED
        assert Activity.objects.filter(run=run).count() == 1

    def test_steps_may_change_while_it_runs(self, rep, manager):
        sequence = call_mail_call()
        run = sequence_start(actor=rep, sequence=sequence, record=LeadFactory(owner=rep))
        _first, second, third = steps_of(sequence)
        step_delete(actor=manager, step=second)
        activity_complete(actor=rep, activity=open_step(run))
        assert open_step(run).subject == third.subject

    def test_what_stands_on_the_record(self, rep, django_assert_max_num_queries):
        lead = LeadFactory(owner=rep)
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=lead)
        activity_complete(actor=rep, activity=open_step(run))
        with django_assert_max_num_queries(9):
            (progress,) = runs_on(lead, user=rep)
        assert [step.state for step in progress.steps] == ["done", "open", "coming"]
        assert progress.done == 1
        assert progress.steps[2].due_at > progress.steps[1].due_at


class TestRefusals:
    def test_another_kind_of_record(self, rep):
        with pytest.raises(DomainError):
            sequence_start(
                actor=rep, sequence=call_mail_call("opportunities.opportunity"), record=LeadFactory(owner=rep)
            )

    def test_twice_on_one_record(self, rep):
        lead, sequence = LeadFactory(owner=rep), call_mail_call()
        sequence_start(actor=rep, sequence=sequence, record=lead)
        with pytest.raises(DomainError) as refusal:
            sequence_start(actor=rep, sequence=sequence, record=lead)
        assert refusal.value.code == "running"

    @pytest.mark.parametrize("values", [{"is_active": False}, {"deleted_at": timezone.now()}])
    def test_one_out_of_use(self, rep, values):
        sequence = make_sequence({"subject": "گام"}, **values)
        with pytest.raises(DomainError):
            sequence_start(actor=rep, sequence=sequence, record=LeadFactory(owner=rep))

    def test_one_without_steps(self, rep):
        with pytest.raises(DomainError):
            sequence_start(actor=rep, sequence=make_sequence(), record=LeadFactory(owner=rep))

    def test_a_closed_lead(self, rep):
        lead = LeadFactory(owner=rep)
        lead_disqualify(actor=rep, lead=lead, reason=DisqualifyReason.objects.first())
        with pytest.raises(DomainError):
            sequence_start(actor=rep, sequence=call_mail_call(), record=Lead.objects.get(pk=lead.pk))

    def test_a_foreign_lead(self, rep, outsider):
        lead, sequence = LeadFactory(owner=rep), call_mail_call()
        with pytest.raises(PermissionRefused):
            sequence_start(actor=outsider, sequence=sequence, record=lead)
        run = sequence_start(actor=rep, sequence=sequence, record=lead)
        with pytest.raises(PermissionRefused):
            sequence_stop(actor=outsider, run=run)

    def test_an_owner_who_left(self, manager, teammate, rep):
        teammate.is_active = False
        teammate.save()
        with pytest.raises(DomainError) as refusal:
            sequence_start(actor=manager, sequence=call_mail_call(), record=LeadFactory(owner=rep), owner=teammate)
        assert refusal.value.field == "owner"
        assert not SequenceRun.objects.exists()


class TestWriting:
    def test_a_sequence_and_its_steps(self, manager):
        sequence = sequence_save(actor=manager, sequence=Sequence(name="تازه", host="leads.lead"))
        for subject in ("یک", "دو", "سه"):
            step_save(actor=manager, step=SequenceStep(sequence=sequence, kind="call", subject=subject))
        one, two, three = steps_of(sequence)
        assert [one.position, two.position, three.position] == [10, 20, 30]
        step_shift(actor=manager, step=three, by=-1)
        assert [step.subject for step in steps_of(sequence)] == ["یک", "سه", "دو"]
        step_shift(actor=manager, step=one, by=-1)
        assert [step.subject for step in steps_of(sequence)] == ["یک", "سه", "دو"]
        with pytest.raises(DomainError):
            steps_reorder(actor=manager, sequence=sequence, order=[one.pk])
        step_delete(actor=manager, step=three)
        assert [step.subject for step in steps_of(sequence)] == ["یک", "دو"]

    def test_it_is_granted_work(self, rep):
        with pytest.raises(PermissionRefused):
            sequence_save(actor=rep, sequence=Sequence(name="تازه", host="leads.lead"))
        with pytest.raises(PermissionRefused):
            step_save(actor=rep, step=SequenceStep(sequence=make_sequence(), subject="گام"))

    def test_only_records_with_a_next_step(self, manager):
        with pytest.raises(DomainError) as refusal:
            sequence_save(actor=manager, sequence=Sequence(name="تازه", host="accounts.account"))
        assert refusal.value.field == "host"

    def test_a_message_template_fits_the_step(self, manager):
        sequence = make_sequence()
        template = MessageTemplate.objects.create(name="معرفی", channel="email", host="leads.lead", body_fa="سلام")
        foreign = MessageTemplate.objects.create(
            name="پیشنهاد", channel="email", host="opportunities.opportunity", body_fa="سلام"
        )
        step_save(
            actor=manager, step=SequenceStep(sequence=sequence, kind="email", subject="نامه", message_template=template)
        )
        for kind, wrong in (("call", template), ("sms", template), ("email", foreign)):
            with pytest.raises(DomainError) as refusal:
                step_save(
                    actor=manager,
                    step=SequenceStep(sequence=sequence, kind=kind, subject="نامه", message_template=wrong),
                )
            assert refusal.value.field == "message_template"
        sequence.host = "opportunities.opportunity"
        with pytest.raises(DomainError):
            sequence_save(actor=manager, sequence=sequence)

    def test_too_many_steps_and_notes_are_refused(self, manager):
        sequence = make_sequence(*({"subject": str(n)} for n in range(30)))
        with pytest.raises(DomainError):
            step_save(actor=manager, step=SequenceStep(sequence=sequence, subject="یکی دیگر"))
        with pytest.raises(DomainError) as refusal:
            step_save(actor=manager, step=SequenceStep(sequence=make_sequence(), kind="note", subject="یادداشت"))
        assert refusal.value.field == "kind"

    def test_one_at_work_is_not_deleted(self, manager, rep):
        sequence = call_mail_call()
        run = sequence_start(actor=rep, sequence=sequence, record=LeadFactory(owner=rep))
        with pytest.raises(DomainError):
            sequence_delete(actor=manager, sequence=sequence)
        sequence_stop(actor=rep, run=run)
        sequence_delete(actor=manager, sequence=sequence)
        assert not Sequence.objects.filter(pk=sequence.pk).exists()

    def test_overview_and_choice(self, rep, django_assert_num_queries):
        sequence = call_mail_call()
        make_sequence(name="خالی")
        make_sequence({"subject": "گام"}, name="کنار گذاشته", is_active=False)
        sequence_start(actor=rep, sequence=sequence, record=LeadFactory(owner=rep))
        assert list(sequences_for("leads.lead")) == [sequence]
        with django_assert_num_queries(2):
            rows = sequences_overview()
        assert [(row.at_work, len(row.all_steps)) for row in rows if row == sequence] == [(1, 3)]
        assert rows[-1].name == "کنار گذاشته"


class TestFinishedStepsInTheBin:
    """A step that is done was done, wherever its row lies."""

    def test_the_run_goes_on_when_a_finished_step_is_deleted(self, rep):
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=LeadFactory(owner=rep))
        first = open_step(run)
        activity_complete(actor=rep, activity=first)
        second = open_step(run)
        activity_delete(actor=rep, activity=first)
        run.refresh_from_db()
        assert run.state == RunState.RUNNING
        activity_complete(actor=rep, activity=second)
        assert open_step(run).subject == "تماس دوم"

    def test_a_finished_step_that_comes_back_takes_nothing_away(self, rep):
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=LeadFactory(owner=rep))
        first = open_step(run)
        activity_complete(actor=rep, activity=first)
        second = open_step(run)
        activity_delete(actor=rep, activity=first)
        restore_from_bin(actor=rep, activity=first)
        assert open_step(run) == second

    def test_an_open_step_that_comes_back_takes_its_run_up(self, rep):
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=LeadFactory(owner=rep))
        step = open_step(run)
        activity_delete(actor=rep, activity=step)
        run.refresh_from_db()
        assert run.state == RunState.STOPPED
        restore_from_bin(actor=rep, activity=step)
        run.refresh_from_db()
        assert run.state == RunState.RUNNING


@pytest.mark.django_db(transaction=True)
def test_two_people_start_it_once(rep, manager):
    lead, sequence = LeadFactory(owner=rep), call_mail_call()
    actors = [rep, manager]

    def start(number):
        try:
            return sequence_start(actor=actors[number], sequence=sequence, record=lead, owner=rep)
        except DomainError as error:
            return error.code

    results = at_once(start)
    assert "running" in results
    assert SequenceRun.objects.count() == 1
    assert Activity.objects.count() == 1
