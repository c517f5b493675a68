"""Errors a person may read."""

from typing import Any


class DomainError(Exception):
    """A refusal with a translated, polite sentence; views turn it into a form error (HTTP 422).

    ``field`` names the form field it belongs to, ``code`` is stable for callers that act on the kind of refusal,
    ``data`` carries what a caller needs to help (for instance the gates that are not met).
    """

    def __init__(self, message: Any, *, field: str | None = None, code: str = "", data: dict[str, Any] | None = None):
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code
        self.data = data or {}

    def __str__(self) -> str:
        return str(self.message)


class PermissionRefused(DomainError):
    """The actor has not the right to do this (HTTP 403)."""


class StaleRecord(DomainError):
    """Somebody else saved the record since it was opened; ``data['current']`` is the row as it is now."""
