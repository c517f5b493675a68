"""Addresses of the messaging app, one file per room."""

from messaging.urls import channels, messages, preferences, templates

app_name = "messaging"
urlpatterns = [
    *channels.urlpatterns,
    *preferences.urlpatterns,
    *templates.urlpatterns,
    *messages.urlpatterns,
]
