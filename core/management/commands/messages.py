"""`manage.py messages`: which sentences of the code have no Persian yet. For developers: needs gettext."""

import shutil
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.management.commands import makemessages

from core import catalogue

IGNORED = (".venv", "var", "tests", "bench", "node_modules", "static", "docs")


class Extraction(makemessages.Command):
    """Django's extraction without its merge, which guesses translations and keeps dead sentences."""

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Leave the catalogue alone; the extracted template is all that is wanted."""


class Command(BaseCommand):
    help = "List the sentences that have no Persian translation; exit code 1 when there are any."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--update", action="store_true", help="write new sentences into the catalogue and drop those no longer used"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not shutil.which("xgettext"):
            raise CommandError("gettext is missing. Run: apt-get install gettext")
        path = catalogue.source()
        book, extracted = catalogue.read(path), self.extract()
        missing = catalogue.missing(book, extracted)
        if options["update"]:
            done = catalogue.update(book, extracted, path)
            self.stdout.write(f"{done.added} sentences added, {done.dropped} dropped.")
        for entry in missing:
            places = ", ".join(f"{name}:{line}" for name, line in entry.occurrences[:3])
            self.stdout.write(f"{entry.msgid!r}  ({places})")
        if missing:
            raise CommandError(f"{len(missing)} sentences have no Persian.")
        self.stdout.write("Every sentence has its Persian.")

    def extract(self) -> list[polib.POEntry]:
        """Every sentence marked for translation in Python and templates of the project."""
        template = Path(settings.LOCALE_PATHS[0]) / "django.pot"
        call_command(Extraction(), locale=["fa"], keep_pot=True, ignore_patterns=list(IGNORED), verbosity=0)
        try:
            return list(polib.pofile(str(template)))
        finally:
            template.unlink()
