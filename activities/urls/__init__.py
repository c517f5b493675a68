"""Addresses of the activities app, one file per room."""

from activities.urls import activities, calendar, following, invitations, sequences, timeline

app_name = "activities"
urlpatterns = [
    *calendar.urlpatterns,
    *following.urlpatterns,
    *invitations.urlpatterns,
    *sequences.urlpatterns,
    *timeline.urlpatterns,
    *activities.urlpatterns,
]
