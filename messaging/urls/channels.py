"""Channels, rules of sending, consent, and the outbox."""

from django.urls import URLPattern, path

from core.urls import crud_urls
from messaging.views import channels, consent, outbox

urlpatterns: list[URLPattern] = [
    *crud_urls("channel_account", channels, prefix="channels/"),
    path("channels/<int:pk>/test/", channels.ChannelAccountTestView.as_view(), name="channelaccount_test"),
    path("channels/<int:pk>/default/", channels.ChannelAccountDefaultView.as_view(), name="channelaccount_default"),
    path("channels/<int:pk>/token/", channels.ChannelAccountTokenView.as_view(), name="channelaccount_token"),
    path("channels/<int:pk>/messages/", channels.ChannelAccountMessagesView.as_view(), name="channelaccount_messages"),
    path("rules/", channels.SendingRulesView.as_view(), name="sending_rules"),
    *crud_urls("consent", consent, prefix="consent/"),
    path("outbox/", outbox.OutboxListView.as_view(), name="outbox"),
    path("outbox/resend/", outbox.OutboxResendView.as_view(), name="outbox_resend"),
    path("outbox/cancel/", outbox.OutboxCancelView.as_view(), name="outbox_cancel"),
]
