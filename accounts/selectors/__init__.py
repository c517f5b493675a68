"""Questions about accounts and contacts that join tables; every answer is scoped to the user."""

from accounts.selectors.dates import important_date_next, next_occurrence
from accounts.selectors.duplicates import similar_accounts, similar_contacts

__all__ = ["important_date_next", "next_occurrence", "similar_accounts", "similar_contacts"]
