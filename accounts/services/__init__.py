"""Everything that changes accounts, contacts and what surrounds them."""

from accounts.selectors.dates import important_date_next
from accounts.services.children import child_delete, child_save, relation_create
from accounts.services.parties import (
    FIRST_KIND,
    account_create,
    account_mark_customer,
    contact_attach,
    contact_create,
)

__all__ = [
    "FIRST_KIND",
    "account_create",
    "account_mark_customer",
    "child_delete",
    "child_save",
    "contact_attach",
    "contact_create",
    "important_date_next",
    "relation_create",
]
