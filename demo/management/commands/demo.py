"""``manage.py demo``: make, remove or describe the sample company."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo import words
from demo.services import demo_create, demo_exists, demo_remove


class Command(BaseCommand):
    help = "Makes the sample company (or removes it with --remove)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale", type=int, default=1, help="times 1,000 leads, 500 deals, 500 accounts, 500 contacts"
        )
        parser.add_argument("--seed", type=int, default=1405, help="the same seed makes the same data")
        parser.add_argument("--today", type=dt.date.fromisoformat, help="last day of the history (YYYY-MM-DD)")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when sample data is there")
        parser.add_argument("--remove", action="store_true", help="delete the sample data")
        parser.add_argument("--logins", action="store_true", help="print the sample logins")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["logins"]:
            self.print_logins()
        elif options["remove"]:
            for label, count in demo_remove(actor=None).items():
                self.stdout.write(f"{label}: {count}")
        elif demo_exists():
            if not options["if_empty"]:
                raise CommandError("Sample data is there already. Remove it first: manage.py demo --remove")
        else:
            if options["scale"] < 1:
                raise CommandError("--scale is a whole number from 1.")
            made = demo_create(
                scale=options["scale"], seed=options["seed"], today=options["today"], report=self.stdout.write
            )
            self.stdout.write(", ".join(f"{count:,} {name}" for name, count in made.items()))

    def print_logins(self) -> None:
        """One line per login, for whoever starts the product the first time."""
        for name in ("rep", "manager", "ceo", "marketing", "support", "admin"):
            person = next(p for p in words.PEOPLE if p[0] == name)
            self.stdout.write(f"{name}@{words.EMAIL_DOMAIN}  {words.PASSWORD}  ({person[3]})")
