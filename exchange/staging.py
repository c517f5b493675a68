"""Rows between the file and the tables: prepared in memory, written by COPY in one transaction."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, models
from django.utils import timezone

from core import bulk
from core.models import TimeStamped
from exchange.mapping import Mapping
from exchange.targets import MANY, Target

_STAGE = "exchange_stage"
BATCH = 5000


@dataclass
class Row:
    """A row of the file as values of the model (by attname), of virtual columns (by name) and of many-columns."""

    number: int
    values: dict[str, Any]
    virtual: dict[str, Any] = field(default_factory=dict)
    many: dict[str, list[int]] = field(default_factory=dict)
    pk: int | None = None
    existing: bool = False

    def get(self, name: str, default: Any = None) -> Any:
        """A value wherever it is kept."""
        return self.values.get(name, self.virtual.get(name, default))


@dataclass
class Context:
    """What hooks know: who imports, how, the time, a cache of their own, and the rows."""

    actor: Any
    target: Target
    mapping: Mapping
    tz: ZoneInfo
    now: dt.datetime = field(default_factory=timezone.now)
    cache: dict[str, Any] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    created: list[Row] = field(default_factory=list)
    updated: list[Row] = field(default_factory=list)

    def midnight(self, day: dt.date) -> dt.datetime:
        """The moment a day begins for the importer."""
        return dt.datetime.combine(day, dt.time(), tzinfo=self.tz)


def write(context: Context, related: dict[type[models.Model], list[dict[str, Any]]]) -> None:
    """Write everything: missing related records, new rows, changed rows, many-to-many, and the target's own."""
    with connection.cursor() as cursor:
        # COPY goes past Django's cursor: this statement carries the history's context into the transaction.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for model, rows in related.items():
        bulk.copy_rows(model, (_stamped(model, row, context) for row in rows))
    model = context.target.model
    bulk.copy_rows(model, (_stamped(model, {"id": row.pk, **row.values}, context) for row in context.created))
    _update(context)
    _write_many(context)
    if context.target.finish is not None:
        context.target.finish(context)


def _stamped(model: type[models.Model], values: dict[str, Any], context: Context) -> dict[str, Any]:
    """The values with the times a save would set (``auto_now`` is not a default)."""
    if not issubclass(model, TimeStamped):
        return values
    return {"created_at": context.now, "updated_at": context.now, **values}


def _update(context: Context) -> None:
    if not context.updated:
        return
    model = context.target.model
    by_attname = {f.attname: f for f in bulk.written_fields(model)}
    used = sorted({name for row in context.updated for name in row.values} & set(by_attname))
    if not used:
        return
    quote = connection.ops.quote_name
    columns = [by_attname[name].column for name in used]
    table, stage = quote(model._meta.db_table), quote(_STAGE)
    with connection.cursor() as cursor:
        listed = ", ".join(quote(column) for column in ("id", *columns))
        cursor.execute(
            f"CREATE TEMP TABLE {stage} ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA"  # noqa: S608
        )
        bulk.copy_lines(
            _STAGE,
            ["id", *columns],
            ("\t".join([str(r.pk), *(bulk.encode(r.values.get(n)) for n in used)]) + "\n" for r in context.updated),
        )
        cursor.execute(_update_sql(table, stage, columns, by_attname, _emptied(context)))
        cursor.execute(f"DROP TABLE {stage}")


def _emptied(context: Context) -> set[str]:
    """The columns in which an empty cell empties the record: mapped ones, when the mapping asks for it."""
    if context.mapping.blank == "keep":
        return set()
    mapped = (context.target.by_name[rule.to] for rule in context.mapping.rules)
    return {column.field.column for column in mapped if not column.virtual and column.field.null}


def _update_sql(table: str, stage: str, columns: list[str], fields: dict[str, Any], emptied: set[str]) -> str:
    """An UPDATE from the staged rows; what a row does not say keeps its value."""
    quote = connection.ops.quote_name
    parts = [
        f"{quote(c)} = s.{quote(c)}" if c in emptied else f"{quote(c)} = COALESCE(s.{quote(c)}, t.{quote(c)})"
        for c in columns
    ]
    if "updated_at" in fields:
        parts.append("updated_at = now()")
    if "version" in fields:
        parts.append("version = t.version + 1")
    return f"UPDATE {table} t SET {', '.join(parts)} FROM {stage} s WHERE t.id = s.id"  # noqa: S608 - quoted names


def _write_many(context: Context) -> None:
    for column in context.target.columns:
        if column.type != MANY or column.virtual:
            continue
        through = column.field.remote_field.through
        own, other = column.field.m2m_field_name(), column.field.m2m_reverse_field_name()
        pairs = [
            through(**{f"{own}_id": row.pk, f"{other}_id": pk})
            for row in (*context.created, *context.updated)
            for pk in row.many.get(column.name, ())
        ]
        through._default_manager.bulk_create(pairs, batch_size=BATCH, ignore_conflicts=True)


def in_batches(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """Cut a long list."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
