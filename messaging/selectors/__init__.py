"""Reading messages."""

from messaging.selectors.accounts import account_by_token
from messaging.selectors.addresses import records_at

__all__ = ["account_by_token", "records_at"]
