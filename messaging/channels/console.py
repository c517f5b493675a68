"""For development: messages are written to the log and count as sent."""

import logging

from django.utils.translation import gettext_lazy as _

from messaging.channels.base import Adapter, Sent
from messaging.choices import Channel
from messaging.models import Message

logger = logging.getLogger(__name__)


class Console(Adapter):
    """The log instead of a provider."""

    label = _("only the log (development)")
    sender_required = False

    def send(self, message: Message) -> Sent:
        logger.info(
            "message to %s: %s", message.to_address, message.subject or message.body, extra={"body": message.body}
        )
        return Sent(provider_id=f"console-{message.pk}-{message.round}")


class ConsoleEmail(Console):
    """E-mail to the log."""

    provider = "console"
    channel = Channel.EMAIL


class ConsoleSms(Console):
    """SMS to the log."""

    provider = "console"
    channel = Channel.SMS
