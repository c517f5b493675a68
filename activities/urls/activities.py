"""Activities, their forms and actions."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
