"""What every page needs of the company, remembered for a minute."""

import datetime as dt
from typing import Any

from django.core.cache import cache

from core import display
from core.models import Organisation
from core.money import BASE_CURRENCY

CACHE_KEY = "organisation:5"
CACHE_SECONDS = 60


def current() -> dict[str, Any]:
    """Name, logo and base currency of the company, remembered for a minute so that no page pays a query for it."""
    found: dict[str, Any] | None = cache.get(CACHE_KEY)
    if found is None:
        row = Organisation.objects.first()
        found = {
            "name_fa": row.name_fa if row else "پیوند",
            "name_en": row.name_en if row else "Peyvand",
            "phone": row.phone if row else "",
            "logo_url": row.logo.url if row and row.logo else "",
            "base_currency": row.base_currency_id if row else BASE_CURRENCY,
            "fiscal_calendar": row.fiscal_calendar if row else "jalali",
            "fiscal_month": row.fiscal_year_start_month if row else 1,
            "week_starts_on": row.week_starts_on if row else None,
            "answer_hours": row.answer_hours if row else Organisation._meta.get_field("answer_hours").default,
        }
        cache.set(CACHE_KEY, found, CACHE_SECONDS)
    return {**found, "name": found["name_fa"] if display.current().language == "fa" else found["name_en"]}


def week_start(calendar: str) -> int:
    """The day a week begins with, Saturday is 0: the company's, else Saturday for Jalali and Monday for Gregorian."""
    known = current()["week_starts_on"]
    return int(known) if known is not None else (0 if calendar == "jalali" else 2)


def base_currency() -> str:
    """The code of the currency in which the company sums, remembered like the rest."""
    return str(current()["base_currency"])


def fiscal_month(calendar: str) -> int:
    """The month of the calendar in which the fiscal year begins; 1 for a calendar the company does not reckon in."""
    known = current()
    return int(known["fiscal_month"]) if known["fiscal_calendar"] == calendar else 1


def answer_within() -> dt.timedelta | None:
    """The working hours within which somebody new is answered; None when the company sets no limit."""
    hours = current()["answer_hours"]
    return None if hours is None else dt.timedelta(hours=int(hours))
