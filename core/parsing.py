"""Reading what comes from outside as text: the error of every parser, and keys of rows in addresses and forms."""

from collections.abc import Iterable
from typing import Any, Final

KEY_DIGITS: Final = 18  # what fits into a bigint in any case


class InputError(ValueError):
    """Typed text that cannot be understood; `message` is a (lazy) translated sentence for the person who typed."""

    def __init__(self, message: Any, code: str = "invalid") -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return str(self.message)


def read_key(text: object) -> int | None:
    """The primary key that a text of an address or form names; None for anything else (signs, other digits, too long)."""
    found = str(text)
    return int(found) if found.isascii() and found.isdigit() and len(found) <= KEY_DIGITS else None


def read_keys(texts: Iterable[object]) -> list[int]:
    """The keys among texts, each once and in their order."""
    return list(dict.fromkeys(key for text in texts if (key := read_key(text)) is not None))
