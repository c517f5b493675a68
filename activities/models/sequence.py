"""Templates and sequences of activities."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.choices import Kind, RunState
from core import audit
from core.fields import CleanCharField, CleanTextField
from core.models import Record, TimeStamped
from core.querysets import ScopedManager
from messaging.models import MessageTemplate


@audit.tracked()
class Sequence(Record):
    """A row of steps applied to a record of one kind (``host``: "leads.lead"); one with a single step is a template."""

    name = CleanCharField(_("name"), max_length=120)
    description = CleanCharField(_("description"), max_length=300, blank=True)
    host = models.CharField(_("for records of kind"), max_length=60)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta(Record.Meta):
        verbose_name = _("sequence")
        verbose_name_plural = _("sequences")

    def __str__(self) -> str:
        return self.name


@audit.tracked()
class SequenceStep(TimeStamped):
    """One step: which activity, how long after the step before it, at what time of the day."""

    sequence = models.ForeignKey(Sequence, models.CASCADE, related_name="steps", verbose_name=_("sequence"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.CALL)
    subject = CleanCharField(_("subject"), max_length=200)
    text = CleanTextField(_("text"), blank=True)
    after_days = models.PositiveSmallIntegerField(_("days after"), default=0, validators=[MaxValueValidator(365)])
    working_days = models.BooleanField(_("count working days only"), default=True)
    at_time = models.TimeField(_("time of day"), default="09:00")
    duration = models.PositiveIntegerField(_("duration (minutes)"), null=True, blank=True)
    message_template = models.ForeignKey(
        MessageTemplate, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("message template")
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        """A step has no page of its own: it stands among the others of its sequence."""
        return ""


@audit.tracked()
class SequenceRun(TimeStamped):
    """A sequence at work on one record; the next step is planned when the one before it is done."""

    sequence = models.ForeignKey(Sequence, models.PROTECT, related_name="runs", verbose_name=_("sequence"))
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of record"))
    object_id = models.BigIntegerField(_("record"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"))
    state = models.CharField(_("state"), max_length=10, choices=RunState.choices, default=RunState.RUNNING)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    obj = GenericForeignKey("content_type", "object_id")
    objects = ScopedManager()

    class Meta:
        verbose_name = _("run of a sequence")
        verbose_name_plural = _("runs of sequences")
        constraints = (
            models.UniqueConstraint(
                fields=["sequence", "content_type", "object_id"],
                condition=Q(state="running"),
                name="sequence_run_once",
                violation_error_message=_("This sequence is already running on the record."),
            ),
        )
        indexes = (models.Index(fields=["content_type", "object_id"], name="sequence_run_record"),)

    def __str__(self) -> str:
        return str(self.sequence)
