"""Providers spoken to over HTTP: time limits, sizes, and what each kind of trouble means for the message."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import requests
from django.conf import settings as django_settings
from django.utils.translation import gettext_lazy as _
from urllib3.exceptions import HTTPError

from messaging.channels.base import Adapter, Option, Rejected, Retry, SendError, Uncertain
from messaging.choices import Channel, Reason
from messaging.models import Message

MAX_ANSWER: Final = 1024 * 1024
UNAUTHORISED: Final = frozenset({401, 403})
BUSY: Final = frozenset({429, 503})
NOT_CONNECTED: Final = ("NewConnectionError", "NameResolution", "CERTIFICATE_VERIFY_FAILED")


def outcome_of_status(code: int, said: str) -> SendError:
    """What an HTTP status that is no success says about a message."""
    said = f"HTTP {code}: {said}"
    if code in UNAUTHORISED:
        return Retry(Reason.CREDENTIALS, said)
    if code == 402:
        return Retry(Reason.CREDIT, said)
    if code in BUSY:
        return Retry(Reason.BUSY, said)
    if code >= 500:  # it may have been taken before the fault
        return Uncertain(said, Reason.PROVIDER)
    return Rejected(Reason.PROVIDER, said)


PRICE = Option(
    "price",
    _("price of one part (rial)"),
    kind="number",
    is_required=False,
    help_text=_("For providers that do not tell the cost of a message."),
)


RECEIVES = Option(
    "receives",
    _("ask for incoming messages"),
    kind="boolean",
    is_required=False,
    default=False,
    help_text=_("Every minute, for lines that can receive. Answers 11 and 12 change the consent of the sender."),
)
BASE_URL = Option(
    "base_url",
    _("address of the API"),
    kind="url",
    is_required=False,
    help_text=_("Leave it empty unless the provider gave you another one."),
)
COMMON: Final = (PRICE, RECEIVES, BASE_URL)


class HttpSms(Adapter):
    """What SMS providers share. ``base`` is their address; an account may name another one."""

    channel = Channel.SMS
    base: str = ""
    polls = True
    polls_incoming = True
    has_hook = True
    sender_help = _("The number of your SMS line.")

    def __init__(self, account: Any = None):
        super().__init__(account)
        self._session: requests.Session | None = None

    def call(self, method: str, path: str, **arguments: Any) -> tuple[int, Any]:
        """Ask the provider; its HTTP status and its JSON answer.

        Raises Retry when it certainly heard nothing, Uncertain when it may have and its answer is missing or unreadable.
        """
        if self._session is None:
            self._session = requests.Session()
        url = f"{str(self.settings.get('base_url', self.base)).rstrip('/')}/{path}"
        timeout = django_settings.OUTBOX_TIMEOUT
        try:
            with self._session.request(
                method, url, timeout=(timeout, timeout), allow_redirects=False, stream=True, **arguments
            ) as answer:
                text = answer.raw.read(MAX_ANSWER, decode_content=True)
                return answer.status_code, _json(text, answer.status_code)
        except requests.ConnectionError as error:
            self.close()
            raise not_connected(error) from error
        except (requests.RequestException, HTTPError, OSError) as error:  # a body that breaks off raises urllib3's own
            self.close()
            raise Uncertain(_masked(error, self.settings.secrets)) from error

    def cost(self, message: Message, reported: Any = None) -> Decimal | None:
        """What the provider says it costs, else what its parts cost by the account's price; in rial."""
        try:
            if reported not in (None, ""):
                return Decimal(str(reported))
            price = self.settings.get("price", None)
            return Decimal(str(price)) * message.parts if price is not None else None
        except InvalidOperation:
            return None

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None


def _json(text: bytes, status: int) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        said = text[:300].decode("utf-8", "replace")
        if 200 <= status < 300:
            raise Uncertain(said or "empty answer", Reason.PROVIDER) from error
        raise outcome_of_status(status, said) from error


def not_connected(error: requests.ConnectionError) -> SendError:
    """A connection that was never made lost nothing; one that broke may have delivered the message."""
    text = repr(error)
    if isinstance(error, requests.ConnectTimeout) or any(sign in text for sign in NOT_CONNECTED):
        return Retry(Reason.UNREACHABLE, type(error).__name__)
    return Uncertain(type(error).__name__)


def _masked(error: object, secrets: Mapping[str, str]) -> str:
    """The error without our secrets, which some providers want in the address."""
    text = f"{type(error).__name__}: {error}"
    for secret in secrets.values():
        text = text.replace(secret, "…") if secret else text
    return text


def national(number: str) -> str:
    """An E.164 number as Iranian providers want it: 0912…; foreign ones with 00."""
    return f"0{number[3:]}" if number.startswith("+98") else number.replace("+", "00", 1)


def refuse(table: Mapping[int, tuple[type[SendError], Reason]], code: Any, said: object) -> SendError:
    """The error of a provider's own code; an unknown one means that the provider reported an error."""
    try:
        kind, reason = table.get(int(code), (Rejected, Reason.PROVIDER))
    except (TypeError, ValueError):
        kind, reason = Rejected, Reason.PROVIDER
    detail = f"{code}: {said}"
    return kind(reason, detail) if kind is not Uncertain else Uncertain(detail, reason)
