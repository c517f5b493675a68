"""Send what is due without Celery: one more worker of the outbox, for a while or until nothing is due."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from messaging import services

PAUSE = 0.2


class Command(BaseCommand):
    help = "Send the messages of the outbox that are due (any number of these may run beside the Celery workers)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="go on looking until stopped")

    def handle(self, *args: Any, **options: Any) -> None:
        sent = 0
        while True:
            found = services.outbox_run()
            sent += found
            if not found and not options["watch"]:
                break
            if not found:
                time.sleep(PAUSE)
        self.stdout.write(f"{sent} messages handled")
