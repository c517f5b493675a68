"""The error of every parser of typed text."""

from typing import Any


class InputError(ValueError):
    """Typed text that cannot be understood; `message` is a (lazy) translated sentence for the person who typed."""

    def __init__(self, message: Any, code: str = "invalid") -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return str(self.message)
