"""The calendar, rooms and resources."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
