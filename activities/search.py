"""Activities in the palette and the search page."""

from activities.models import Activity
from core.display import relative_day
from core.search import Source, register


def hint(activity: Activity) -> str:
    """Kind, time and status beside the subject."""
    parts = [
        str(activity.get_kind_display()),
        relative_day(activity.due_at),
        "" if activity.is_open else str(activity.get_status_display()),
    ]
    return " · ".join(part for part in parts if part)


register(Source(Activity, "checkbox", order=60, hint=hint))
