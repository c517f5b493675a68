"""Which notifications a person wants, where, and when."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from core.querysets import ScopedManager


class NotificationSettings(TimeStamped):
    """When a person may be disturbed by e-mail and SMS, and when the morning digest comes.

    ``reminder_minutes`` maps kinds of activities to lists of minutes before them; a kind without an entry has the
    product's defaults.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_settings", verbose_name=_("user")
    )
    quiet_from = models.TimeField(_("quiet from"), default="21:00")
    quiet_until = models.TimeField(_("quiet until"), default="07:00")
    only_working_days = models.BooleanField(_("only on working days"), default=True)
    digest = models.BooleanField(_("morning digest by e-mail"), default=True)
    digest_at = models.TimeField(_("time of the digest"), default="07:30")
    reminder_minutes = models.JSONField(_("reminders by kind of activity"), default=dict, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("notification settings")
        verbose_name_plural = _("notification settings")

    def __str__(self) -> str:
        return str(self.user)


class NotificationPreference(TimeStamped):
    """A person's choice for one kind of notification on one channel; without a row the kind's default holds."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_preferences", verbose_name=_("user")
    )
    code = models.CharField(_("kind"), max_length=60)
    channel = models.CharField(_("channel"), max_length=10)
    is_on = models.BooleanField(_("on"), default=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")
        constraints = (models.UniqueConstraint(fields=["user", "code", "channel"], name="preference_unique"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.code} {self.channel}"


class Mute(TimeStamped):
    """A record a person wants to hear nothing about, until a moment or for good."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"))
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of record"))
    object_id = models.BigIntegerField(_("record"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    obj = GenericForeignKey("content_type", "object_id")
    objects = ScopedManager()

    class Meta:
        verbose_name = _("muted record")
        verbose_name_plural = _("muted records")
        constraints = (models.UniqueConstraint(fields=["user", "content_type", "object_id"], name="mute_unique"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.content_type_id}:{self.object_id}"
