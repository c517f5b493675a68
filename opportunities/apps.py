"""The opportunities app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpportunitiesConfig(AppConfig):
    """Registers the rooms of the app."""

    name = "opportunities"
    verbose_name = _("Opportunities")

    def ready(self) -> None:
        """Import the rooms that register themselves."""
        from opportunities import policies  # noqa: F401
