"""Addresses of the public web forms: no sign-in, no namespace."""

from django.urls import path

from leads import views

urlpatterns = [
    path("<slug:token>/", views.CaptureView.as_view(), name="capture"),
    path("<slug:token>/thanks/", views.CaptureThanksView.as_view(), name="capture_thanks"),
]
