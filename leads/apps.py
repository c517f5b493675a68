"""The leads app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeadsConfig(AppConfig):
    """Registers the rooms of the app."""

    name = "leads"
    verbose_name = _("Leads")

    def ready(self) -> None:
        """Import the rooms that register themselves."""
        from leads import policies  # noqa: F401
