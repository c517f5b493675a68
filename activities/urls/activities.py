"""Activities, their forms and actions."""

from django.urls import path

from activities import views
from core.urls import crud_urls

urlpatterns = [
    path("plan/", views.ActivityPlanView.as_view(), name="activity_plan"),
    path("log/<slug:kind>/", views.ActivityLogView.as_view(), name="activity_log"),
    path("undo/", views.ActivityUndoView.as_view(), name="activity_undo"),
    path("bulk/<slug:action>/", views.ActivityBulkView.as_view(), name="activity_bulk"),
    path("<int:pk>/done/", views.ActivityCompleteView.as_view(), name="activity_complete"),
    path("<int:pk>/reopen/", views.ActivityReopenView.as_view(), name="activity_reopen"),
    path("<int:pk>/cancel/", views.ActivityCancelView.as_view(), name="activity_cancel"),
    path("<int:pk>/snooze/", views.ActivitySnoozeView.as_view(), name="activity_snooze"),
    path("<int:pk>/hand-over/", views.ActivityHandOverView.as_view(), name="activity_handover"),
    path("<int:pk>/checklist/", views.ChecklistAddView.as_view(), name="checklist_add"),
    path("checklist/<int:pk>/", views.ChecklistItemView.as_view(), name="checklist_item"),
    *crud_urls("activity", views),
]
