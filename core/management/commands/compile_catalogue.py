"""`manage.py compile_catalogue`: the Persian fragments become one compiled catalogue; gettext is not needed."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import catalogue


class Command(BaseCommand):
    help = "Merge locale/fa/*.po into locale/fa/LC_MESSAGES/django.mo."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--strict", action="store_true", help="fail when two fragments contradict each other")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.LOCALE_PATHS[0]) / "fa"
        try:
            merged = catalogue.merge(catalogue.fragments(folder))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"A translation file cannot be read: {error}") from error
        for conflict in merged.conflicts:
            self.stderr.write(self.style.WARNING(conflict))
        if merged.conflicts and options["strict"]:
            raise CommandError(f"{len(merged.conflicts)} contradictions")
        merged.save(folder / "LC_MESSAGES" / "django.mo")
        self.stdout.write(f"{len(merged.entries)} sentences compiled.")
