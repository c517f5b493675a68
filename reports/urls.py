"""Addresses of the reports app."""

from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("my-day/", views.MyDayView.as_view(), name="my_day"),
    path("my-day/calls/", views.CallWalkView.as_view(), name="calls"),
    path("my-day/team/", views.TeamView.as_view(), name="team"),
    path("reports/funnel/", views.FunnelView.as_view(), name="funnel"),
]
