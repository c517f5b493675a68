"""Feeds and the import of calendar files."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
