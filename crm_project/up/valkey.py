"""The embedded Valkey: broker and cache on a private socket, with an append-only file."""

import os
import signal
import socket
import time
from pathlib import Path

from crm_project.up.binaries import Binaries
from crm_project.up.layout import Layout, UpError
from crm_project.up.process import Child, last_words

START_PATIENCE = 60


def socket_path(run: Path) -> Path:
    """The server's socket."""
    return run / "valkey.sock"


def child(where: Layout, binaries: Binaries) -> Child:
    """The server as a direct child; it saves at once when it is asked to end."""
    folder = where.data / "valkey"
    folder.mkdir(mode=0o700, exist_ok=True)
    if where.account:
        os.chown(folder, where.account.uid, where.account.gid)
    durable = ["--appendonly", "no" if where.disposable else "yes", "--appendfsync", "everysec", "--save", ""]
    return Child(
        name="valkey",
        argv=[
            *(str(binaries.valkey_server), "--port", "0", "--unixsocket", str(socket_path(where.run))),
            *("--dir", str(folder), *durable, "--maxmemory-policy", "noeviction", "--daemonize", "no"),
        ],
        env={"LC_ALL": "C.UTF-8"},
        cwd=folder,
        log=where.log("valkey"),
        account=where.account,
        death_signal=signal.SIGTERM,
    )


def answers(run: Path) -> bool:
    """Whether the server says PONG (it says LOADING while it reads its file)."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(socket_path(run)))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def wait_ready(where: Layout, server: Child) -> None:
    """Wait for the first answer; a server that ended is reported with its own last words."""
    until = time.monotonic() + START_PATIENCE
    while not answers(where.run):
        if not server.alive() or time.monotonic() > until:
            words = last_words(where.log("valkey"))
            raise UpError(f"Valkey did not start: {words} (log: {where.shown(where.log('valkey'))})")
        time.sleep(0.02)


def url(run: Path, number: int) -> str:
    """REDIS_URL of a numbered database of the embedded server."""
    return f"unix://{socket_path(run)}?db={number}"
