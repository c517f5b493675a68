"""Reading messages."""

from messaging.selectors.accounts import account_by_token
from messaging.selectors.addresses import records_at
from messaging.selectors.outbox import Figures, outbox_figures, outbox_rows, recent_messages

__all__ = ["Figures", "account_by_token", "outbox_figures", "outbox_rows", "recent_messages", "records_at"]
