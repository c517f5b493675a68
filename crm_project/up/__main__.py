"""Command line: `python -m crm_project.up …`; every failure is one line, never a traceback."""

import argparse
import errno
import signal
import subprocess
import sys
from collections.abc import Sequence

import psycopg2

from crm_project.up import browser, services, steps, supervisor
from crm_project.up.keeper import Keeper, Stopped
from crm_project.up.layout import UpError
from crm_project.up.process import bound_to_parent, say


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    root = argparse.ArgumentParser(prog="python -m crm_project.up", description=__doc__)
    commands = root.add_subparsers(dest="command", required=True)
    for name, text in (("run", "the whole product"), ("dev", "the same with DEBUG and reload")):
        command = commands.add_parser(name, help=text)
        command.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    commands.add_parser("chromium", help="make sure there is a browser for the tests")
    for name, text in (("services", "only PostgreSQL and Valkey"), ("with-services", "run a command with both")):
        command = commands.add_parser(name, help=text)
        command.add_argument("--scratch", default="", metavar="NAME", help="own data folder var/NAME")
        command.add_argument("--database", default="", metavar="NAME", help="database, created when embedded")
        command.add_argument("--settings", default=supervisor.SETTINGS, metavar="MODULE")
        command.add_argument("--no-sync", action="store_true", help="faster; data may be lost with the power")
        command.add_argument("--migrate", action="store_true", help="migrate the database first")
        if name == "with-services":
            command.add_argument(
                "--template", action="store_true", help="a migrated database to copy test databases from"
            )
            command.add_argument("argv", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    chosen = parser().parse_args(argv)
    if chosen.command in {"run", "dev"}:
        supervisor.run(reload=chosen.command == "dev", seed=not chosen.no_demo)
        return 0
    if chosen.command == "chromium":
        browser.ensure()
        return 0
    need = services.wanted(chosen.scratch, chosen.database, no_sync=chosen.no_sync)
    with services.running(need, chosen.settings) as (keeper, env):
        where = services.folders(need)
        steps.run(keeper, where, env, [steps.catalogue(), steps.migrate(need, where) if chosen.migrate else None])
        if getattr(chosen, "template", False):
            steps.template(keeper, need, where, env)
        if chosen.command == "services":
            say(f"DATABASE_URL={env.get('DATABASE_URL')}\nREDIS_URL={env.get('REDIS_URL')}\nReady; Ctrl-C stops both.")
            while True:
                keeper.sleep()
        return run_command(keeper, env, [part for part in chosen.argv if part != "--"])


def run_command(keeper: Keeper, env: dict[str, str], argv: list[str]) -> int:
    """Run a command in the foreground, so that the terminal's Ctrl-C reaches it too; returns its exit code."""
    command = [sys.executable, *argv[1:]] if argv[0] in {"python", "python3"} else argv
    process = subprocess.Popen(command, env=env, preexec_fn=bound_to_parent(signal.SIGTERM))  # noqa: PLW1509 - no lock taken
    try:
        while process.poll() is None:
            keeper.sleep()
    except Stopped:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        return 130
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def explain(error: OSError) -> str:
    """An error of the system in words."""
    if error.errno == errno.ENOSPC:
        return "the disk is full. Free some space and start again; no data was touched."
    return f"{error.filename or ''} {error.strerror or error}".strip()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except UpError as error:
        sys.exit(f"Peyvand: {error}")
    except Stopped:
        sys.exit(130)
    except psycopg2.OperationalError as error:
        sys.exit(f"Peyvand: PostgreSQL does not answer: {str(error).strip().splitlines()[-1]}")
    except OSError as error:
        sys.exit(f"Peyvand: {explain(error)}")
