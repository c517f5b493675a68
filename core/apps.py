"""The frame's application."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

ROOMS = (
    "policies",
    "codes",
    "hosts",
    "navigation",
    "search",
    "panels",
    "reactions",
    "reminders",
    "jobs",
    "checks",
    "imports",
)


class CoreConfig(AppConfig):
    """Frame of the product: what every other app stands on."""

    name = "core"
    verbose_name = _("Core")

    def ready(self) -> None:
        """Register the lookups, then import the rooms in which apps declare what they offer; a room that is absent is empty."""
        from core import lookups  # noqa: F401 - registers pk__any_of

        autodiscover_modules(*ROOMS)
