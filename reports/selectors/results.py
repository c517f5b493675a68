"""Won and lost deals of a span: by period, person, team, office, product, source; by reason and stage."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Concat

from accounts.models import Source
from catalog.models import Product
from core.calendar.periods import Period, PeriodBucket, date_boundaries
from opportunities.choices import Status
from opportunities.models import CloseReason, Opportunity, OpportunityLine, Stage, Tally, TallyKind
from reports.selectors.kept import kept
from reports.selectors.query import FunnelQuery, within
from users.models import Branch, Team, User

TOP = 10

_SETS = """
    SELECT status, period, owner_id, team_id, source_id, close_reason_id, lost_stage_id,
           GROUPING(period, owner_id, source_id, close_reason_id, lost_stage_id) AS which,
           COUNT(*), SUM(base_amount), SUM(days), COUNT(days)
    FROM ({rows}) AS closed
    GROUP BY GROUPING SETS (
        (status, period), (status, owner_id, team_id), (status, source_id), (status, close_reason_id),
        (status, lost_stage_id)
    )
"""
_BITS = {"period": 0b01111, "owner": 0b10111, "source": 0b11011, "reason": 0b11101, "stage": 0b11110}
_WHICH = {bits: name for name, bits in _BITS.items()}
_KINDS = {
    TallyKind.OWNER: "owner",
    TallyKind.SOURCE: "source",
    TallyKind.REASON: "reason",
    TallyKind.LOST: "stage",
}
_PLACES = {"period": 1, "owner": 2, "source": 4, "reason": 5, "stage": 6}


class DaysBetween(Func):
    """The number of days from the second date to the first, as a whole number (not an interval: that is slow)."""

    arg_joiner = " - "
    template = "(%(expressions)s)"
    output_field = IntegerField()


@dataclass
class Figure:
    """Deals and their value under one heading; ``key`` is the record or the place of the period."""

    key: Any
    label: str = ""
    count: int = 0
    value: Decimal = Decimal(0)

    def add(self, count: int, value: Decimal | None) -> None:
        """Add a group."""
        self.count += count
        self.value += value or 0


@dataclass
class Results:
    """What was won and lost in a span. ``days`` are from opening to closing; values in the base currency.

    ``products_at`` says when the products were counted if that was not just now.
    """

    won: Figure = field(default_factory=lambda: Figure("won"))
    lost: Figure = field(default_factory=lambda: Figure("lost"))
    won_days: float | None = None
    lost_days: float | None = None
    periods: list[Period] = field(default_factory=list)
    won_by: dict[str, list[Figure]] = field(default_factory=dict)
    lost_by: dict[str, list[Figure]] = field(default_factory=dict)
    products_at: dt.datetime | None = None

    @property
    def win_rate(self) -> Decimal | None:
        """Won of all closed."""
        closed = self.won.count + self.lost.count
        return Decimal(self.won.count) / closed if closed else None

    @property
    def average(self) -> Decimal | None:
        """The value of the average won deal."""
        return self.won.value / self.won.count if self.won.count else None


def results_of(*, user: Any, query: FunnelQuery) -> Results:
    """What was won and lost. Four statements: one for every grouping, lines, products, names (five for open spans)."""
    results = Results(periods=query.periods(user))
    sums: dict[tuple[str, str], dict[Any, Figure]] = defaultdict(dict)
    days: Counter[tuple[str, str]] = Counter()
    for status, which, key, count, value, total, known in _groups(query, user, results.periods):
        if which == "period":
            (results.won if status == Status.WON else results.lost).add(count, value)
            days[status, "total"] += total
            days[status, "known"] += known
        for name, part in _split(which, key):
            sums[status, name].setdefault(part, Figure(part)).add(count, value)
    results.won_days, results.lost_days = (_mean(days, status) for status in (Status.WON, Status.LOST))
    names = _names(query)
    teams = {key: branch for (kind, key), (_name, branch) in names.items() if kind == "team"}
    for (status, team_id), figure in _team_figures(sums):
        office = sums[status, "office"]
        branch = teams.get(team_id)
        office.setdefault(branch, Figure(branch)).add(figure.count, figure.value)
    for name in ("owner", "team", "office", "source"):
        results.won_by[name] = _ranked(sums[Status.WON, name], name, names)
    for name in ("reason", "stage"):
        results.lost_by[name] = _ranked(sums[Status.LOST, name], name, names)
    results.won_by["period"] = _by_period(sums[Status.WON, "period"], results.periods)
    results.lost_by["period"] = _by_period(sums[Status.LOST, "period"], results.periods)
    lines = kept("lines", user=user, query=query, deals=results.won.count, count=lambda: _won_lines(query.closed(user)))
    results.won_by["product"], results.products_at = _products(lines.value), lines.at
    return results


def _mean(days: dict[tuple[str, str], int], status: str) -> float | None:
    known = days[status, "known"]
    return days[status, "total"] / known if known else None


def _groups(query: FunnelQuery, user: Any, periods: list[Period]) -> list[tuple[Any, ...]]:
    """(status, which grouping, its key, count, value, days, how many have days), all in one statement."""
    return _tallied(query, periods) if query.is_whole(user) else _counted(query.closed(user), periods)


def _tallied(query: FunnelQuery, periods: list[Period]) -> list[tuple[Any, ...]]:
    """From the running totals. Every closed deal is in those by stage of loss, so they make the periods too."""
    bounds = date_boundaries(periods)
    period = PeriodBucket("day", bounds) if bounds else Value(0, output_field=IntegerField())
    rows = within(Tally.objects.filter(kind__in=_KINDS, cycle=query.cycle), "day", query.start, query.end)
    rows = rows.order_by().annotate(
        period=Case(When(kind=TallyKind.LOST, then=period), default=Value(0), output_field=IntegerField())
    )
    keys = ("kind", "status", "period", "owner_id", "team_id", "source_id", "close_reason_id", "lost_stage_id")
    sums = rows.values_list(*keys).annotate(Sum("deals"), Sum("amount"), Sum("days"), Sum("dated"))
    found: list[tuple[Any, ...]] = []
    for kind, status, place, owner, team, source, reason, stage, *figures in sums.exclude(deals__sum=0):
        key = {"owner": (owner, team), "source": source, "reason": reason, "lost": stage}[kind]
        found.append((status, _KINDS[kind], key, *figures))
        if kind == TallyKind.LOST:
            found.append((status, "period", place, *figures))
    return found


def _counted(rows: QuerySet[Opportunity], periods: list[Period]) -> list[tuple[Any, ...]]:
    """From one scan of the deals."""
    bounds = date_boundaries(periods)
    period = PeriodBucket("closed_on", bounds) if bounds else Value(0, output_field=IntegerField())
    inner = rows.annotate(period=period, days=DaysBetween("closed_on", "opened_on")).values(
        "status",
        "period",
        "owner_id",
        "team_id",
        "source_id",
        "close_reason_id",
        "lost_stage_id",
        "base_amount",
        "days",
    )
    if inner.query.is_empty():
        return []
    sql, params = inner.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_SETS.format(rows=sql), params)
        found = cursor.fetchall()
    return [(row[0], *_key(row), row[8], row[9], row[10] or 0, row[11]) for row in found]


def _key(row: tuple[Any, ...]) -> tuple[str, Any]:
    which = _WHICH[row[7]]
    return which, (row[2], row[3]) if which == "owner" else row[_PLACES[which]]


def _split(which: str, key: Any) -> list[tuple[str, Any]]:
    """A group by owner and team counts for both."""
    return [("owner", key[0]), ("team", key[1])] if which == "owner" else [(which, key)]


def _team_figures(sums: dict[tuple[str, str], dict[Any, Figure]]) -> list[tuple[tuple[str, Any], Figure]]:
    return [
        ((status, team_id), figure)
        for (status, name), figures in list(sums.items())
        if name == "team"
        for team_id, figure in figures.items()
    ]


def _names(query: FunnelQuery) -> dict[tuple[str, Any], tuple[str, Any]]:
    """(kind, id) → (name in the reader's language, office of a team): one statement for all the headings."""
    from django.utils.translation import get_language

    fa = (get_language() or "fa").startswith("fa")
    parts = [
        _name_part(User.objects.all(), "owner", Concat("first_name", Value(" "), "last_name")),
        _name_part(Team.objects.all(), "team", F("name"), F("branch_id")),
        _name_part(Branch.objects.all(), "office", F("name")),
        _name_part(Source.objects.all(), "source", F("name_fa" if fa else "name_en")),
        _name_part(CloseReason.objects.all(), "reason", F("name_fa" if fa else "name_en")),
        _name_part(Stage.objects.filter(cycle=query.cycle), "stage", F("name_fa" if fa else "name_en")),
    ]
    rows = parts[0].union(*parts[1:], all=True)
    return {(kind, key): (name.strip(), more) for kind, key, name, more in rows}


def _name_part(rows: Any, kind: str, name: Any, more: Any = None) -> Any:
    return (
        rows.order_by()
        .annotate(
            heading=Value(kind, output_field=CharField()),
            shown=ExpressionWrapper(name, output_field=CharField()),
            more=more or Value(None, output_field=IntegerField()),
        )
        .values_list("heading", "pk", "shown", "more")
    )


def _ranked(figures: dict[Any, Figure], kind: str, names: dict[tuple[str, Any], tuple[str, Any]]) -> list[Figure]:
    """Largest first; what has no heading comes last, with an empty label."""
    for figure in figures.values():
        figure.label = names.get((kind, figure.key), ("", None))[0]
    return sorted(figures.values(), key=lambda f: (f.key is None, -f.value, -f.count, f.label))


def _by_period(figures: dict[Any, Figure], periods: list[Period]) -> list[Figure]:
    """Every period of the span in order, also the empty ones; the label is for the page to write."""
    return [figures.get(place, Figure(place)) for place in range(1, len(periods) + 1)]


def _won_lines(closed: QuerySet[Opportunity]) -> list[tuple[int, int, Decimal]]:
    """(product, won deals with it, won value), from the lines of the won deals at the rate of each deal."""
    value = Sum(
        F("total") * F("opportunity__exchange_rate"), output_field=DecimalField(max_digits=24, decimal_places=2)
    )
    lines = OpportunityLine.objects.filter(opportunity__in=closed.filter(status=Status.WON).values("pk")).order_by()
    return list(lines.values_list("product_id").annotate(count=Count("opportunity_id", distinct=True), value=value))


def _products(lines: list[tuple[int, int, Decimal]]) -> list[Figure]:
    """Won value by product, largest first; a deal counts once under each of its products. One statement."""
    products = Product.all_objects.in_bulk([product for product, _count, _value in lines])
    figures = [Figure(pk, str(products[pk]), count, value) for pk, count, value in lines if pk in products]
    return sorted(figures, key=lambda figure: (-figure.value, figure.key))


def won_accounts(*, user: Any, query: FunnelQuery, limit: int = TOP) -> list[Figure]:
    """The accounts with the largest won value."""
    rows = (
        query.closed(user)
        .filter(status=Status.WON, account__isnull=False)
        .values("account_id", "account__name")
        .annotate(count=Count("pk"), value=Sum("base_amount"))
        .order_by("-value", "account_id")[:limit]
    )
    return [Figure(r["account_id"], r["account__name"], r["count"], r["value"]) for r in rows]
