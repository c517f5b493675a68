"""Addresses anyone may open: answers to invitations, calendar feeds. Each holds a secret of its own."""

from django.urls import path

from activities.views.answer import InvitationView

urlpatterns = [
    path("<slug:token>/", InvitationView.as_view(), name="invitation"),
]
