"""Kavenegar (kavenegar.com/rest.html): form-encoded, ``{return: {status, message}, entries: […]}``."""

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

OK: Final = 200
ERRORS: Final[Mapping[int, tuple[type[SendError], Reason]]] = {
    401: (Retry, Reason.CREDENTIALS),
    402: (Retry, Reason.PROVIDER),
    403: (Retry, Reason.CREDENTIALS),
    407: (Retry, Reason.CREDENTIALS),
    409: (Retry, Reason.BUSY),
    411: (Rejected, Reason.ADDRESS),
    412: (Rejected, Reason.SENDER),
    413: (Rejected, Reason.CONTENT),
    416: (Retry, Reason.CREDENTIALS),
    418: (Retry, Reason.CREDIT),
    420: (Rejected, Reason.CONTENT),
    422: (Rejected, Reason.CONTENT),
    424: (Rejected, Reason.TEMPLATE),
    427: (Rejected, Reason.SENDER),
    429: (Retry, Reason.CREDENTIALS),
    451: (Retry, Reason.BUSY),
    501: (Rejected, Reason.ADDRESS),
}
UNKNOWN_NUMBER: Final = 100
STATES: Final[Mapping[int, Status]] = {
    1: Status(None),
    2: Status(None),
    4: Status(None),
    5: Status(None),
    6: Status(State.FAILED, Reason.UNDELIVERED),
    10: Status(State.DELIVERED),
    11: Status(State.FAILED, Reason.UNDELIVERED),
    13: Status(State.FAILED, Reason.PROVIDER),
    14: Status(State.FAILED, Reason.BLOCKED),
    UNKNOWN_NUMBER: Status(None, is_unknown_there=True),
}


class Kavenegar(HttpSms):
    """Sends with our own number (``localid``): the same number twice is one message there, and can be asked for."""

    provider = "kavenegar"
    label = _("Kavenegar")
    base = "https://api.kavenegar.com/v1"
    options = (
        Option("api_key", _("API key"), is_secret=True),
        *COMMON,
    )

    def _ask(self, method: str, **data: Any) -> list[dict[str, Any]]:
        code, answer = self.call("POST", f"{self.settings.get('api_key')}/{method}.json", data=data)
        said = answer.get("return") if isinstance(answer, dict) else None
        if not isinstance(said, dict) or "status" not in said:
            raise Uncertain(answer, Reason.PROVIDER) if code == OK else outcome_of_status(code, str(answer))
        if said["status"] != OK:
            raise refuse(ERRORS, said["status"], said.get("message", ""))
        return [entry for entry in answer.get("entries") or [] if isinstance(entry, dict)]

    def send(self, message: Message) -> Sent:
        entries = self._ask(
            "sms/send",
            receptor=national(message.to_address),
            message=message.body,
            sender=self.sender,
            localid=own_number(message),
        )
        if not entries or not entries[0].get("messageid"):
            raise Uncertain("no number in the answer", Reason.PROVIDER)
        entry = entries[0]
        status = STATES.get(entry.get("status", 0), Status(None))
        if status.state == State.FAILED:
            raise Rejected(Reason(status.reason), entry.get("statustext", ""))
        return Sent(str(entry["messageid"]), self.cost(message, entry.get("cost")), detail=entry.get("statustext", ""))

    def status(self, messages: Sequence[Message]) -> dict[int, Status]:
        found: dict[int, Status] = {}
        numbered = {m.provider_id: m.pk for m in messages if m.provider_id}
        own = {str(own_number(m)): m.pk for m in messages if not m.provider_id}
        if numbered:
            for entry in self._ask("sms/status", messageid=",".join(numbered)):
                self._keep(found, numbered.get(str(entry.get("messageid"))), entry)
        if own:
            for entry in self._ask("sms/statuslocalmessageid", localid=",".join(own)):
                self._keep(found, own.get(str(entry.get("localid"))), entry)
        return found

    def _keep(self, found: dict[int, Status], pk: int | None, entry: Mapping[str, Any]) -> None:
        known = STATES.get(int(entry.get("status") or 0))
        if pk is not None and known is not None:
            found[pk] = Status(
                known.state,
                known.reason,
                str(entry.get("statustext", "")),
                str(entry.get("messageid") or ""),
                known.is_unknown_there,
            )

    def fetch_incoming(self) -> list[dict[str, Any]]:
        return self._ask("sms/receive", linenumber=self.sender, isread=0)

    def incoming_key(self, payload: Mapping[str, Any]) -> str:
        return f"in:{payload['messageid']}" if payload.get("messageid") and "message" in payload else ""

    def parse_incoming(self, payload: Mapping[str, Any]) -> list[Any]:
        if payload.get("message") is not None and (payload.get("from") or payload.get("sender")):
            sender = payload.get("from") or payload["sender"]
            return [Text(str(sender), str(payload["message"]), str(payload.get("messageid") or ""))]
        status = STATES.get(int(payload["status"]))
        return [Report(str(payload["messageid"]), status)] if status else []
