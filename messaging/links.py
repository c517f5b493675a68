"""The address in a marketing mail by which its reader stops such mails."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from messaging.choices import Channel
from messaging.models import Message

SALT = "messaging.unsubscribe"


def unsubscribe_token(address: str) -> str:
    """A signed note of an e-mail address; it does not run out, old mails are read too."""
    return signing.Signer(salt=SALT).sign_object(address)


def unsubscribe_address(token: str) -> str:
    """The address in a token; signing.BadSignature for one that is not ours."""
    return str(signing.Signer(salt=SALT).unsign_object(token))


def unsubscribe_link(message: Message) -> str:
    """Where the reader of a mail stops such mails; "" while the installation does not know its own address."""
    if message.channel != Channel.EMAIL or not settings.SITE_URL:
        return ""
    return f"{settings.SITE_URL}{reverse('unsubscribe', args=[unsubscribe_token(message.to_address)])}"
