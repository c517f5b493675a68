"""The frame's application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Frame of the product: what every other app stands on."""

    name = "core"
    verbose_name = _("Core")
