"""The one interface of all channels: what the outbox may ask of a provider, and what a provider may answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import TracebackType
from typing import Any, Final, Self

from messaging.choices import Reason, State
from messaging.models import ChannelAccount, Message
from messaging.secrets import Unreadable, unseal

MAX_DETAIL: Final = 2000
ACCOUNT_TROUBLE: Final = frozenset({Reason.UNREACHABLE, Reason.CREDENTIALS, Reason.CREDIT, Reason.BUSY})


class SendError(Exception):
    """A message did not go out, or may not have. ``reason`` is for people, ``detail`` is what the provider said."""

    def __init__(self, reason: Reason, detail: object = ""):
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = str(detail)[:MAX_DETAIL]

    @property
    def is_of_account(self) -> bool:
        """Whether the next message of the same account would meet the same."""
        return False


class Retry(SendError):
    """It certainly did not go out and may later; ``later`` are the seconds the provider asked for."""

    def __init__(self, reason: Reason, detail: object = "", later: int | None = None):
        super().__init__(reason, detail)
        self.later = later

    @property
    def is_of_account(self) -> bool:
        return self.reason in ACCOUNT_TROUBLE


class Rejected(SendError):
    """It certainly did not go out and never will as it is."""


class Uncertain(SendError):
    """It was handed over and nobody knows what became of it."""

    def __init__(self, detail: object = "", reason: Reason = Reason.UNCERTAIN):
        super().__init__(reason, detail)

    @property
    def is_of_account(self) -> bool:
        return self.reason != Reason.MISTAKE


@dataclass(frozen=True)
class Sent:
    """The provider took it: its number there, what it costs in rial when it says so, and how far it is."""

    provider_id: str = ""
    cost: Decimal | None = None
    state: State = State.SENT
    detail: str = ""


@dataclass(frozen=True)
class Status:
    """What the provider knows of a message: a state, or None while nothing is decided; a reason when it failed."""

    state: State | None
    reason: str = ""
    detail: str = ""
    provider_id: str = ""
    is_unknown_there: bool = False


@dataclass(frozen=True)
class Report:
    """A delivery report: which message of the account, and what became of it."""

    provider_id: str
    status: Status


@dataclass(frozen=True)
class Text:
    """A message from somebody: address as the provider writes it, text, and its number there."""

    sender: str
    body: str
    provider_id: str = ""
    receiver: str = ""


@dataclass(frozen=True)
class OptOut:
    """Somebody who wants no more of our messages."""

    address: str
    detail: str = ""


@dataclass(frozen=True)
class Option:
    """A setting of a provider: a field of its form. A secret is stored encrypted and never shown again."""

    name: str
    label: Any
    kind: str = "text"
    is_secret: bool = False
    is_required: bool = True
    default: Any = ""
    choices: Sequence[tuple[str, Any]] = ()
    help_text: Any = ""


@dataclass
class Settings:
    """Settings and secrets of an account, read once."""

    options: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str, default: Any = "") -> Any:
        """A setting or secret; the default for one that is empty."""
        value = self.secrets.get(name) or self.options.get(name)
        return default if value in (None, "") else value


class Adapter:
    """A provider. One object serves one account for a run of the outbox; use it as a context manager.

    ``ready`` is called before a message is marked as handed over: what can fail without the message having left
    (connecting, building it) belongs there. ``send`` hands over: it returns Sent or raises Retry, Rejected, Uncertain.
    """

    provider: str = ""
    channel: str = ""
    label: Any = ""
    options: Sequence[Option] = ()
    polls: bool = False  # whether ``status`` answers
    polls_incoming: bool = False  # whether ``fetch_incoming`` answers
    has_hook: bool = False  # whether the provider can call us
    sender_required: bool = True
    sender_help: Any = ""

    def __init__(self, account: ChannelAccount | None = None):
        self.account = account
        try:
            secrets = unseal(account.secrets) if account else {}
        except Unreadable:
            secrets = None
        self.settings = Settings(account.options if account else {}, secrets or {})
        self._unreadable = secrets is None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    @property
    def sender(self) -> str:
        """The address or line it sends from."""
        return self.account.sender if self.account else ""

    def ready(self, message: Message) -> None:
        """Prepare to send; an account whose secrets cannot be read says so."""
        if self._unreadable:
            raise Retry(Reason.CREDENTIALS, "The stored secrets cannot be read: SECRET_KEY has changed.")

    def send(self, message: Message) -> Sent:
        """Hand the message over."""
        raise NotImplementedError

    def status(self, messages: Sequence[Message]) -> dict[int, Status]:
        """What became of sent messages, by their primary keys; those of unknown outcome are found by our own number."""
        return {}

    def fetch_incoming(self) -> Iterable[dict[str, Any]]:
        """Messages waiting at the provider, raw. Reading may delete them there: keep them before anything else."""
        return ()

    def incoming_key(self, payload: Mapping[str, Any]) -> str:
        """What makes a raw message or report unique at the provider, "" when nothing does."""
        return ""

    def parse_incoming(self, payload: Mapping[str, Any]) -> list[Report | Text | OptOut]:
        """What a raw message or report says; ValueError when it makes no sense."""
        raise ValueError("this provider reports nothing")

    def close(self) -> None:
        """Let connections go."""


def own_number(message: Message) -> int:
    """Our number of a message for providers that take one: each round of sending is another."""
    return message.pk * 1000 + message.round
