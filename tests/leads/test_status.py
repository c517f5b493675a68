"""The life of a lead."""

import datetime as dt
import itertools

import pytest
from django.utils import timezone, translation

from activities.services import activity_plan
from core import audit
from core.errors import DomainError, PermissionRefused, StaleRecord
from leads.choices import TRANSITIONS, LeadStatus
from leads.models import Lead
from leads.services import lead_disqualify, lead_reopen, lead_set_status
from tests.leads.factories import LeadFactory, ReasonFactory

pytestmark = pytest.mark.django_db
BY_HAND = [s for s in LeadStatus if s not in {LeadStatus.DISQUALIFIED, LeadStatus.CONVERTED}]


def lead_in(status: str, owner) -> Lead:
    """A lead that stands in the status."""
    reason = ReasonFactory() if status == LeadStatus.DISQUALIFIED else None
    return LeadFactory(owner=owner, status=status, disqualify_reason=reason)


@pytest.mark.parametrize(("before", "after"), list(itertools.product(LeadStatus, BY_HAND)))
def test_status_follows_the_table(rep, before, after):
    lead = lead_in(before, rep)
    if after == before:
        assert lead_set_status(actor=rep, lead=lead, status=after).version == lead.version
        assert not audit.entries_of(lead).exists()
    elif after in TRANSITIONS[before]:
        lead_set_status(actor=rep, lead=lead, status=after)
        lead.refresh_from_db()
        assert lead.status == after
        assert lead.disqualify_reason is None
        assert audit.entries_of(lead).get().actor == rep
    else:
        with pytest.raises(DomainError) as refusal:
            lead_set_status(actor=rep, lead=lead, status=after)
        assert refusal.value.code == "transition"
        lead.refresh_from_db()
        assert lead.status == before


@pytest.mark.parametrize("before", LeadStatus)
def test_disqualifying_follows_the_table(rep, before):
    lead, reason = lead_in(before, rep), ReasonFactory()
    if before == LeadStatus.CONVERTED:
        with pytest.raises(DomainError):
            lead_disqualify(actor=rep, lead=lead, reason=reason)
        return
    if before == LeadStatus.DISQUALIFIED:
        reason = lead.disqualify_reason
    lead_disqualify(actor=rep, lead=lead, reason=reason, note="سال بعد")
    lead.refresh_from_db()
    assert (lead.status, lead.disqualify_reason) == (LeadStatus.DISQUALIFIED, reason)


def test_a_refusal_says_what_is_possible(rep):
    lead = lead_in(LeadStatus.QUALIFIED, rep)
    with translation.override("en"), pytest.raises(DomainError) as refusal:
        lead_set_status(actor=rep, lead=lead, status=LeadStatus.CONTACTED)
    assert str(refusal.value) == "A lead that is qualified can only become: nurturing, disqualified, converted."


@pytest.mark.parametrize(
    ("status", "code"), [(LeadStatus.DISQUALIFIED, "needs_reason"), (LeadStatus.CONVERTED, "needs_conversion")]
)
def test_two_statuses_have_services_of_their_own(rep, status, code):
    with pytest.raises(DomainError) as refusal:
        lead_set_status(actor=rep, lead=LeadFactory(owner=rep), status=status)
    assert refusal.value.code == code


def test_disqualifying_needs_an_active_reason(rep):
    lead = LeadFactory(owner=rep)
    for reason in (None, ReasonFactory(is_active=False)):
        with pytest.raises(DomainError) as refusal:
            lead_disqualify(actor=rep, lead=lead, reason=reason)
        assert refusal.value.field == "reason"


def test_reopening_clears_the_reason(rep):
    lead = LeadFactory(owner=rep)
    lead_disqualify(actor=rep, lead=lead, reason=ReasonFactory(), note="گران")
    lead_reopen(actor=rep, lead=lead)
    lead.refresh_from_db()
    assert (lead.status, lead.disqualify_reason, lead.disqualify_note) == (LeadStatus.NEW, None, "")
    assert [entry.code for entry in audit.entries_of(lead)] == ["lead.reopened", "lead.disqualified"]
    with pytest.raises(DomainError):
        lead_reopen(actor=rep, lead=lead)


def test_what_was_planned_ends_with_the_lead(rep):
    lead, at = LeadFactory(owner=rep), timezone.now() + dt.timedelta(days=1)
    call = activity_plan(actor=rep, kind="call", subject="تماس", due_at=at, records=[lead])
    lead.refresh_from_db()
    assert (lead.next_step, lead.next_step_at, lead.next_activity_id) == ("تماس", at, call.pk)
    lead_disqualify(actor=rep, lead=lead, reason=ReasonFactory())
    lead.refresh_from_db()
    call.refresh_from_db()
    assert (lead.next_step, lead.next_step_at, lead.next_activity_id, call.status) == ("", None, None, "cancelled")
    assert "activity.closed" in {entry.code for entry in audit.entries_of(lead)}


def test_what_two_records_share_stays_planned(rep):
    lead, other, at = LeadFactory(owner=rep), LeadFactory(owner=rep), timezone.now() + dt.timedelta(days=1)
    call = activity_plan(actor=rep, kind="call", subject="تماس", due_at=at, records=[lead, other])
    lead_disqualify(actor=rep, lead=lead, reason=ReasonFactory())
    for record in (lead, other, call):
        record.refresh_from_db()
    assert (lead.next_step, other.next_step, call.status) == ("", "تماس", "planned")
    lead_reopen(actor=rep, lead=lead)
    lead.refresh_from_db()
    assert lead.next_step == "تماس"


def test_somebody_elses_lead_is_refused(outsider, rep):
    lead = LeadFactory(owner=rep)
    with pytest.raises(PermissionRefused):
        lead_set_status(actor=outsider, lead=lead, status=LeadStatus.CONTACTED)
    with pytest.raises(PermissionRefused):
        lead_disqualify(actor=outsider, lead=lead, reason=ReasonFactory())


def test_a_stale_button_is_refused(rep):
    lead = LeadFactory(owner=rep)
    opened = lead.version
    lead.save()
    with pytest.raises(StaleRecord):
        lead_set_status(actor=rep, lead=lead, status=LeadStatus.CONTACTED, expected_version=opened)


def test_a_lead_in_the_bin_stays_as_it_is(rep):
    lead = LeadFactory(owner=rep, deleted_at=timezone.now())
    with pytest.raises(DomainError):
        lead_set_status(actor=rep, lead=lead, status=LeadStatus.CONTACTED)
