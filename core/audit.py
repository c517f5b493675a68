"""History: what people did (entries) and what changed in each row (database triggers)."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.fields.generated import GeneratedField
from django.utils.functional import Promise

from core import context, display
from core.models import AuditEntry, AuditRelated

M = TypeVar("M", bound=type[models.Model])

_sentences: dict[str, Any] = {}
_shown: dict[str, dict[str, str]] = {}
_public: set[str] = set()
_inside: ContextVar[bool] = ContextVar("inside_an_action", default=False)
_listeners: list[Callable[[AuditEntry, Sequence[models.Model]], None]] = []

UNTRACKED = ("updated_at", "version")


def register(
    code: str, sentence: str | Promise, *, shows: Mapping[str, str] | None = None, by_visitor: bool = False
) -> None:
    """Give the action a translated sentence; ``%(name)s`` places are filled from the entry's params.

    ``shows`` tells which params are values of which fields (``{"reason": "close_reason"}``), so that they stay hidden with
    the field. ``by_visitor`` marks an action of people without an account.
    """
    _sentences[code] = sentence
    _shown[code] = dict(shows or {})
    if by_visitor:
        _public.add(code)


def sentences() -> dict[str, Any]:
    """Every registered code with its sentence."""
    return dict(_sentences)


def sentence(entry: AuditEntry, hidden: Collection[str] = ()) -> str:
    """The entry in words, in the reader's language; values of ``hidden`` fields are dots."""
    return words(entry.code, masked(entry.code, entry.params, hidden))


def told_to(user: Any, entry: AuditEntry) -> str:
    """The entry in words as this reader may know it: dots for fields of its record that the roles hide."""
    model = entry.content_type.model_class() if entry.content_type else None
    return sentence(entry, user.hidden_fields(model._meta.label_lower) if model else ())


def shows_fields(code: str) -> bool:
    """Whether the sentence of the action has values of fields in it, which a reader's roles may hide."""
    return bool(_shown.get(code))


def masked(code: str, params: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """The params of an entry with dots for values of ``hidden`` fields."""
    dots = {name: "…" for name, field in _shown.get(code, {}).items() if field in hidden} if params and hidden else {}
    return {**params, **dots}


def words(code: str, params: Mapping[str, Any]) -> str:
    """The action in words, in the reader's language; numbers and lists among the params as the reader writes them."""
    text = str(_sentences.get(code, code))
    shown = {name: _in_words(value) for name, value in params.items()}
    try:
        return text % shown if shown else text
    except (KeyError, TypeError, ValueError):
        return text


def _in_words(value: Any) -> Any:
    if type(value) is int:
        return display.local_digits(str(value))
    return display.listed(value) if isinstance(value, list) else value


def is_by_visitor(entry: AuditEntry) -> bool:
    """Whether somebody without an account did it, not the system."""
    return entry.actor_id is None and entry.code in _public


def tracked(*, exclude: Sequence[str] = ()) -> Any:
    """Class decorator: database triggers keep every change of the model's rows in ``<Model>Event``.

    Statement level, append-only; generated columns and the bookkeeping columns are left out.
    """

    def decorate(model: M) -> M:
        names = {f.name for f in model._meta.local_fields}
        generated = {f.name for f in model._meta.local_fields if isinstance(f, GeneratedField)}
        skip = sorted(({*UNTRACKED, *exclude} & names) | generated)
        return pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=skip,
            append_only=True,
            level=pgtrigger.Statement,
        )(model)

    return decorate


@contextmanager
def action(
    code: str,
    *,
    actor: Any,
    obj: models.Model | None = None,
    related: Sequence[models.Model] = (),
    params: dict[str, Any] | None = None,
) -> Iterator[AuditEntry]:
    """Record that ``actor`` did ``code`` on ``obj``; row changes inside are kept under the same context.

    Used inside the service's transaction. The entry is written at the end, so that a new ``obj`` has its id by then;
    ``entry.obj`` may be set inside for a record that is made there. ``params`` fill the sentence.
    """
    if code not in _sentences:
        raise LookupError(f"audit code {code!r} is not registered")
    entry = AuditEntry(code=code, actor=actor if getattr(actor, "pk", None) else None, params=params or {})
    extra: list[models.Model] = list(related)
    entry.touched = extra  # type: ignore[attr-defined]
    if obj is not None:
        entry.obj = obj
    is_part = _inside.get()
    token = _inside.set(True)
    try:
        with pghistory.context(
            action=code, actor=getattr(actor, "pk", None), request=context.request_id.get(), job=context.job_id.get()
        ) as row_context:
            yield entry
    finally:
        _inside.reset(token)
    entry.context_id = row_context.id
    _finish(entry, obj, extra)
    if not is_part:
        for listener in _listeners:
            listener(entry, extra)


def _finish(entry: AuditEntry, obj: models.Model | None, related: list[models.Model]) -> None:
    target = obj or entry.obj
    if target is not None:
        entry.content_type = ContentType.objects.get_for_model(target)
        entry.object_id = target.pk
        entry.object_label = str(target)[:255]
    entry.request_id = context.request_id.get()
    entry.job_id = context.job_id.get()
    entry.save()
    AuditRelated.objects.bulk_create(
        AuditRelated(entry=entry, at=entry.at, content_type=ContentType.objects.get_for_model(r), object_id=r.pk)
        for r in related
        if r.pk
    )


def listen(listener: Callable[[AuditEntry, Sequence[models.Model]], None]) -> None:
    """Call ``listener(entry, records it touches too)`` for what somebody did, inside the acting service's transaction.

    An action that is part of another one (the account that a conversion makes) is not told by itself.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def entries_of(obj: models.Model) -> models.QuerySet[AuditEntry]:
    """The entries on the record or touching it, newest first."""
    kind = ContentType.objects.get_for_model(obj)
    touching = AuditRelated.objects.filter(content_type=kind, object_id=obj.pk).values("entry")
    return (
        AuditEntry.objects.filter(models.Q(content_type=kind, object_id=obj.pk) | models.Q(pk__in=touching))
        .select_related("actor", "content_type")
        .order_by("-at", "-pk")
    )
