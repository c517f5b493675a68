"""Forms of accounts, contacts and what hangs on them."""

from accounts.forms.children import ContactPointForm, EmploymentForm, ImportantDateForm, RelationForm
from accounts.forms.parties import (
    AccountForm,
    AccountQuickForm,
    ContactCreateForm,
    ContactForm,
    ContactQuickForm,
    OwnerForm,
)

__all__ = [
    "AccountForm",
    "AccountQuickForm",
    "ContactCreateForm",
    "ContactForm",
    "ContactPointForm",
    "ContactQuickForm",
    "EmploymentForm",
    "ImportantDateForm",
    "OwnerForm",
    "RelationForm",
]
