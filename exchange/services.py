"""Importing: the file is read, every row is checked, and what is good is written in one transaction."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from core import audit, bulk
from core.display import current
from core.errors import DomainError
from core.services import require
from exchange import staging
from exchange.mapping import UPDATE, Mapping
from exchange.matching import Matcher
from exchange.reader import Problem, read_sheet
from exchange.rows import Stager
from exchange.staging import Context
from exchange.targets import Target

Progress = Callable[[str], None]


@dataclass
class ImportResult:
    """What an import did (or would do), with every refusal."""

    target: str
    file: str = ""
    read: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    repeated: int = 0
    related: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    encoding: str = ""
    dry_run: bool = False

    @property
    def refused(self) -> int:
        """The number of refused rows; a row may have several problems."""
        return len({problem.row for problem in self.problems})


def data_import(
    *,
    actor: Any,
    target: Target,
    path: Path,
    mapping: Mapping,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Import a file as ``actor`` (None is the system itself): all good rows or, when anything breaks, none.

    A dry run does everything and takes it back, so that it says exactly what the import would. Refused rows are in
    the result, never half-written. DomainError for a file, mapping or right that makes the whole import impossible.
    """
    if actor is not None:
        require(actor, "add", target.model)
        if mapping.on_duplicate == UPDATE:
            require(actor, "change", target.model)
    tell = progress or (lambda _message: None)
    tell(_("Reading the file"))
    sheet = read_sheet(
        path, wanted=mapping.sources, encoding=mapping.encoding, delimiter=mapping.delimiter, sheet=mapping.sheet
    )
    result = ImportResult(
        target.name,
        path.name,
        read=len(sheet.rows) + len(sheet.problems),
        encoding=sheet.encoding,
        dry_run=dry_run,
    )
    context = Context(actor, target, mapping, current().tz)
    try:
        with connection.wrap_database_errors, transaction.atomic():  # COPY goes past Django's own wrapping
            _stage_and_write(sheet, context, result, tell)
            if dry_run:
                transaction.set_rollback(True)
    except (IntegrityError, DataError) as error:
        raise DomainError(
            _("The database refused the rows, so nothing was written: %(reason)s.")
            % {"reason": str(error).splitlines()[0]}
        ) from error
    result.problems.sort(key=lambda problem: problem.row)
    return result


def _stage_and_write(sheet: Any, context: Context, result: ImportResult, tell: Progress) -> None:
    tell(_("Checking the rows"))
    if context.target.begin is not None:
        context.target.begin(context)
    stager = Stager(sheet, context)
    matcher = Matcher(stager, context)
    rows = matcher.sort(stager.prepare(matcher.match(stager.fill())))
    _complete(context)
    related = stager.needed_related(rows)
    tell(_("Writing"))
    with audit.action(
        "data.imported",
        actor=context.actor,
        params={"count": len(rows), "target": context.target.name, "file": result.file},
    ):
        staging.write(context, related)
        _last_look(context)
    result.created, result.updated = len(context.created), len(context.updated)
    result.skipped, result.repeated = matcher.skipped, matcher.repeated
    result.related = {str(model._meta.verbose_name_plural): len(made) for model, made in related.items() if made}
    result.problems = stager.problems


def _complete(context: Context) -> None:
    """Author of new rows, and the team of rows with an owner: the owner's, unless the file names one."""
    names = {f.attname for f in bulk.written_fields(context.target.model)}
    author = {"created_by_id": context.actor.pk} if context.actor is not None and "created_by_id" in names else {}
    if not context.target.owned:
        for row in context.created:
            row.values = {**author, **row.values}
        return
    from users.models import User

    teams = dict(User.objects.exclude(team=None).values_list("pk", "team_id"))
    for row in (*context.created, *context.updated):
        if not row.existing:
            row.values.update(author)
        team = teams.get(row.values.get("owner_id"))
        if team is not None:
            row.values.setdefault("team_id", team)


def _last_look(context: Context) -> None:
    """Nothing an actor writes may fall outside what the actor's roles allow: then nothing is written."""
    if context.actor is None or not context.target.owned:
        return
    manager: Any = context.target.model._default_manager
    rows = manager.for_user(context.actor, "add").order_by()
    for batch in staging.in_batches([row.pk for row in context.created]):
        if rows.filter(pk__in=batch).count() != len(batch):
            raise DomainError(_("Some rows would leave what you may see, so nothing was written."))


def write_report(result: ImportResult, path: Path) -> None:
    """Write the refused rows as CSV that spreadsheets open well: row, column, reason, value."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_("Row"), _("Column"), _("Reason"), _("Value")])
        for problem in result.problems:
            writer.writerow([problem.row, problem.column, problem.reason, _safe(problem.value)])


def _safe(value: str) -> str:
    """A cell no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t"} else value


def summary(result: ImportResult) -> list[str]:
    """The result in sentences."""
    values = {
        "read": result.read,
        "created": result.created,
        "updated": result.updated,
        "skipped": result.skipped,
        "repeated": result.repeated,
        "refused": result.refused,
    }
    lines = [
        _("%(read)d rows read: %(created)d to create, %(updated)d to change, %(refused)d refused.")
        if result.dry_run
        else _("%(read)d rows read: %(created)d created, %(updated)d changed, %(refused)d refused.")
    ]
    if result.skipped:
        lines.append(_("%(skipped)d rows were left as they are, for their key exists."))
    if result.repeated:
        lines.append(_("%(repeated)d rows repeat an earlier row."))
    lines = [line % values for line in lines]
    lines += [_("%(count)d new: %(what)s.") % {"count": n, "what": what} for what, n in result.related.items()]
    if result.dry_run:
        lines.append(_("This was a dry run: nothing was written."))
    return lines
