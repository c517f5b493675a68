"""Many activities at once, by COPY: for imports and sample data."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.utils import timezone

from activities.choices import Status
from activities.models import Activity, ActivityLink, Assignment
from activities.services.next_step import REST_OF_DAY
from core import audit, bulk, hosts
from core.services import require

SUBJECT_LENGTH = 200


@dataclass
class Draft:
    """An activity to be written: ``values`` by attname (``subject`` or ``text`` at least), its records, its people."""

    values: dict[str, Any]
    records: Sequence[tuple[type[models.Model], int]]
    assignees: Sequence[int] = field(default_factory=tuple)


@transaction.atomic
def activities_write(*, actor: Any, drafts: Iterable[Draft]) -> list[int]:
    """Write activities with their links and assignments, and bring the next steps of their records up to date.

    Rules are the caller's: nothing but the right to add is asked. Five statements and four streams whatever the number;
    returns their keys in the order of the drafts. No events: who loads a file wants no thousand reminders of the past.
    """
    if actor is not None:  # None is the system itself, loading data
        require(actor, "add", Activity)
    rows = list(drafts)
    if not rows:
        return []
    now = timezone.now()
    keys = bulk.reserve_ids(Activity, len(rows))
    with audit.action("activities.written", actor=actor, params={"count": len(rows)}):
        with connection.cursor() as cursor:
            # COPY goes past Django's cursor: this statement carries the history's context into the transaction.
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        bulk.copy_rows(Activity, (_activity(pk, row, now) for pk, row in zip(keys, rows, strict=True)))
        bulk.copy_rows(ActivityLink, _links(keys, rows, now))
        bulk.copy_rows(Assignment, _assignments(keys, rows, now))
        touched: dict[type[models.Model], set[int]] = {}
        for row in rows:
            for model, pk in row.records:
                touched.setdefault(model, set()).add(pk)
        for model, pks in touched.items():
            next_steps_fill(model, sorted(pks))
    return keys


def _activity(pk: int, row: Draft, now: dt.datetime) -> dict[str, Any]:
    return {"id": pk, "created_at": now, "updated_at": now, **row.values}


def _links(keys: list[int], rows: list[Draft], now: dt.datetime) -> Iterable[dict[str, Any]]:
    kinds: dict[type[models.Model], int] = {}
    for pk, row in zip(keys, rows, strict=True):
        values = row.values
        at = values.get("done_at") or values.get("due_at") or values.get("created_at") or now
        for position, (model, record) in enumerate(row.records):
            if model not in kinds:
                kinds[model] = ContentType.objects.get_for_model(model).pk
            yield {
                "activity_id": pk,
                "content_type_id": kinds[model],
                "object_id": record,
                "position": position,
                "at": at,
            }


def _assignments(keys: list[int], rows: list[Draft], now: dt.datetime) -> Iterable[dict[str, Any]]:
    for pk, row in zip(keys, rows, strict=True):
        for user in row.assignees:
            yield {
                "activity_id": pk,
                "user_id": user,
                "done_at": row.values.get("done_at"),
                "created_at": row.values.get("created_at", now),
                "updated_at": row.values.get("updated_at", now),
            }


def next_steps_fill(model: type[models.Model], keys: Sequence[int]) -> int:
    """The same truth as ``next_step_refresh``, for many open records of one kind in one statement; says how many changed.

    For rows that the caller has just written or holds locked; closed ones among them must have no open activity.
    """
    host = hosts.find(model._meta.label_lower)
    if host is None or not host.has_next_step:
        return 0
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    values: dict[str, Any] = {
        "kind": ContentType.objects.get_for_model(model).pk,
        "keys": list(keys),
        "planned": Status.PLANNED,
        "length": SUBJECT_LENGTH,
        "rest_of_day": REST_OF_DAY,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {table} AS record
            SET next_step = step.words, next_step_at = step.due_at, next_activity_id = step.id
            FROM (
                SELECT DISTINCT ON (link.object_id) link.object_id, a.id,
                       a.due_at + CASE WHEN a.all_day THEN %(rest_of_day)s ELSE interval '0' END AS due_at,
                       left(COALESCE(NULLIF(a.subject, ''), a.text), %(length)s) AS words
                FROM activities_activitylink AS link
                JOIN activities_activity AS a ON a.id = link.activity_id
                WHERE link.content_type_id = %(kind)s AND link.object_id = ANY(%(keys)s)
                  AND a.status = %(planned)s AND a.deleted_at IS NULL AND NOT a.is_private AND a.due_at IS NOT NULL
                ORDER BY link.object_id, a.due_at, a.id
            ) AS step
            WHERE record.id = step.object_id AND (record.next_step, record.next_step_at, record.next_activity_id)
                  IS DISTINCT FROM (step.words, step.due_at, step.id)
            """,  # noqa: S608 - the table's own name
            values,
        )
        return int(cursor.rowcount)
