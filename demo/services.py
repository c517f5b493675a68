"""Make and remove the sample data."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from accounts.models import Account, Contact, ContactPoint, Employment, ImportantDate, Relation, RelationType
from activities.models import Activity, ActivityLink, Sequence, SequenceRun
from catalog.models import Product
from core import audit, jobs
from core.bulk import copy_rows
from core.models import AuditEntry
from core.services import require
from demo.calendar import Days
from demo.company import Company, make_company
from demo.outreach import make_messages, make_sequences
from demo.parties import Party, PartyMaker, mark_kinds
from demo.sales import DealMaker, LeadMaker
from demo.story import forget_story, tell_story
from demo.work import WorkMaker, remove_rooms, write_steps
from leads.models import Lead
from messaging.models import Message
from opportunities.models import Opportunity, OpportunityLine, StageVisit
from opportunities.services import totals_rebuild

LEADS, DEALS, PARTIES = 1000, 500, 500
UNTRACKED_TABLES = (Account, Contact, Employment, Opportunity, OpportunityLine, Lead, Activity)


def demo_exists() -> bool:
    """Whether sample data is there."""
    return Lead.all_objects.filter(is_sample=True).exists() or Account.all_objects.filter(is_sample=True).exists()


@transaction.atomic
def demo_create(
    *, scale: int = 1, seed: int = 1405, today: dt.date | None = None, report: Callable[[str], None] = lambda _: None
) -> dict[str, int]:
    """Make the sample company: ``scale`` times 1,000 leads, 500 deals, 500 accounts and 500 contacts.

    The same seed and day make the same data. Above scale 1 row history is not kept: it would only be a copy.
    """
    rng = random.Random(seed)  # noqa: S311 - sample data, not secrets
    days = Days(today or timezone.localdate(), rng)
    with audit.action("demo.created", actor=None, params={"scale": scale}):
        company = make_company()
        with _without_history(UNTRACKED_TABLES) if scale > 1 else _nothing():
            report("accounts and contacts")
            parties = PartyMaker(company, days, rng).make(PARTIES * scale)
            report("opportunities")
            deals = DealMaker(company, days, rng).make(DEALS * scale, parties)
            report("leads")
            LeadMaker(company, days, rng).make(LEADS * scale, deals)
            _analyze(UNTRACKED_TABLES if scale > 1 else ())
            write_steps()
            _analyze((Activity, ActivityLink) if scale > 1 else ())
        mark_kinds()
        if scale == 1:
            tell_story()
        _details(company, parties[:PARTIES], rng, days)
        report("activities")
        WorkMaker(company, days, rng).make(parties[:PARTIES])
        make_sequences(company, days, rng)
        make_messages(days, rng)
    return {"leads": LEADS * scale, "opportunities": DEALS * scale, "accounts": PARTIES * scale}


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _without_history(tables: tuple[type[models.Model], ...]) -> Iterator[None]:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"ALTER TABLE {quote(model._meta.db_table)} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in tables:
            cursor.execute(f"ALTER TABLE {quote(model._meta.db_table)} ENABLE TRIGGER USER")
    totals_rebuild()


def _analyze(tables: tuple[type[models.Model], ...]) -> None:
    """Tell the planner how many rows there are: before the end of this transaction nobody else will."""
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _details(company: Company, parties: list[Party], rng: random.Random, days: Days) -> None:
    """Birthdays and relations on the first accounts."""
    at = days.moment(days.today - dt.timedelta(days=30))
    people = [p for p in parties if p.contact_id]
    stamp = {"created_at": at, "updated_at": at}
    birthdays = [
        {
            **stamp,
            "contact_id": p.contact_id,
            "title": "تولد",
            "date": dt.date(rng.randrange(1960, 2002), rng.randrange(1, 13), rng.randrange(1, 29)),
        }
        for p in rng.sample(people, min(150, len(people)))
    ]
    copy_rows(ImportantDate, birthdays)
    types = list(RelationType.objects.values_list("pk", flat=True))
    if types and len(people) > 60:
        pairs = zip(people[:60:2], people[1:60:2], strict=True)
        copy_rows(
            Relation,
            [
                {**stamp, "type_id": rng.choice(types), "from_contact_id": a.contact_id, "to_contact_id": b.contact_id}
                for a, b in pairs
            ],
        )


def _sample_tables() -> list[tuple[Any, str]]:
    """Tables in the order they are emptied, with the filter that finds the sample rows."""
    return [
        (Activity, "is_sample"),
        (Activity, "run__sequence__is_sample"),
        (SequenceRun, "sequence__is_sample"),
        (Sequence, "is_sample"),
        (Message, "is_sample"),
        (Lead, "is_sample"),
        (StageVisit, "opportunity__is_sample"),
        (Opportunity, "is_sample"),
        (ContactPoint, "account__is_sample"),
        (Employment, "contact__is_sample"),
        (Contact, "is_sample"),
        (Account, "is_sample"),
        (Product, "is_sample"),
    ]


@transaction.atomic
def demo_remove(*, actor: Any, progress: Callable[[int, int], None] = lambda _done, _total: None) -> dict[str, int]:
    """Delete the sample rows. What a person's own record still points to is kept, and is no sample any more."""
    if actor is not None:
        require(actor, "delete", AuditEntry)
    removed: dict[str, int] = {}
    tables = _sample_tables()
    with audit.action("demo.removed", actor=actor):
        for step, (model, flag) in enumerate(tables):
            progress(step, len(tables))
            removed[model._meta.label_lower] = removed.get(model._meta.label_lower, 0) + _delete(model, flag)
        removed["activities.resource"] = remove_rooms()
        removed["core.auditentry"] = forget_story()
        removed["users.user"] = _remove_users(actor)
    return removed


def _delete(model: Any, flag: str) -> int:
    manager = getattr(model, "all_objects", model.objects)
    rows = manager.filter(**{flag: True})
    try:
        with transaction.atomic():
            return int(rows.delete()[0])
    except (models.ProtectedError, models.RestrictedError, IntegrityError):
        return _delete_one_by_one(rows)


def _delete_one_by_one(rows: models.QuerySet) -> int:
    count = 0
    for row in rows.iterator():
        try:
            with transaction.atomic():
                row.delete()
                count += 1
        except (models.ProtectedError, models.RestrictedError, IntegrityError):
            if hasattr(row, "is_sample"):
                type(row)._base_manager.filter(pk=row.pk).update(is_sample=False)
    return count


def _remove_users(actor: Any) -> int:
    """Sample people who own nothing any more go; the others, and whoever removes, stay (the others switched off)."""
    count = 0
    for user in get_user_model().objects.filter(is_sample=True).exclude(pk=getattr(actor, "pk", None)):
        try:
            with transaction.atomic():
                user.delete()
                count += 1
        except (models.ProtectedError, models.RestrictedError, IntegrityError):
            get_user_model().objects.filter(pk=user.pk).update(is_active=False, is_sample=False)
    return count


def run_remove(job: jobs.RunningJob) -> dict[str, Any]:
    """Handler of the "remove sample data" job."""
    return demo_remove(actor=job.owner, progress=job.progress)
