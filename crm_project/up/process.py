"""One child process: started in a session of its own, bound to its parent's life, stopped with everything it started."""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crm_project.up.layout import Account

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 20 * 1024 * 1024
FIRST_PAUSE, LONGEST_PAUSE, CALM = 0.2, 30.0, 60.0
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def say(text: str) -> None:
    """Print one line for the person at the keyboard; a closed terminal is no reason to fall."""
    with contextlib.suppress(OSError):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def die_with_parent(sig: int = signal.SIGKILL, parent: int | None = None) -> None:
    """Ask the kernel to signal this process when its parent dies (Linux), even if the parent was killed with -9."""
    if LIBC is None:
        return
    LIBC.prctl(PR_SET_PDEATHSIG, int(sig))
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def bound_to_parent(sig: int) -> Callable[[], None]:
    """What the forked child runs before exec; everything it needs is looked up here, before the fork."""
    parent = os.getpid()
    return lambda: die_with_parent(sig, parent)


@dataclass
class Child:
    """A process to keep: how to start it, how to stop it, and when it may be started again."""

    name: str
    argv: list[str]
    env: Mapping[str, str]
    cwd: Path
    log: Path | None = None
    account: Account | None = None
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGKILL
    patience: float = 10.0
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    resume_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it; raises OSError when the program cannot be run."""
        self.trim_log()
        out = self.log.open("ab") if self.log else None
        try:
            self.process = subprocess.Popen(
                self.argv,
                env=dict(self.env),
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT if out else None,
                start_new_session=True,
                preexec_fn=bound_to_parent(self.death_signal),  # noqa: PLW1509 - only a system call, no lock
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
            )
        finally:
            if out:
                out.close()
        self.started = time.monotonic()

    @property
    def pid(self) -> int:
        """Process id, 0 before the first start."""
        return self.process.pid if self.process else 0

    def alive(self) -> bool:
        """Whether the process runs now."""
        return self.process is not None and self.process.poll() is None

    def exit_reason(self) -> str:
        """How it ended, in words."""
        code = self.process.poll() if self.process else None
        if code is None:
            return "runs"
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"

    def signal(self, sig: int) -> None:
        """Send a signal to the process itself, if it is still there."""
        if self.alive() and self.process:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(sig)

    def kill_group(self) -> None:
        """End whatever the process started and left behind in its session."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    def wait(self, seconds: float) -> bool:
        """Wait until it has ended; False when it still runs after so many seconds."""
        if self.process is None:
            return True
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self, patience: float | None = None) -> None:
        """Stop it politely, then by force, then its descendants."""
        self.signal(self.stop_signal)
        if not self.wait(self.patience if patience is None else patience):
            self.signal(signal.SIGKILL)
            self.wait(5)
        self.kill_group()

    def schedule_restart(self) -> float:
        """Note when it may start again: at once after a calm time, later after each fall; returns the pause."""
        now = time.monotonic()
        self.pause = FIRST_PAUSE if now - self.started > CALM else self.pause
        pause, self.pause = self.pause, min(self.pause * 2, LONGEST_PAUSE)
        self.resume_at = now + pause
        return pause

    def trim_log(self) -> None:
        """Keep one old copy of a log that has grown long; children append, so the file itself stays."""
        with contextlib.suppress(OSError):
            if self.log and self.log.stat().st_size > LOG_LIMIT:
                shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
                os.truncate(self.log, 0)


def last_words(log: Path, offset: int = 0, signs: tuple[str, ...] = ("FATAL", "PANIC", "rror")) -> str:
    """The last line of a log that names an error, else its last line: what a person needs to read first."""
    try:
        with log.open("rb") as handle:
            handle.seek(offset)
            lines = handle.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    told = [line.strip() for line in lines if line.strip()]
    telling = [line for line in told if any(sign in line for sign in signs)]
    return (telling or told or [""])[-1]
