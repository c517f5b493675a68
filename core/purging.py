"""Forgetting what the machine wrote and nobody needs any more, a little at a time.

Each app says in its own services what that is; nothing a person typed is ever among it.
"""

from collections.abc import Callable
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

BATCH: Final = 1_000
MOST: Final = 500_000  # rows of one table in one night


def delete_in_batches(rows: QuerySet[Any], *, batch: int = BATCH, most: int = MOST) -> int:
    """Delete rows as ``in_batches`` does; says how many."""
    return in_batches(rows, lambda found: found.delete(), batch=batch, most=most)


def in_batches(
    rows: QuerySet[Any], change: Callable[[QuerySet[Any]], Any], *, batch: int = BATCH, most: int = MOST
) -> int:
    """Change rows, oldest key first, each batch locked in a transaction of its own; says how many.

    Rows somebody else holds are passed by: the next night will find them. Killed at any moment, it has done whole batches.
    """
    done, last = 0, 0
    while done < most:
        with transaction.atomic():
            found = rows.filter(pk__gt=last).order_by("pk").select_for_update(of=("self",), skip_locked=True)
            keys = [row.pk for row in found.only("pk")[: min(batch, most - done)]]
            change(rows.model._base_manager.filter(pk__in=keys))
        if not keys:
            break
        done, last = done + len(keys), keys[-1]
    return done
