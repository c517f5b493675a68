"""What people allowed us, and when we may disturb them."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.fields import CleanCharField
from core.models import TimeStamped
from core.querysets import ScopedManager
from messaging.choices import Channel, ConsentState


@audit.tracked()
class Consent(TimeStamped):
    """What the owner of an address said about messages on a channel; the last word counts, history keeps the others."""

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    address = models.CharField(_("address"), max_length=254)
    state = models.CharField(_("consent"), max_length=8, choices=ConsentState.choices)
    at = models.DateTimeField(_("since"), default=timezone.now)
    source = CleanCharField(_("how we know"), max_length=200, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = (models.UniqueConstraint(fields=["channel", "address"], name="consent_unique"),)

    def __str__(self) -> str:
        return f"{self.address}: {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        """Where it is changed: a consent has no other page."""
        return reverse("messaging:consent_edit", args=[self.pk])


@audit.tracked()
class SendingRules(TimeStamped):
    """When customers may be disturbed, and what stands below an informational SMS. There is one row."""

    quiet_from = models.TimeField(_("quiet from"), default="21:00")
    quiet_until = models.TimeField(_("quiet until"), default="08:00")
    quiet_on_holidays = models.BooleanField(_("no marketing on days off"), default=True)
    sms_footer = models.CharField(_("last line of a marketing SMS"), max_length=40, default="لغو۱۱", blank=True)
    needs_consent = models.BooleanField(
        _("marketing only with consent"),
        default=True,
        help_text=_("Without this, marketing goes to everyone who has not refused."),
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = _("rules of sending")
        verbose_name_plural = _("rules of sending")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def get_absolute_url(self) -> str:
        """The page of the settings on which it is changed."""
        return reverse("messaging:sending_rules")
