"""SMS.ir (docs.sms.ir): JSON, ``{status, message, data}``, where status 1 is success."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from messaging.channels.base import Option, Rejected, Report, Retry, SendError, Sent, Status, Text, Uncertain
from messaging.channels.http import COMMON, HttpSms, national, outcome_of_status, refuse
from messaging.choices import Reason, State
from messaging.models import Message

OK: Final = 1
ERRORS: Final[Mapping[int, tuple[type[SendError], Reason]]] = {
    0: (Uncertain, Reason.PROVIDER),
    10: (Retry, Reason.CREDENTIALS),
    11: (Retry, Reason.CREDENTIALS),
    12: (Retry, Reason.CREDENTIALS),
    13: (Retry, Reason.CREDENTIALS),
    14: (Retry, Reason.CREDENTIALS),
    15: (Retry, Reason.CREDENTIALS),
    20: (Retry, Reason.BUSY),
    101: (Rejected, Reason.SENDER),
    102: (Retry, Reason.CREDIT),
    103: (Rejected, Reason.CONTENT),
    104: (Rejected, Reason.ADDRESS),
    107: (Rejected, Reason.ADDRESS),
    113: (Rejected, Reason.TEMPLATE),
    115: (Rejected, Reason.BLOCKED),
    117: (Rejected, Reason.TEMPLATE),
    123: (Rejected, Reason.SENDER),
}
STATES: Final[Mapping[int, Status]] = {
    1: Status(State.DELIVERED),
    2: Status(State.FAILED, Reason.UNDELIVERED),
    3: Status(None),
    4: Status(State.FAILED, Reason.UNDELIVERED),
    5: Status(None),
    6: Status(State.FAILED, Reason.UNDELIVERED),
    7: Status(State.FAILED, Reason.BLOCKED),
}
LATEST: Final = 100


class SmsIr(HttpSms):
    """Its cost is counted in messages, not in rial: give the price of one part in the settings."""

    provider = "smsir"
    label = _("SMS.ir")
    base = "https://api.sms.ir/v1"
    options = (
        Option("api_key", _("API key"), is_secret=True),
        *COMMON,
    )

    def _ask(self, method: str, path: str, **arguments: Any) -> Any:
        headers = {"X-API-KEY": self.settings.get("api_key"), "Accept": "application/json"}
        code, answer = self.call(method, path, headers=headers, **arguments)
        if not isinstance(answer, dict) or "status" not in answer:
            raise Uncertain(answer, Reason.PROVIDER) if code < 300 else outcome_of_status(code, str(answer))
        if answer["status"] != OK:
            raise refuse(ERRORS, answer["status"], answer.get("message", ""))
        return answer.get("data")

    def send(self, message: Message) -> Sent:
        data = self._ask(
            "POST",
            "send/bulk",
            json={
                "lineNumber": self.sender,
                "messageText": message.body,
                "mobiles": [national(message.to_address)],
                "sendDateTime": None,
            },
        )
        numbers = data.get("messageIds") if isinstance(data, dict) else None
        if not isinstance(numbers, list) or not numbers:
            raise Uncertain("no number in the answer", Reason.PROVIDER)
        if not numbers[0]:  # 0: the number has blocked advertising
            raise Rejected(Reason.BLOCKED, data)
        return Sent(str(numbers[0]), self.cost(message), detail=f"pack {data.get('packId', '')}")

    def status(self, messages: Sequence[Message]) -> dict[int, Status]:
        found: dict[int, Status] = {}
        for message in messages:
            data = self._ask("GET", f"send/{message.provider_id}") if message.provider_id else None
            state = STATES.get(data.get("deliveryState") or 0) if isinstance(data, dict) else None
            if state is not None:
                found[message.pk] = state
        return found

    def fetch_incoming(self) -> list[dict[str, Any]]:
        data = self._ask("GET", "receive/latest", params={"count": LATEST})
        return [entry for entry in data or [] if isinstance(entry, dict)]

    def incoming_key(self, payload: Mapping[str, Any]) -> str:
        if payload.get("mobile") and payload.get("receivedDateTime"):
            return f"in:{payload['mobile']}:{payload['receivedDateTime']}"
        return ""

    def parse_incoming(self, payload: Mapping[str, Any]) -> list[Any]:
        text = payload.get("messageText", payload.get("text"))
        sender = payload.get("mobile", payload.get("from"))
        if text is not None and sender:
            return [Text(str(sender), str(text), str(payload.get("messageId") or ""))]
        state = STATES.get(int(payload["deliveryState"]))
        return [Report(str(payload["messageId"]), state)] if state else []
