"""Keeps children running: starts them, starts them again with back-off, stops them in order."""

import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from crm_project.up import state
from crm_project.up.layout import UpError
from crm_project.up.process import Child, last_words, say

TICK = 0.1
TICKS_BETWEEN_TRIMS = 600
SERVICES = ("postgres", "valkey")  # in the order they start


class Stopped(BaseException):
    """Someone asked to stop: Ctrl-C, SIGTERM or a closed terminal."""


def complaint(child: Child) -> str:
    """What the child itself says about its fall; nothing when it was killed."""
    code = child.process.returncode if child.process else 0
    return f" ({last_words(child.log)})" if code and code > 0 and child.log else ""


class Keeper:
    """The children of one instance, services first."""

    def __init__(self, var: Path, address: str = ""):
        self.var = var
        self.address = address
        self.children: list[Child] = []
        self.stopping = self.hurry = False
        self.ticks = 0

    def listen(self) -> None:
        """Take over the stop signals: the first one stops politely, the second one at once."""
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sig, self.on_signal)

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """Leave whatever is being done, or hurry when the stop is under way."""
        if self.stopping:
            self.hurry = True
            return
        self.stopping = True
        raise Stopped

    def start(self, child: Child) -> Child:
        """Start a child and keep it from now on."""
        child.start()
        self.children.append(child)
        state.write(self.var, self.address, self.children)
        return child

    def tick(self) -> None:
        """Look after the children once: start again those that fell and have waited long enough."""
        self.ticks += 1
        if self.ticks % TICKS_BETWEEN_TRIMS == 0:
            for child in self.children:
                child.trim_log()
        for child in self.children:
            if child.alive():
                continue
            if not child.resume_at:
                child.kill_group()
                pause = child.schedule_restart()
                say(f"{child.name} {child.exit_reason()}; starting it again in {pause:.1f} s{complaint(child)}")
            elif time.monotonic() >= child.resume_at:
                child.resume_at = 0.0
                self.restart(child)

    def restart(self, child: Child) -> None:
        """Start a fallen child again; a start that fails counts as a fall."""
        try:
            child.start()
        except OSError as error:
            say(f"{child.name} could not be started: {error.strerror}")
            child.schedule_restart()
        state.write(self.var, self.address, self.children)

    def sleep(self, seconds: float = TICK) -> None:
        """Wait while looking after the children."""
        time.sleep(seconds)
        self.tick()

    def run_all(self, steps: Sequence[Child]) -> None:
        """Run commands side by side to their end; the first failure is reported with the command's last words."""
        try:
            for step in steps:
                step.start()
            while any(step.alive() for step in steps):
                self.sleep(0.05)
        finally:
            self.stop_all([step for step in steps if step.alive()])
        for step in steps:
            if step.process and step.process.returncode:
                words = last_words(step.log) if step.log else step.exit_reason()
                raise UpError(f"«{step.name}» failed: {words} (everything is in {step.log})")

    def wait_until(self, ready: Callable[[], bool], child: Child, seconds: float) -> bool:
        """Wait for a condition while the child lives; False when it fell or the time is over."""
        until = time.monotonic() + seconds
        while not ready():
            if not child.alive() or time.monotonic() > until:
                return False
            time.sleep(TICK)
        return True

    def stop(self) -> None:
        """Stop everything: first what uses the services, then Valkey, then PostgreSQL."""
        self.stopping = True
        self.stop_all([child for child in self.children if child.name not in SERVICES])
        for name in reversed(SERVICES):
            self.stop_all([child for child in self.children if child.name == name])
        state.clear(self.var)

    def stop_all(self, children: Sequence[Child]) -> None:
        """Stop some children together: politely, then by force, then their descendants."""
        for child in children:
            child.signal(child.stop_signal)
        until = time.monotonic() + max((child.patience for child in children), default=0)
        while any(child.alive() for child in children) and time.monotonic() < until and not self.hurry:
            time.sleep(0.02)
        for child in children:
            child.signal(signal.SIGKILL)
            child.wait(5)
            child.kill_group()
