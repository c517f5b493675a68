"""What keeps tests apart from each other and from the world: cache keys, sockets."""

import os
import socket
import uuid
from ipaddress import ip_address
from typing import Any

import pytest

current = {"test": ""}


def new_cache() -> None:
    """Let every thread of this process see an empty cache from now on."""
    current["test"] = uuid.uuid4().hex


def cache_key(key: str, key_prefix: str, version: int) -> str:
    """Django's KEY_FUNCTION: a key of the running test."""
    return f"test:{os.getpid()}:{current['test']}:{key_prefix}:{version}:{key}"


def is_local(address: Any) -> bool:
    """Whether a socket address stays on this machine."""
    if not isinstance(address, tuple):
        return True  # a unix socket's path
    host = str(address[0])
    if host in {"localhost", ""}:
        return True
    try:
        return ip_address(host).is_loopback or ip_address(host).is_unspecified
    except ValueError:
        return False


def block_foreign_sockets() -> None:
    """Fail any connection that would leave this machine."""
    original = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if not is_local(address):
            pytest.fail(f"A test tried to reach {address!r}; only this machine may be used.")
        original(self, address)

    socket.socket.connect = connect  # type: ignore[method-assign]
