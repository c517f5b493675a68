"""Addresses providers call: delivery reports and incoming messages. Each holds a secret of its own."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
