"""Everything that happened around a party, newest first, by key."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import Q, QuerySet, prefetch_related_objects

from accounts.models import Account, Contact, Employment, Note, Relation
from core.models import AuditEntry, AuditRelated

Party = Account | Contact
SIZE = 8
MAX_CONTACTS = 200
NAMED_BY: dict[Any, tuple[str, ...]] = {  # what the names of these records are made of
    Employment: ("contact", "account"),
    Note: ("account", "contact"),
    Relation: ("type", "from_account", "from_contact", "to_account", "to_contact"),
}


@dataclass(frozen=True)
class Moment:
    """An entry with the record it is about, unless that is the page's own."""

    entry: AuditEntry
    about: models.Model | None

    @property
    def label(self) -> str:
        """The record in words, as panels show it."""
        return str(getattr(self.about, "shown", self.about))


@dataclass(frozen=True)
class Timeline:
    """One page of moments; ``older`` is the key of the next one, empty at the end."""

    moments: list[Moment] = field(default_factory=list)
    older: str = ""


def party_timeline(*, user: Any, party: Party, before: str = "", size: int = SIZE) -> Timeline:
    """What was done on the party, on an account's contacts, and on what the user may see around them.

    Entries about records hidden from the user are left out. Queries: the contacts, the entries, their actors, and one for
    each kind of record on the page.
    """
    people = _contacts(user, party)
    rows = list(_entries(party, people, _parse(before), size + 1))
    page = rows[:size]
    prefetch_related_objects(page, "actor")
    records = _visible(user, page, [party, *people])
    moments = []
    for entry in page:
        about = records.get((entry.content_type_id, entry.object_id))
        if about is not None:
            moments.append(Moment(entry, None if about == party else about))
    return Timeline(moments, _key(page[-1]) if len(rows) > size else "")


def _contacts(user: Any, party: Party) -> list[Contact]:
    if isinstance(party, Contact):
        return []
    working = Employment.objects.filter(account=party).values("contact")
    return list(Contact.objects.for_user(user, "view").filter(pk__in=working)[:MAX_CONTACTS])


def _entries(party: Party, people: list[Contact], before: Q, limit: int) -> QuerySet[AuditEntry]:
    """Ordered index walks, joined: one condition with OR would read the whole log."""
    kind, person = (ContentType.objects.get_for_model(model) for model in (party, Contact))
    around = Q(content_type=kind, object_id=party.pk)
    arms = [around]
    if people:
        others = Q(content_type=person, object_id__in=[contact.pk for contact in people])
        arms.append(others)
        around |= others
    arms.append(Q(pk__in=AuditRelated.objects.filter(around).values("entry")))
    walks = [AuditEntry.objects.filter(arm).filter(before).order_by("-at", "-pk")[:limit] for arm in arms]
    return walks[0].union(*walks[1:]).order_by("-at", "-pk")[:limit]


def _visible(
    user: Any, entries: Iterable[AuditEntry], known: Iterable[Party]
) -> dict[tuple[int | None, int | None], models.Model]:
    """The records of the entries that the user may see, by content type and id."""
    found: dict[tuple[int | None, int | None], models.Model] = {
        (ContentType.objects.get_for_model(row).pk, row.pk): row for row in known
    }
    wanted: dict[int, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.content_type_id and entry.object_id and (entry.content_type_id, entry.object_id) not in found:
            wanted[entry.content_type_id].add(entry.object_id)
    for type_id, ids in wanted.items():
        model = ContentType.objects.get_for_id(type_id).model_class()
        for row in _scoped(user, model, ids):
            found[(type_id, row.pk)] = row
    return found


def _scoped(user: Any, model: Any, ids: set[int]) -> Iterable[models.Model]:
    try:
        rows = model._default_manager.for_user(user, "view").filter(pk__in=ids)
        return list(rows.select_related(*NAMED_BY[model]) if model in NAMED_BY else rows)
    except (AttributeError, ImproperlyConfigured):  # a kind of record that is gone, or that nobody may see
        return []


def _key(entry: AuditEntry) -> str:
    return f"{entry.at.isoformat()}~{entry.pk}"


def _parse(key: str) -> Q:
    moment, _sep, pk = key.partition("~")
    try:
        at = dt.datetime.fromisoformat(moment)
        number = int(pk)
    except ValueError:
        return Q()
    if at.tzinfo is None or not 0 < number < 2**63:
        return Q()
    return Q(at__lt=at) | Q(at=at, pk__lt=number)
