"""Ways to reach a party: how each is kept, shown and opened."""

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext_lazy as _

from accounts.choices import ChannelKind
from core import display
from core.parsing import InputError
from core.phones import parse_phone, split_stored

PHONES: Final = frozenset({ChannelKind.PHONE, ChannelKind.MOBILE, ChannelKind.FAX})
PROFILES: Final[dict[str, str]] = {
    ChannelKind.INSTAGRAM: "https://instagram.com/",
    ChannelKind.TELEGRAM: "https://t.me/",
    ChannelKind.LINKEDIN: "https://www.linkedin.com/in/",
    ChannelKind.BALE: "https://ble.ir/",
    ChannelKind.EITAA: "https://eitaa.com/",
    ChannelKind.RUBIKA: "https://rubika.ir/",
}
ICONS: Final[dict[str, str]] = {
    ChannelKind.PHONE: "phone",
    ChannelKind.MOBILE: "device-mobile",
    ChannelKind.FAX: "printer",
    ChannelKind.EMAIL: "mail",
    ChannelKind.WEBSITE: "world",
    ChannelKind.INSTAGRAM: "brand-instagram",
    ChannelKind.TELEGRAM: "brand-telegram",
    ChannelKind.WHATSAPP: "brand-whatsapp",
    ChannelKind.LINKEDIN: "brand-linkedin",
}
_HOST: Final = re.compile(r"^(?:https?://)?(?:www\.)?(?P<host>[a-z0-9.-]+\.[a-z]{2,})/(?P<path>.+)$", re.IGNORECASE)
_HANDLE: Final = re.compile(r"^[\w.\-]{1,100}$")


def normalise(kind: str, value: str) -> str:
    """The value as it is kept. Raises ValidationError for one that the kind cannot have."""
    value = value.strip()
    if kind in PHONES or (kind == ChannelKind.WHATSAPP and "/" not in value):
        return _phone(value)
    if kind == ChannelKind.EMAIL:
        validate_email(value)
        return value.lower()
    if kind == ChannelKind.WEBSITE:
        return _web(value)
    if kind in PROFILES:
        return _profile(kind, value)
    return value


def _phone(value: str) -> str:
    try:
        return parse_phone(value).stored
    except InputError as error:
        raise ValidationError(error.message, code=error.code) from error


def _web(value: str) -> str:
    address = value if "://" in value else f"https://{value}"
    URLValidator(schemes=["http", "https"])(address)
    return address


def _profile(kind: str, value: str) -> str:
    """A handle without @; of an address on the network's own site only the handle is kept."""
    match = _HOST.match(value)
    if match is None:
        handle = value.removeprefix("@")
    elif match["host"].lower() in _hosts(kind):
        handle = match["path"].split("?")[0].strip("/").removeprefix("in/")
    else:
        return _web(value)
    if kind == ChannelKind.LINKEDIN and "/" in handle:
        return _web(value)  # a company's page
    if not _HANDLE.match(handle):
        raise ValidationError(_("Enter the profile's name or its full address."), code="invalid_profile")
    return handle


def _hosts(kind: str) -> set[str]:
    own = PROFILES[kind].split("/")[2].removeprefix("www.")
    return {own, "telegram.me"} if kind == ChannelKind.TELEGRAM else {own}


def url(kind: str, value: str) -> str:
    """Where a click on a kept value leads; empty when there is nothing to open."""
    if kind in PHONES:
        return f"tel:{split_stored(value).number}"
    if kind == ChannelKind.EMAIL:
        return f"mailto:{value}"
    if value.startswith(("https://", "http://")):
        return value
    if kind == ChannelKind.WHATSAPP and value.startswith("+"):
        return f"https://wa.me/{split_stored(value).number.removeprefix('+')}"
    return f"{PROFILES[kind]}{value}" if kind in PROFILES else ""


def shown(kind: str, value: str) -> str:
    """A kept value as people read it."""
    if kind in PHONES or (kind == ChannelKind.WHATSAPP and value.startswith("+")):
        return display.format_phone(value)
    if kind in PROFILES and "/" not in value:
        return f"@{value}"
    return value.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")


def icon(kind: str) -> str:
    """The icon of the kind."""
    return ICONS.get(kind, "message")
