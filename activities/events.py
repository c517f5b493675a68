"""Facts of the activities app that others may act on."""

import datetime as dt
from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class ActivityEvent(Event):
    """Something happened to an activity; ``actor_id`` is None when the system did it."""

    activity_id: int
    actor_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ActivityPlanned(ActivityEvent):
    """A new activity is to be done. ``reminders``: (channel, minutes before) each; None for the person's defaults."""

    reminders: tuple[tuple[str, int], ...] | None = None


@dataclass(frozen=True, kw_only=True)
class ActivityLogged(ActivityEvent):
    """Something already done, or a note, was recorded."""


@dataclass(frozen=True, kw_only=True)
class ActivityChanged(ActivityEvent):
    """Words, people or records changed; ``reminders`` as in ActivityPlanned, None when they were not touched."""

    reminders: tuple[tuple[str, int], ...] | None = None


@dataclass(frozen=True, kw_only=True)
class ActivityMoved(ActivityEvent):
    """It has another time; ``before`` is where it began until now."""

    before: dt.datetime | None
    due_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class ActivityPartDone(ActivityEvent):
    """One of several assignees has done (``done``) his part or taken it up again; the activity is still open."""

    user_id: int
    done: bool = True


@dataclass(frozen=True, kw_only=True)
class ActivityCompleted(ActivityEvent):
    """It is done, for everyone; ``next_id`` is the activity planned with it."""

    next_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ActivityReopened(ActivityEvent):
    """It is to do again."""


@dataclass(frozen=True, kw_only=True)
class ActivityCancelled(ActivityEvent):
    """It will not be done."""


@dataclass(frozen=True, kw_only=True)
class ActivityHandedOver(ActivityEvent):
    """Another person answers for it."""

    user_id: int
    before_id: int | None


@dataclass(frozen=True, kw_only=True)
class ActivityDeleted(ActivityEvent):
    """It went to the bin."""


@dataclass(frozen=True, kw_only=True)
class ActivityRestored(ActivityEvent):
    """It came back from the bin."""
