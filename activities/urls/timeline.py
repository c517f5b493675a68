"""Notes and pins of timelines."""

from django.urls import path

from activities.views import timeline

RECORD = "<str:label>/<int:pk>/"

urlpatterns = [
    path(f"notes/add/{RECORD}", timeline.NoteCreateView.as_view(), name="note_add"),
    path("notes/<int:pk>/edit/", timeline.NoteUpdateView.as_view(), name="note_edit"),
    path("notes/<int:pk>/delete/", timeline.NoteDeleteView.as_view(), name="note_delete"),
    path(f"timeline/{RECORD}pin/", timeline.TimelinePinView.as_view(), name="timeline_pin"),
    path(f"timeline/{RECORD}changes/<int:entry>/", timeline.TimelineChangesView.as_view(), name="timeline_changes"),
]
