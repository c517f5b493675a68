"""Addresses of the lists that show exactly the records behind a figure."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from core.calendar.periods import Period
from opportunities.choices import Status
from reports.selectors.query import FunnelQuery


def deals(**params: Any) -> str:
    """The list of opportunities with these filters; days as ISO, nothing for empty ones."""
    return f"{reverse('opportunities:opportunity_list')}?{_query(params)}"


def leads(**params: Any) -> str:
    """The list of leads with these filters."""
    return f"{reverse('leads:lead_list')}?{_query(params)}"


def activities(**params: Any) -> str:
    """The list of activities with these filters."""
    return f"{reverse('activities:activity_list')}?{_query(params)}"


def _query(params: dict[str, Any]) -> str:
    words = {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in params.items()
        if value not in (None, "")
    }
    return urlencode(words, doseq=True)


class FunnelLinks:
    """Links of one funnel question: its cycle, owner and team are in each of them."""

    def __init__(self, query: FunnelQuery):
        self.query = query
        self.base = {"cycle": query.cycle.pk, "owner": query.owner_id, "team": query.team_id}

    def opened(self, **params: Any) -> str:
        """Deals opened in the span."""
        return deals(**{**self.base, "opened_on_from": self.query.start, "opened_on_to": self.query.end, **params})

    def closed(self, **params: Any) -> str:
        """Deals closed in the span; ``status`` says how."""
        return deals(**{**self.base, "closed_on_from": self.query.start, "closed_on_to": self.query.end, **params})

    def won(self, **params: Any) -> str:
        """Deals won in the span."""
        return self.closed(status=Status.WON, **params)

    def lost(self, **params: Any) -> str:
        """Deals lost in the span."""
        return self.closed(status=Status.LOST, **params)

    def of(self, heading: str, key: Any, status: str) -> str:
        """Closed deals under one heading of a grouping; those without one have a filter of their own."""
        names = {"office": "branch", "reason": "close_reason", "stage": "lost_stage"}
        name = names.get(heading, heading)
        return self.closed(status=status, **({"without": name} if key is None else {name: key}))

    def period(self, period: Period, status: str) -> str:
        """Deals closed in one period of the span (the span's ends cut the first and the last one)."""
        start = max(period.start, self.query.start) if self.query.start else period.start
        end = min(period.end, self.query.end) if self.query.end else period.end
        return deals(**self.base, status=status, closed_on_from=start, closed_on_to=end)
