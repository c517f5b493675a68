"""The calendar, rooms and resources, outcomes."""

from django.urls import path

from accounts.views.reference import reference_urls
from activities.forms.outcomes import OutcomeForm
from activities.models import ActivityOutcome, Resource
from activities.value_tables import OutcomeTable, ResourceTable
from activities.views import calendar, rooms

urlpatterns = [
    path("calendar/", calendar.CalendarView.as_view(), name="calendar"),
    path("calendar/<int:pk>/", calendar.EventView.as_view(), name="calendar_event"),
    path("calendar/<int:pk>/move/", calendar.MoveView.as_view(), name="calendar_move"),
    path("calendar/<int:pk>/undo/", calendar.MoveUndoView.as_view(), name="calendar_undo"),
    path("rooms/free/", rooms.RoomsFreeView.as_view(), name="resource_free"),
    *reference_urls(Resource, "rooms/", ResourceTable),
    *reference_urls(ActivityOutcome, "outcomes/", OutcomeTable, OutcomeForm),
]
