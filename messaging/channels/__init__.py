"""Channels: one interface, one adapter per provider."""

from django.conf import settings

from messaging.channels.base import Adapter
from messaging.channels.console import ConsoleEmail, ConsoleSms
from messaging.channels.email import DjangoMail, Esp, Smtp
from messaging.channels.ghasedak import Ghasedak
from messaging.channels.kavenegar import Kavenegar
from messaging.channels.melipayamak import Melipayamak
from messaging.channels.smsir import SmsIr
from messaging.choices import Channel
from messaging.models import ChannelAccount

ADAPTERS: dict[tuple[str, str], type[Adapter]] = {
    (adapter.channel, adapter.provider): adapter
    for adapter in (Smtp, Esp, ConsoleEmail, Kavenegar, SmsIr, Melipayamak, Ghasedak, ConsoleSms)
}


def adapter_class(channel: str, provider: str) -> type[Adapter] | None:
    """The adapter of a provider, None for one that is not known (any more)."""
    return ADAPTERS.get((channel, provider))


def open_adapter(channel: str, account: ChannelAccount | None) -> Adapter | None:
    """The adapter for an account; without one the installation's own mail server, or the log in development.

    None when nothing can send: no account for SMS, or one of a provider that is not known.
    """
    if account is not None:
        found = adapter_class(channel, account.provider)
        return found(account) if found else None
    if channel == Channel.EMAIL:
        return DjangoMail()
    return ConsoleSms() if settings.SMS_TO_LOG else None
