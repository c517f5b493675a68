"""XLSX: the values of a sheet, and the cells whose value cannot be trusted (errors, formulas never computed)."""

import io
import re
import zipfile
from typing import Any, Final
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from core import display
from core.errors import DomainError

MAX_UNPACKED: Final = 1024 * 1024 * 1024
_CELL: Final = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_PLACE: Final = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_workbook(data: bytes, sheet: str = "") -> tuple[int, list[list[Any]]]:
    """The place of the sheet (the first one when no name is given) and its rows; empty cells are None."""
    from python_calamine import CalamineError, CalamineWorkbook

    _check_size(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        if not names:
            raise DomainError(_("The workbook has no sheet."))
        if sheet and sheet not in names:
            raise DomainError(
                _("There is no sheet named “%(name)s”. There are: %(known)s.")
                % {"name": sheet, "known": display.listed(names)}
            )
        index = names.index(sheet) if sheet else 0
        rows = book.get_sheet_by_index(index).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise DomainError(_("The workbook is damaged or is not an XLSX file.")) from error
    return index, [[None if cell == "" else cell for cell in row] for row in rows]


def _check_size(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = sum(item.file_size for item in archive.infolist())
    except zipfile.BadZipFile as error:
        raise DomainError(_("The workbook is damaged or is not an XLSX file.")) from error
    if total > MAX_UNPACKED:
        raise DomainError(_("The workbook is too large when unpacked."))


def broken_cells(data: bytes, index: int) -> dict[tuple[int, int], str]:
    """(row number, column place) → reason, for cells with an error value or a formula without a stored value."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        path = _sheet_path(archive, index)
        content = archive.read(path) if path in archive.namelist() else b""
    if b"<f" not in content and b't="e"' not in content:
        return {}
    found = {}
    for attributes, inner in _CELL.findall(content):
        reason = _reason(attributes, inner)
        place = _PLACE.search(attributes)
        if reason and place:
            found[int(place[2]), _column(place[1])] = reason
    return found


def _reason(attributes: bytes, inner: bytes) -> str:
    if b't="e"' in attributes:
        return _("The cell holds an error, not a value.")
    if b"<f" in inner and not re.search(rb"<v>[^<]", inner):
        return _("The cell holds a formula that was never computed. Paste its value.")
    return ""


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1


def _sheet_path(archive: zipfile.ZipFile, index: int) -> str:
    try:
        book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - expat bounds entities, and the size is checked
        relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ET.ParseError):
        return ""
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    sheets = [item for item in book.iter() if item.tag.endswith("}sheet")]
    target = targets.get(sheets[index].get(_RELATION), "") if index < len(sheets) else ""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
