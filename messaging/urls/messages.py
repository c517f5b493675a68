"""Messages, the outbox and composing."""

from django.urls import path

from messaging.views import compose, messages

RECORD = "<slug:channel>/<str:label>/<int:pk>/"

urlpatterns = [
    path(f"compose/{RECORD}", compose.ComposeView.as_view(), name="compose"),
    path(f"compose/{RECORD}fill/", compose.ComposeFillView.as_view(), name="compose_fill"),
    path("", messages.MessageListView.as_view(), name="message_list"),
    path("<int:pk>/", messages.MessageDetailView.as_view(), name="message_detail"),
    path("<int:pk>/resend/", messages.MessageResendView.as_view(), name="message_resend"),
    path("<int:pk>/cancel/", messages.MessageCancelView.as_view(), name="message_cancel"),
    path("files/<int:pk>/", messages.AttachmentView.as_view(), name="attachment"),
]
