"""Tables out of files: CSV in any encoding and delimiter, XLSX. Everything odd is a clear sentence."""

import csv
import io
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from core import display, text
from core.errors import DomainError
from exchange import encoding as encodings
from exchange.workbook import broken_cells, read_workbook

MAX_BYTES: Final = 200 * 1024 * 1024
MAX_CELL: Final = 100_000
MAX_COLUMNS: Final = 500
HEADER_ROWS: Final = 20
DELIMITERS: Final = (",", ";", "\t", "|")
_SNIFF_LINES: Final = 60
_EXCEL_SIGNS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True)
class Problem:
    """Why a row (or one cell of it) cannot be used."""

    row: int
    column: str
    reason: str
    value: str = ""


@dataclass
class Sheet:
    """A table read from a file: headers, and rows of as many cells with their number in the file."""

    headers: list[str]
    rows: list[tuple[int, list[Any]]]
    problems: list[Problem] = field(default_factory=list)
    encoding: str = ""
    delimiter: str = ""


def read_sheet(
    path: Path, *, wanted: Iterable[str] = (), encoding: str = "", delimiter: str = "", sheet: str = ""
) -> Sheet:
    """Read a CSV or XLSX file; the header is the first row (of twenty) that holds all ``wanted`` names."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise DomainError(_("The file “%(name)s” cannot be read.") % {"name": path.name}) from error
    if size > MAX_BYTES:
        raise DomainError(_("The file is larger than %(limit)s MB. Split it.") % {"limit": MAX_BYTES // 1024**2})
    if not data.strip():
        raise DomainError(_("The file is empty."))
    if data.startswith(_EXCEL_SIGNS):
        return _from_workbook(data, list(wanted), sheet)
    content, name = encodings.decode(data, encoding)
    mark = delimiter or sniff(content)
    found = _assemble(_csv_rows(content, mark), list(wanted), {})
    found.encoding, found.delimiter = name, mark
    return found


def _from_workbook(data: bytes, wanted: list[str], sheet: str) -> Sheet:
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise DomainError(_("Only XLSX workbooks and text files can be read. Save the file as XLSX or CSV."))
    index, rows = read_workbook(data, sheet)
    found = _assemble(rows, wanted, broken_cells(data, index))
    found.encoding = "xlsx"
    return found


def sniff(content: str) -> str:
    """The delimiter that cuts the first lines into the same number of cells, the most of them; a comma if none."""
    sample = "\n".join(content.splitlines()[:_SNIFF_LINES])
    best, best_score = ",", (0.0, 0)
    for mark in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=mark) if row]
        except csv.Error:
            continue
        width, times = Counter(widths).most_common(1)[0] if widths else (0, 0)
        score = (times / len(widths), width) if width > 1 else (0.0, 0)
        if score > best_score:
            best, best_score = mark, score
    return best


def _csv_rows(content: str, delimiter: str) -> list[list[Any]]:
    csv.field_size_limit(sys.maxsize)
    lines = io.StringIO(content.replace("\r\n", "\n").replace("\r", "\n"), newline="")
    try:
        return [[_unwrap(cell) for cell in row] for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error as error:
        raise DomainError(_("The file is not a table of text: %(reason)s.") % {"reason": error}) from error


def _unwrap(cell: str) -> str:
    """The text of ``="0912…"``, the way spreadsheets keep a number as text in CSV."""
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell


def _assemble(rows: Sequence[list[Any]], wanted: list[str], broken: dict[tuple[int, int], str]) -> Sheet:
    place = _header_place(rows, wanted)
    headers = _unique(rows[place])
    sheet = Sheet(headers, [])
    for number, cells in enumerate(rows[place + 1 :], start=place + 2):
        if not any(_filled(cell) for cell in cells):
            continue
        problem = _row_problem(number, cells, headers, broken)
        if problem is None:
            sheet.rows.append((number, cells[: len(headers)]))
        else:
            sheet.problems.append(problem)
    if not sheet.rows and not sheet.problems:
        raise DomainError(_("The file has only a header row and no data."))
    return sheet


def _filled(cell: Any) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def _header_place(rows: Sequence[list[Any]], wanted: list[str]) -> int:
    keys = {text.tight(name) for name in wanted}
    first = None
    for place, row in enumerate(rows[:HEADER_ROWS]):
        if not any(_filled(cell) for cell in row):
            continue
        first = place if first is None else first
        if keys and keys <= {text.tight(name) for name in _unique(row)}:
            return place
    if first is None:
        raise DomainError(_("The file is empty."))
    if len(rows[first]) > MAX_COLUMNS:
        raise DomainError(_("The file has more than %(limit)s columns.") % {"limit": MAX_COLUMNS})
    if keys:
        names = _unique(rows[first])
        have = {text.tight(name) for name in names}
        raise DomainError(
            _("The file has no column named %(missing)s. Its columns are: %(columns)s.")
            % {
                "missing": display.listed(f"“{name}”" for name in wanted if text.tight(name) not in have),
                "columns": display.listed(name for name in names[:40] if name),
            },
            code="missing_columns",
        )
    return first


def _unique(row: Sequence[Any]) -> list[str]:
    """Header names, without the empty ones at the end; a repeated name gets its number: “E-mail (2)”."""
    names = [text.clean(str(cell)) if cell is not None else "" for cell in row]
    while names and not names[-1]:
        names.pop()
    seen: Counter[str] = Counter()
    result = []
    for name in names:
        seen[name] += 1
        result.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return result


def _row_problem(
    number: int, cells: list[Any], headers: list[str], broken: dict[tuple[int, int], str]
) -> Problem | None:
    extra = [cell for cell in cells[len(headers) :] if _filled(cell)]
    if extra or len(cells) < len(headers):
        reason = _("The row has %(cells)s cells where the header has %(headers)s.")
        return Problem(number, "", reason % {"cells": len(cells), "headers": len(headers)}, str(extra[:1] or "")[:80])
    for place, cell in enumerate(cells[: len(headers)]):
        if (number, place) in broken:
            return Problem(number, headers[place], broken[number, place])
        if not isinstance(cell, str):
            continue
        if len(cell) > MAX_CELL:
            reason = _("The cell has %(size)s characters; the limit is %(limit)s.")
            return Problem(number, headers[place], reason % {"size": len(cell), "limit": MAX_CELL}, cell[:80])
        if "\x00" in cell:
            return Problem(number, headers[place], _("The cell holds a character that is no text (NUL)."))
    return None
