"""Addresses in the one form in which they are kept and compared."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.parsing import InputError
from core.phones import to_e164
from messaging.choices import Channel

MAX_LENGTH = 254
IRAN = "+98"
IRAN_MOBILE = "+989"


def normalise_address(channel: str, value: str) -> str:
    """An e-mail address in lower case, or a mobile number in E.164.

    Raises DomainError (field ``to_address``) for what no message can be sent to, a fixed line of Iran among them.
    """
    return _email(value) if channel == Channel.EMAIL else _mobile(value)


def _email(value: str) -> str:
    address = value.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise DomainError(_("Enter a valid e-mail address."), field="to_address", code="address") from error
    if len(address) > MAX_LENGTH:
        raise DomainError(_("Enter a valid e-mail address."), field="to_address", code="address")
    return address


def _mobile(value: str) -> str:
    try:
        number = to_e164(value)
    except InputError as error:
        raise DomainError(error.message, field="to_address", code="address") from error
    if number.startswith(IRAN) and not number.startswith(IRAN_MOBILE):
        raise DomainError(
            _("This is a fixed line; an SMS goes to mobile numbers only."), field="to_address", code="address"
        )
    return number


def address_of(user: Any, channel: str) -> str:
    """Where the colleague is reached on the channel, empty when nowhere."""
    try:
        return normalise_address(channel, user.email if channel == Channel.EMAIL else user.mobile)
    except DomainError:
        return ""
