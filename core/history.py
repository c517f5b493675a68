"""What changed in a row: read from the tables the database triggers write."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst

from core import display
from core.models import AuditEntry
from core.policies import policy_for


def as_of(obj: Any, version: int | None) -> Any:
    """The record's row as it was ``obj.version - version`` saves ago, as a row event; None when it is not known."""
    events = event_model(type(obj))
    steps = obj.version - version if version is not None else 0
    if events is None or steps < 1:
        return None
    return events.objects.filter(pgh_obj_id=obj.pk).order_by("-pgh_id")[steps : steps + 1].first()


@dataclass(frozen=True)
class Change:
    """One field before and after, as words."""

    label: str
    before: str
    after: str


def event_model(model: type[models.Model]) -> Any:
    """The table of the model's row events, or None for a model without history."""
    for relation in model._meta.related_objects:
        if hasattr(relation.related_model, "pgh_tracked_model") and relation.related_model.pgh_tracked_model is model:
            return relation.related_model
    return None


def once_visible(model: type[models.Model], keys: Collection[int], user: Any) -> set[int]:
    """Those of the rows the user may see, or might when they were as they once were. Two queries.

    What left somebody's scope may be named to that person, who had it on the page; what never was in it may not.
    """
    scope = policy_for(model).scope(user, "view")
    if scope is None:
        return set()
    manager: Any = getattr(model, "all_objects", model._default_manager)
    seen = set(manager.filter(scope, pk__in=keys).values_list("pk", flat=True))
    left, events = set(keys) - seen, event_model(model)
    if left and events is not None:
        seen |= set(events.objects.filter(scope, pgh_obj_id__in=left).values_list("pgh_obj_id", flat=True))
    return seen


def changes_of(
    obj: models.Model, entries: Iterable[AuditEntry], hidden: frozenset[str] = frozenset()
) -> dict[int, list[Change]]:
    """Entry id → the record's changed fields under that entry, without ``hidden`` fields."""
    events = event_model(type(obj))
    contexts = {entry.context_id: entry.pk for entry in entries if entry.context_id}
    if events is None or not contexts:
        return {}
    rows = list(events.objects.filter(pgh_obj_id=obj.pk).order_by("pgh_id"))
    found: dict[int, list[Change]] = defaultdict(list)
    before: Any = None
    for row in rows:
        if row.pgh_context_id in contexts and before is not None:
            found[contexts[row.pgh_context_id]] += _diff(type(obj), before, row, hidden)
        before = row
    return dict(found)


def changes_under(obj: models.Model, entry: AuditEntry, hidden: frozenset[str] = frozenset()) -> list[Change]:
    """The record's fields as they changed under that one entry, without ``hidden`` fields. Two or three queries."""
    events = event_model(type(obj))
    if events is None or not entry.context_id:
        return []
    rows = list(events.objects.filter(pgh_obj_id=obj.pk, pgh_context_id=entry.context_id).order_by("pgh_id"))
    if not rows:
        return []
    before = events.objects.filter(pgh_obj_id=obj.pk, pgh_id__lt=rows[0].pgh_id).order_by("-pgh_id").first()
    found: list[Change] = []
    for row in rows:
        if before is not None:
            found += _diff(type(obj), before, row, hidden)
        before = row
    return found


def _diff(model: type[models.Model], before: Any, after: Any, hidden: frozenset[str]) -> list[Change]:
    changes = []
    for field in model._meta.concrete_fields:
        if field.name in hidden or not hasattr(after, field.attname):
            continue
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if old != new:
            changes.append(Change(capfirst(str(field.verbose_name)), words(field, old), words(field, new)))
    return changes


def words(field: Any, value: Any) -> str:  # noqa: PLR0911 - one return per kind of field
    """A stored value as a person reads it."""
    if value is None or value == "":
        return "—"
    if field.is_relation:
        related = field.related_model._base_manager.filter(pk=value).first()
        return str(related) if related is not None else f"#{value}"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateTimeField):
        return display.format_datetime(value)
    if isinstance(field, models.DateField):
        return display.format_date(value)
    if isinstance(field, models.IntegerField | models.DecimalField):
        return display.format_number(value)
    return str(value)
