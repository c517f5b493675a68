"""The users app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsersConfig(AppConfig):
    """Registers the rooms of the app."""

    name = "users"
    verbose_name = _("Users")

    def ready(self) -> None:
        """Import the rooms that register themselves."""
        from users import policies  # noqa: F401
