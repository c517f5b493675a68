"""The story of what people did: one append-only entry per action."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AuditEntry(models.Model):
    """Who did what, when, on which record, by which request or job.

    ``context_id`` joins the entry to the row changes the database triggers recorded under it.
    """

    at = models.DateTimeField(_("at"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    code = models.CharField(_("action"), max_length=60)
    params = models.JSONField(_("details"), default=dict, blank=True)
    content_type = models.ForeignKey(ContentType, models.PROTECT, null=True, verbose_name=_("kind of record"))
    object_id = models.BigIntegerField(_("record"), null=True)
    object_label = models.CharField(_("record's name"), max_length=255, blank=True)
    request_id = models.CharField(_("request"), max_length=36, blank=True)
    job_id = models.BigIntegerField(pgettext_lazy("background work", "job"), null=True)
    context_id = models.UUIDField(_("context"), null=True)

    obj = GenericForeignKey("content_type", "object_id")

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        indexes = (
            models.Index(fields=["content_type", "object_id", "-at"], name="audit_object"),
            models.Index(fields=["actor", "-at"], name="audit_actor"),
            models.Index(fields=["-at"], name="audit_at"),
        )

    def __str__(self) -> str:
        from core import audit

        return audit.sentence(self)

    @property
    def is_by_visitor(self) -> bool:
        """Whether somebody without an account did it, not the system."""
        from core import audit

        return audit.is_by_visitor(self)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only."""
        if not self._state.adding:
            raise TypeError("audit entries are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused: the story stays."""
        raise TypeError("audit entries are never deleted")


class AuditRelated(models.Model):
    """The other records an action touched, so that their pages tell it too; ``at`` is the entry's, for their timelines."""

    entry = models.ForeignKey(AuditEntry, models.CASCADE, related_name="related", verbose_name=_("audit entry"))
    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("kind of record"))
    object_id = models.BigIntegerField(_("record"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("related record")
        verbose_name_plural = _("related records")
        indexes = (models.Index(fields=["content_type", "object_id", "-at", "-entry"], name="audit_related_at"),)

    def __str__(self) -> str:
        return f"{self.content_type_id}:{self.object_id}"
