"""Reading messages."""

from messaging.selectors.addresses import records_at

__all__ = ["records_at"]
