"""Pages of activities."""

from activities.views.actions import (
    ActivityCancelView,
    ActivityCompleteView,
    ActivityHandOverView,
    ActivityLogView,
    ActivityPlanView,
    ActivityReopenView,
    ActivitySnoozeView,
)
from activities.views.activities import (
    ActivityCreateView,
    ActivityDeleteView,
    ActivityDetailView,
    ActivityListView,
    ActivityUpdateView,
)
from activities.views.bulk import ActivityBulkView
from activities.views.checklist import ChecklistAddView, ChecklistItemView
from activities.views.undo import ActivityUndoView

__all__ = [
    "ActivityBulkView",
    "ActivityCancelView",
    "ActivityCompleteView",
    "ActivityCreateView",
    "ActivityDeleteView",
    "ActivityDetailView",
    "ActivityHandOverView",
    "ActivityListView",
    "ActivityLogView",
    "ActivityPlanView",
    "ActivityReopenView",
    "ActivitySnoozeView",
    "ActivityUndoView",
    "ActivityUpdateView",
    "ChecklistAddView",
    "ChecklistItemView",
]
