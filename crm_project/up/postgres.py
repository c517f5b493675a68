"""The embedded PostgreSQL: its data folder, its process, its databases."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from crm_project.up.binaries import Binaries, postgres_major
from crm_project.up.layout import Layout, UpError
from crm_project.up.process import Child, last_words, say

USER = "crm"
START_PATIENCE = 120
MEGABYTE = 1024 * 1024
INITDB = [
    *("-U", USER, "--auth-local=trust", "--auth-host=reject", "--data-checksums"),
    "--encoding=UTF8",
    "--locale=C.UTF-8",  # libc's LC_CTYPE must know Persian letters, or trigram search is blind to them
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
]
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def data(where: Layout) -> Path:
    """The cluster's folder."""
    return where.data / "pg"


def require_same_major(where: Layout) -> None:
    """Refuse, touching nothing, when the data was written by another major version."""
    found = (data(where) / "PG_VERSION").read_text().strip()
    if found != postgres_major():
        raise UpError(
            f"{where.shown(data(where))} holds data of PostgreSQL {found}, this release brings {postgres_major()}. "
            "Nothing was changed: see «Another PostgreSQL major» in docs/operations.md."
        )


def prepare(where: Layout, binaries: Binaries) -> None:
    """Make the cluster when there is none; a half-made one never takes the final name."""
    target = data(where)
    if target.exists():
        if not (target / "PG_VERSION").exists():
            raise UpError(f"{where.shown(target)} exists but holds no PostgreSQL data. Move it away and start again.")
        require_same_major(where)
        clear_stale_pid(target)
        return
    draft = where.data / "pg.new"
    shutil.rmtree(draft, ignore_errors=True)
    done = subprocess.run(
        [str(binaries.initdb), "-D", str(draft), *INITDB, *(["--no-sync"] if where.disposable else [])],
        env=ENVIRONMENT,
        cwd=where.data,
        capture_output=True,
        text=True,
        check=False,
        user=where.account.uid if where.account else None,
        group=where.account.gid if where.account else None,
        extra_groups=[] if where.account else None,
    )
    if done.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        where.log("postgres").write_text(done.stdout + done.stderr)
        if "No space left" in done.stderr:
            raise UpError(
                f"The disk is full: PostgreSQL could not make its data folder in {where.data}. Free some space."
            )
        raise UpError(f"PostgreSQL could not make its data folder: {last_words(where.log('postgres'))}")
    draft.rename(target)


def clear_stale_pid(folder: Path) -> None:
    """Remove a lock file whose process id now belongs to another program; PostgreSQL itself sees only dead ids."""
    lock = folder / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int(lock.read_text().split()[0])
        command = Path(f"/proc/{pid}/comm").read_text().strip()
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        if command != "postgres" or state == "Z":
            lock.unlink()


def options(where: Layout) -> list[str]:
    """Server settings: memory by the machine's size, a private socket only, no safety for data made to be thrown away."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    chosen = {
        "unix_socket_directories": str(where.run),
        "listen_addresses": "",
        "shared_buffers": f"{max(128, min(1024, memory // 8))}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "max_wal_size": "2GB",
        "random_page_cost": "1.1",
        "jit": "off",
        "log_line_prefix": "%m [%p] ",
    }
    if where.disposable:
        chosen |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]


def child(where: Layout, binaries: Binaries) -> Child:
    """The server as a direct child: SIGINT is its fast, clean shutdown, also when the supervisor is killed."""
    return Child(
        name="postgres",
        argv=[str(binaries.postgres), "-D", str(data(where)), "-p", "5432", *options(where)],
        env=ENVIRONMENT,
        cwd=data(where),
        log=where.log("postgres"),
        account=where.account,
        stop_signal=signal.SIGINT,
        death_signal=signal.SIGINT,
        patience=30,
    )


def connect(run: Path, database: str = "postgres") -> "psycopg2.extensions.connection":
    """A connection through the private socket; raises psycopg2.OperationalError while the server does not answer."""
    return psycopg2.connect(host=str(run), port=5432, user=USER, dbname=database, connect_timeout=5)


def answers(run: Path) -> bool:
    """Whether the server takes connections."""
    try:
        connect(run).close()
    except psycopg2.OperationalError:
        return False
    return True


def wait_ready(where: Layout, server: Child) -> None:
    """Wait for the first connection; a server that ended is reported with its own last words."""
    began, told = time.monotonic(), False
    while not answers(where.run):
        if not server.alive():
            words = last_words(where.log("postgres"), signs=("FATAL", "PANIC"))
            raise UpError(f"PostgreSQL did not start: {words} (log: {where.shown(where.log('postgres'))})")
        waited = time.monotonic() - began
        if waited > START_PATIENCE:
            raise UpError(f"PostgreSQL does not answer; see {where.shown(where.log('postgres'))}")
        if waited > 5 and not told:
            say("PostgreSQL is recovering from an unclean stop ...")
            told = True
        time.sleep(0.05)


def ensure_database(run: Path, name: str, *, anew: bool = False) -> None:
    """Create a database when it is not there yet; `anew` drops the one that is there, for what is made to be copied."""
    connection = connect(run)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            if anew:
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    finally:
        connection.close()


def url(run: Path, database: str) -> str:
    """DATABASE_URL of an embedded database."""
    return f"postgresql://{USER}@/{database}?host={quote(str(run), safe='/')}"
