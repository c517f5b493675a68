"""Channels, rules of sending and consent."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
