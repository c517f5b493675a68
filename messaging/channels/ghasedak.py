"""Ghasedak's new gateway (gateway.ghasedak.me): JSON, ``{isSuccess, statusCode, message, data}``."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from messaging.channels.base import (
    Option,
    Rejected,
    Report,
    Retry,
    SendError,
    Sent,
    Status,
    Text,
    Uncertain,
    own_number,
)
from messaging.channels.http import COMMON, HttpSms, national, outcome_of_status, refuse
from messaging.choices import Reason, State
from messaging.models import Message

ERRORS: Final[Mapping[int, tuple[type[SendError], Reason]]] = {
    401: (Retry, Reason.CREDENTIALS),
    402: (Retry, Reason.CREDIT),
    403: (Retry, Reason.CREDENTIALS),
    409: (Retry, Reason.BUSY),
    412: (Rejected, Reason.SENDER),
    413: (Rejected, Reason.CONTENT),
    418: (Retry, Reason.CREDIT),
    419: (Rejected, Reason.BLOCKED),
    428: (Rejected, Reason.TEMPLATE),
    429: (Retry, Reason.BUSY),
    500: (Uncertain, Reason.PROVIDER),
    503: (Retry, Reason.BUSY),
}
UNDER_WAY: Final = frozenset({0, 2, 3, 4, 5, 9, 10, 11, 17})
STATES: Final[Mapping[int, Status]] = {
    **{code: Status(None) for code in UNDER_WAY},
    1: Status(State.FAILED, Reason.CONTENT),
    6: Status(State.FAILED, Reason.UNDELIVERED),
    7: Status(State.FAILED, Reason.PROVIDER),
    8: Status(State.FAILED, Reason.BLOCKED),
    12: Status(State.FAILED, Reason.BLOCKED),
    13: Status(State.FAILED, Reason.UNDELIVERED),
    14: Status(State.DELIVERED),
    15: Status(State.FAILED, Reason.BLOCKED),
    16: Status(State.FAILED, Reason.UNDELIVERED),
}
BY_NUMBER, BY_OUR_NUMBER = 1, 2


class Ghasedak(HttpSms):
    """Takes our own number (``clientReferenceId``) and can be asked by it."""

    provider = "ghasedak"
    label = _("Ghasedak")
    base = "https://gateway.ghasedak.me/rest/api/v1/WebService"
    options = (
        Option("api_key", _("API key"), is_secret=True),
        *COMMON,
    )

    def _ask(self, method: str, path: str, **arguments: Any) -> Any:
        headers = {"ApiKey": self.settings.get("api_key"), "Accept": "application/json"}
        code, answer = self.call(method, path, headers=headers, **arguments)
        if not isinstance(answer, dict) or not isinstance(answer.get("isSuccess"), bool):
            raise Uncertain(answer, Reason.PROVIDER) if code < 300 else outcome_of_status(code, str(answer))
        if not answer["isSuccess"]:
            raise refuse(ERRORS, answer.get("statusCode", code), answer.get("message", ""))
        return answer.get("data")

    def send(self, message: Message) -> Sent:
        data = self._ask(
            "POST",
            "SendSingleSMS",
            json={
                "lineNumber": self.sender,
                "receptor": national(message.to_address),
                "message": message.body,
                "clientReferenceId": str(own_number(message)),
                "udh": False,
            },
        )
        number = data.get("messageId") if isinstance(data, dict) else None
        if not number:
            raise Uncertain("no number in the answer", Reason.PROVIDER)
        return Sent(str(number), self.cost(message, data.get("cost")))

    def status(self, messages: Sequence[Message]) -> dict[int, Status]:
        found: dict[int, Status] = {}
        numbered = {m.provider_id: m.pk for m in messages if m.provider_id}
        own = {str(own_number(m)): m.pk for m in messages if not m.provider_id}
        for kind, wanted, field in (
            (BY_NUMBER, numbered, "messageId"),
            (BY_OUR_NUMBER, own, "clientReferenceId"),
        ):
            if not wanted:
                continue
            data = self._ask("GET", "CheckSmsStatus", params={"Type": kind, "Ids": list(wanted)})
            known = {str(entry.get(field)): entry for entry in _entries(data)}
            for number, pk in wanted.items():
                status = self._read(known.get(number), kind)
                if status is not None:
                    found[pk] = status
        return found

    def _read(self, entry: Mapping[str, Any] | None, kind: int) -> Status | None:
        if entry is None:
            return Status(None, is_unknown_there=True) if kind == BY_OUR_NUMBER else None
        known = STATES.get(entry.get("status") or 0, Status(None))
        return Status(known.state, known.reason, provider_id=str(entry.get("messageId") or ""))

    def fetch_incoming(self) -> list[dict[str, Any]]:
        data = self._ask("GET", "GetReceivedSmses", params={"LineNumber": self.sender, "IsRead": "false"})
        return _entries(data)

    def incoming_key(self, payload: Mapping[str, Any]) -> str:
        return f"in:{payload['id']}" if payload.get("id") and "message" in payload else ""

    def parse_incoming(self, payload: Mapping[str, Any]) -> list[Any]:
        sender = payload.get("sender", payload.get("from"))
        text = payload.get("message", payload.get("text"))
        if text is not None and sender:
            return [Text(str(sender), str(text), str(payload.get("id") or ""))]
        state = STATES.get(int(payload["status"]))
        return [Report(str(payload["messageId"]), state)] if state else []


def _entries(data: Any) -> list[dict[str, Any]]:
    """The entries of an answer, which some versions wrap into ``items``."""
    rows = data.get("items") if isinstance(data, dict) else data
    return [entry for entry in rows or [] if isinstance(entry, dict)]
