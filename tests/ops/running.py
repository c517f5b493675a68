"""Starting the supervisor as a person would, in a folder of the test's own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from crm_project.env import BASE_DIR
from crm_project.up import state

OWN_SERVICES = ("DATABASE_URL", "REDIS_URL", "CACHE_URL", "DJANGO_SETTINGS_MODULE", "PORT", "HOST", "SECRET_KEY")


def environment(var: Path, **more: str) -> dict[str, str]:
    """The test's environment without the services it came with."""
    kept = {key: value for key, value in os.environ.items() if key not in OWN_SERVICES}
    return kept | {"VAR_DIR": str(var)} | more


def up(var: Path, *argv: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the supervisor to its end."""
    return subprocess.run(
        [sys.executable, "-m", "crm_project.up", *argv],
        env=environment(var, **more),
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def wait_for(condition: Callable[[], object], seconds: float = 30.0) -> None:
    """Look until the condition holds; fails after so many seconds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def gone(pid: int) -> bool:
    """Whether a process has ended (a zombie has)."""
    return state.birth(pid) == ""


class Running:
    """A supervisor in the background, with its output in a file."""

    def __init__(self, var: Path, *argv: str, ready: str, seconds: float = 30.0, **more: str):
        self.var = var
        var.mkdir(exist_ok=True)
        self.output = var / "output.txt"
        with self.output.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "crm_project.up", *argv],
                env=environment(var, **more),
                cwd=BASE_DIR,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_for(lambda: ready in self.text or self.process.poll() is not None, seconds)
            assert self.process.poll() is None, self.text
        except BaseException:
            self.stop()
            raise

    @property
    def text(self) -> str:
        """What it has said so far."""
        return self.output.read_text()

    def pid_of(self, name: str) -> int:
        """Process id of a child."""
        return int(state.read(self.var)["children"].get(name, [0])[0])

    def pids(self) -> list[int]:
        """Process ids of all children."""
        return [pid for pid, _ in state.read(self.var)["children"].values()]

    def kill(self, name: str) -> int:
        """Kill a child with -9 and wait until another one has its place; returns the new process id."""
        old = self.pid_of(name)
        os.kill(old, signal.SIGKILL)
        wait_for(lambda: self.pid_of(name) not in {0, old})
        return self.pid_of(name)

    def stop(self, sig: int = signal.SIGTERM) -> int:
        """Ask it to stop; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(sig)
        return self.process.wait(40)
