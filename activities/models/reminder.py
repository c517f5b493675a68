"""Reminders: rows the database keeps, handled once each."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.choices import ReminderChannel, ReminderState
from activities.models.activity import Activity
from core.models import TimeStamped
from core.querysets import ScopedManager


class Reminder(TimeStamped):
    """One thing one person is reminded of once, on one channel.

    Of an activity (``minutes_before`` its ``due_at``), or of a record's own date (``source`` says which: an important
    date, a closing date, …). ``key`` names the occasion, so that planning twice makes one row. A worker locks waiting
    rows that are due, and writes notification or outbox row and the new state in one transaction.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders", verbose_name=_("for whom")
    )
    channel = models.CharField(_("channel"), max_length=5, choices=ReminderChannel.choices, default=ReminderChannel.APP)
    activity = models.ForeignKey(
        Activity, models.CASCADE, null=True, blank=True, related_name="reminders", verbose_name=_("activity")
    )
    minutes_before = models.PositiveIntegerField(_("minutes before"), default=0)
    source = models.CharField(_("occasion"), max_length=60, default="activity")
    content_type = models.ForeignKey(
        ContentType, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("kind of record")
    )
    object_id = models.BigIntegerField(_("record"), null=True, blank=True)
    params = models.JSONField(_("details"), default=dict, blank=True)
    due_at = models.DateTimeField(_("when"))
    state = models.CharField(_("state"), max_length=10, choices=ReminderState.choices, default=ReminderState.WAITING)
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)
    key = models.CharField(max_length=160, unique=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        indexes = (
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="reminder_due"),
            models.Index(fields=["user", "due_at"], condition=Q(state="waiting"), name="reminder_user"),
        )

    def __str__(self) -> str:
        return self.key


class Digest(TimeStamped):
    """The morning digest of one person for one day: the row is the claim, so that it is written once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"))
    day = models.DateField(_("day"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("morning digest")
        verbose_name_plural = _("morning digests")
        constraints = (models.UniqueConstraint(fields=["user", "day"], name="digest_once"),)

    def __str__(self) -> str:
        return f"{self.user} {self.day}"
