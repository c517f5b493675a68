"""Messages, the outbox and composing."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
