"""Secrets of providers: encrypted at rest, read only by the worker that sends.

The key is derived from SECRET_KEY; after a change of it the former one in SECRET_KEY_FALLBACKS still opens what it
sealed, and ``manage.py reseal_secrets`` seals everything with the new one.
"""

import base64
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"peyvand.messaging.secrets"


class Unreadable(Exception):
    """The secrets were sealed with a key this installation no longer has."""


def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def _keys() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def seal(values: Mapping[str, str]) -> str:
    """The values as text to store; nothing for nothing."""
    return _keys().encrypt(json.dumps(dict(values)).encode()).decode() if values else ""


def unseal(sealed: str) -> dict[str, str]:
    """The values of stored text; Unreadable when no key of this installation opens it."""
    if not sealed:
        return {}
    try:
        return dict(json.loads(_keys().decrypt(sealed.encode())))
    except InvalidToken as error:
        raise Unreadable from error


def reseal(sealed: str) -> str:
    """The same values under the present key."""
    return seal(unseal(sealed))
