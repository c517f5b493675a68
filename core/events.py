"""The upward seam: a service publishes a fact, apps above it listen."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of every fact; subclasses are frozen dataclasses named in the past tense."""


@dataclass(frozen=True, kw_only=True)
class RecordBinned(Event):
    """A record (``label`` of its model, its key) went to the bin (``binned``) or came back, by the plain services."""

    label: str
    pk: int
    binned: bool
    actor_id: int | None = None


E = TypeVar("E", bound=Event)
_handlers: dict[type[Event], list[Callable[..., None]]] = defaultdict(list)


def subscribe(kind: type[E], handler: Callable[[E], None]) -> None:
    """Call ``handler`` for each event of the kind; done once, in an app's ``ready()``."""
    if handler not in _handlers[kind]:
        _handlers[kind].append(handler)


def publish(event: Event) -> None:
    """Hand the event to its listeners, inside the publisher's transaction: what they write stands or falls with it."""
    for handler in _handlers[type(event)]:
        handler(event)
