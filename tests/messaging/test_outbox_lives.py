"""The outbox over random lives: workers that are slow, die or come back late, providers and people in between.

Whatever happens, a message leaves once for each time somebody had reason to send it, and its state follows the table.
"""

import datetime as dt
import random
from contextlib import suppress

import pytest
from django.utils import timezone

from core.errors import DomainError
from messaging import services
from messaging.channels.base import Rejected, Retry, Sent, Status, Uncertain
from messaging.choices import TRANSITIONS, Reason, State
from messaging.models import Message
from messaging.services.claims import claim, give_back, hand_over, release_lost, renew
from messaging.services.outcome import learn, settle
from tests.messaging.factories import ChannelAccountFactory

pytestmark = pytest.mark.django_db
SEEDS, STEPS = range(5), 120
FINAL = frozenset({State.DELIVERED, State.CANCELLED, State.RECEIVED})


def reachable(state):
    """Every state the table leads to, in any number of steps."""
    found, ahead = set(), [state]
    while ahead:
        for following in TRANSITIONS[ahead.pop()]:
            if following not in found:
                found.add(following)
                ahead.append(following)
    return found


class World:
    """A few messages, some workers, and everything that can happen to them."""

    def __init__(self, boss, seed):
        self.boss, self.rng = boss, random.Random(seed)
        self.account = ChannelAccountFactory(is_default=True)
        self.held, self.flying = [], []  # (worker, message as it was claimed): before and after it was handed over
        self.left, self.reasons = {}, {}  # how often each message left, and how often there was a reason to
        self.seen = {}
        self.steps = [
            *[self.queue] * 4,
            *[self.claim] * 4,
            *[self.hand_over] * 6,
            *[self.answer] * 4,
            *[self.provider_tells] * 2,
            self.give_back,
            self.time_passes,
            self.worker_dies,
            self.cancel,
            self.resend,
        ]

    def one(self, rows):
        return self.rng.choice(rows) if rows else None

    def message(self):
        return self.one(list(Message.objects.order_by("pk")))

    def queue(self):
        key = f"key-{self.rng.randrange(60)}"
        row = services.message_queue(
            actor=None, channel="email", to_address="a@example.com", subject="s", body="b", idempotency_key=key
        )
        self.reasons.setdefault(row.pk, 1)

    def claim(self):
        worker = f"worker-{self.rng.randrange(3)}-{self.rng.random()}"
        Message.objects.filter(state=State.QUEUED).update(not_before=timezone.now())
        self.held += [(worker, row) for row in claim(worker, self.rng.randrange(1, 4))]

    def hand_over(self):
        found = self.one(self.held)
        if found is None:
            return
        self.held.remove(found)
        worker, row = found
        if self.rng.random() < 0.3:
            renew([row], worker)
        if hand_over(row, worker):
            self.left[row.pk] = self.left.get(row.pk, 0) + 1
            self.flying.append(found)

    def answer(self):
        found = self.one(self.flying)
        if found is None:
            return
        self.flying.remove(found)
        worker, row = found
        result = self.rng.choice(
            [Sent(provider_id=f"p{row.pk}"), Retry(Reason.BUSY), Rejected(Reason.ADDRESS), Uncertain("?")]
        )
        written = settle(row, worker, result, 5)
        if written and isinstance(result, Retry):
            self.reasons[row.pk] += 1  # it did not leave after all

    def give_back(self):
        found = self.one(self.held)
        if found is not None:
            self.held.remove(found)
            give_back([found[1]], found[0])

    def time_passes(self):
        Message.objects.filter(state=State.SENDING).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
        release_lost()

    def worker_dies(self):
        found = self.one([*self.held, *self.flying])
        if found is not None:
            (self.held if found in self.held else self.flying).remove(found)

    def provider_tells(self):
        row = self.message()
        if row is None:
            return
        status = self.rng.choice(
            [
                Status(State.DELIVERED),
                Status(State.FAILED, Reason.UNDELIVERED),
                Status(None),
                Status(None, is_unknown_there=True),
            ]
        )
        if learn(row, status) and Message.objects.get(pk=row.pk).state == State.QUEUED:
            self.reasons[row.pk] += 1

    def cancel(self):
        row = self.message()
        if row is not None:
            services.message_cancel(actor=self.boss, message=row)

    def resend(self):
        row = self.message()
        if row is not None:
            services.message_resend(actor=self.boss, message=row)
            self.reasons[row.pk] += 1

    def check(self):
        for row in Message.objects.all():
            before = self.seen.get(row.pk, row.state)
            assert row.state == before or row.state in reachable(before), (row.pk, before, row.state)
            assert before not in FINAL or row.state == before
            assert self.left.get(row.pk, 0) <= self.reasons[row.pk], row.pk
            assert row.state != State.SENDING or row.lease_until, row.pk
            assert row.attempts_made >= 0
            if row.state in {State.SENT, State.DELIVERED}:
                assert row.sent_at
            self.seen[row.pk] = row.state


@pytest.mark.parametrize("seed", SEEDS)
def test_a_message_leaves_as_often_as_there_is_reason(admin, seed):
    world, done = World(admin, seed), 0
    for _number in range(STEPS):
        with suppress(DomainError):
            world.rng.choice(world.steps)()
            done += 1
        world.check()
    assert done > STEPS / 2
    assert world.left
