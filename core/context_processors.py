"""What the shell around every page needs, computed only when a template asks for it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from core import display, navigation, notifications, organisation


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
        return organisation.current()

    @cached_property
    def bell(self) -> tuple[int, int]:
        """Unread notifications, at most 100, and the key of the newest."""
        return notifications.unread_state(self.request.user)

    @property
    def unread(self) -> int:
        """Unread notifications, at most 100."""
        return self.bell[0]

    @property
    def newest(self) -> int:
        """The key of the newest unread notification, 0 for none."""
        return self.bell[1]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"shell": Shell(request)}
