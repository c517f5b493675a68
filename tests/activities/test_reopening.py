"""What the closing of a record cancelled comes back when the record is opened again, and nothing else does."""

import datetime as dt

import pytest
from django.utils import timezone

from activities.choices import Kind, RunState, Status
from activities.models import Activity, Reminder, Resource, Sequence, SequenceRun, SequenceStep
from activities.selectors.rooms import rooms_of
from activities.services import (
    activity_cancel,
    activity_complete,
    activity_plan,
    activity_reopen,
    activity_update,
    bookings_sync,
    sequence_start,
)
from core.models import Notification
from leads.models import DisqualifyReason
from leads.services import lead_assign, lead_disqualify, lead_reopen, lead_set_status
from opportunities.services import (
    move_token,
    opportunity_lose,
    opportunity_move,
    opportunity_move_undo,
    opportunity_reopen,
    opportunity_win,
)
from tests.leads.factories import LeadFactory
from tests.opportunities.factories import CycleFactory, OpportunityFactory, ReasonFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def lead(rep):
    return LeadFactory(owner=rep)


@pytest.fixture
def reason(db):
    return DisqualifyReason.objects.filter(is_active=True)[0]


def plan(actor, record, days: int = 1, **values) -> Activity:
    values = {"kind": Kind.CALL, "subject": "تماس", "due_at": timezone.now() + days * DAY, **values}
    return activity_plan(actor=actor, records=[record], **values)


def states(*activities: Activity) -> list[str]:
    return [Activity.objects.get(pk=activity.pk).status for activity in activities]


def test_a_reopened_lead_has_its_plans_again(rep, lead, reason):
    first, second = plan(rep, lead), plan(rep, lead, 3)
    dropped, finished = plan(rep, lead, 4), plan(rep, lead, 5)
    activity_cancel(actor=rep, activity=dropped)
    activity_complete(actor=rep, activity=finished)
    lead_disqualify(actor=rep, lead=lead, reason=reason)
    assert states(first, second) == [Status.CANCELLED] * 2
    lead_reopen(actor=rep, lead=lead)
    assert states(first, second, dropped, finished) == ["planned", "planned", "cancelled", "done"]
    lead.refresh_from_db()
    assert lead.next_activity_id == first.pk
    assert Reminder.objects.filter(activity=first, state="waiting").exists()


def test_only_what_that_closing_cancelled_comes_back(rep, lead, reason):
    taken, dropped, kept = plan(rep, lead), plan(rep, lead, 2), plan(rep, lead, 3)
    lead_disqualify(actor=rep, lead=lead, reason=reason)
    for activity in (taken, dropped):
        activity_reopen(actor=rep, activity=activity)
    activity_cancel(actor=rep, activity=dropped)
    lead_set_status(actor=rep, lead=lead, status="new")
    assert states(taken, dropped, kept) == ["planned", "cancelled", "planned"]


def test_a_form_opened_before_does_not_forget_whose_closing_it_was(rep, lead, reason):
    activity = plan(rep, lead)
    lead_disqualify(actor=rep, lead=lead, reason=reason)
    stale = Activity.objects.get(pk=activity.pk)
    stale.closed_with = ""
    stale.subject = "تماس دوم"
    activity_update(actor=rep, instance=stale)
    lead_reopen(actor=rep, lead=lead)
    assert states(activity) == ["planned"]


def test_the_plans_of_another_closed_record_stay_where_they_are(rep, lead, reason):
    other = LeadFactory(owner=rep)
    mine, foreign = plan(rep, lead), plan(rep, other)
    for record in (lead, other):
        lead_disqualify(actor=rep, lead=record, reason=reason)
    lead_reopen(actor=rep, lead=lead)
    assert states(mine, foreign) == ["planned", "cancelled"]


@pytest.mark.parametrize("close", ["lost", "won"])
def test_a_reopened_deal_has_its_plans_again(admin, close):
    deal = OpportunityFactory(owner=admin, cycle=CycleFactory())
    step = plan(admin, deal)
    if close == "lost":
        opportunity_lose(actor=admin, opportunity=deal, reason=ReasonFactory())
    else:
        opportunity_win(actor=admin, opportunity=deal)
    assert states(step) == ["cancelled"]
    deal.refresh_from_db()
    opportunity_reopen(actor=admin, opportunity=deal)
    deal.refresh_from_db()
    assert (states(step), deal.next_activity_id) == (["planned"], step.pk)


def test_taking_the_reopening_back_cancels_them_again(admin):
    deal = OpportunityFactory(owner=admin, cycle=CycleFactory())
    step, stage = plan(admin, deal), deal.stage
    opportunity_lose(actor=admin, opportunity=deal, reason=ReasonFactory())
    deal.refresh_from_db()
    before = type(deal).objects.get(pk=deal.pk)
    opened = opportunity_move(actor=admin, opportunity=deal, stage=stage)
    assert states(step) == ["planned"]
    opportunity_move_undo(actor=admin, opportunity=opened, visit_token=move_token(before, opened, admin))
    assert states(step) == ["cancelled"]
    opportunity_reopen(actor=admin, opportunity=deal)
    assert states(step) == ["planned"]


def test_a_sequence_goes_on(rep, lead, reason):
    sequence = Sequence.objects.create(name="خوشامد", host="leads.lead")
    SequenceStep.objects.create(sequence=sequence, position=1, kind=Kind.CALL, subject="تماس اول")
    sequence_start(actor=rep, sequence=sequence, record=lead)
    lead_disqualify(actor=rep, lead=lead, reason=reason)
    assert SequenceRun.objects.get().state == RunState.STOPPED
    lead_reopen(actor=rep, lead=lead)
    assert SequenceRun.objects.get().state == RunState.RUNNING


def test_a_room_that_was_taken_meanwhile_is_given_up_and_told(rep, teammate, lead, reason):
    room = Resource.objects.create(name_fa="اتاق جلسه", name_en="Meeting room", code="meeting-room")
    at = timezone.now() + 2 * DAY
    meeting = plan(rep, lead, kind=Kind.MEETING, due_at=at)
    bookings_sync(actor=rep, activity=meeting, resources=[room])
    lead_disqualify(actor=rep, lead=lead, reason=reason)
    other = activity_plan(actor=teammate, kind=Kind.MEETING, subject="دیگر", due_at=at)
    bookings_sync(actor=teammate, activity=other, resources=[room])
    lead_reopen(actor=rep, lead=lead)
    assert states(meeting) == ["planned"]
    assert rooms_of(meeting) == []
    assert Notification.objects.filter(recipient=rep, code="activity.room_missed").count() == 1


def test_who_gets_a_closed_lead_gets_what_would_come_back(manager, rep, teammate, lead, reason):
    activity = plan(rep, lead)
    lead_disqualify(actor=rep, lead=lead, reason=reason)
    lead_assign(actor=manager, lead=lead, owner=teammate)
    lead.refresh_from_db()
    lead_reopen(actor=teammate, lead=lead)
    activity.refresh_from_db()
    assert (activity.status, activity.owner) == (Status.PLANNED, teammate)
