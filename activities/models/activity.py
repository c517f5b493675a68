"""The activity: something to do or something that was done, for some people, about some records."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.choices import ICONS, Answer, Direction, Kind, Priority, Status
from activities.models.recurrence import Recurrence
from activities.models.sequence import SequenceRun
from core import audit, rich_text
from core.fields import CleanCharField, CleanTextField
from core.models import NamedValue, TimeStamped
from core.querysets import ScopedManager
from core.text import SearchKey
from users.models import OwnedRecord

LIVE = Q(deleted_at=None)
OPEN = LIVE & Q(status="planned")


@audit.tracked()
class ActivityOutcome(NamedValue):
    """What came of an activity: reached, no answer, … ``kind`` limits it to one kind of activity, empty is for all."""

    kind = models.CharField(_("kind of activity"), max_length=10, choices=Kind.choices, blank=True)
    is_success = models.BooleanField(_("counts as success"), default=True)

    class Meta(NamedValue.Meta):
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")


@audit.tracked(exclude=["reminder_choice", "closed_with"])
class Activity(OwnedRecord):
    """A task, call, meeting, follow-up, deadline, note, or a logged e-mail, SMS, letter, chat or fax.

    ``due_at`` is when it is due or begins, ``ends_at`` where its span ends; an all-day activity begins at the midnight of
    the owner's time zone. The owner answers for it; the people who do it are its assignments, each with a state of
    their own. A private activity is seen by its owner and assignees only; others see that the time is taken.
    ``reminder_choice`` lists (channel, minutes before) for all of them; without it everyone's own defaults hold.
    ``closed_with`` names the record ("leads.lead:12") whose closing cancelled it; when that is open again, so is this.
    """

    NAMED_FROM = ("subject", "text")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TASK)
    subject = CleanCharField(_("subject"), max_length=200, blank=True)
    text = CleanTextField(_("text"), blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PLANNED, editable=False
    )
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NORMAL)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices, blank=True)
    due_at = models.DateTimeField(_("when"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    all_day = models.BooleanField(_("all day"), default=False)
    duration = models.PositiveIntegerField(_("duration (minutes)"), null=True, blank=True)
    location = CleanCharField(_("place"), max_length=200, blank=True)
    is_private = models.BooleanField(_("private"), default=False)

    outcome = models.ForeignKey(
        ActivityOutcome, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("outcome")
    )
    outcome_note = CleanTextField(_("what was said"), blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("done by"),
    )

    recurrence = models.ForeignKey(
        Recurrence, models.SET_NULL, null=True, blank=True, related_name="activities", verbose_name=_("repeats")
    )
    occurrence = models.DateTimeField(_("occurrence"), null=True, blank=True, editable=False)
    run = models.ForeignKey(
        SequenceRun,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
        editable=False,
        verbose_name=_("sequence"),
    )
    step = models.PositiveSmallIntegerField(_("step of the sequence"), null=True, blank=True, editable=False)
    uid = models.CharField(_("calendar id"), max_length=255, blank=True, editable=False)
    external_key = models.CharField(_("key in another system"), max_length=120, blank=True)
    closed_with = models.CharField(
        _("closed with"), max_length=60, blank=True, default="", db_default="", editable=False
    )
    reminder_choice = models.JSONField(_("reminders"), null=True, blank=True, editable=False)

    search_key = models.GeneratedField(
        expression=SearchKey("subject", "location"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
        editable=False,
    )

    class Meta(OwnedRecord.Meta):
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        indexes = (
            models.Index(
                fields=["owner", "due_at", "id"],
                include=["status", "ends_at", "all_day", "duration", "is_private"],
                condition=OPEN,
                name="activity_open_work",
            ),
            models.Index(fields=["due_at", "id"], condition=OPEN, name="activity_open"),
            models.Index(fields=["due_at", "id"], condition=LIVE, name="activity_due"),
            models.Index(fields=["owner", "due_at", "id"], condition=LIVE, name="activity_owner_due"),
            models.Index(fields=["-created_at", "-id"], condition=LIVE, name="activity_created"),
            models.Index(
                fields=["owner", "ends_at", "due_at"],
                condition=LIVE & Q(ends_at__isnull=False),
                name="activity_owner_ends",
            ),
            models.Index(fields=["owner", "-done_at"], condition=Q(status="done"), name="activity_owner_done"),
            models.Index(fields=["team"], name="activity_team"),
            models.Index(fields=["uid"], condition=~Q(uid=""), name="activity_uid"),
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="activity_search"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at=None) | (Q(due_at__isnull=False) & Q(ends_at__gte=F("due_at"))),
                name="activity_span",
                violation_error_message=_("The end is before the beginning."),
            ),
            models.CheckConstraint(
                condition=~Q(subject="") | ~Q(text=""),
                name="activity_has_words",
                violation_error_message=_("Say what it is about."),
            ),
            models.CheckConstraint(condition=~Q(status="done") | Q(done_at__isnull=False), name="activity_done_at"),
            models.UniqueConstraint(
                fields=["recurrence", "occurrence"], condition=Q(recurrence__isnull=False), name="activity_occurrence"
            ),
            models.UniqueConstraint(
                fields=["run", "step"], condition=Q(run__isnull=False), name="activity_sequence_step"
            ),
            models.UniqueConstraint(
                fields=["external_key"], condition=~Q(external_key="") & LIVE, name="activity_external_key"
            ),
        )

    def __str__(self) -> str:
        return self.subject or rich_text.plain(self.text)[:60]

    @property
    def icon(self) -> str:
        """The sign of its kind."""
        return ICONS[self.kind]

    @property
    def is_open(self) -> bool:
        """Whether it is still to do."""
        return self.status == Status.PLANNED

    @property
    def repeats(self) -> bool:
        """Whether more of it will come."""
        return self.recurrence is not None and self.recurrence.is_active

    @property
    def zone(self) -> ZoneInfo:
        """The time zone by whose days and clocks it was planned: its owner's, else the company's."""
        return ZoneInfo(self.owner.time_zone if self.owner else settings.TIME_ZONE)

    @property
    def moment(self) -> datetime:
        """Where it stands on a timeline: when it was done, else when it is due, else when it was written."""
        return self.done_at or self.due_at or self.created_at

    def is_late(self, now: datetime | None = None) -> bool:
        """Whether its time has passed (its end, or its whole day) and it is still to do; the twin of ``late_q``."""
        now = now or timezone.now()
        if not self.is_open or self.due_at is None:
            return False
        over = self.ends_at or (self.due_at + timedelta(days=1) if self.all_day else self.due_at)
        return over < now


class ActivityLink(models.Model):
    """A record the activity is about; ``at`` is ``Activity.moment``, kept by the services for the timeline."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="links", verbose_name=_("activity"))
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of record"))
    object_id = models.BigIntegerField(_("record"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    at = models.DateTimeField(_("at"), default=timezone.now)

    obj = GenericForeignKey("content_type", "object_id")
    objects = ScopedManager()

    class Meta:
        verbose_name = _("record of the activity")
        verbose_name_plural = _("records of the activity")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=["activity", "content_type", "object_id"], name="activity_link_unique"),
        )
        indexes = (models.Index(fields=["content_type", "object_id", "-at", "-id"], name="activity_link_record"),)

    def __str__(self) -> str:
        return f"{self.content_type_id}:{self.object_id}"


@audit.tracked()
class Assignment(TimeStamped):
    """A person who does the activity, with a state of his or her own."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="assignments", verbose_name=_("activity"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments", verbose_name=_("assignee")
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices, default=Answer.NONE)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("assignee")
        verbose_name_plural = _("assignees")
        constraints = (models.UniqueConstraint(fields=["activity", "user"], name="assignment_unique"),)
        indexes = (
            models.Index(fields=["user", "activity"], condition=Q(done_at=None), name="assignment_open"),
            models.Index(fields=["user", "activity"], name="assignment_user"),
        )

    def __str__(self) -> str:
        return str(self.user)


@audit.tracked()
class ChecklistItem(TimeStamped):
    """One line of an activity's checklist."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="checklist", verbose_name=_("activity"))
    text = CleanCharField(_("text"), max_length=200)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = _("line of the checklist")
        verbose_name_plural = _("checklist")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.text
