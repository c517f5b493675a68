"""Who runs here: a lock per folder, and the list of children that a killed supervisor may leave behind."""

import contextlib
import fcntl
import json
import os
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crm_project.up.process import Child

GRACE = {"postgres": 30.0}
USUAL_GRACE = 3.0


@contextmanager
def lock(var: Path) -> Iterator[bool]:
    """Hold the folder's lock inside the block; yields False when another process holds it."""
    with (var / "up.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def state_file(var: Path) -> Path:
    """Where the running instance is described."""
    return var / "up.json"


def read(var: Path) -> dict[str, Any]:
    """The last description, empty when there is none or it is unreadable."""
    try:
        found = json.loads(state_file(var).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write(var: Path, address: str, children: Iterable[Child]) -> None:
    """Describe the running instance; written whole, then renamed."""
    known = {child.name: [child.pid, birth(child.pid)] for child in children if child.alive()}
    draft = var / "up.json.new"
    with contextlib.suppress(OSError):
        draft.write_text(json.dumps({"pid": os.getpid(), "address": address, "children": known}))
        draft.replace(state_file(var))


def clear(var: Path) -> None:
    """Forget the instance after a clean stop."""
    state_file(var).unlink(missing_ok=True)


def birth(pid: int) -> str:
    """When a process started, in clock ticks, to tell it from a later one with the same id; empty when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def clean_leftovers(var: Path) -> None:
    """End what a killed supervisor left: first wait for the kernel's signal to work, then insist."""
    children = read(var).get("children", {})
    for name, (pid, born) in sorted(children.items(), key=lambda item: item[0] == "postgres"):
        if not born:
            continue
        until = time.monotonic() + GRACE.get(name, USUAL_GRACE)
        while birth(pid) == born and time.monotonic() < until:
            time.sleep(0.05)
        if birth(pid) == born:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
    clear(var)
