"""The next step of a lead or deal is its earliest open activity; the columns are its copy, whatever happens."""

import datetime as dt
import random
from contextlib import suppress
from importlib import import_module

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone

from activities.models import Activity, ActivityLink
from activities.selectors.activities import activity_records
from activities.services import (
    Draft,
    activities_write,
    activity_cancel,
    activity_complete,
    activity_delete,
    activity_log,
    activity_move,
    activity_plan,
    activity_reopen,
    activity_snooze,
    activity_update,
    kind_of_step,
    next_step_refresh,
    step_plan,
)
from core.errors import DomainError
from core.services import object_delete, object_restore
from leads.models import Lead
from leads.services import lead_assign, lead_convert, lead_disqualify, lead_reopen, lead_update
from opportunities.models import CloseReason, Opportunity
from opportunities.services import (
    move_token,
    opportunity_assign,
    opportunity_lose,
    opportunity_move,
    opportunity_move_undo,
    opportunity_reopen,
    opportunity_win,
)
from tests.activities.factories import restore_from_bin
from tests.leads.factories import LeadFactory, ReasonFactory
from tests.opportunities.factories import CycleFactory, OpportunityFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def truth(record):
    """What the columns should hold, told from the activities."""
    nothing = ("", None, None)
    if record.deleted_at or not record.is_open:
        return nothing
    links = ActivityLink.objects.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)
    rows = Activity.objects.filter(pk__in=links.values("activity"), status="planned", is_private=False)
    step = rows.exclude(due_at=None).order_by("due_at", "pk").first()
    if step is None:
        return nothing
    at = step.due_at + dt.timedelta(days=1, seconds=-1) if step.all_day else step.due_at
    return (step.subject or step.text, at, step.pk)


def copies_hold():
    """Whether every copy is the truth."""
    for model in (Lead, Opportunity):
        for row in model.objects.all():
            assert (row.next_step, row.next_step_at, row.next_activity_id) == truth(row), row


class World:
    """Records, activities, and everything one can do with them, at random."""

    def __init__(self, boss, seed):
        self.boss, self.rng = boss, random.Random(seed)
        cycle = CycleFactory()
        self.leads = [LeadFactory(owner=boss) for _number in range(3)]
        self.deals = [OpportunityFactory(owner=boss, cycle=cycle) for _number in range(3)]
        self.lost = CloseReason.objects.filter(outcome="lost").first()
        self.put_aside = ReasonFactory()
        self.steps = [
            self.plan,
            self.plan,
            self.plan,
            self.finish,
            self.move,
            self.change,
            self.cancel_or_reopen,
            self.bin_activity,
            self.attach_or_detach,
            self.lead_life,
            self.deal_life,
            self.bin_record,
            self.edit_record,
        ]

    def record(self):
        rows = [*Lead.objects.order_by("pk"), *Opportunity.objects.order_by("pk")]
        return self.rng.choice(rows)

    def activity(self, **wanted):
        rows = list(Activity.objects.filter(**wanted).exclude(kind="note").order_by("pk"))
        return self.rng.choice(rows) if rows else None

    def moment(self):
        return timezone.now() + self.rng.uniform(-5, 20) * DAY

    def plan(self):
        records = {r.pk + (10**9 if isinstance(r, Lead) else 0): r for r in (self.record(), self.record())}
        activity_plan(
            actor=self.boss,
            kind="task",
            subject=f"کار {self.rng.randrange(99)}",
            due_at=self.rng.choice((None, self.moment())),
            records=[*records.values()][: self.rng.choice((1, 2))],
            is_private=self.rng.random() < 0.15,
            all_day=self.rng.random() < 0.2,
        )

    def finish(self):
        activity = self.activity(status="planned")
        if activity is not None:
            following = {"kind": "call", "subject": "تماس", "due_at": self.moment()}
            activity_complete(actor=self.boss, activity=activity, next_step=self.rng.choice((None, following)))

    def move(self):
        activity = self.activity(status="planned")
        if activity is None or activity.due_at is None:
            return
        if self.rng.random() < 0.5:
            activity_move(actor=self.boss, activity=activity, due_at=self.moment())
        else:
            activity_snooze(actor=self.boss, activity=activity, until=timezone.now() + self.rng.uniform(0.1, 9) * DAY)

    def change(self):
        activity = self.activity()
        if activity is not None:
            activity.subject, activity.is_private = f"نو {self.rng.randrange(99)}", self.rng.random() < 0.2
            activity_update(actor=self.boss, instance=activity, records=[self.record()])

    def cancel_or_reopen(self):
        activity = self.activity()
        if activity is not None:
            service = activity_cancel if activity.is_open else activity_reopen
            service(actor=self.boss, activity=activity)

    def bin_activity(self):
        binned = Activity.all_objects.exclude(deleted_at=None).order_by("pk").first()
        if binned is not None:
            restore_from_bin(actor=self.boss, activity=binned)
            return
        activity = self.activity()
        if activity is not None:
            activity_delete(actor=self.boss, activity=activity)

    def attach_or_detach(self):
        activity = self.activity()
        if activity is not None:
            present = activity_records(activity, user=self.boss)
            records = present[1:] if self.rng.random() < 0.5 else [*present, self.record()]
            activity_update(actor=self.boss, instance=activity, records=records)

    def lead_life(self):
        lead = self.rng.choice(list(Lead.objects.order_by("pk")))
        if lead.status == "disqualified":
            lead_reopen(actor=self.boss, lead=lead)
        elif lead.status != "converted" and self.rng.random() < 0.3:
            lead_convert(actor=self.boss, lead=lead, create_opportunity=self.rng.random() < 0.6)
        elif lead.status != "converted":
            lead_disqualify(actor=self.boss, lead=lead, reason=self.put_aside)

    def deal_life(self):
        deal = self.rng.choice(list(Opportunity.objects.order_by("pk")))
        if not deal.is_open:
            opportunity_reopen(actor=self.boss, opportunity=deal)
        elif self.rng.random() < 0.5:
            opportunity_lose(actor=self.boss, opportunity=deal, reason=self.lost)
        else:
            opportunity_win(actor=self.boss, opportunity=deal)

    def bin_record(self):
        for model in (Lead, Opportunity):
            binned = model.all_objects.exclude(deleted_at=None).first()
            if binned is not None:
                object_restore(actor=self.boss, instance=binned)
                return
        object_delete(actor=self.boss, instance=self.record())

    def edit_record(self):
        lead = Lead.objects.order_by("pk").first()
        if lead is not None:
            lead.city = "شیراز"
            lead_update(actor=self.boss, lead=lead)


@pytest.mark.parametrize("seed", range(4))
def test_the_copy_is_the_truth_whatever_people_do(admin, seed):
    world, done = World(admin, seed), 0
    for _number in range(60):
        with suppress(DomainError):
            world.rng.choice(world.steps)()
            done += 1
        copies_hold()
    assert done > 30
    assert next_step_refresh([*Lead.objects.all(), *Opportunity.objects.all()]) == 0


def test_saving_a_record_read_earlier_leaves_the_copy_alone(rep):
    lead = LeadFactory(owner=rep)
    stale = Lead.objects.get(pk=lead.pk)
    step_plan(actor=rep, record=lead, words="تماس", at=timezone.now() + DAY)
    stale.city = "تبریز"
    stale.save()
    stale.refresh_from_db()
    assert (stale.city, stale.next_step) == ("تبریز", "تماس")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("تماس با مدیر", "call"),
        ("زنگ بزن", "call"),
        ("Call Mr. A", "call"),
        ("callous", "follow_up"),
        ("ارسال", "follow_up"),
    ],
)
def test_words_that_begin_like_a_call_plan_a_call(words, kind):
    assert kind_of_step(words) == kind


def test_taking_a_win_back_plans_again_what_it_cancelled(rep, admin):
    deal = OpportunityFactory(owner=admin, cycle=CycleFactory())
    step = step_plan(actor=admin, record=deal, words="ارسال پیشنهاد", at=timezone.now() + DAY)
    deal.refresh_from_db()
    before = Opportunity.objects.get(pk=deal.pk)
    won = opportunity_move(actor=admin, opportunity=deal, stage=deal.cycle.stages.get(kind="won"))
    step.refresh_from_db()
    assert step.status == "cancelled"
    opportunity_move_undo(actor=admin, opportunity=won, visit_token=move_token(before, won, admin))
    step.refresh_from_db()
    deal.refresh_from_db()
    assert (step.status, deal.next_activity_id) == ("planned", step.pk)


def test_many_at_once_are_written_with_their_links_and_copies(rep, teammate):
    leads = [LeadFactory(owner=rep) for _number in range(3)]
    now = timezone.now()
    keys = activities_write(
        actor=rep,
        drafts=[
            Draft(
                {"subject": "یک", "due_at": now + DAY, "owner_id": rep.pk}, [(Lead, leads[0].pk), (Lead, leads[1].pk)]
            ),
            Draft(
                {"subject": "دو", "due_at": now, "all_day": True, "owner_id": rep.pk},
                [(Lead, leads[1].pk)],
                [teammate.pk],
            ),
            Draft({"kind": "note", "text": "متن", "status": "done", "done_at": now}, [(Lead, leads[2].pk)]),
        ],
    )
    copies_hold()
    assert [Lead.objects.get(pk=lead.pk).next_activity_id for lead in leads] == [keys[0], keys[1], None]
    assert Activity.objects.get(pk=keys[1]).assignments.get().user == teammate
    assert activities_write(actor=rep, drafts=[]) == []


@pytest.mark.parametrize("path", ["leads.migrations.0006_next_steps_as_activities"])
def test_steps_from_before_become_activities(rep, path):
    at, module = timezone.now() + DAY, import_module(path)
    old = {"next_step": "ارسال کاتالوگ", "next_step_at": at, "owner": rep, "team": rep.team}
    lead, closed = LeadFactory(**old), LeadFactory(**old, status="converted")
    undated, binned = LeadFactory(next_step="تماس", owner=rep), LeadFactory(**old, deleted_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(module.FORWARD)
    copies_hold()
    step = Activity.objects.get(pk=Lead.objects.get(pk=lead.pk).next_activity_id)
    assert (step.kind, step.subject, step.due_at, step.owner, step.status) == (
        "follow_up",
        "ارسال کاتالوگ",
        at,
        rep,
        "planned",
    )
    states = {link.object_id: link.activity.status for link in ActivityLink.objects.select_related("activity").all()}
    assert (states[closed.pk], states[undated.pk]) == ("cancelled", "planned")
    assert Activity.all_objects.filter(links__object_id=binned.pk).exclude(deleted_at=None).exists()
    with connection.cursor() as cursor:
        cursor.execute(module.FORWARD)
        assert Activity.all_objects.count() == 4
        cursor.execute(module.BACKWARD)
    lead.refresh_from_db()
    assert (lead.next_step, lead.next_activity_id) == ("ارسال کاتالوگ", None)
    assert not Activity.objects.filter(pk=step.pk).exists()


def test_a_record_that_comes_back_has_its_next_step_again(rep, admin):
    lead = LeadFactory(owner=rep)
    first, second = (step_plan(actor=rep, record=lead, words="تماس", at=timezone.now() + n * DAY) for n in (1, 2))
    object_delete(actor=admin, instance=lead)
    activity_complete(actor=rep, activity=first)
    object_restore(actor=admin, instance=Lead.all_objects.get(pk=lead.pk))
    lead.refresh_from_db()
    assert lead.next_activity_id == second.pk
    copies_hold()


def test_a_note_or_a_logged_call_is_no_next_step(rep):
    lead = LeadFactory(owner=rep)
    activity_log(actor=rep, kind="call", subject="گفت‌وگو", records=[lead])
    activity_log(actor=rep, kind="note", text="یادداشت", records=[lead])
    lead.refresh_from_db()
    assert lead.next_activity_id is None


def test_the_new_owner_takes_over_what_the_old_one_had_planned(manager, rep, teammate):
    lead = LeadFactory(owner=rep)
    deal = OpportunityFactory(owner=rep, cycle=CycleFactory())
    own = [step_plan(actor=rep, record=record, words="تماس", at=timezone.now() + DAY) for record in (lead, deal)]
    private = activity_plan(actor=rep, kind="task", subject="خصوصی", records=[lead], is_private=True)
    others = activity_plan(actor=manager, kind="task", subject="مدیر", records=[lead])
    lead_assign(actor=manager, lead=lead, owner=teammate)
    opportunity_assign(actor=manager, opportunity=deal, owner=teammate)
    owners = {row.pk: row.owner for row in Activity.objects.all()}
    assert [owners[row.pk] for row in (*own, private, others)] == [teammate, teammate, rep, manager]
    copies_hold()
