"""People finish, plan and close on one record at the same moment: nobody waits for ever, and its next step is the truth."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from activities.models import Activity
from activities.services import activity_complete, activity_plan, next_step_refresh
from leads.models import Lead
from leads.services import lead_convert, lead_disqualify
from tests.concurrency.test_opportunity_move import at_once
from tests.leads.factories import LeadFactory, ReasonFactory

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def planned(rep, lead, days):
    at = timezone.now() + dt.timedelta(days=days)
    return activity_plan(actor=rep, kind="call", subject=f"تماس {days}", due_at=at, records=[lead])


def finish(actor, activity):
    row = Activity.objects.get(pk=activity.pk)
    return lambda: activity_complete(actor=actor, activity=row)


def close(how, actor, lead, reason):
    row = Lead.objects.get(pk=lead.pk)
    if how == "convert":
        return lambda: lead_convert(actor=actor, lead=row)
    return lambda: lead_disqualify(actor=actor, lead=row, reason=reason)


@pytest.mark.parametrize("how", ["disqualify", "convert"])
def test_closing_while_others_finish(rep, manager, how):
    reason = ReasonFactory()
    for _round in range(ROUNDS):
        lead = LeadFactory(owner=rep)
        calls = [planned(rep, lead, days) for days in (1, 2, 3)]
        works = (finish(rep, calls[0]), close(how, manager, lead, reason), finish(rep, calls[1]))
        assert None not in at_once(*works)
        lead.refresh_from_db()
        assert (lead.next_step, lead.next_activity_id) == ("", None)
        if lead.opportunity is not None:
            with transaction.atomic():
                assert next_step_refresh([lead.opportunity]) == 0


def test_two_finish_two_steps(rep, manager):
    for _round in range(ROUNDS):
        lead = LeadFactory(owner=rep)
        calls = [planned(rep, lead, days) for days in (1, 2, 3)]
        assert None not in at_once(finish(rep, calls[0]), finish(manager, calls[1]))
        lead.refresh_from_db()
        assert lead.next_activity_id == calls[2].pk
