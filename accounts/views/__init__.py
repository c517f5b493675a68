"""Pages of the accounts app."""

from accounts.views.accounts import (
    AccountAssignView,
    AccountCreateView,
    AccountDeleteView,
    AccountDetailView,
    AccountDuplicatesView,
    AccountListView,
    AccountQuickView,
    AccountUpdateView,
)
from accounts.views.contacts import (
    ContactAssignView,
    ContactCreateView,
    ContactDeleteView,
    ContactDetailView,
    ContactDuplicatesView,
    ContactListView,
    ContactQuickView,
    ContactUpdateView,
)
from accounts.views.reference import SettingsView

__all__ = [
    "AccountAssignView",
    "AccountCreateView",
    "AccountDeleteView",
    "AccountDetailView",
    "AccountDuplicatesView",
    "AccountListView",
    "AccountQuickView",
    "AccountUpdateView",
    "ContactAssignView",
    "ContactCreateView",
    "ContactDeleteView",
    "ContactDetailView",
    "ContactDuplicatesView",
    "ContactListView",
    "ContactQuickView",
    "ContactUpdateView",
    "SettingsView",
]
