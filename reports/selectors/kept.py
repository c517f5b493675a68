"""Figures that must look at every deal, kept for a while in a company that has very many of them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.cache import cache
from django.utils import timezone

from reports.selectors.query import FunnelQuery

MANY = 20_000  # deals; fewer are looked at each time
KEEP = 600  # seconds

Value = TypeVar("Value")


@dataclass(frozen=True)
class Kept(Generic[Value]):
    """A figure, and when it was counted if that was not just now."""

    value: Value
    at: dt.datetime | None = None


def kept(name: str, *, user: Any, query: FunnelQuery, deals: int, count: Callable[[], Value]) -> Kept[Value]:
    """What ``count`` gives, or gave up to ten minutes ago when it is about more than ``MANY`` deals.

    Only for questions about all deals of a cycle, which have one answer for all who may ask them; the system itself
    (no user) is always told the newest.
    """
    if user is None or deals < MANY or not query.is_whole(user):
        return Kept(count())
    key = f"reports:{name}:{query.cycle.pk}:{query.start}:{query.end}"
    found: Kept[Value] | None = cache.get(key)
    if found is None:
        found = Kept(count(), timezone.now())
        cache.set(key, found, KEEP)
    return found
