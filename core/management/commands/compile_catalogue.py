"""`manage.py compile_catalogue`: the Persian catalogue becomes what Django reads; gettext is not needed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import catalogue


class Command(BaseCommand):
    help = "Compile locale/fa/LC_MESSAGES/django.po into django.mo beside it."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        path = catalogue.source()
        try:
            count = catalogue.compile_to(catalogue.read(path), path.with_suffix(".mo"))
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise CommandError(f"The translations cannot be read: {error}") from error
        self.stdout.write(f"{count} sentences compiled.")
