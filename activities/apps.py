"""The activities app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    """Configuration of the app."""

    name = "activities"
    verbose_name = _("Activities")
