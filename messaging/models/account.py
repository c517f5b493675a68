"""The accounts at providers through which messages leave."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import audit
from core.models import Record
from messaging.choices import Channel


@audit.tracked(exclude=["secrets", "webhook_token", "next_send_at"])
class ChannelAccount(Record):
    """A mail server or an SMS line: which provider, from which sender, how fast.

    ``secrets`` are encrypted (see ``messaging.secrets``) and, like the token of the provider's reports, no part of the
    history. ``next_send_at`` is when the next message may leave: by the rate, or later after trouble at the provider.
    """

    name = models.CharField(_("name"), max_length=80)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    provider = models.CharField(_("provider"), max_length=30)
    sender = models.CharField(
        _("sender"), max_length=254, blank=True, help_text=_("E-mail address, or the number of the SMS line.")
    )
    sender_name = models.CharField(_("name of the sender"), max_length=120, blank=True)
    options = models.JSONField(_("settings"), default=dict, blank=True)
    secrets = models.TextField(_("secrets"), blank=True, editable=False)
    webhook_token = models.CharField(_("secret of the delivery reports"), max_length=64, blank=True, editable=False)
    rate_per_minute = models.PositiveIntegerField(
        _("messages per minute"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    next_send_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_default = models.BooleanField(_("default of its channel"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta(Record.Meta):
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = (
            models.UniqueConstraint(
                fields=["channel"],
                condition=Q(is_default=True, deleted_at=None),
                name="channel_account_default",
                violation_error_message=_("Another account is the default of this channel already."),
            ),
        )

    def __str__(self) -> str:
        return self.name
