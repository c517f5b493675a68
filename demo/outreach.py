"""Sample sequences at work on leads, and messages that went out. Nothing waits in the outbox: nobody gets a real one."""

import datetime as dt
import random
from typing import Any

from django.contrib.contenttypes.models import ContentType

from activities.models import Sequence, SequenceRun, SequenceStep
from activities.services import Draft, activities_write
from core.bulk import copy_rows, reserve_ids
from demo import tasks, words
from demo.calendar import TEHRAN, Days
from demo.company import Company
from leads.models import Lead
from messaging.models import Message, MessageLink
from messaging.sms import measure
from opportunities.models import Opportunity

RUNNING = 12
MESSAGES = 60


def make_sequences(company: Company, days: Days, rng: random.Random) -> None:
    """Two sequences; the first is at its first call on some new leads."""
    now = dt.datetime.combine(days.today, dt.time(8), TEHRAN)
    made = []
    for name, description, host, steps in tasks.SEQUENCES:
        sequence = Sequence.objects.create(
            name=name, description=description, host=host, created_by=company.admin, is_sample=True
        )
        for place, (kind, subject, after, at_time) in enumerate(steps, start=1):
            SequenceStep.objects.create(
                sequence=sequence, position=place * 10, kind=kind, subject=subject, after_days=after, at_time=at_time
            )
        made.append(sequence)
    fresh = Lead.objects.filter(is_sample=True, status="new", owner__isnull=False, next_activity_id=None)
    kind = ContentType.objects.get_for_model(Lead)
    first = tasks.SEQUENCES[0][3][0]
    drafts = []
    for number, lead in enumerate(fresh.order_by("-created_at", "-pk")[:RUNNING]):
        run = SequenceRun.objects.create(sequence=made[0], content_type=kind, object_id=lead.pk, owner_id=lead.owner_id)
        due = now.replace(hour=9 + number % 8) + dt.timedelta(days=rng.choice((0, 1, 1, 2)))
        values = {
            "is_sample": True,
            "kind": first[0],
            "subject": first[1],
            "due_at": due,
            "owner_id": lead.owner_id,
            "team_id": lead.team_id,
            "created_by_id": lead.owner_id,
            "created_at": now - dt.timedelta(hours=1),
            "updated_at": now - dt.timedelta(hours=1),
            "run_id": run.pk,
            "step": 10,
        }
        drafts.append(Draft(values, [(Lead, lead.pk)]))
    activities_write(actor=None, drafts=drafts)


def make_messages(days: Days, rng: random.Random) -> None:
    """Text messages to leads and e-mails about deals, most of them delivered."""
    now = dt.datetime.combine(days.today, dt.time(8), TEHRAN)
    leads = Lead.objects.filter(is_sample=True, owner__isnull=False).exclude(mobile="").order_by("-created_at", "-pk")
    deals = Opportunity.objects.filter(is_sample=True, owner__isnull=False, account__isnull=False).exclude(
        account__email=""
    )
    rows = [(Lead, row, "sms", row.mobile, str(row)) for row in leads.select_related("owner")[:MESSAGES]]
    rows += [
        (Opportunity, row, "email", row.account.email, str(row.account))  # type: ignore[union-attr]
        for row in deals.select_related("owner", "account").order_by("-created_at", "-pk")[: MESSAGES // 2]
    ]
    keys = reserve_ids(Message, len(rows))
    messages, links = [], []
    for key, (model, record, channel, address, name) in zip(keys, rows, strict=True):
        at = now - dt.timedelta(days=rng.uniform(0.2, 25))
        at = min(max(at.replace(hour=rng.randrange(9, 17)), record.created_at + dt.timedelta(minutes=30)), now)
        messages.append(_message(rng, key, record, channel, address, name, at))
        kind = ContentType.objects.get_for_model(model).pk
        links.append({"message_id": key, "content_type_id": kind, "object_id": record.pk, "at": at})
    copy_rows(Message, messages)
    copy_rows(MessageLink, links)


def _message(
    rng: random.Random, key: int, record: Any, channel: str, address: str, name: str, at: dt.datetime
) -> dict[str, Any]:
    subject, body = rng.choice(tasks.MESSAGES[channel])
    state = rng.choices(("delivered", "sent", "failed"), (8, 3, 1))[0]
    failed = state == "failed"
    return {
        "id": key,
        "is_sample": True,
        "created_at": at,
        "updated_at": at,
        "created_by_id": record.owner_id,
        "channel": channel,
        "to_address": address,
        "to_name": name,
        "from_address": words.EMAIL_DOMAIN if channel == "email" else "",
        "subject": subject,
        "body": body % {"sender": str(record.owner)},
        "headers": "{}",
        "parts": measure(body).parts if channel == "sms" else 0,
        "state": state,
        "not_before": at,
        "attempts_made": 1,
        "error": "address" if failed else "",
        "sent_at": None if failed else at + dt.timedelta(seconds=20),
        "delivered_at": at + dt.timedelta(minutes=1) if state == "delivered" else None,
    }
