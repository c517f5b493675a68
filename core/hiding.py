"""Rows shown to people from whom field rules hide some of their values."""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


def blanked(row: M, hidden: Collection[str]) -> M:
    """The row without the values of the ``hidden`` fields; it is never saved."""
    for name in hidden:
        field: Any = row._meta.get_field(name)
        if not field.many_to_many:
            setattr(row, field.attname, None if field.null else "")
    return row


def blanked_for(user: Any, rows: Iterable[M]) -> list[M]:
    """The rows without what the user may not read of them; they are never saved."""
    return [blanked(row, user.hidden_fields(row._meta.label_lower)) for row in rows]
