"""What messages offer on other apps' records, and the parts of a message's own page."""

from typing import Any

from django.db import models
from django.db.models.functions import Length
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import hosts, record_actions
from core.panels import Panel, register
from core.policies import can
from core.views.detail import Action
from messaging.choices import Channel
from messaging.models import Attachment, Message, MessageAttempt


def compose_url(channel: str, record: models.Model) -> str:
    """The dialog that writes a message on the record."""
    return reverse("messaging:compose", args=[channel, record._meta.label_lower, record.pk])


def offered(user: Any, record: models.Model) -> list[Action]:
    """E-mail and SMS, on each host."""
    if hosts.find(record._meta.label_lower) is None or not can(user, "add", Message):
        return []
    return [
        Action(_("E-mail"), compose_url(Channel.EMAIL, record), "mail", "dialog", key="m"),
        Action(_("SMS"), compose_url(Channel.SMS, record), "message", "dialog"),
    ]


record_actions.register(offered, order=20)


class MessagePanel(Panel):
    """A part of a message's own page, there at once."""

    host = "messaging.message"
    lazy = False


@register
class AttemptsPanel(MessagePanel):
    """Each try to send it."""

    slug = "attempts"
    title = _("Attempts")
    icon = "history"
    order = 30
    template = "messaging/_panel_attempts.html"

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        rows = list(MessageAttempt.objects.for_user(request.user, "view").filter(message=obj)[:50])
        hint = _("Nobody has tried to send it yet.")
        return {"rows": rows, "is_empty": not rows, "empty_hint": hint, "flush": True}


@register
class FilesPanel(MessagePanel):
    """The files that went with it."""

    slug = "files"
    title = _("Attachments")
    icon = "paperclip"
    order = 20
    template = "messaging/_panel_files.html"

    def visible(self, user: Any, obj: Any) -> bool:
        return bool(obj.channel == Channel.EMAIL)

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        files = Attachment.objects.for_user(request.user, "view").filter(message=obj).order_by("pk")
        rows = list(files.annotate(size=Length("content")).defer("content"))
        return {"rows": rows, "is_empty": not rows, "empty_hint": _("No files."), "flush": True}
