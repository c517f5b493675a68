"""Addresses anyone may open: answers to invitations, calendar feeds. Each holds a secret of its own."""

from django.urls import path

from activities.views.answer import InvitationView
from activities.views.feeds import CalendarFeedView

urlpatterns = [
    path("feed/<slug:token>.ics", CalendarFeedView.as_view(), name="calendar_feed"),
    path("<slug:token>/", InvitationView.as_view(), name="invitation"),
]
