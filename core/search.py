"""Global search as data: each app declares its sources in search.py; permission is applied before any limit."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst

from core import text
from core.hiding import blanked
from core.parsing import read_key
from core.policies import policy_for

ISOLATE, POP = "\u2068", "\u2069"
PALETTE_LIMIT = 5
PAGE_LIMIT = 50


@dataclass(frozen=True)
class Source:
    """A kind of record to search. ``hint`` makes the grey line beside a hit; ``also`` adds hits by other tables.

    ``only`` leaves rows out that a person sees elsewhere but does not look for.
    """

    model: type[models.Model]
    icon: str
    order: int = 100
    hint: Callable[[Any], str] | None = None
    also: Callable[[Any, str], Q | None] | None = None
    select: tuple[str, ...] = ()
    only: Q = field(default_factory=Q)


@dataclass(frozen=True)
class Hit:
    """A found record."""

    url: str
    title: str
    hint: str
    icon: str
    pk: int
    dialog: bool = False


@dataclass(frozen=True)
class Group:
    """The hits of one kind; ``more_url`` is its list with the same words."""

    label: str
    items: list[Hit]
    more_url: str = ""


_sources: list[Source] = []


def register(source: Source) -> None:
    """Declare a source."""
    _sources.append(source)


def sources(user: Any) -> list[Source]:
    """The sources the user may see, in order."""
    return sorted((s for s in _sources if policy_for(s.model).can(user, "view")), key=lambda s: s.order)


def hint_of(*parts: str) -> str:
    """The parts that say something as one line, each in Unicode isolates: a number keeps its order beside any name."""
    return " · ".join(f"{ISOLATE}{part}{POP}" for part in parts if part)


def find(user: Any, query: str, limit: int = PALETTE_LIMIT) -> list[Group]:
    """Hits of the words (typed any way; phones in any form; ``#id``) in everything the user may see."""
    query = query.strip()[: text.MAX_QUERY_LENGTH]
    if not text.search_words(query):
        return []
    groups = []
    for source in sources(user):
        rows = source_rows(source, user, query, limit)
        if rows:
            hidden = user.hidden_fields(source.model._meta.label_lower)
            items = [
                Hit(
                    r.get_absolute_url(),
                    str(r),
                    source.hint(blanked(r, hidden)) if source.hint else "",
                    source.icon,
                    r.pk,
                )
                for r in rows
            ]
            groups.append(Group(capfirst(str(source.model._meta.verbose_name_plural)), items))
    return groups


def key_fields(model: type[models.Model]) -> tuple[str, ...]:
    """The fields a model's search column is made of."""
    expression = model._meta.get_field("search_key").expression  # type: ignore[union-attr]
    return tuple(part.get_source_expressions()[0].name for part in expression.get_source_expressions())


def open_to(rows: models.QuerySet[Any], query: str, user: Any) -> models.QuerySet[Any]:
    """Of rows already found by the search column, those that match by fields the user may read.

    The column's index has found the few rows by then; only for a role with hidden fields are they looked at again.
    """
    fields = key_fields(rows.model)
    hidden = user.hidden_fields(rows.model._meta.label_lower) if hasattr(user, "hidden_fields") else frozenset()
    if not hidden.intersection(fields):
        return rows
    left = [name for name in fields if name not in hidden]
    if not left:
        return rows.none()
    return rows.alias(open_search_key=text.SearchKey(*left)).filter(text.search_q("open_search_key", query))


def source_rows(source: Source, user: Any, query: str, limit: int) -> list[Any]:
    """The rows of one source that the words find, of those the user may see."""
    manager: Any = source.model._default_manager
    scoped = manager.for_user(user, "view").filter(source.only).select_related(*source.select).order_by()
    if query.startswith("#"):
        key = read_key(text.to_ascii_digits(query.removeprefix("#")))
        return list(scoped.filter(pk=key)) if key is not None else []
    rows = list(open_to(scoped.filter(text.search_q("search_key", query)), query, user)[:limit])
    if source.also is not None and len(rows) < limit:
        more = source.also(user, query)
        if more is not None:
            seen = {row.pk for row in rows}
            rows += [r for r in scoped.filter(more)[:limit] if r.pk not in seen]
    return rows[:limit]
