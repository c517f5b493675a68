"""What the calendar adds: guests, rooms and other resources with their bookings, and feeds."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from activities.choices import Answer, TasksInFeed
from activities.models.activity import Activity
from core import audit
from core.fields import CleanCharField, CleanTextField
from core.models import NamedValue, TimeStamped
from core.querysets import ScopedManager


class Invitation(TimeStamped):
    """What the guests of an activity are told: in which language, with which words, and of which revision.

    ``told`` is a fingerprint of what they heard last. A change is told a while after ``changed_at``, when it still is one:
    then the revision rises (SEQUENCE of RFC 5545), and each guest gets it once.
    """

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="invitation", verbose_name=_("activity"))
    language = models.CharField(
        _("language of the mail"), max_length=2, choices=[("fa", "فارسی"), ("en", "English")], default="fa"
    )
    message = CleanTextField(_("words to the guests"), blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)
    told = models.CharField(max_length=64, blank=True, editable=False)
    is_cancelled = models.BooleanField(_("cancelled"), default=False, editable=False)
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True, editable=False)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = (
            models.Index(fields=["changed_at"], condition=Q(changed_at__isnull=False), name="invitation_changed"),
        )

    def __str__(self) -> str:
        return f"{self.activity} r{self.revision}"


@audit.tracked(exclude=["token"])
class Guest(TimeStamped):
    """An invited person from outside, who answers by a link with a secret of its own."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="guests", verbose_name=_("activity"))
    name = CleanCharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("email"))
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    token = models.CharField(max_length=64, unique=True, editable=False)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices, default=Answer.NONE)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    note = CleanCharField(_("note"), max_length=300, blank=True)
    sent_revision = models.PositiveIntegerField(_("told of revision"), null=True, blank=True, editable=False)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        constraints = (models.UniqueConstraint(fields=["activity", "email"], name="guest_unique"),)

    def __str__(self) -> str:
        return self.name or self.email


@audit.tracked()
class Resource(NamedValue):
    """A room or a thing that one meeting at a time may have."""

    capacity = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    place = CleanCharField(_("place"), max_length=200, blank=True)

    class Meta(NamedValue.Meta):
        verbose_name = _("room or resource")
        verbose_name_plural = _("rooms and resources")


@audit.tracked()
class Booking(TimeStamped):
    """A resource taken by an activity for a span of time; the database refuses a second one."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="bookings", verbose_name=_("activity"))
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="bookings", verbose_name=_("resource"))
    span = DateTimeRangeField(_("time"))
    is_active = models.BooleanField(_("active"), default=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = (
            models.UniqueConstraint(fields=["activity", "resource"], name="booking_unique"),
            ExclusionConstraint(
                name="booking_no_overlap",
                expressions=[("resource", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
                condition=Q(is_active=True),
                violation_error_message=_("The room is taken at this time."),
            ),
        )

    def __str__(self) -> str:
        return str(self.resource)


class FeedToken(TimeStamped):
    """The secret address under which calendar programs read a person's activities. Only its hash is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="feed_tokens", verbose_name=_("user")
    )
    name = CleanCharField(_("name"), max_length=80, blank=True)
    tasks = models.CharField(
        _("tasks and deadlines"), max_length=6, choices=TasksInFeed.choices, default=TasksInFeed.EVENTS
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_read_at = models.DateTimeField(_("last read at"), null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"
