"""What a report is asked for: a sales cycle, a span of days, and whose deals."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min, QuerySet

from core.calendar.jalali import Calendar
from core.calendar.periods import Kind, Period, periods_between
from core.policies import EVERYTHING, policy_for
from opportunities.models import Opportunity, SalesCycle

DAYS_FOR_WEEKS = 62
DAYS_FOR_MONTHS = 800
MAX_BARS = 160
DAYS_OF: dict[Kind, int] = {"day": 1, "week": 7, "month": 29, "season": 89, "year": 365}


@dataclass(frozen=True)
class FunnelQuery:
    """A cycle and a span (both days included, either may be open), one owner's or one team's deals or all visible.

    Deals enter the funnel by the day they were opened; won and lost figures go by the day the deal was closed.
    """

    cycle: SalesCycle
    start: dt.date | None = None
    end: dt.date | None = None
    owner_id: int | None = None
    team_id: int | None = None
    calendar: Calendar = "jalali"
    grouping: Kind | None = None

    def deals(self, user: Any) -> QuerySet[Opportunity]:
        """The user's visible deals of the cycle, of the owner or team asked for; ``None`` is the system itself."""
        rows: Any = Opportunity.objects.all() if user is None else Opportunity.objects.for_user(user, "view")
        rows = rows.filter(cycle=self.cycle).order_by()
        if self.owner_id:
            rows = rows.filter(owner=self.owner_id)
        if self.team_id:
            rows = rows.filter(team=self.team_id)
        return rows  # type: ignore[no-any-return]

    def opened(self, user: Any) -> QuerySet[Opportunity]:
        """The deals opened in the span. Those without an opening day count only when no span is asked for."""
        return within(self.deals(user), "opened_on", self.start, self.end)

    def closed(self, user: Any) -> QuerySet[Opportunity]:
        """The deals won or lost in the span."""
        return within(self.deals(user).exclude(closed_on=None), "closed_on", self.start, self.end)

    def is_whole(self, user: Any) -> bool:
        """Whether all deals of the cycle are asked for, so that the running totals know the sums."""
        if self.owner_id or self.team_id:
            return False
        return user is None or policy_for(Opportunity).scope(user, "view") == EVERYTHING

    def periods(self, user: Any) -> list[Period]:
        """The span cut by weeks, months or seasons of the reader's calendar; of an open span, what the deals cover."""
        start, end = self.start, self.end
        if start is None or end is None:
            bounds = self.closed(user).aggregate(first=Min("closed_on"), last=Max("closed_on"))
            start, end = start or bounds["first"], end or bounds["last"]
        if start is None or end is None:
            return []
        return periods_between(start, end, grouping_of(start, end, self.grouping), self.calendar)


def within(rows: Any, column: str, start: dt.date | None, end: dt.date | None) -> Any:
    """Keep the rows whose day lies in the span."""
    if start:
        rows = rows.filter(**{f"{column}__gte": start})
    if end:
        rows = rows.filter(**{f"{column}__lte": end})
    return rows


def grouping_of(start: dt.date, end: dt.date, wanted: Kind | None = None) -> Kind:
    """The kind asked for, or the one that gives a readable number of bars; a coarser one when there were too many."""
    days = (end - start).days
    kind: Kind = wanted or ("week" if days <= DAYS_FOR_WEEKS else "month" if days <= DAYS_FOR_MONTHS else "season")
    kinds = list(DAYS_OF)
    while days / DAYS_OF[kind] > MAX_BARS and kind != kinds[-1]:
        kind = kinds[kinds.index(kind) + 1]
    return kind
