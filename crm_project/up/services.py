"""PostgreSQL and Valkey together: embedded, unless DATABASE_URL and REDIS_URL name the reader's own."""

import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from crm_project.up import binaries, checks, postgres, state, valkey
from crm_project.up.keeper import Keeper
from crm_project.up.layout import Layout, UpError, layout, var_folder

DATABASE = "peyvand"
ATTACH_PATIENCE = 60


@dataclass(frozen=True)
class Wanted:
    """Which services have to be embedded, and how."""

    database: bool
    redis: bool
    scratch: str = ""
    name: str = DATABASE
    no_sync: bool = False

    @property
    def anything(self) -> bool:
        """Whether something has to be embedded at all."""
        return self.database or self.redis


def wanted(scratch: str = "", name: str = "", *, no_sync: bool = False) -> Wanted:
    """Read from the environment what the reader brings along."""
    return Wanted(
        database=not os.environ.get("DATABASE_URL"),
        redis=not os.environ.get("REDIS_URL"),
        scratch=scratch,
        name=name or DATABASE,
        no_sync=no_sync,
    )


def folders(need: Wanted) -> Layout:
    """The instance's folders; without embedded services only logs and stamps are kept."""
    if need.anything:
        return layout(need.scratch, disposable=need.no_sync)
    var = var_folder(need.scratch)
    return Layout(var=var, data=var, run=var, account=None)


def start(need: Wanted, where: Layout, keeper: Keeper) -> None:
    """Start what has to be embedded and wait until it answers."""
    if not need.anything:
        return
    checks.require_space(where.data, first=not postgres.data(where).exists())
    programs = binaries.find(where)
    if need.database:
        postgres.prepare(where, programs)
        server = keeper.start(postgres.child(where, programs))
    if need.redis:
        cache = keeper.start(valkey.child(where, programs))
        valkey.wait_ready(where, cache)
    if need.database:
        postgres.wait_ready(where, server)
        postgres.ensure_database(where.run, need.name)


def environment(need: Wanted, where: Layout, settings: str) -> dict[str, str]:
    """The environment of everything that runs with these services."""
    env = dict(os.environ)
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env.get('PATH', os.defpath)}"
    env |= {"DJANGO_SETTINGS_MODULE": settings, "PYTHONUNBUFFERED": "1"}
    env.setdefault("SECRET_KEY", secret_key(where))
    if need.database:
        env["DATABASE_URL"] = postgres.url(where.run, need.name)
    elif need.name != DATABASE:
        env["DATABASE_URL"] = sibling_database(env["DATABASE_URL"], need.name)
    if need.redis:
        env["REDIS_URL"] = valkey.url(where.run, 0)
        env["CACHE_URL"] = valkey.url(where.run, 1)
    return env


def sibling_database(url: str, name: str) -> str:
    """The same server's other database; it must exist, for creating it is its owner's business."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def secret_key(where: Layout) -> str:
    """The instance's own key, made once and readable only by its owner."""
    path = where.var / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    key = path.read_text().strip()
    if not key:
        raise UpError(f"{where.shown(path)} is empty (was the disk full?). Remove it and start again.")
    return key


@contextmanager
def running(need: Wanted, settings: str) -> Iterator[tuple[Keeper, dict[str, str]]]:
    """Services for one command: those of a running instance of this folder, else started here and stopped after."""
    where = folders(need)
    with state.lock(where.var) as ours:
        keeper = Keeper(where.var)
        keeper.listen()
        if not ours:
            attach(need, where)
            yield keeper, environment(need, where, settings)
            return
        state.clean_leftovers(where.var)
        try:
            start(need, where, keeper)
            yield keeper, environment(need, where, settings)
        finally:
            keeper.stop()


def attach(need: Wanted, where: Layout) -> None:
    """Use the services another process of this folder runs; wait while it is still starting them."""
    until = time.monotonic() + ATTACH_PATIENCE
    while (need.database and not postgres.answers(where.run)) or (need.redis and not valkey.answers(where.run)):
        if time.monotonic() > until:
            pid = state.read(where.var).get("pid", "?")
            raise UpError(
                f"Process {pid} holds {where.shown(where.var)}, but its services do not answer. Stop it first."
            )
        time.sleep(0.1)
    if need.database:
        postgres.ensure_database(where.run, need.name)
