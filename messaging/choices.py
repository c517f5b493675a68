"""The words of messages: channels, purposes, states."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    """How a message travels."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")


class Direction(models.TextChoices):
    """Which way a message went."""

    OUT = "out", _("outgoing")
    IN = "in", _("incoming")


class Purpose(models.TextChoices):
    """Why a message is sent; consent and quiet hours depend on it."""

    INTERNAL = "internal", _("to a colleague")
    CONVERSATION = "conversation", _("conversation")
    SERVICE = "service", _("service")
    MARKETING = "marketing", _("marketing")


class State(models.TextChoices):
    """Where a message is on its way."""

    QUEUED = "queued", pgettext_lazy("message", "queued")
    SENDING = "sending", pgettext_lazy("message", "being sent")
    SENT = "sent", pgettext_lazy("message", "sent")
    DELIVERED = "delivered", pgettext_lazy("message", "delivered")
    FAILED = "failed", pgettext_lazy("message", "failed")
    UNKNOWN = "unknown", pgettext_lazy("message", "outcome unknown")
    REFUSED = "refused", pgettext_lazy("message", "not sent: no consent")
    CANCELLED = "cancelled", pgettext_lazy("message", "cancelled")
    RECEIVED = "received", pgettext_lazy("message", "received")


TRANSITIONS: Final[dict[str, frozenset[str]]] = {
    State.QUEUED: frozenset({State.SENDING, State.REFUSED, State.CANCELLED, State.FAILED}),
    State.SENDING: frozenset({State.SENT, State.QUEUED, State.FAILED, State.UNKNOWN}),
    State.SENT: frozenset({State.DELIVERED, State.FAILED}),
    State.UNKNOWN: frozenset({State.SENT, State.DELIVERED, State.FAILED, State.QUEUED, State.CANCELLED}),
    State.FAILED: frozenset({State.QUEUED, State.CANCELLED}),
    State.REFUSED: frozenset({State.QUEUED, State.CANCELLED}),
    State.DELIVERED: frozenset(),
    State.CANCELLED: frozenset(),
    State.RECEIVED: frozenset(),
}


class ConsentState(models.TextChoices):
    """What the owner of an address said."""

    GRANTED = "granted", _("agreed")
    DENIED = "denied", _("refused")
