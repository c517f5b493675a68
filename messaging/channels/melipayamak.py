"""Melipayamak's REST service (rest.payamak-panel.com): form-encoded, ``{Value, RetStatus, StrRetStatus}``."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from messaging.channels.base import Option, Rejected, Report, Retry, SendError, Sent, Status, Text, Uncertain
from messaging.channels.http import COMMON, HttpSms, national, outcome_of_status, refuse
from messaging.choices import Reason, State
from messaging.models import Message

OK: Final = 1
INVALID_DATA: Final = 35  # the code of the error stands in Value then
ERRORS: Final[Mapping[int, tuple[type[SendError], Reason]]] = {
    0: (Retry, Reason.CREDENTIALS),
    2: (Retry, Reason.CREDIT),
    3: (Retry, Reason.BUSY),
    4: (Retry, Reason.BUSY),
    5: (Rejected, Reason.SENDER),
    6: (Retry, Reason.BUSY),
    7: (Rejected, Reason.CONTENT),
    9: (Rejected, Reason.SENDER),
    10: (Retry, Reason.CREDENTIALS),
    11: (Rejected, Reason.PROVIDER),
    12: (Retry, Reason.CREDENTIALS),
    14: (Rejected, Reason.CONTENT),
    16: (Rejected, Reason.ADDRESS),
    17: (Rejected, Reason.CONTENT),
    35: (Rejected, Reason.BLOCKED),
    108: (Retry, Reason.CREDENTIALS),
    109: (Retry, Reason.CREDENTIALS),
    110: (Retry, Reason.CREDENTIALS),
}
STATES: Final[Mapping[int, Status]] = {
    0: Status(None),
    1: Status(State.DELIVERED),
    2: Status(State.FAILED, Reason.UNDELIVERED),
    3: Status(State.FAILED, Reason.UNDELIVERED),
    8: Status(None),
    16: Status(State.FAILED, Reason.UNDELIVERED),
    35: Status(State.FAILED, Reason.BLOCKED),
    200: Status(None),
    300: Status(State.FAILED, Reason.CONTENT),
    400: Status(None),
    500: Status(State.FAILED, Reason.PROVIDER),
}
RECEIVED: Final = 1
LATEST: Final = 100


class Melipayamak(HttpSms):
    """User name and password go with every call."""

    provider = "melipayamak"
    label = _("Melipayamak")
    base = "https://rest.payamak-panel.com/api"
    options = (
        Option("username", _("user name")),
        Option("password", _("password or API key"), is_secret=True),
        *COMMON,
    )

    def _ask(self, method: str, **data: Any) -> dict[str, Any]:
        who = {"username": self.settings.get("username"), "password": self.settings.get("password")}
        code, answer = self.call("POST", f"SendSMS/{method}", data=who | data)
        if not isinstance(answer, dict) or ("RetStatus" not in answer and "MyBase" not in answer):
            raise Uncertain(answer, Reason.PROVIDER) if code < 300 else outcome_of_status(code, str(answer))
        said = answer.get("MyBase") or answer
        if said.get("RetStatus") != OK:
            own = said.get("RetStatus")
            value = str(said.get("Value", ""))
            number = value if own == INVALID_DATA and value.lstrip("-").isdigit() else own
            raise refuse(ERRORS, number, said.get("StrRetStatus", ""))
        return answer

    def send(self, message: Message) -> Sent:
        answer = self._ask(
            "SendSMS",
            to=national(message.to_address),
            text=message.body,
            isFlash="false",
            **{"from": self.sender},
        )
        number = str(answer.get("Value") or "")
        if not number:
            raise Uncertain("no number in the answer", Reason.PROVIDER)
        return Sent(number, self.cost(message), detail=str(answer.get("StrRetStatus", "")))

    def status(self, messages: Sequence[Message]) -> dict[int, Status]:
        found: dict[int, Status] = {}
        for message in messages:
            if not message.provider_id:
                continue
            value = str(self._ask("GetDeliveries2", recID=message.provider_id).get("Value", ""))
            state = STATES.get(int(value)) if value.lstrip("-").isdigit() else None
            if state is not None:
                found[message.pk] = state
        return found

    def fetch_incoming(self) -> list[dict[str, Any]]:
        answer = self._ask("GetMessages", location=RECEIVED, index=0, count=LATEST, **{"from": self.sender})
        return [entry for entry in answer.get("Data") or [] if isinstance(entry, dict)]

    def incoming_key(self, payload: Mapping[str, Any]) -> str:
        return f"in:{payload['MsgID']}" if payload.get("MsgID") else ""

    def parse_incoming(self, payload: Mapping[str, Any]) -> list[Any]:
        text = payload.get("Body", payload.get("text"))
        sender = payload.get("Sender", payload.get("from"))
        if text is not None and sender:
            return [Text(str(sender), str(text), str(payload.get("MsgID") or ""))]
        number = payload.get("recId", payload.get("recID"))
        state = STATES.get(int(payload["status"]))
        return [Report(str(number), state)] if number and state else []
