"""The messaging app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    """Configuration of the app."""

    name = "messaging"
    verbose_name = _("Messages")

    def ready(self) -> None:
        """Let notifications go by e-mail and SMS too, for those who want them there."""
        from core import notifications
        from messaging.services import delivery

        notifications.deliver_with(delivery.route)
