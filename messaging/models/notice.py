"""Notifications on their way into a mail."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from core.querysets import ScopedManager


class NoticeLine(TimeStamped):
    """One notification that goes to a person by e-mail, together with what else comes up for the person meanwhile.

    From ``due_at`` on it is written into a mail; then it is handled and only remembers that the occasion (``key``) was
    told. ``url`` is a full address.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("recipient")
    )
    code = models.CharField(_("kind"), max_length=60)
    params = models.JSONField(_("details"), default=dict, blank=True)
    url = models.CharField(_("link"), max_length=600, blank=True)
    content_type = models.ForeignKey(
        ContentType, models.CASCADE, null=True, related_name="+", verbose_name=_("kind of record")
    )
    object_id = models.BigIntegerField(_("record"), null=True)
    key = models.CharField(max_length=160, blank=True, editable=False)
    due_at = models.DateTimeField(_("when"))
    handled_at = models.DateTimeField(_("handled at"), null=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("notification by e-mail")
        verbose_name_plural = _("notifications by e-mail")
        constraints = (
            models.UniqueConstraint(fields=["recipient", "key"], condition=~Q(key=""), name="notice_line_once"),
        )
        indexes = (
            models.Index(fields=["due_at"], condition=Q(handled_at=None), name="notice_line_due"),
            models.Index(fields=["recipient", "id"], condition=Q(handled_at=None), name="notice_line_recipient"),
        )

    def __str__(self) -> str:
        return f"{self.recipient_id}: {self.code}"
