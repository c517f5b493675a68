"""Pages of a list: a capped count, numbered pages near the start, and a key for the deep end."""

import base64
import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from core import display, text

COUNT_CAP = 10_000
SIZES = (25, 50, 100)


@dataclass
class Page:
    """One page of rows with what the pager shows; ``notice`` says when the page asked for was not to be had."""

    rows: list[Any]
    number: int
    size: int
    count: int
    capped: bool
    has_next: bool
    query: QueryDict
    cursor: str = ""
    notice: str = ""

    def _url(self, **changes: str) -> str:
        query = self.query.copy()
        for key in ("page", "after"):
            query.pop(key, None)
        for key, value in changes.items():
            query[key] = value
        return f"?{query.urlencode()}"

    @property
    def page(self) -> int:
        """The page's number, from 1."""
        return self.number

    @property
    def page_count_label(self) -> str:
        """How many pages there are, or that there are more than the cap."""
        pages = max(1, -(-self.count // self.size))
        return display.format_number(pages) + ("+" if self.capped else "")

    @property
    def count_label(self) -> str:
        """How many rows match; past the cap only that it is more."""
        return display.format_number(self.count) + ("+" if self.capped else "")

    @property
    def from_row(self) -> str:
        """Number of the first row shown."""
        return display.format_number((self.number - 1) * self.size + 1 if self.rows else 0)

    @property
    def to_row(self) -> str:
        """Number of the last row shown."""
        return display.format_number((self.number - 1) * self.size + len(self.rows))

    @property
    def prev_url(self) -> str:
        """The page before, empty on the first."""
        return self._url(page=str(self.number - 1)) if self.number > 1 else ""

    @property
    def first_url(self) -> str:
        """The first page, empty when we are there."""
        return self._url() if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        """The page after, by key so that depth costs nothing; empty on the last."""
        return self._url(page=str(self.number + 1), after=self.cursor) if self.has_next else ""

    @property
    def sizes(self) -> list[tuple[str, str, bool]]:
        """Sizes to choose from: label, address, whether it is the present one."""
        return [(display.format_number(size), self._url(size=str(size)), size == self.size) for size in SIZES]


def paginate(queryset: models.QuerySet, ordering: list[str], query: QueryDict) -> Page:
    """The page the query string asks for: ``page``, ``size`` and, for the deep end, ``after`` (a key)."""
    size = _int(query.get("size"), SIZES[0])
    size = size if size in SIZES else SIZES[0]
    number = max(1, _int(query.get("page"), 1))
    ordered = queryset.order_by(*ordering)
    after = decode_cursor(query.get("after", ""), ordering, queryset.model)
    notice = ""
    if after is not None:
        rows = list(ordered.filter(after)[: size + 1])
    else:
        if number > COUNT_CAP // size:
            number, notice = 1, _("There is no such page. This is the first one; narrow the list with filters.")
        rows = list(ordered[(number - 1) * size : number * size + 1])
        if not rows and number > 1:
            number, notice = 1, _("There is no such page. This is the first one; narrow the list with filters.")
            rows = list(ordered[: size + 1])
    has_next, rows = len(rows) > size, rows[:size]
    count, capped = _count(queryset, rows, number, size, has_next, after is not None)
    cursor = encode_cursor(rows[-1], ordering) if has_next and rows else ""
    return Page(rows, number, size, count, capped, has_next, query, cursor, notice)


def _count(
    queryset: models.QuerySet, rows: list[Any], number: int, size: int, has_next: bool, keyed: bool
) -> tuple[int, bool]:
    """Rows that match, up to the cap; the last page reached by number tells the count for nothing."""
    if not has_next and not keyed:
        return (number - 1) * size + len(rows), False
    count = capped_count(queryset)
    return min(count, COUNT_CAP), count > COUNT_CAP


def capped_count(queryset: models.QuerySet) -> int:
    """Count at most one more than the cap: an exact count of a million rows costs more than the page."""
    return queryset.order_by().values("pk")[: COUNT_CAP + 1].count()


def _int(value: str | None, default: int) -> int:
    try:
        return int(text.to_ascii_digits(value or "")[:12])
    except ValueError:
        return default


def encode_cursor(row: Any, ordering: list[str]) -> str:
    """The row's place in the order as URL-safe text."""
    values = [_value(row, field.lstrip("-")) for field in ordering]
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def _value(row: Any, path: str) -> Any:
    value = row
    for part in path.split("__"):
        value = getattr(value, part, None)
    if isinstance(value, dt.date | Decimal):
        return value.isoformat() if isinstance(value, dt.date) else str(value)
    return value


def decode_cursor(cursor: str, ordering: list[str], model: type[models.Model]) -> Q | None:
    """The condition "after this row" for the order; None for no cursor or one that does not fit."""
    if not cursor:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(ordering):
            return None
        typed = [_typed(model, f.lstrip("-"), v) for f, v in zip(ordering, values, strict=True)]
    except (ValueError, ValidationError):
        return None
    return _bound(ordering[0], typed[0], model) & _after(ordering, typed)


def _field(model: type[models.Model], path: str) -> Any:
    """The field a path of the order leads to."""
    field: Any = model._meta.pk
    target: Any = model
    for part in path.split("__") if path != "pk" else ():
        field = target._meta.get_field(part)
        target = field.related_model if field.is_relation else target
    return field


def _typed(model: type[models.Model], path: str, value: Any) -> Any:
    field = _field(model, path)
    output = getattr(field, "output_field", field)
    return None if value is None else output.to_python(value)


def _is_filled(model: type[models.Model], path: str) -> bool:
    """Whether the column has a value in every row; keys made of texts have one, though Django thinks they may not."""
    field = _field(model, path)
    return "__" not in path and (not field.null or isinstance(getattr(field, "expression", None), text.SortKey))


def _after(ordering: list[str], values: list[Any]) -> Q:
    """(a, b, c) after the given values, NULLs last ascending and first descending as PostgreSQL has them."""
    condition = Q()
    equal = Q()
    for name, value in zip(ordering, values, strict=True):
        field, down = name.lstrip("-"), name.startswith("-")
        if value is None:
            beyond = Q(**{f"{field}__isnull": False}) if down else Q(pk__in=[])
            same = Q(**{f"{field}__isnull": True})
        else:
            beyond = Q(**{f"{field}__{'lt' if down else 'gt'}": value})
            if not down and field != "pk":
                beyond |= Q(**{f"{field}__isnull": True})
            same = Q(**{field: value})
        condition |= equal & beyond
        equal &= same
    return condition


def _bound(name: str, value: Any, model: type[models.Model]) -> Q:
    """What the first column alone says of "after": the condition implies it, but here an index can begin."""
    field, down = name.lstrip("-"), name.startswith("-")
    if value is None or not (down or _is_filled(model, field)):
        return Q()
    return Q(**{f"{field}__{'lte' if down else 'gte'}": value})
