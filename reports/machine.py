"""The funnel's figures for machines: plain data with ASCII numbers, the same as on the dashboard."""

from decimal import Decimal
from typing import Any

from reports.selectors.base import base_currency
from reports.selectors.funnel import Funnel, Step, funnel_of
from reports.selectors.query import FunnelQuery
from reports.selectors.results import Figure, Results, results_of, won_accounts


def funnel_figures(*, user: Any, query: FunnelQuery) -> dict[str, Any]:
    """Everything the dashboard shows, and the best accounts, as data for JSON."""
    funnel = funnel_of(user=user, query=query)
    results = results_of(user=user, query=query)
    return {
        "cycle": {"id": query.cycle.pk, "code": query.cycle.code, "name": query.cycle.name_en},
        "from": query.start.isoformat() if query.start else None,
        "to": query.end.isoformat() if query.end else None,
        "calendar": query.calendar,
        "currency": base_currency(),
        "undated": query.deals(user).filter(opened_on=None).count(),
        "opened": _funnel(funnel),
        "closed": _closed(results),
        "won_by": {
            "period": _periods(results, results.won_by["period"]),
            **{name: _figures(rows) for name, rows in results.won_by.items() if name != "period"},
            "account": _figures(won_accounts(user=user, query=query)),
        },
        "lost_by": {
            "period": _periods(results, results.lost_by["period"]),
            **{name: _figures(rows) for name, rows in results.lost_by.items() if name != "period"},
        },
    }


def money(value: Decimal | None) -> float | int | None:
    """An amount as a JSON number: whole when it is whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else round(float(value), 2)


def _rate(value: Decimal | None) -> float | None:
    return None if value is None else round(float(value) * 100, 3)


def _days(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _funnel(funnel: Funnel) -> dict[str, Any]:
    return {
        "total": funnel.total,
        "won": funnel.won,
        "lost": funnel.lost,
        "open": funnel.open,
        "open_value": money(funnel.open_value),
        "weighted_value": money(funnel.weighted),
        "conversion_percent": _rate(funnel.conversion),
        "steps": [_step(step) for step in funnel.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "stage": step.stage.code,
        "name": step.stage.name_en,
        "reached": step.reached,
        "passed": step.passed,
        "conversion_percent": _rate(step.conversion),
        "drop_percent": _rate(step.drop),
        "standing": step.standing,
        "open_value": money(step.open_value),
        "weighted_value": money(step.weighted),
        "lost": step.lost,
        "mean_days": _days(step.mean_days),
        "median_days": _days(step.median_days),
    }


def _closed(results: Results) -> dict[str, Any]:
    return {
        "won": results.won.count,
        "lost": results.lost.count,
        "won_value": money(results.won.value),
        "lost_value": money(results.lost.value),
        "average_won": money(results.average),
        "win_rate_percent": _rate(results.win_rate),
        "mean_days_won": _days(results.won_days),
        "mean_days_lost": _days(results.lost_days),
    }


def _figures(rows: list[Figure]) -> list[dict[str, Any]]:
    return [{"id": row.key, "name": row.label, "count": row.count, "value": money(row.value)} for row in rows]


def _periods(results: Results, rows: list[Figure]) -> list[dict[str, Any]]:
    return [
        {
            "period": period.label("en"),
            "from": period.start.isoformat(),
            "to": period.end.isoformat(),
            "count": row.count,
            "value": money(row.value),
        }
        for period, row in zip(results.periods, rows, strict=True)
    ]
