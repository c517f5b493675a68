"""Notification preferences and muting."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
