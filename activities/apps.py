"""The activities app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    """Configuration of the app."""

    name = "activities"
    verbose_name = _("Activities")

    def ready(self) -> None:
        """Let the rooms of the app hear of each other's facts."""
        from activities import calendar_file, reactions  # noqa: F401
        from activities.services import recurrence, resources, runs

        resources.subscribe()
        recurrence.subscribe()
        runs.subscribe()
