"""Makes or repairs `.venv` with the pinned packages. Run by path with the system's Python: standard library only.

Usage: ``python3 crm_project/up/install.py [run|dev]``. The stamp is written only after success, so a half-finished
install is simply done again; everything pip says is kept in ``var/log/install.log``.
"""

import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = BASE / "var" / "log" / "install.log"
KINDS = {"run": ["requirements.txt"], "dev": ["requirements.txt", "requirements-dev.txt"]}
OLDEST = (3, 11)
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
NETWORK_SIGNS = ("name resolution", "ConnectionError", "NewConnectionError", "timed out", "ProxyError", "SSLError")


class InstallError(Exception):
    """Something the person at the keyboard has to put right; the message is one line."""


def say(text):
    """Print one line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def require_python():
    """Continue with a newer Python from the PATH when this one is too old."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(20, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])  # noqa: S606 - the same script, only a newer interpreter
    raise InstallError(
        f"Python 3.11 or newer is needed; this is {VERSION}. Install one, or name it: make run PYTHON=/path/to/python3.11"
    )


def wanted_stamp(kind):
    """Fingerprint of what must be installed."""
    digest = hashlib.sha256(VERSION.encode())
    for name in KINDS[kind]:
        digest.update((BASE / name).read_bytes())
    return digest.hexdigest()


def stamp_file(kind):
    """Where the fingerprint of the last successful install is kept."""
    return VENV / (".installed-" + kind)


def is_current(kind):
    """Whether the environment works and holds exactly the pinned packages."""
    try:
        return os.access(str(PYTHON), os.X_OK) and stamp_file(kind).read_text() == wanted_stamp(kind)
    except OSError:
        return False


def run_logged(argv):
    """Run a command with its output in the log; return (ok, output)."""
    done = subprocess.run(argv, cwd=str(BASE), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    with LOG.open("a", encoding="utf-8") as log:
        log.write("$ " + " ".join(argv) + "\n" + done.stdout + "\n")
    return done.returncode == 0, done.stdout


def make_venv():
    """Create the environment, or create it again when its Python or pip does not start."""
    if PYTHON.exists() and run_logged([str(PYTHON), "-m", "pip", "--version"])[0]:
        return
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        raise InstallError(f"Python's venv module is incomplete. Run: apt-get install python{VERSION}-venv") from None
    say("Making the virtual environment in .venv ...")
    ok, output = run_logged([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if not ok:
        raise InstallError(explain(output))


def explain(output):
    """One line that says why pip or venv failed."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    if "No space left on device" in output:
        return "The disk is full: free some space (about 600 MB are needed) and run the same command again."
    if any(sign in output for sign in NETWORK_SIGNS):
        return (
            "The package index could not be reached. Check the network or PIP_INDEX_URL and run the same command again."
        )
    if "ermission denied" in output:
        return f"No permission to write {VENV}. It may have been made by another user: remove it or become that user."
    errors = [line for line in lines if "ERROR" in line or "Error" in line] or lines or ["no output"]
    return f"The install failed: {errors[-1]} (everything is in {LOG})"


def install(kind):
    """Bring `.venv` to the pinned state."""
    make_venv()
    count = len({line for name in KINDS[kind] for line in (BASE / name).read_text().splitlines()})
    say(f"Installing {count} pinned packages (a minute or two, only once) ...")
    argv = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    for name in KINDS[kind]:
        argv += ["-r", name]
    ok, output = run_logged(argv)
    if not ok:
        raise InstallError(explain(output))
    for done in KINDS if kind == "dev" else [kind]:
        stamp_file(done).write_text(wanted_stamp(done))


def main(kind="run"):
    """Install when needed; one process at a time per clone."""
    if not (BASE / "requirements.txt").exists() or kind not in KINDS:
        raise InstallError("Run make in the project's folder.")
    require_python()
    if is_current(kind):
        return
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with (BASE / "var" / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_current(kind):
            install(kind)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:2])
    except InstallError as error:
        sys.exit(f"Peyvand: {error}")
    except KeyboardInterrupt:
        sys.exit("Peyvand: interrupted; run the same command again to finish the install.")
    except OSError as error:
        full = error.errno == errno.ENOSPC
        sys.exit("Peyvand: " + ("the disk is full: free some space and run again." if full else str(error)))
