"""The production web server with two workers, as a child that dies with the bench."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.client import Client
from crm_project.up.process import bound_to_parent
from crm_project.up.supervisor import web_command


@dataclass
class Server:
    """Where it listens and who works in it."""

    port: int
    pid: int

    def worker_memory(self) -> list[float]:
        """Resident memory of each worker process in MB."""
        sizes = []
        for child in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split():
            status = Path(f"/proc/{child}/status").read_text()
            rss = next((line for line in status.splitlines() if line.startswith("VmRSS:")), "VmRSS: 0")
            sizes.append(int(rss.split()[1]) / 1024)
        return sorted(size for size in sizes if size > 40)


def free_port() -> int:
    """A port nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running() -> Iterator[Server]:
    """Start, wait until it answers, and stop."""
    port = free_port()
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings", "STATIC_MANIFEST": "1", "DEBUG": "0"}
    process = subprocess.Popen(
        web_command("127.0.0.1", port),
        env=env,
        preexec_fn=bound_to_parent(signal.SIGTERM),  # noqa: PLW1509 - no lock taken
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        _wait(process, port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(15)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise SystemExit(
                f"bench: the server did not start: {process.stderr.read().decode() if process.stderr else ''}"
            )
        try:
            if Client(port).request("GET", "/bench/empty/").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("bench: the server did not answer within 30 s")
