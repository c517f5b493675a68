"""Run the bench against the database of the environment (``make bench`` gives it one of its own)."""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import django


def main() -> None:
    """Seed, start the server, measure, print, write JSON."""
    options = argparse.ArgumentParser(prog="python -m bench")
    options.add_argument(
        "--n", type=int, default=100_000, help="leads; half as many deals, as many accounts and contacts"
    )
    options.add_argument("--json", type=Path, default=Path("var/bench.json"))
    options.add_argument("--quick", action="store_true", help="leave out export, import and throughput")
    chosen = options.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    os.environ["STATIC_MANIFEST"] = "1"
    django.setup()
    seed(chosen.n)
    measure(chosen.json, quick=chosen.quick)


def seed(leads: int) -> None:
    """Make the sample company of that size once; a database of another size is made again."""
    from django.core.management import call_command
    from django.db import connection

    from bench.calendar import seed_calendar
    from bench.story import seed_story
    from demo.services import LEADS, demo_create, demo_exists, demo_remove
    from leads.models import Lead

    scale = max(1, leads // LEADS)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    have = Lead.all_objects.filter(is_sample=True).count()
    if have != scale * LEADS:
        if demo_exists():
            demo_remove(actor=None)
        started = time.perf_counter()
        demo_create(scale=scale)
        print(f"seeded {scale * LEADS:,} leads in {time.perf_counter() - started:.0f} s")
    seed_story()
    seed_calendar()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def measure(target: Path, *, quick: bool) -> None:
    """Everything, in one run."""
    from bench import cases, heavy, outbox, reminders, server
    from bench.client import Client
    from bench.measure import Result, in_turn, table, with_ratios, write_json

    with server.running() as web:
        client, visitor = Client(web.port, session_cookies()), Client(web.port)
        world = cases.World.look()
        results = in_turn(cases.reading(client, visitor, world))
        results += in_turn(cases.writing(client, world))
        results += heavy.bare_sql()
        if not quick:
            results += [heavy.throughput(web.port, client.cookies), heavy.export(client)]
            results.append(reminders.hundred_thousand(client))
        memory = web.worker_memory()
    if not quick:
        results.append(heavy.import_leads())
        results += outbox.outbox()
    results.append(Result("web_rss_mb", len(memory), max(memory), max(memory), note="largest worker, MB instead of ms"))
    write_json(with_ratios(results), target)
    print(table(results))
    print(f"{version()}; written to {target}")


def session_cookies() -> dict[str, str]:
    """A signed-in administrator's session, without the sign-in page."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from demo import words
    from users.models import User

    user = User.objects.get(email=f"ceo@{words.EMAIL_DOMAIN}")
    user.is_superuser = True
    user.save(update_fields=["is_superuser"])
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {settings.SESSION_COOKIE_NAME: session.session_key, settings.CSRF_COOKIE_NAME: "b" * 32}


def version() -> str:
    """Which commit was measured."""
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return f"commit {done.stdout.strip()}, Python {sys.version.split()[0]}, {os.cpu_count()} cores"


main()
