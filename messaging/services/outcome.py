"""Writing down what came of a message: its state, an attempt, and when to try or to ask again."""

import datetime as dt
import logging
import random
import time
from collections.abc import Sequence
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from core.events import publish
from messaging.channels import adapter_class
from messaging.channels.base import Retry, SendError, Sent, Status, Uncertain
from messaging.choices import TRANSITIONS, Channel, Reason, State
from messaging.events import MessageStateChanged
from messaging.models import Message, MessageAttempt

logger = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT, JITTER = 30, 4 * 3600, 0.2  # seconds, and the share by which a wait varies
MOST_ATTEMPTS = {Channel.EMAIL: 10, Channel.SMS: 8}  # an e-mail is tried for about four hours, an SMS for one
FIRST_CHECK, LAST_CHECK = dt.timedelta(minutes=1), dt.timedelta(hours=48)
DATABASE_TRIES, DATABASE_PAUSE = 5, 1.0
IN_HAND = (State.SENDING, State.UNKNOWN)


def wait_before(attempt: int, asked: int | None = None) -> dt.timedelta:
    """How long to wait after the attempt of that number: twice as long each time, and never all at one moment."""
    seconds = max(min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT), asked or 0)
    return dt.timedelta(seconds=seconds * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311 - no secret


def settle(message: Message, owner: str, result: Sent | SendError, took: int) -> str:
    """Write the outcome of an attempt by the worker ``owner``; the state it led to, "" when the message is not its any more.

    A database that restarts just now is waited for: the message has left, and forgetting that would be a pity.
    """
    changes, outcome, detail = _changes(message, result)
    for attempt in range(1, DATABASE_TRIES + 1):
        try:
            return _write(message, owner, changes, MessageAttempt(outcome=outcome, detail=detail, took=took))
        except (OperationalError, InterfaceError):
            if attempt == DATABASE_TRIES or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(DATABASE_PAUSE * attempt)
    raise AssertionError("unreachable")


def _changes(message: Message, result: Sent | SendError) -> tuple[dict[str, Any], str, str]:
    """The new values of the row, and state and words of the attempt."""
    now = timezone.now()
    if isinstance(result, Sent):
        changes: dict[str, Any] = {"state": result.state, "error": "", "sent_at": now, "cost": result.cost}
        changes["provider_id"] = result.provider_id[:120]
        changes["check_at"] = now + FIRST_CHECK if _is_asked(message) and result.provider_id else None
        return changes, State.SENT, result.detail
    changes = {"error": str(result.reason)}
    if isinstance(result, Uncertain):
        changes |= {"state": State.UNKNOWN, "check_at": now + FIRST_CHECK if _is_asked(message) else None}
    elif isinstance(result, Retry) and message.attempts_made < MOST_ATTEMPTS[Channel(message.channel)]:
        changes |= {
            "state": State.QUEUED,
            "not_before": now + wait_before(message.attempts_made, result.later),
            "handed_over_at": None,
        }
        return changes, State.QUEUED, result.detail
    else:
        changes |= {"state": State.FAILED, "handed_over_at": None}
    return changes, changes["state"], result.detail


def _is_asked(message: Message) -> bool:
    adapter = adapter_class(message.channel, message.account.provider) if message.account else None
    return adapter is not None and adapter.polls


def _write(message: Message, owner: str, changes: dict[str, Any], attempt: MessageAttempt) -> str:
    with transaction.atomic():
        mine = Message.all_objects.filter(pk=message.pk, claimed_by=owner, round=message.round, state__in=IN_HAND)
        released = {} if changes["state"] in IN_HAND else {"claimed_by": ""}
        if not mine.update(updated_at=timezone.now(), lease_until=None, **released, **changes):
            logger.warning("a message was taken from its worker", extra={"message_id": message.pk})
            return ""
        attempt.message = message
        attempt.save()
        tell(message.pk, changes["state"])
    return str(changes["state"])


def tell(message_id: int, state: str) -> None:
    """Tell the listeners; what breaks in one of them must not undo what is known of the message."""
    try:
        with transaction.atomic():
            publish(MessageStateChanged(message_id=message_id, state=state))
    except Exception:
        logger.exception("a listener failed", extra={"message_id": message_id})


def refuse(message: Message, owner: str, reason: Reason, *, state: State = State.FAILED) -> None:
    """Write that a message is not sent at all, before any attempt."""
    changes = {"state": state, "error": str(reason)}
    _write(message, owner, changes, MessageAttempt(outcome=state, detail=""))


def learn(message: Message, status: Status) -> bool:
    """Take over what the provider knows of a sent or uncertain message; whether its state changed.

    A message of unknown outcome that the provider does not know either goes back into the queue: it never arrived there.
    After all its attempts it has failed.
    """
    with transaction.atomic():
        row = Message.all_objects.select_for_update(of=("self",)).filter(pk=message.pk, round=message.round).first()
        if row is None:
            return False
        target = _target(row, status)
        fields = ["check_at", "updated_at"]
        if status.provider_id and not row.provider_id:
            row.provider_id = status.provider_id[:120]
            fields.append("provider_id")
        row.check_at = None if target in {State.DELIVERED, State.FAILED} else row.check_at
        changed = target is not None and target in TRANSITIONS[State(row.state)]
        if target is not None and changed:
            _turn(row, target, status)
            fields += ["state", "error", "sent_at", "delivered_at", "handed_over_at", "not_before", "claimed_by"]
        Message.all_objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in fields})
        if changed:
            MessageAttempt.objects.create(message=row, outcome=row.state, detail=status.detail)
            tell(row.pk, row.state)
    return changed


def _target(row: Message, status: Status) -> State | None:
    if status.state is not None:
        return status.state
    if row.state != State.UNKNOWN:
        return None
    if not status.is_unknown_there:
        return State.SENT
    return State.QUEUED if row.attempts_made < MOST_ATTEMPTS[Channel(row.channel)] else State.FAILED


def _turn(row: Message, target: State, status: Status) -> None:
    now = timezone.now()
    row.state, row.error, row.claimed_by = target, str(status.reason), ""
    if target == State.QUEUED:
        row.handed_over_at, row.not_before, row.check_at = None, now, None
        return
    if status.is_unknown_there:
        row.error = Reason.UNREACHABLE
        return
    row.sent_at = row.sent_at or row.handed_over_at or now
    if target == State.DELIVERED:
        row.delivered_at = now


def next_check(row: Message, now: dt.datetime) -> dt.datetime | None:
    """When to ask again: soon after sending, ever more seldom, and after two days no more."""
    age = now - (row.sent_at or row.handed_over_at or row.created_at)
    return None if age > LAST_CHECK else now + max(FIRST_CHECK, age / 2)


def learn_all(messages: Sequence[Message], known: dict[int, Status]) -> int:
    """Take over what the provider told of several messages; how many changed."""
    return sum(learn(message, known[message.pk]) for message in messages if message.pk in known)
