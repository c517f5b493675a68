"""The frame's application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Frame of the product: what every other app stands on."""

    name = "core"
    verbose_name = _("Core")

    def ready(self) -> None:
        """Register what the frame itself offers."""
        from core import audit  # noqa: F401 - registers the frame's own sentences
