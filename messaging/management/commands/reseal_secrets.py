"""After a change of SECRET_KEY: encrypt the secrets of the channels with the new one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messaging import services
from messaging.secrets import Unreadable


class Command(BaseCommand):
    help = "Encrypt the secrets of the channels with SECRET_KEY (the former key must be in SECRET_KEY_FALLBACKS)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = services.secrets_reseal()
        except Unreadable as error:
            raise CommandError(
                "Some secrets were encrypted with another key. Put it into SECRET_KEY_FALLBACKS and run this again; "
                "nothing was changed."
            ) from error
        self.stdout.write(f"{count} accounts resealed")
