"""Send what is due without Celery: one more worker of the outbox, for a while or until nothing is due."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections

from messaging import services

PAUSE, AWAY = 0.2, 2.0  # seconds


class Command(BaseCommand):
    help = "Send the messages of the outbox that are due (any number of these may run beside the Celery workers)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="go on looking until stopped")

    def handle(self, *args: Any, **options: Any) -> None:
        sent = 0
        while True:
            found = self._run(patient=options["watch"])
            sent += found
            if not found and not options["watch"]:
                break
            if not found:
                time.sleep(PAUSE)
        self.stdout.write(f"{sent} messages handled")

    def _run(self, *, patient: bool) -> int:
        """One run; while the database is away a patient worker looks again instead of ending."""
        try:
            services.notices_run()
            return services.outbox_run()
        except (OperationalError, InterfaceError) as error:
            if not patient:
                raise
            self.stderr.write(f"the database is away: {error}")
            time.sleep(AWAY)
            return 0
        finally:
            close_old_connections()
