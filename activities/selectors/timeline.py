"""One story per record: its activities, messages and changes with those of its family, newest first, by key."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from activities.models import Activity, Pin
from activities.selectors.timeline_walk import ARMS, NAMES, Key, Step, Walk, type_id
from core import audit, history
from core.forms.records import kind_name
from core.models import AuditEntry
from core.parsing import read_key
from messaging.models import Message

SIZE = 20
MAX_PINS = 20
Ref = tuple[int, int]


@dataclass(frozen=True)
class Item:
    """One line of the story. ``about`` is the record it is told of, None when that is the page's own."""

    source: str
    row: Any
    at: dt.datetime
    about: models.Model | None = None
    sentence: str = ""
    is_pinned: bool = False

    @property
    def key(self) -> str:
        """As a pin names it: ``activity:12``."""
        return f"{self.source}:{self.row.pk}"

    @property
    def kind(self) -> str:
        """Which kind of record it is told of."""
        return kind_name(self.about) if self.about is not None else ""

    @property
    def label(self) -> str:
        """The record in words, as panels show it."""
        return str(getattr(self.about, "shown", self.about))


@dataclass(frozen=True)
class Timeline:
    """One page: what is pinned (on the first one only), the items, and the key of the next page, empty at the end."""

    items: list[Item] = field(default_factory=list)
    pinned: list[Item] = field(default_factory=list)
    older: str = ""


def timeline(
    *, user: Any, obj: models.Model, kind: str = "", only_own: bool = False, before: str = "", size: int = SIZE
) -> Timeline:
    """The story of a record and its family as the user may see it.

    ``kind`` is activities, notes, messages or changes; everything else means all. Left out: what hangs only on records
    hidden from the user, private activities of others, messages to colleagues, and the log's own words about activities
    and messages, which tell themselves. Queries: pins, the walk, at most one per source and one per kind of record.
    """
    kind = kind if kind in ARMS else ""
    pins = pinned_items(obj)
    walk = Walk(user, obj, kind, only_own, pins)
    found = walk.steps(Key.parse(before), size + 1)
    steps = found[:size]
    top = walk.pinned_steps() if not before else []
    rows = _Rows(user, obj, [*top, *steps])
    return Timeline(
        items=rows.items(steps), pinned=rows.items(top, pinned=True), older=steps[-1].key if len(found) > size else ""
    )


def pinned_items(obj: models.Model) -> list[str]:
    """What is pinned on the record's story, the newest pins first."""
    rows = Pin.objects.filter(content_type=type_id(type(obj)), object_id=obj.pk).order_by("-pk")
    return list(rows.values_list("item", flat=True)[:MAX_PINS])


def timeline_item(*, user: Any, obj: models.Model, item: str) -> Item | None:
    """The item when it is part of the record's story and the user may see it."""
    source, _sep, ref = item.partition(":")
    if source not in NAMES.values() or read_key(ref) is None:
        return None
    steps = Walk(user, obj, pinned=[item]).pinned_steps()
    return next(iter(_Rows(user, obj, steps).items(steps)), None)


def entry_changes(*, user: Any, entry: AuditEntry) -> list[history.Change]:
    """The fields that changed under the entry on its own record, without those hidden from the user."""
    obj = entry.obj
    if obj is None:
        return []
    return history.changes_under(obj, entry, hidden=user.hidden_fields(obj._meta.label_lower))


class _Rows:
    """The rows behind steps, each kind in one scoped query, and the records they are about."""

    def __init__(self, user: Any, obj: models.Model, steps: Sequence[Step]):
        self.user = user
        self.own: Ref = (type_id(type(obj)), obj.pk)
        self.found: dict[str, dict[int, Any]] = {}
        refs: dict[str, set[int]] = defaultdict(set)
        for step in steps:
            refs[NAMES[step.source]].add(step.ref)
        for name, load in (("activity", self._activities), ("message", self._messages), ("entry", self._entries)):
            self.found[name] = {row.pk: row for row in load(refs[name])} if refs[name] else {}
        wanted = {(step.type_id, step.object_id) for step in steps}
        wanted |= {_ref(entry) for entry in self.found["entry"].values() if entry.content_type_id}
        self.records = _visible(user, wanted - {self.own})
        self.records[self.own] = obj

    def items(self, steps: Iterable[Step], *, pinned: bool = False) -> list[Item]:
        """The steps as items; one whose row or record the user may not see is left out."""
        return [item for step in steps if (item := self._item(step, pinned)) is not None]

    def _item(self, step: Step, pinned: bool) -> Item | None:
        source = NAMES[step.source]
        row = self.found[source].get(step.ref)
        if row is None:
            return None
        ref, sentence = (step.type_id, step.object_id), ""
        if source == "entry":
            if row.content_type_id:
                ref = _ref(row)
            sentence = audit.sentence(row, self._hidden(ref))
        if ref not in self.records:
            return None
        about = None if ref == self.own else self.records[ref]
        return Item(source, row, step.at, about, sentence, pinned)

    def _hidden(self, ref: Ref) -> frozenset[str]:
        model = ContentType.objects.get_for_id(ref[0]).model_class()
        return self.user.hidden_fields(model._meta.label_lower) if model else frozenset()

    def _activities(self, refs: set[int]) -> models.QuerySet[Activity]:
        rows = Activity.objects.for_user(self.user, "view").filter(pk__in=refs)
        return rows.select_related("owner", "created_by", "done_by", "outcome")

    def _messages(self, refs: set[int]) -> models.QuerySet[Message]:
        rows = Message.objects.for_user(self.user, "view").filter(pk__in=refs)
        return rows.select_related("created_by").defer("body_html", "headers")

    @staticmethod
    def _entries(refs: set[int]) -> models.QuerySet[AuditEntry]:
        return AuditEntry.objects.filter(pk__in=refs).select_related("actor")


def _ref(entry: AuditEntry) -> Ref:
    return entry.content_type_id or 0, entry.object_id or 0


def _visible(user: Any, refs: Iterable[Ref]) -> dict[Ref, models.Model]:
    """The records that the user may see, by content type and key."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for kind, pk in refs:
        wanted[kind].add(pk)
    return {
        (kind, row.pk): row
        for kind, ids in wanted.items()
        for row in _scoped(user, ContentType.objects.get_for_id(kind).model_class(), ids)
    }


def _scoped(user: Any, model: Any, ids: set[int]) -> Iterable[models.Model]:
    try:
        return list(_named(model, model._default_manager.for_user(user, "view").filter(pk__in=ids)))
    except (AttributeError, ImproperlyConfigured):  # a kind of record that is gone, or that nobody may see
        return []


def _named(model: Any, rows: Any) -> Any:
    """With what the names of records that hang on others are made of."""
    return rows.select_related(*model.NAMED_BY) if hasattr(model, "NAMED_BY") else rows
