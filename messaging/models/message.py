"""The outbox: one row per message, in or out, with its way and its attempts."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import CleanCharField, CleanTextField, MoneyField
from core.models import Record, TimeStamped
from core.querysets import ScopedManager
from core.text import SearchKey
from messaging.choices import Channel, Direction, Purpose, Reason, State
from messaging.models.account import ChannelAccount
from messaging.models.template import MessageTemplate


class Message(Record):
    """One message to one address, or from one.

    A worker claims a queued row (``claimed_by``, ``lease_until``), sends it once and writes the outcome. A row whose
    worker died between "handed over" and "written down" becomes ``unknown``: it is never sent again by itself.
    ``idempotency_key`` makes the same request for a message one row. Rank 0 goes first.
    ``round`` counts how often a person had it sent again: each round is a message of its own to the provider.
    ``check_at`` is when the provider is asked next what became of it; None when there is nothing to ask.
    ``is_private`` ones are read by author and recipient alone, as are those to colleagues.
    ``error`` is a code of ``choices.Reason``; ``trouble`` puts it into words.
    """

    NAMED_FROM = ("subject", "body")

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices, default=Direction.OUT)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices, default=Purpose.CONVERSATION)
    account = models.ForeignKey(
        ChannelAccount, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sent through")
    )
    template = models.ForeignKey(
        MessageTemplate, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("template")
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("colleague"),
    )
    from_address = models.CharField(pgettext_lazy("message", "from"), max_length=254, blank=True)
    to_address = models.CharField(pgettext_lazy("message", "to"), max_length=254)
    to_name = CleanCharField(_("name of the recipient"), max_length=200, blank=True)
    subject = CleanCharField(_("subject"), max_length=300, blank=True)
    body = CleanTextField(_("text"), blank=True)
    body_html = models.TextField(_("formatted text"), blank=True)
    headers = models.JSONField(default=dict, blank=True, editable=False)
    is_private = models.BooleanField(_("private"), default=False, editable=False)
    parts = models.PositiveSmallIntegerField(_("SMS parts"), default=0, editable=False)

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED, editable=False)
    rank = models.PositiveSmallIntegerField(default=50, editable=False)
    idempotency_key = models.CharField(max_length=120, null=True, blank=True, unique=True, editable=False)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    round = models.PositiveSmallIntegerField(default=0, editable=False)
    attempts_made = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    claimed_by = models.CharField(max_length=80, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    handed_over_at = models.DateTimeField(null=True, blank=True, editable=False)
    check_at = models.DateTimeField(null=True, blank=True, editable=False)
    provider_id = models.CharField(_("number at the provider"), max_length=120, blank=True, editable=False)
    error = models.TextField(_("error"), blank=True, editable=False)
    cost = MoneyField(_("cost"), null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True, editable=False)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True, editable=False)

    search_key = models.GeneratedField(
        expression=SearchKey("to_name", "to_address", "subject"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
        editable=False,
    )

    class Meta(Record.Meta):
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = (
            models.Index(fields=["rank", "not_before", "id"], condition=Q(state=State.QUEUED), name="message_queue"),
            models.Index(fields=["lease_until"], condition=Q(state=State.SENDING), name="message_lease"),
            models.Index(fields=["check_at"], condition=Q(check_at__isnull=False), name="message_check"),
            models.Index(fields=["state", "-created_at", "-id"], name="message_state"),
            models.Index(fields=["-created_at", "-id"], name="message_created"),
            models.Index(fields=["account", "provider_id"], condition=~Q(provider_id=""), name="message_provider"),
            models.Index(fields=["created_by", "-created_at", "-id"], name="message_author"),
            models.Index(fields=["to_address"], name="message_to"),
            models.Index(fields=["from_address"], condition=Q(direction=Direction.IN), name="message_from"),
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="message_search"),
        )

    def __str__(self) -> str:
        return self.subject or Truncator(self.body).chars(60) or self.to_address

    @property
    def trouble(self) -> str:
        """Why it was not sent, in the reader's language."""
        return str(Reason(self.error).label) if self.error in Reason else self.error


class MessageLink(models.Model):
    """A record the message belongs to; ``at`` is the message's moment on that record's timeline."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="links", verbose_name=_("message"))
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of record"))
    object_id = models.BigIntegerField(_("record"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    obj = GenericForeignKey("content_type", "object_id")
    objects = ScopedManager()

    class Meta:
        verbose_name = _("record of the message")
        verbose_name_plural = _("records of the message")
        constraints = (
            models.UniqueConstraint(fields=["message", "content_type", "object_id"], name="message_link_unique"),
        )
        indexes = (models.Index(fields=["content_type", "object_id", "-at", "-id"], name="message_link_record"),)

    def __str__(self) -> str:
        return f"{self.content_type_id}:{self.object_id}"


class MessageAttempt(models.Model):
    """One try to send: when, how long it took (milliseconds), what came of it."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="attempts", verbose_name=_("message"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    took = models.PositiveIntegerField(_("took (ms)"), default=0)
    outcome = models.CharField(_("outcome"), max_length=10, choices=State.choices)
    detail = models.TextField(_("what the provider said"), blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.outcome}"


class Attachment(TimeStamped):
    """A file that goes with a message. Small ones (an invitation) lie in the row itself."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments", verbose_name=_("message"))
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=120)
    content = models.BinaryField(_("content"))

    objects = ScopedManager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.name


class Incoming(models.Model):
    """What a provider told us (a delivery report, an SMS), kept before it is worked on, so that nothing is lost."""

    account = models.ForeignKey(ChannelAccount, models.CASCADE, related_name="+", verbose_name=_("channel"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    payload = models.JSONField(_("content"), default=dict)
    key = models.CharField(max_length=120, blank=True)
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("report of a provider")
        verbose_name_plural = _("reports of providers")
        constraints = (models.UniqueConstraint(fields=["account", "key"], condition=~Q(key=""), name="incoming_once"),)
        indexes = (models.Index(fields=["at"], condition=Q(handled_at=None), name="incoming_open"),)

    def __str__(self) -> str:
        return f"{self.account} {self.at:%Y-%m-%d %H:%M}"
