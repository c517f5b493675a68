"""Fast writing of many rows: COPY, for imports and sample data. Rules are the caller's: nothing is checked here."""

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db import connection, models
from django.db.models.fields.generated import GeneratedField

FLUSH_BYTES = 4 * 1024 * 1024
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": ""})


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """``count`` new primary keys of the model, so that rows can point at each other before they are written."""
    if count <= 0:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def new_keys(model: type[models.Model], batch: int = 1000) -> Iterator[int]:
    """New primary keys without end, reserved in batches."""
    while True:
        yield from reserve_ids(model, batch)


def written_fields(model: type[models.Model]) -> list[Any]:
    """The columns a row is written with: all but the generated ones."""
    return [f for f in model._meta.local_concrete_fields if not isinstance(f, GeneratedField)]


def copy_rows(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> int:
    """Write rows given as ``{attname: value}``; what is left out gets the field's default. Says how many.

    Keys are written when the first row has one (see ``reserve_ids``), else the database gives them.
    """
    source = iter(rows)
    first = next(source, None)
    if first is None:
        return 0
    pk = model._meta.pk
    fields = [f for f in written_fields(model) if not f.primary_key or pk.attname in first]
    defaults = {f.attname: encode(_default(f)) for f in fields}
    names = [f.attname for f in fields]
    lines = (_line(names, defaults, row) for row in chain([first], source))
    return copy_lines(model._meta.db_table, [f.column for f in fields], lines)


def _default(field: Any) -> Any:
    return field.get_prep_value(field.get_default()) if field.has_default() else ("" if _is_text(field) else None)


def _is_text(field: Any) -> bool:
    return isinstance(field, models.CharField | models.TextField) and not field.null


def _line(names: Sequence[str], defaults: dict[str, str], row: dict[str, Any]) -> str:
    return "\t".join([encode(row[name]) if name in row else defaults[name] for name in names]) + "\n"


def encode(value: Any) -> str:  # noqa: PLR0911 - one return per type
    """One value in COPY's text format."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, list):
        return "{" + ",".join('"' + str(v).replace("\\", "\\\\").replace('"', '\\"') + '"' for v in value) + "}"
    return str(value).translate(_ESCAPES)


def copy_lines(table: str, columns: Sequence[str], lines: Iterable[str]) -> int:
    """COPY encoded lines into a table (also a temporary one); says how many."""
    count = 0
    quote = connection.ops.quote_name
    statement = f"COPY {quote(table)} ({', '.join(quote(c) for c in columns)}) FROM STDIN"
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        for chunk, rows in _chunks(lines):
            cursor.copy_expert(statement, io.StringIO(chunk))
            count += rows
    return count


def _chunks(lines: Iterable[str]) -> Iterator[tuple[str, int]]:
    buffer: list[str] = []
    size = 0
    for line in lines:
        buffer.append(line)
        size += len(line)
        if size >= FLUSH_BYTES:
            yield "".join(buffer), len(buffer)
            buffer, size = [], 0
    if buffer:
        yield "".join(buffer), len(buffer)
