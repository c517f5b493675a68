"""Sequences are stopped, closings taken back and rooms changed while others are at the same rows: all lock them in the
same order, so nobody waits for ever."""

import datetime as dt
import threading
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from activities.models import Activity, Reminder, Resource, SequenceRun
from activities.services import (
    activity_complete,
    activity_move,
    activity_plan,
    activity_reopen,
    bookings_sync,
    reminder_defaults_save,
    sequence_start,
    sequence_stop,
)
from opportunities.models import Opportunity
from opportunities.services import move_token, opportunity_move, opportunity_move_undo
from tests.activities.test_sequences import call_mail_call
from tests.concurrency.test_opportunity_move import at_once
from tests.leads.factories import LeadFactory
from tests.opportunities.factories import CycleFactory, OpportunityFactory

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def while_i_hold(rows, work):
    """Another person's ``work`` that waits for the rows this transaction has locked; its result when that is over."""
    results = []
    thread = threading.Thread(target=lambda: results.extend(at_once(work)))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            list(rows.select_for_update())
            cursor.execute("SELECT pg_backend_pid()")
            mine = cursor.fetchone()[0]
            thread.start()
            for _look in range(3000):
                cursor.execute(
                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND %s = ANY(pg_blocking_pids(pid))", [mine]
                )
                if cursor.fetchone()[0] or not thread.is_alive():
                    break
                thread.join(timeout=0.01)
            assert thread.is_alive(), results
            yield results
    finally:
        thread.join(timeout=30)


def is_free(rows):
    """Whether nobody holds the rows."""
    try:
        with transaction.atomic():
            return bool(list(rows.select_for_update(of=("self",), nowait=True)))
    except OperationalError:
        return False


def test_who_stops_a_sequence_waits_for_its_step_first(rep):
    run = sequence_start(actor=rep, sequence=call_mail_call(), record=LeadFactory(owner=rep))
    step = Activity.objects.get(run=run)
    own = SequenceRun.objects.get(pk=run.pk)
    with while_i_hold(Activity.objects.filter(pk=step.pk), lambda: sequence_stop(actor=rep, run=own)):
        assert is_free(SequenceRun.objects.filter(pk=run.pk))
        activity_complete(actor=rep, activity=step)
    run.refresh_from_db()
    assert run.state == "stopped"
    assert not Activity.objects.filter(run=run, status="planned").exists()


def test_who_takes_a_closing_back_waits_for_what_it_cancelled_first(rep):
    deal = OpportunityFactory(cycle=CycleFactory(), owner=rep)
    at = timezone.now() + dt.timedelta(days=1)
    step = activity_plan(actor=rep, kind="call", subject="تماس", due_at=at, records=[deal])
    before = Opportunity.objects.get(pk=deal.pk)
    won = opportunity_move(actor=rep, opportunity=deal, stage=deal.cycle.stages.get(kind="won"))
    token = move_token(before, won, rep)
    undo = partial(opportunity_move_undo, actor=rep, opportunity=won, visit_token=token)
    with while_i_hold(Activity.objects.filter(pk=step.pk), undo) as results:
        assert is_free(Opportunity.objects.filter(pk=deal.pk))
        activity_reopen(actor=rep, activity=step)
    assert isinstance(results[0], Opportunity)
    deal.refresh_from_db()
    assert (deal.is_open, deal.next_activity_id) == (True, step.pk)


def test_two_meetings_that_swap_their_rooms_do_not_wait_for_ever(rep):
    rooms = [Resource.objects.create(code=f"room{n}", name_fa=f"اتاق {n}") for n in (1, 2)]
    day = timezone.now() + dt.timedelta(days=1)
    meetings = [
        activity_plan(actor=rep, kind="meeting", subject="جلسه", due_at=day + n * dt.timedelta(days=1), duration=60)
        for n in (0, 1)
    ]
    for meeting, room in zip(meetings, reversed(rooms), strict=True):
        bookings_sync(actor=rep, activity=meeting, resources=[room])
    with while_i_hold(
        Resource.objects.filter(pk=rooms[0].pk), lambda: bookings_sync(actor=rep, activity=meetings[0], resources=rooms)
    ) as results:
        assert is_free(Resource.objects.filter(pk=rooms[1].pk))
    assert len(results[0]) == 2


def test_reminders_are_planned_for_the_time_the_activity_has_by_then(rep):
    at = timezone.now() + dt.timedelta(days=1)
    call = activity_plan(actor=rep, kind="call", subject="تماس", due_at=at)
    later = at + dt.timedelta(days=1)
    choose = partial(reminder_defaults_save, actor=rep, minutes={"call": [30]})
    with while_i_hold(Activity.objects.filter(pk=call.pk), choose):
        activity_move(actor=rep, activity=call, due_at=later)
    waiting = Reminder.objects.filter(activity=call, state="waiting").values_list("due_at", flat=True)
    assert list(waiting) == [later - dt.timedelta(minutes=30)]
