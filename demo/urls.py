"""Addresses of the demo app."""

from django.urls import path

from demo import views

app_name = "demo"

urlpatterns = [path("settings/sample-data/", views.DemoRemoveView.as_view(), name="remove")]
