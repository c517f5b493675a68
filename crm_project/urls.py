"""Addresses: one include per app."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic.base import RedirectView

from reports.views import HomeView

handler500 = "core.views.errors.handler500"


urlpatterns = [
    path("", include("core.urls")),
    path("", include("users.urls")),
    path("auth/email/", RedirectView.as_view(pattern_name="preferences")),
    path("auth/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("accounts.urls")),
    path("catalog/", include("catalog.urls")),
    path("messages/", include("messaging.urls")),
    path("hooks/", include("messaging.public_urls")),
    path("activities/", include("activities.urls")),
    path("i/", include("activities.public_urls")),
    path("opportunities/", include("opportunities.urls")),
    path("leads/", include("leads.urls")),
    path("f/", include("leads.public_urls")),
    path("", HomeView.as_view(), name="home"),
    path("", include("reports.urls")),
    path("", include("demo.urls")),
    path("admin/", admin.site.urls),
]
