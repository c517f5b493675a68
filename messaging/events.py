"""Facts about messages that other apps may listen to."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class MessageStateChanged(Event):
    """A message entered a state, its first one included (``queued``, ``refused``, ``received``)."""

    message_id: int
    state: str
