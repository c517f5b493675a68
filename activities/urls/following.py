"""Timelines, pins, watching and mentions."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
