"""An account with a long story and many relatives, for ``timeline_10k``."""

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone

from accounts.models import Account, Contact, Employment
from activities.models import Activity, ActivityLink
from core.bulk import copy_rows, reserve_ids
from core.models import AuditEntry, AuditRelated
from leads.models import Lead
from messaging.models import Message, MessageLink
from opportunities.models import Opportunity, SalesCycle
from users.models import User

NAME = "سنجش داستان ده‌هزارتایی"
ENTRIES = 10_000
CONTACTS, DEALS, LEADS = 80, 120, 60
KINDS = ("call", "note", "meeting", "task", "email")
SPAN = dt.timedelta(days=900)
Place = tuple[int, int]


@transaction.atomic
def seed_story(entries: int = ENTRIES) -> int:
    """The account's key; made once, half of its entries on itself, the others spread over its relatives."""
    known = Account.objects.filter(name=NAME).values_list("pk", flat=True).first()
    if known:
        return known
    owner = User.objects.filter(is_active=True).order_by("pk")[0]
    account = Account.objects.create(name=NAME, owner=owner)
    here, around = _place(account), _relatives(account, owner)
    begin = timezone.now() - SPAN
    moments = [begin + SPAN * number / entries for number in range(entries)]
    places = [here if number % 2 else around[number % len(around)] for number in range(entries)]
    told = list(zip(moments, places, strict=True))
    _activities(owner, told[0::5] + told[1::5])
    _messages(owner, told[2::5])
    _changes(owner, here, told[3::5] + told[4::5])
    return account.pk


def _place(obj: models.Model) -> Place:
    return ContentType.objects.get_for_model(obj).pk, obj.pk


def _relatives(account: Account, owner: User) -> list[Place]:
    stage = SalesCycle.objects.order_by("pk")[0].stages.order_by("position")[0]
    contacts = [Contact(first_name="مریم", last_name=f"داستان {n}", owner=owner) for n in range(CONTACTS)]
    Contact.objects.bulk_create(contacts)
    Employment.objects.bulk_create(Employment(account=account, contact=contact) for contact in contacts)
    deals = [
        Opportunity(
            name=f"داستان {n}", account=account, owner=owner, cycle=stage.cycle, stage=stage, furthest_stage=stage
        )
        for n in range(DEALS)
    ]
    Opportunity.objects.bulk_create(deals)
    leads = [Lead(last_name=f"داستان {n}", account=account, owner=owner) for n in range(LEADS)]
    Lead.objects.bulk_create(leads)
    return [_place(row) for row in (*contacts, *deals, *leads)]


def _activities(owner: User, told: list[tuple[dt.datetime, Place]]) -> None:
    ids = reserve_ids(Activity, len(told))
    rows = [
        {
            "id": pk,
            "kind": KINDS[number % len(KINDS)],
            "subject": f"پیگیری شمارهٔ {number}",
            "text": "دربارهٔ قیمت و زمان تحویل گفت‌وگو شد.",
            "status": "done",
            "created_at": at,
            "updated_at": at,
            "done_at": at,
            "owner_id": owner.pk,
            "created_by_id": owner.pk,
            "done_by_id": owner.pk,
        }
        for number, (pk, (at, _place)) in enumerate(zip(ids, told, strict=True))
    ]
    copy_rows(Activity, rows)
    copy_rows(ActivityLink, [{"activity_id": pk, **_link(at, p)} for pk, (at, p) in zip(ids, told, strict=True)])


def _messages(owner: User, told: list[tuple[dt.datetime, Place]]) -> None:
    ids = reserve_ids(Message, len(told))
    rows = [
        {
            "id": pk,
            "channel": "email",
            "to_address": "buyer@example.com",
            "subject": f"پیشنهاد شمارهٔ {number}",
            "body": "با سلام، پیشنهاد به پیوست است.",
            "state": "delivered",
            "created_at": at,
            "updated_at": at,
            "sent_at": at,
            "created_by_id": owner.pk,
        }
        for number, (pk, (at, _place)) in enumerate(zip(ids, told, strict=True))
    ]
    copy_rows(Message, rows)
    copy_rows(MessageLink, [{"message_id": pk, **_link(at, p)} for pk, (at, p) in zip(ids, told, strict=True)])


def _changes(owner: User, here: Place, told: list[tuple[dt.datetime, Place]]) -> None:
    ids = reserve_ids(AuditEntry, len(told))
    rows = [
        {
            "id": pk,
            "at": at,
            "actor_id": owner.pk,
            "code": "record.changed",
            "content_type_id": kind,
            "object_id": object_id,
        }
        for pk, (at, (kind, object_id)) in zip(ids, told, strict=True)
    ]
    copy_rows(AuditEntry, rows)
    touched = [(pk, at) for pk, (at, place) in zip(ids, told, strict=True) if place != here]
    copy_rows(AuditRelated, [{"entry_id": pk, **_link(at, here)} for pk, at in touched])


def _link(at: dt.datetime, place: Place) -> dict[str, object]:
    return {"at": at, "content_type_id": place[0], "object_id": place[1]}
