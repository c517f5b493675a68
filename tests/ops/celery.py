"""Real worker and beat processes on the test database, with a broker of their own, to be killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit, urlunsplit

import redis
from django.db import connection

from crm_project.env import BASE_DIR
from crm_project.up.services import sibling_database

BROKER_DB = 15


def broker(number: int = BROKER_DB) -> str:
    """The test's Valkey, in a database no other test uses."""
    parts = urlsplit(os.environ["REDIS_URL"])
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={number}"
    return urlunsplit(parts._replace(path=f"/{number}"))


def flush(url: str) -> None:
    """Empty the broker: everything Valkey knew is gone."""
    parts = urlsplit(url)
    number = parse_qs(parts.query).get("db", [parts.path.strip("/")])[0]
    client = (
        redis.Redis.from_url(url) if parts.scheme != "unix" else redis.Redis(unix_socket_path=parts.path, db=number)
    )
    client.flushdb()
    client.close()


class Process:
    """``celery worker`` or ``celery beat`` in a process group of its own."""

    def __init__(self, folder: Path, *argv: str, **env: str):
        self.log = (folder / f"{argv[0]}.log").open("ab")
        self.argv = [sys.executable, "-m", "celery", "--app", "crm_project", *argv]
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "crm_project.settings.dev",
            "DATABASE_URL": sibling_database(os.environ["DATABASE_URL"], connection.settings_dict["NAME"]),
            "REDIS_URL": broker(),
            "CONN_MAX_AGE": "0",
            **env,
        }
        self.start()

    def start(self) -> None:
        """Start it (again)."""
        self.process = subprocess.Popen(
            self.argv, env=self.env, cwd=BASE_DIR, stdout=self.log, stderr=self.log, start_new_session=True
        )

    def kill(self) -> None:
        """kill -9 for it and all its children, as a machine dies."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def kill_and_start(self) -> None:
        """The supervisor's part: what dies comes back."""
        self.kill()
        self.start()

    def stop(self) -> None:
        """End it for good."""
        if self.process.poll() is None:
            self.kill()
        self.log.close()


def worker(folder: Path, queues: str = "", processes: int = 2, **env: str) -> Process:
    """A worker of some queues (of all, if none are named)."""
    argv = ["worker", "--loglevel", "WARNING", "--concurrency", str(processes), "--without-gossip", "--without-mingle"]
    if queues:
        argv += ["--queues", queues, "--hostname", f"{queues.partition(',')[0]}@%h"]
    return Process(folder, *argv, **env)


def beat(folder: Path, **env: str) -> Process:
    """A beat with an empty schedule file."""
    return Process(
        folder, "beat", "--loglevel", "WARNING", "--pidfile", "", "--schedule", str(folder / "schedule"), **env
    )
