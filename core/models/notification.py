"""What the bell shows."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.base import TimeStamped
from core.querysets import ScopedManager


class Notification(TimeStamped):
    """One message to one person; the sentence is made from ``code`` and ``params`` in the reader's language.

    ``obj`` is the record it is about, by which notifications are grouped and muted. ``key`` names the occasion where the
    same one must not be told twice.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", verbose_name=_("recipient")
    )
    code = models.CharField(_("kind"), max_length=60)
    params = models.JSONField(_("details"), default=dict, blank=True)
    url = models.CharField(_("link"), max_length=500, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True)
    content_type = models.ForeignKey(
        ContentType, models.CASCADE, null=True, related_name="+", verbose_name=_("kind of record")
    )
    object_id = models.BigIntegerField(_("record"), null=True)
    key = models.CharField(max_length=160, blank=True, editable=False)

    obj = GenericForeignKey("content_type", "object_id")
    objects = ScopedManager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = (
            models.UniqueConstraint(fields=["recipient", "key"], condition=~models.Q(key=""), name="notification_once"),
        )
        indexes = (
            models.Index(fields=["recipient", "-created_at"], name="notification_recipient"),
            models.Index(fields=["recipient", "-id"], condition=models.Q(read_at=None), name="notification_unread_id"),
        )

    def __str__(self) -> str:
        from core import notifications

        return notifications.sentence(self)
