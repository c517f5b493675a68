"""One of everything, belonging to the rep: what the permission matrix is walked over."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accounts.models import (
    AccountKind,
    BuyingRole,
    ContactPoint,
    Employment,
    ImportantDate,
    Industry,
    LifecycleStage,
    Relation,
    RelationType,
    Source,
)
from catalog.models import Product, ProductFamily
from core.models import Holiday, Job, Notification
from leads.models import DisqualifyReason
from opportunities.models import CloseReason, OpportunityContact, OpportunityLine, SalesCycle
from tests.accounts.factories import AccountFactory, ContactFactory
from tests.leads.factories import CaptureFormFactory, LeadFactory
from users.models import Role


@pytest.fixture
def world(rep, company) -> SimpleNamespace:
    account, contact = AccountFactory(owner=rep), ContactFactory(owner=rep)
    family = ProductFamily.objects.create(code="matrix", name_fa="گروه", name_en="Family")
    product = Product.objects.create(code="M-1", name_fa="کالا", family=family, price=1000)
    things = SimpleNamespace(
        account=account,
        contact=contact,
        product=product,
        family=family,
        lead=LeadFactory(owner=rep),
        captureform=CaptureFormFactory(source=Source.objects.first()),
        team=company.reps,
        branch=company.head_office,
        role=Role.objects.get(code="executive"),
        person=rep,
        holiday=Holiday.objects.create(date=dt.date(1990, 1, 1), name="روز"),
        job=Job.objects.create(owner=rep, kind="none", title="کار"),
        notification=Notification.objects.create(recipient=rep, code="record.assigned"),
        kind=AccountKind.objects.first(),
        lifecycle=LifecycleStage.objects.first(),
        industry=Industry.objects.first(),
        source=Source.objects.first(),
        relation_type=RelationType.objects.first(),
        buying_role=BuyingRole.objects.first(),
        point=ContactPoint.objects.create(account=account, kind="phone", value="02188776655"),
        date=ImportantDate.objects.create(account=account, title="تولد", date=dt.date(2020, 1, 1)),
        relation=Relation.objects.create(type=RelationType.objects.first(), from_account=account, to_contact=contact),
        employment=Employment.objects.create(account=account, contact=contact),
        disqualify_reason=DisqualifyReason.objects.first(),
    )
    add_deal(things, rep)
    add_meeting(things, rep)
    add_heard(things, rep)
    add_channel(things, rep)
    add_story(things, rep)
    add_sequence(things, rep)
    return things


def add_sequence(things: SimpleNamespace, owner) -> None:
    """A sequence at work on the lead, and one with a step that is not."""
    from activities.models import Sequence, SequenceStep
    from activities.services import sequence_start

    at_work = Sequence.objects.create(name="در جریان", host="leads.lead")
    SequenceStep.objects.create(sequence=at_work, position=10, subject="تماس")
    things.run = sequence_start(actor=owner, sequence=at_work, record=things.lead)
    things.sequence = Sequence.objects.create(name="روال", host="leads.lead")
    things.step = SequenceStep.objects.create(sequence=things.sequence, position=10, subject="تماس")


def add_story(things: SimpleNamespace, person) -> None:
    """A note on the account, an entry of its history, a message with a file, a template."""
    from activities.services.notes import note_add
    from core import audit
    from messaging.models import MessageTemplate
    from messaging.services import message_queue

    things.note = note_add(actor=person, record=things.account, text="یادداشت")
    with audit.action("record.changed", actor=person, obj=things.account) as things.entry:
        pass
    things.message = message_queue(
        actor=person,
        channel="email",
        to_address="buyer@example.com",
        subject="پیشنهاد",
        body="متن",
        records=[things.account],
        attachments=[("a.txt", "text/plain", b"x")],
    )
    things.attachment = things.message.attachments.get()
    things.message_template = MessageTemplate.objects.create(
        name="سلام", channel="email", host="accounts.account", subject_fa="سلام", body_fa="سلام {{ name }}"
    )


def add_channel(things: SimpleNamespace, person) -> None:
    """A mail channel, and a message of the rep's that failed."""
    from messaging.models import ChannelAccount, Consent, Message

    things.channel = ChannelAccount.objects.create(
        name="ایمیل فروش", channel="email", provider="console", webhook_token="matrix-token"
    )
    things.failed = Message.objects.create(
        channel="email", to_address="ali@example.com", body="سلام", state="failed", created_by=person
    )
    things.consent = Consent.objects.create(channel="sms", address="+989121234567", state="granted")


def add_heard(things: SimpleNamespace, person) -> None:
    """A notification about the lead, the account muted, and a note that calls the person."""
    from activities.models import Mention
    from activities.services import activity_log
    from messaging.services import mute_set

    kinds = ContentType.objects.get_for_models(type(things.lead), type(things.account))
    things.heard = Notification.objects.create(
        recipient=person, code="record.assigned", content_type=kinds[type(things.lead)], object_id=things.lead.pk
    )
    note = activity_log(actor=person, kind="note", text="نگاه کن", records=[things.lead])
    things.mention = Mention.objects.create(activity=note, user=person, by=person)
    things.mute = mute_set(actor=person, kind=kinds[type(things.account)].pk, pk=things.account.pk)


def add_deal(things: SimpleNamespace, owner) -> None:
    """An opportunity with a line and a person, in the default cycle."""
    from opportunities.services import opportunity_create

    things.opportunity = opportunity_create(actor=owner, name="معامله", account=things.account, owner=owner)
    things.line = OpportunityLine.objects.create(
        opportunity=things.opportunity, product=things.product, unit_price=1000
    )
    things.buyer = OpportunityContact.objects.create(opportunity=things.opportunity, contact=things.contact)
    things.cycle = things.opportunity.cycle
    things.other_cycle = SalesCycle.objects.exclude(pk=things.cycle.pk).first() or SalesCycle.objects.create(
        code="other", name_fa="دیگر", name_en="Other"
    )
    things.stage = things.cycle.stages.filter(kind="open").order_by("position")[1]
    things.close_reason = CloseReason.objects.first()


def add_meeting(things: SimpleNamespace, owner) -> None:
    """A meeting to come with a guest."""
    from activities.models import ActivityOutcome, Resource
    from activities.services import Invited, activity_plan, feed_create, guests_set

    begin = timezone.now() + dt.timedelta(days=3)
    things.meeting = activity_plan(actor=owner, kind="meeting", subject="بازدید", due_at=begin)
    guests_set(actor=owner, activity=things.meeting, guests=[Invited("guest@example.com", "مهمان")])
    things.guest = things.meeting.guests.get()
    things.feed, token = feed_create(actor=owner)
    things.feed.token = token
    things.outcome = ActivityOutcome.objects.create(code="matrix", name_fa="نتیجه", name_en="Outcome")
    things.room = Resource.objects.create(code="matrix", name_fa="اتاق", name_en="Room")
    things.check = things.meeting.checklist.create(text="کاتالوگ")


def key(things: SimpleNamespace, name: str):
    """What stands in the address for the thing: its key, a named attribute (form.token), or the word after "="."""
    if name.startswith("="):
        return name[1:]
    thing, _dot, attribute = name.partition(".")
    value = getattr(things, thing)
    return getattr(value, attribute) if attribute else value.pk
