"""Addresses providers and readers of our mails call: reports, incoming messages, stopping marketing. Each holds a secret."""

from django.urls import URLPattern, path

from messaging.views import hooks

urlpatterns: list[URLPattern] = [
    path("stop/<str:token>/", hooks.UnsubscribeView.as_view(), name="unsubscribe"),
    path("<str:token>/", hooks.ProviderView.as_view(), name="provider_hook"),
]
