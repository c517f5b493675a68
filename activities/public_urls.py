"""Addresses anyone may open: answers to invitations, calendar feeds. Each holds a secret of its own."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
