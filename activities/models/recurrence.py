"""Rules of repetition, in either calendar."""

from datetime import date
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.recurrence import Rule, parse_rule, sentence
from core.models import TimeStamped
from core.querysets import ScopedManager


class Recurrence(TimeStamped):
    """When an activity comes again.

    ``rule`` is an RRULE of RFC 5545 without DTSTART; with ``calendar`` "jalali" its months and days are those of the
    Jalali calendar (RFC 7529's RSCALE, with SKIP for days a month lacks). The wall-clock time is that of ``time_zone``.
    """

    rule = models.CharField(_("rule"), max_length=300)
    calendar = models.CharField(
        _("calendar"),
        max_length=10,
        choices=[("jalali", _("Jalali calendar")), ("gregorian", _("Gregorian calendar"))],
        default="jalali",
    )
    starts_at = models.DateTimeField(_("first time"))
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Tehran")
    made_until = models.DateTimeField(_("made until"), null=True, blank=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("repetition")
        verbose_name_plural = _("repetitions")

    def __str__(self) -> str:
        """The rule in words."""
        return sentence(self.parsed, self.anchor)

    @property
    def parsed(self) -> Rule:
        """The rule, read and checked."""
        return parse_rule(self.rule, "jalali" if self.calendar == "jalali" else "gregorian")

    @property
    def zone(self) -> ZoneInfo:
        """The time zone whose wall clock it goes by."""
        return ZoneInfo(self.time_zone)

    @property
    def anchor(self) -> date:
        """The day of the first time."""
        return self.starts_at.astimezone(self.zone).date()

    def get_absolute_url(self) -> str:
        """A repetition has no page of its own: it is reached through its activities."""
        return ""
