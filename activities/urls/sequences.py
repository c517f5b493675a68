"""Sequences: their settings, and starting and stopping them on a record; repetition."""

from django.urls import URLPattern, path

from activities.views import recurrence, sequences
from core.urls import crud_urls

urlpatterns: list[URLPattern] = [
    *crud_urls("sequence", sequences, prefix="sequences/"),
    path("sequences/<int:sequence>/steps/add/", sequences.StepCreateView.as_view(), name="step_add"),
    path("sequences/steps/<int:pk>/edit/", sequences.StepUpdateView.as_view(), name="step_edit"),
    path("sequences/steps/<int:pk>/delete/", sequences.StepDeleteView.as_view(), name="step_delete"),
    path("sequences/steps/<int:pk>/up/", sequences.StepShiftView.as_view(), {"way": "up"}, name="step_up"),
    path("sequences/steps/<int:pk>/down/", sequences.StepShiftView.as_view(), {"way": "down"}, name="step_down"),
    path("sequences/start/<str:label>/<int:pk>/", sequences.SequenceStartView.as_view(), name="sequence_start"),
    path("sequences/dates/<str:label>/<int:pk>/", sequences.SequenceDatesView.as_view(), name="sequence_dates"),
    path("sequences/runs/<int:pk>/stop/", sequences.SequenceStopView.as_view(), name="sequence_stop"),
    path("repetition/", recurrence.RepetitionPreviewView.as_view(), name="repetition_preview"),
    path("<int:pk>/repetition/stop/", recurrence.RepetitionStopView.as_view(), name="repetition_stop"),
]
