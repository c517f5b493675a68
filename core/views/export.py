"""A list as a file: just the filtered rows and shown columns, streamed, safe to open in a spreadsheet."""

import csv
import tempfile
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import audit, text
from core.policies import policy_for

if TYPE_CHECKING:
    from core.views.list import ObjectListView

CHUNK = 2000
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    def write(self, value: str) -> str:
        return value


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets a quote in front; phone numbers stay as they are."""
    if isinstance(value, str) and value.startswith(DANGEROUS) and not value[1:].replace(" ", "").isdigit():
        return f"'{value}"
    return value


def respond(view: "ObjectListView", kind: str) -> HttpResponseBase:
    """The list as "csv" or "xlsx". Exporting is a right of its own and is written in the audit log."""
    user = view.request.user
    policy = policy_for(view.model)
    if not policy.can(user, "export"):
        raise PermissionDenied(_("Your roles do not include exporting."))
    if kind not in {"csv", "xlsx"}:
        raise Http404
    scope = policy.scope(user, "export")
    _wanted, fields = view.order
    rows = view.table.prepare(view.filtered())
    rows = (rows.filter(scope) if scope else rows).order_by(*fields)
    heads = [str(column.label) for column in view.table.columns]
    with audit.action(
        "record.exported", actor=user, params={"count": rows.order_by().count(), "list": view.model._meta.label_lower}
    ):
        pass
    name = f"{view.model._meta.model_name}-{timezone.localdate():%Y%m%d}.{kind}"
    body = _values(view, rows)
    return _csv(heads, body, name) if kind == "csv" else _xlsx(heads, body, name)


def _values(view: "ObjectListView", rows: Any) -> Iterator[list[Any]]:
    with_server_cursor = not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    source: Iterable[Any] = rows.iterator(chunk_size=CHUNK) if with_server_cursor else rows
    for values in view.table.export_rows(source):
        yield [harmless(value) for value in values]


def _csv(heads: list[str], rows: Iterator[list[Any]], name: str) -> StreamingHttpResponse:
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff" + str(writer.writerow(heads))
        buffer: list[str] = []
        for row in rows:
            buffer.append(str(writer.writerow(row)))
            if len(buffer) >= CHUNK:
                yield "".join(buffer)
                buffer.clear()
        yield "".join(buffer)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _xlsx(heads: list[str], rows: Iterator[list[Any]], name: str) -> FileResponse:
    import xlsxwriter

    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    if get_language() == "fa":
        sheet.right_to_left()
    sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, [text.clean(v) if isinstance(v, str) else v for v in row])
    book.close()
    file.seek(0)
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
