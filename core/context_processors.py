"""What the shell around every page needs, computed only when a template asks for it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest

from core import display, navigation
from core.models import Notification, Organisation
from core.money import BASE_CURRENCY

ORGANISATION_KEY = "organisation"
ORGANISATION_SECONDS = 60


@dataclass
class Shell:
    """Navigation, preferences, organisation and unread count for ``base/layout.html``."""

    request: HttpRequest

    @property
    def display(self) -> display.Display:
        """How the reader wants to see things."""
        return display.current()

    @property
    def direction(self) -> str:
        """'rtl' or 'ltr'."""
        return "rtl" if self.display.language == "fa" else "ltr"

    @cached_property
    def nav(self) -> list[navigation.NavSection]:
        """The side bar."""
        return navigation.menu(self.request.user, self.request.path)

    @cached_property
    def primary(self) -> list[navigation.NavLink]:
        """The bottom bar of a phone: at most five links."""
        return [link for group in self.nav for link in group.items if link.primary][:5]

    @cached_property
    def new_items(self) -> list[navigation.NavLink]:
        """The "+ New" menu."""
        return navigation.new_menu(self.request.user)

    @cached_property
    def organisation(self) -> dict[str, Any]:
        """The company's name and logo."""
        return organisation()

    @cached_property
    def unread(self) -> int:
        """Unread notifications, at most 100."""
        return Notification.objects.for_user(self.request.user).filter(read_at=None)[:100].count()


def organisation() -> dict[str, Any]:
    """Name, logo and base currency of the company, remembered for a minute so that no page pays a query for it."""
    found: dict[str, Any] | None = cache.get(ORGANISATION_KEY)
    if found is None:
        row = Organisation.objects.first()
        found = {
            "name_fa": row.name_fa if row else "پیوند",
            "name_en": row.name_en if row else "Peyvand",
            "logo_url": row.logo.url if row and row.logo else "",
            "base_currency": row.base_currency_id if row else BASE_CURRENCY,
        }
        cache.set(ORGANISATION_KEY, found, ORGANISATION_SECONDS)
    return {**found, "name": found["name_fa"] if display.current().language == "fa" else found["name_en"]}


def base_currency() -> str:
    """The code of the currency in which the company sums, remembered like the rest."""
    return str(organisation().get("base_currency", BASE_CURRENCY))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"shell": Shell(request)}
