"""The users app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsersConfig(AppConfig):
    """Configuration of the app."""

    name = "users"
    verbose_name = _("Users")

    def ready(self) -> None:
        """Write sign-ins and changes of passwords in the audit log."""
        from users import security

        security.subscribe()
