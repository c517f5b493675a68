"""What is looked at before anything starts: the port, the disk, the system's libraries."""

import ctypes
import errno
import shutil
import socket
from pathlib import Path

from crm_project.up.layout import UpError

FIRST_START_MB, LATER_START_MB = 300, 50
PANGO = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
PANGO_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
PORTS_TRIED = 50


def parse_port(text: str) -> int:
    """A port number; a clear error for anything else."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise UpError(f"PORT={text} is not a port number (1 to 65535).")
    return int(text)


def hold_port(host: str, port: int) -> socket.socket:
    """Take the port until the web server does, so that two starts at once cannot both believe it free."""
    try:
        return listen(host, port)
    except OSError as error:
        if error.errno == errno.EACCES:
            raise UpError(f"Port {port} may only be used by root. Run: make run PORT={max(port, 8000)}") from error
        if error.errno != errno.EADDRINUSE:
            raise UpError(f"Cannot listen on {host}: {error.strerror}. Check HOST=.") from error
    raise UpError(f"Port {port} is taken by another program. Run: make run PORT={next_free(host, port)}")


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, or OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    held = socket.socket(family)
    try:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((host, port))
        held.listen(1)
    except BaseException:
        held.close()
        raise
    return held


def next_free(host: str, port: int) -> int:
    """The next port nobody listens on."""
    for candidate in range(port + 1, min(port + PORTS_TRIED, 65535)):
        try:
            listen(host, candidate).close()
        except OSError:
            continue
        return candidate
    return 8001


def require_space(folder: Path, *, first: bool) -> None:
    """Refuse to start on a nearly full disk: a database that cannot write is worse than one that waits."""
    needed = FIRST_START_MB if first else LATER_START_MB
    free = shutil.disk_usage(folder).free // (1024 * 1024)
    if free < needed:
        raise UpError(
            f"The disk is full: {free} MB free in {folder}, {needed} MB needed. Free some space; no data was touched."
        )


def missing_library() -> str:
    """One line naming the command that brings PDF's system libraries; empty when they are there."""
    for name in PANGO:
        try:
            ctypes.CDLL(name)
        except OSError:
            return f"Pango is missing: everything works except PDF files. To add it: apt-get install {PANGO_PACKAGES}"
    return ""
