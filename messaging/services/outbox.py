"""The engine: workers take due messages, hand them to the providers and write down what came of it.

The database is the truth. Any number of workers may run this at once, be killed at any moment, and be told of new
messages or not. The order that makes it safe: claim (committed), prepare, "handed over" (committed), send, outcome.
"""

import datetime as dt
import logging
import os
import secrets
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack

from django.conf import settings
from django.utils import timezone

from messaging.channels import open_adapter
from messaging.channels.base import Adapter, Rejected, Retry, SendError, Sent, Uncertain
from messaging.choices import Channel, Reason, State
from messaging.models import ChannelAccount, Message
from messaging.quiet import allowed_from
from messaging.services.claims import claim, give_back, hand_over, is_usable, release_lost, renew
from messaging.services.consent import consents_of, is_allowed, rules
from messaging.services.outcome import refuse, settle
from messaging.services.queue import FOOTED

logger = logging.getLogger(__name__)

BATCH = 10
RUN_SECONDS = 25.0  # a run makes room for other tasks after that
PAUSES = {
    Reason.UNREACHABLE: dt.timedelta(seconds=30),
    Reason.BUSY: dt.timedelta(seconds=15),
    Reason.CREDENTIALS: dt.timedelta(minutes=2),
    Reason.CREDIT: dt.timedelta(minutes=5),
}


class Run:
    """One worker's run: its name, and the connections it keeps between messages."""

    def __init__(self) -> None:
        self.owner = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(6)}"
        self.stack = ExitStack()
        self.adapters: dict[tuple[str, int | None], Adapter | None] = {}

    def adapter(self, message: Message) -> Adapter | None:
        """The adapter of the message's account, opened once."""
        key = (message.channel, message.account.pk if message.account else None)
        if key not in self.adapters:
            found = open_adapter(message.channel, message.account)
            self.adapters[key] = self.stack.enter_context(found) if found else None
        return self.adapters[key]


def outbox_run(limit: int = 500) -> int:
    """Send due messages until there are none, ``limit`` were handled, or the run has lasted long enough; how many."""
    release_lost()
    run, handled, until = Run(), 0, time.monotonic() + RUN_SECONDS
    with run.stack:
        while handled < limit and time.monotonic() < until:
            batch = claim(run.owner, min(BATCH, limit - handled))
            if not batch:
                break
            handled += len(batch)
            _work(run, _vetted(run, batch))
    return handled


def _vetted(run: Run, batch: Sequence[Message]) -> list[Message]:
    """The messages that may leave now: consent and quiet hours are asked once more, for time has passed since queueing."""
    asked = [row for row in batch if row.purpose in FOOTED]
    if not asked:
        return list(batch)
    now, now_rules, held = timezone.now(), rules(), set()
    for channel in Channel.values:
        mine = [row for row in asked if row.channel == channel]
        states = consents_of(channel, [row.to_address for row in mine]) if mine else {}
        for row in mine:
            if not is_allowed(channel, row.purpose, states.get(row.to_address, ""), now_rules):
                refuse(row, run.owner, Reason.CONSENT, state=State.REFUSED)
                held.add(row.pk)
            elif (moment := allowed_from(now, channel, row.purpose, now_rules)) > now:
                give_back([row], run.owner, moment)
                held.add(row.pk)
    return [row for row in batch if row.pk not in held]


def _lane(message: Message) -> tuple[str, int | None]:
    return message.channel, message.account.pk if message.account else None


def _work(run: Run, batch: Sequence[Message]) -> None:
    """Send the batch; when an account is in trouble the rest of its messages goes back and the account pauses."""
    paused: set[tuple[str, int | None]] = set()
    held_since = time.monotonic()
    for number, message in enumerate(batch):
        if _lane(message) in paused:
            continue
        if time.monotonic() - held_since > settings.OUTBOX_LEASE / 3:
            renew(batch[number:], run.owner)
            held_since = time.monotonic()
        trouble = _send(run, message)
        if trouble is not None:
            paused.add(_lane(message))
            rest = [later for later in batch[number + 1 :] if _lane(later) == _lane(message)]
            _pause(message.account, trouble)
            give_back(rest, run.owner, None if message.account else timezone.now() + _pause_of(trouble))


def _pause_of(trouble: SendError) -> dt.timedelta:
    asked = trouble.later if isinstance(trouble, Retry) else None
    return max(PAUSES.get(trouble.reason, PAUSES[Reason.UNREACHABLE]), dt.timedelta(seconds=asked or 0))


def _pause(account: ChannelAccount | None, trouble: SendError) -> None:
    """Let nobody use the account for a while: others should not run into the same wall."""
    if account is not None:
        ChannelAccount.all_objects.filter(pk=account.pk).update(next_send_at=timezone.now() + _pause_of(trouble))


def _send(run: Run, message: Message) -> SendError | None:
    """Send one message and write down the outcome; the error when the next one of its account would meet it too."""
    started = time.monotonic()
    result: Sent | SendError
    if message.account is not None and not is_usable(message.account):
        refuse(message, run.owner, Reason.CHANNEL_OFF)
        return None
    adapter = run.adapter(message)
    if adapter is None:
        refuse(message, run.owner, Reason.NO_CHANNEL)
        return None
    try:
        adapter.ready(message)
        message.from_address = adapter.sender
        if not hand_over(message, run.owner):
            return None
        result = _handed(adapter, message)
    except SendError as error:
        result = error
    except Exception as error:
        logger.exception("a message could not be prepared", extra={"message_id": message.pk})
        result = Rejected(Reason.MISTAKE, type(error).__name__)
    settle(message, run.owner, result, int((time.monotonic() - started) * 1000))
    return result if isinstance(result, SendError) and result.is_of_account else None


def _handed(adapter: Adapter, message: Message) -> Sent | SendError:
    try:
        return adapter.send(message)
    except SendError as error:
        return error
    except Exception as error:
        logger.exception("a message was handed over and then something broke", extra={"message_id": message.pk})
        return Uncertain(type(error).__name__, Reason.MISTAKE)
