"""The accounts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Registers the rooms of the app."""

    name = "accounts"
    verbose_name = _("Customers")

    def ready(self) -> None:
        """Import the rooms that register themselves."""
        from accounts import policies  # noqa: F401
