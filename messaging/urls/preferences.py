"""Notification preferences and muting."""

from django.urls import URLPattern, path

from messaging.views import preferences

urlpatterns: list[URLPattern] = [
    path("preferences/", preferences.PreferencesView.as_view(), name="preferences"),
    path("mute/<int:pk>/", preferences.MuteView.as_view(), name="mute"),
    path("unmute/<int:pk>/", preferences.UnmuteView.as_view(), name="unmute"),
]
