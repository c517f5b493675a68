"""The tables of the accounts app."""

from accounts.models.account import Account
from accounts.models.contact import Contact, ContactPoint, Employment
from accounts.models.reference import AccountKind, BuyingRole, Industry, LifecycleStage, Province, RelationType, Source
from accounts.models.social import ImportantDate, Relation

__all__ = [
    "Account",
    "AccountKind",
    "BuyingRole",
    "Contact",
    "ContactPoint",
    "Employment",
    "ImportantDate",
    "Industry",
    "LifecycleStage",
    "Province",
    "Relation",
    "RelationType",
    "Source",
]
