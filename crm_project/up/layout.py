"""Where everything lives: data, sockets, logs, and the account the embedded services run under."""

import hashlib
import os
import pwd
import re
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from crm_project.env import BASE_DIR, VAR_DIR

SOCKET_PATH_LIMIT = 107
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
SYSTEM_DATA = Path("/var/lib/peyvand")


class UpError(Exception):
    """What stops the product from coming up, in one sentence that says what to do."""


@dataclass(frozen=True)
class Account:
    """A system account the services run under instead of root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Layout:
    """The folders of one instance: `var/` itself, or `var/<scratch>` for tests and benches.

    A disposable instance trades safety against power loss for speed.
    """

    var: Path
    data: Path
    run: Path
    account: Account | None
    disposable: bool = False

    @property
    def logs(self) -> Path:
        """Folder of the children's output."""
        return self.var / "log"

    def log(self, name: str) -> Path:
        """The log file of one child."""
        return self.logs / f"{name}.log"

    def shown(self, path: Path) -> str:
        """A path as a person in the project's folder would type it."""
        return str(path.relative_to(BASE_DIR)) if path.is_relative_to(BASE_DIR) else str(path)


def var_folder(scratch: str = "") -> Path:
    """Create and return the folder of this instance; a clear error when it cannot be written."""
    var = VAR_DIR / scratch if scratch else VAR_DIR
    try:
        (var / "log").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UpError(f"Cannot write {var}: {error.strerror}. Use an account that may write there.") from error
    if not os.access(var, os.W_OK) or not os.access(var / "log", os.W_OK):
        raise UpError(f"{var} belongs to another account. Run as that account, or in a clone of your own.")
    return var


def layout(scratch: str = "", *, disposable: bool = False) -> Layout:
    """Decide the folders of an instance with embedded services and create what is missing."""
    var = var_folder(scratch)
    account = service_account(var / "data") if os.geteuid() == 0 else None
    data = data_folder(var, account)
    if account is None and data.stat().st_uid != os.geteuid():
        raise UpError(f"{data} belongs to another account (was it started as root?). Start it the same way again.")
    return Layout(var=var, data=data, run=run_folder(data, account), account=account, disposable=disposable)


def service_account(existing: Path) -> Account:
    """The account that owns the data already, else `postgres`, else `nobody`: PostgreSQL refuses to run as root."""
    if (existing / "pg").exists():
        try:
            entry = pwd.getpwuid((existing / "pg").stat().st_uid)
        except KeyError as error:
            raise UpError(
                f"{existing} belongs to a user id without an account; create it or chown the folder."
            ) from error
        if entry.pw_uid:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise UpError("PostgreSQL does not run as root and there is no account to drop to. Run: useradd --system postgres")


def can_enter(folder: Path, account: Account | None) -> bool:
    """Whether the account can reach the folder; asked of the kernel in a child, so that no parent must be opened."""
    if account is None:
        return True
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
            os._exit(0 if os.access(folder, os.X_OK) else 1)
        except OSError:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def data_folder(var: Path, account: Account | None) -> Path:
    """`var/data`; a link into /var/lib when root's clone lies where the service account cannot enter."""
    data = var / "data"
    if data.is_symlink() and not data.exists():
        raise UpError(
            f"{data} points to {data.readlink()}, which is gone. Bring it back, or remove the link to start anew."
        )
    if not data.exists():
        target = data if can_enter(var, account) else SYSTEM_DATA / secrets.token_hex(4)
        target.mkdir(parents=True, mode=0o755)
        if target != data:
            data.symlink_to(target)
    data = data.resolve()
    if account is not None:
        os.chown(data, account.uid, account.gid)
    data.chmod(0o700)
    if not can_enter(data, account):
        raise UpError(
            f"The account {account.name if account else ''} cannot enter {data}; let it pass the folders above."
        )
    return data


def run_folder(data: Path, account: Account | None) -> Path:
    """A private folder for sockets: beside the data, or a short one when that path is too long for a socket."""
    run = data / "run"
    too_long = len(os.fsencode(run)) + 1 + len(LONGEST_SOCKET_NAME) > SOCKET_PATH_LIMIT
    if too_long or not PLAIN_PATH.fullmatch(str(run)):
        mark = hashlib.sha256(os.fsencode(data)).hexdigest()[:10]
        run = Path(tempfile.gettempdir()) / f"peyvand-{os.geteuid()}-{mark}"
    uid = account.uid if account else os.geteuid()
    run.mkdir(mode=0o700, exist_ok=True)
    found = run.lstat()
    if found.st_uid not in {uid, os.geteuid()} or run.is_symlink():
        raise UpError(f"{run} is not ours: another account made it. Remove it and start again.")
    if account is not None:
        os.chown(run, account.uid, account.gid)
    run.chmod(0o700)
    return run
