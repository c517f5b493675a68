"""Who follows what, who was called by name, and what stays on top of a story."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.activity import Activity
from core.models import TimeStamped
from core.querysets import ScopedManager


class Watch(TimeStamped):
    """A person who wants to hear what happens to a record (also to an activity)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"))
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of record"))
    object_id = models.BigIntegerField(_("record"))

    obj = GenericForeignKey("content_type", "object_id")
    objects = ScopedManager()

    class Meta:
        verbose_name = _("watcher")
        verbose_name_plural = _("watchers")
        constraints = (models.UniqueConstraint(fields=["user", "content_type", "object_id"], name="watch_unique"),)
        indexes = (models.Index(fields=["content_type", "object_id"], name="watch_record"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.content_type_id}:{self.object_id}"


class Mention(TimeStamped):
    """A person called by name in an activity's text; open until he or she has dealt with it."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="mentions", verbose_name=_("activity"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("mentioned by")
    )
    seen_at = models.DateTimeField(_("seen at"), null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = (models.UniqueConstraint(fields=["activity", "user"], name="mention_unique"),)
        indexes = (models.Index(fields=["user", "-created_at"], condition=Q(seen_at=None), name="mention_open"),)

    def __str__(self) -> str:
        return f"@{self.user}"


class Pin(TimeStamped):
    """Something that stays on top of a record's timeline: an activity, a message or an audit entry (``item``)."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of record"))
    object_id = models.BigIntegerField(_("record"))
    item = models.CharField(_("what is pinned"), max_length=60)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("pinned by")
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = _("pinned item")
        verbose_name_plural = _("pinned items")
        constraints = (models.UniqueConstraint(fields=["content_type", "object_id", "item"], name="pin_unique"),)

    def __str__(self) -> str:
        return self.item
