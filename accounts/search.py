"""Accounts and contacts in the global search, also by their further phones, addresses and profiles."""

from typing import Any

from django.db.models import Q

from accounts.models import Account, Contact, ContactPoint
from core import search, text
from core.display import format_phone


def _points(owner: str, query: str) -> Q | None:
    condition = text.search_q("search_key", query)
    if not condition:
        return None
    return Q(pk__in=ContactPoint.objects.filter(condition, **{f"{owner}__isnull": False}).values(owner))


def _account_points(user: Any, query: str) -> Q | None:
    return _points("account", query)


def _contact_points(user: Any, query: str) -> Q | None:
    return _points("contact", query)


def _account_hint(account: Account) -> str:
    return search.hint_of(account.city or format_phone(account.phone or account.mobile))


def _contact_hint(contact: Contact) -> str:
    return search.hint_of(format_phone(contact.mobile or contact.phone) or contact.email)


search.register(search.Source(Account, "building", 20, _account_hint, _account_points))
search.register(search.Source(Contact, "user", 30, _contact_hint, _contact_points))
