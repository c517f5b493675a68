"""Several workers tell guests of one change at the same moment; two organisers write the list of guests."""

import datetime as dt

import pytest
from django.utils import timezone

from activities.models import Guest, Invitation
from activities.services import Invited, activity_move, activity_plan, changed_invitations_tell, guests_set
from messaging.models import Message
from tests.concurrency.test_lead_convert import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting(rep):
    return activity_plan(actor=rep, kind="meeting", subject="جلسه", due_at=timezone.now() + dt.timedelta(days=2))


def test_workers_tell_each_guest_once(rep, meeting):
    guests_set(actor=rep, activity=meeting, guests=[Invited(f"guest{n}@example.com") for n in range(5)])
    activity_move(actor=rep, activity=meeting, due_at=meeting.due_at + dt.timedelta(hours=1))
    later = timezone.now() + dt.timedelta(minutes=5)
    told = at_once(lambda _n: changed_invitations_tell(now=later), times=4)
    assert sum(told) == 5
    assert Message.objects.count() == 10
    assert set(Guest.objects.values_list("sent_revision", flat=True)) == {1}
    assert Invitation.objects.get().revision == 1


def test_two_lists_at_once_invite_nobody_twice(rep, meeting):
    at_once(lambda _n: guests_set(actor=rep, activity=meeting, guests=[Invited("sara@example.com")]), times=3)
    assert Guest.objects.count() == 1
    assert Message.objects.count() == 1
