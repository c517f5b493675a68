"""Quick actions: what apps offer on the head of other apps' records (call, note, message), in one registry."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from core.views.detail import Action

Provider = Callable[[Any, models.Model], Sequence["Action"]]
_providers: dict[Provider, int] = {}


def register(provider: Provider, order: int = 100) -> None:
    """Offer actions on records: ``provider(user, obj)`` gives those the user may do, none for foreign kinds of record.

    Called when the app's panels.py is imported in ready(). The smaller ``order`` comes first.
    """
    _providers[provider] = order


def actions_for(user: Any, obj: models.Model) -> list["Action"]:
    """The quick actions of the record's head, in order. Providers ask no query: each page pays for them."""
    found: list[Action] = []
    for provider, _order in sorted(_providers.items(), key=lambda pair: pair[1]):
        found += provider(user, obj)
    return found
