"""The catalog app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """Registers the rooms of the app."""

    name = "catalog"
    verbose_name = _("Products")

    def ready(self) -> None:
        """Import the rooms that register themselves."""
        from catalog import policies  # noqa: F401
