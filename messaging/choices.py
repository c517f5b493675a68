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


class Reason(models.TextChoices):
    """Why a message was not sent or not received, in words for people; what the provider said is in the attempt."""

    CONSENT = "consent", _("The owner of this address has not agreed to such messages.")
    ADDRESS = "address", _("The address does not exist or cannot receive messages.")
    BLOCKED = "blocked", _("This number does not accept advertising messages.")
    NO_CHANNEL = "no_channel", _("No channel is set up for such messages. An administrator can add one.")
    CHANNEL_OFF = "channel_off", _("The channel of this message was switched off.")
    CREDENTIALS = "credentials", _("The provider did not accept our key or password. An administrator can correct it.")
    CREDIT = "credit", _("The account at the provider has run out of credit.")
    SENDER = "sender", _("The provider does not let us send from this sender.")
    CONTENT = "content", _("The provider refused the text of the message.")
    TEMPLATE = "template", _("The pattern at the provider is missing or not approved.")
    BUSY = "busy", _("The provider was busy or asked to wait.")
    UNREACHABLE = "unreachable", _("The provider could not be reached.")
    PROVIDER = "provider", _("The provider reported an error.")
    UNDELIVERED = "undelivered", _("The provider could not deliver the message.")
    UNCERTAIN = "uncertain", _("The connection broke while sending: the message may have gone out or not.")
    CRASHED = "crashed", _("Our worker stopped while sending: the message may have gone out or not.")
    MISTAKE = "mistake", _("Something went wrong on our side while sending.")
