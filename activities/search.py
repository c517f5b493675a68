"""Activities in the palette and the search page."""

from activities.models import Activity
from core.display import relative_day
from core.search import Source, hint_of, register


def hint(activity: Activity) -> str:
    """Kind, time and status beside the subject."""
    status = "" if activity.is_open else str(activity.get_status_display())
    return hint_of(str(activity.get_kind_display()), relative_day(activity.due_at), status)


register(Source(Activity, "checkbox", order=60, hint=hint))
