"""Addresses: one include per app."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("core.urls")),
    path("", include("users.urls")),
    path("auth/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
