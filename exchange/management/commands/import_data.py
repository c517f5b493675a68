"""Import a file: ``import_data leads leads.csv --mapping leads.json``."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core import display
from core.errors import DomainError
from exchange import mapping, services, targets
from users.models import User

SHOWN = 10


class Command(BaseCommand):
    help = "Import a CSV or XLSX file into a target by a mapping; refused rows go to a report."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", help="leads, accounts, contacts, opportunities, products, users…")
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, required=True, help="JSON: which column goes where")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--user", help="e-mail of the person who imports; without it, the system does")
        parser.add_argument("--report", type=Path, help="where to write the refused rows (default: beside the file)")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self._actor(options["user"])
        shown = actor.display if actor else display.Display()
        with display.use(shown):
            try:
                target = targets.find(options["target"])
                result = services.data_import(
                    actor=actor,
                    target=target,
                    path=options["file"],
                    mapping=mapping.load(options["mapping"], target),
                    dry_run=options["dry_run"],
                    progress=self._tell if options["verbosity"] > 1 else None,
                )
            except DomainError as error:
                raise CommandError(str(error)) from error
            self._say(result, options)

    def _actor(self, email: str | None) -> User | None:
        if not email:
            return None
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(_("There is no active user with the e-mail address %(email)s.") % {"email": email})
        return user

    def _tell(self, message: str) -> None:
        self.stderr.write(f"{message}…")

    def _say(self, result: services.ImportResult, options: dict[str, Any]) -> None:
        for line in services.summary(result):
            self.stdout.write(line)
        if not result.problems:
            return
        for problem in result.problems[:SHOWN]:
            self.stdout.write(f"  {problem.row}: {problem.column}: {problem.reason} {problem.value}".rstrip())
        path = options["report"] or Path(f"{options['file'].stem}.refused.csv")
        try:
            services.write_report(result, path)
        except OSError as error:
            raise CommandError(_("The report “%(name)s” cannot be written.") % {"name": path}) from error
        self.stdout.write(_("All refused rows: %(path)s") % {"path": path})
