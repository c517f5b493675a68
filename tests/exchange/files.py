"""Small files and mappings for the import tests."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from exchange import mapping, services, targets
from exchange.services import ImportResult


def csv_text(rows: list[list[str]], delimiter: str = ",") -> str:
    """Rows as CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def run(path: Path, target: str, rules: dict[str, Any], *, actor: Any = None, dry_run: bool = False) -> ImportResult:
    """Import a file by a mapping given as data."""
    found = targets.find(target)
    return services.data_import(
        actor=actor, target=found, path=path, mapping=mapping.parse(rules, found), dry_run=dry_run
    )


def write(
    folder: Path, rows: list[list[str]], name: str = "file.csv", encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    """A CSV file."""
    path = folder / name
    path.write_bytes(csv_text(rows, delimiter).encode(encoding))
    return path


def write_json(folder: Path, data: Any, name: str = "mapping.json") -> Path:
    """A mapping file."""
    path = folder / name
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def reasons(result: ImportResult) -> dict[int, tuple[str, str]]:
    """Row number → column and reason of its first problem."""
    found: dict[int, tuple[str, str]] = {}
    for problem in result.problems:
        found.setdefault(problem.row, (problem.column, problem.reason))
    return found
