"""Which messages a worker takes into its hands: by rank and time, within the rates of the accounts, each by one worker."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from messaging.choices import Reason, State
from messaging.models import ChannelAccount, Message, MessageAttempt
from messaging.services.outcome import FIRST_CHECK, tell

BURST = dt.timedelta(seconds=10)  # what an account may send at once after a rest, in seconds of its rate
LOOKS = 3
MOST_CLAIMS = 25  # claims of one message that never led to a handing over: something about it ends our workers


def lease() -> dt.datetime:
    """Until when what a worker takes now is its own."""
    return timezone.now() + dt.timedelta(seconds=settings.OUTBOX_LEASE)


def claim(owner: str, limit: int) -> list[Message]:
    """Take up to ``limit`` due messages for the worker ``owner``: rank first, then time; what others hold is passed by.

    Messages of an account that must wait are left, so that they keep no others from leaving.
    """
    for _again in range(LOOKS):
        taken, seen = _claim(owner, limit)
        if taken or not seen:
            return taken
    return []


def _claim(owner: str, limit: int) -> tuple[list[Message], int]:
    """The messages taken, and how many were looked at: another worker may have used up the rate of them all."""
    now = timezone.now()
    with transaction.atomic():
        accounts = {row.pk: row for row in ChannelAccount.all_objects.all()}
        due = Message.objects.filter(state=State.QUEUED, not_before__lte=now).exclude(_waiting(accounts.values(), now))
        rows = list(
            due.select_for_update(of=("self",), skip_locked=True)
            .select_related("created_by")
            .prefetch_related("attachments")
            .order_by("rank", "not_before", "pk")[:limit]
        )
        for row in rows:
            row.account = accounts.get(row.account_id) if row.account_id else _default(accounts.values(), row.channel)
        seen, rows = len(rows), _within_rates(rows, now)
        mine = Message.all_objects.filter(pk__in=[row.pk for row in rows])
        mine.update(
            state=State.SENDING,
            claimed_by=owner,
            lease_until=lease(),
            handed_over_at=None,
            attempts_made=F("attempts_made") + 1,
            updated_at=now,
        )
    for row in rows:
        row.attempts_made += 1
    return rows, seen


def is_usable(account: ChannelAccount) -> bool:
    """Whether anything may leave through the account."""
    return account.is_active and account.deleted_at is None


def _default(accounts: Iterable[ChannelAccount], channel: str) -> ChannelAccount | None:
    return next((row for row in accounts if row.channel == channel and row.is_default and is_usable(row)), None)


def _waiting(accounts: Iterable[ChannelAccount], now: dt.datetime) -> Q:
    """The messages of accounts that must not send just now."""
    found = Q(pk__in=[])
    for account in accounts:
        if account.next_send_at and account.next_send_at > now:
            found |= Q(account=account)
            if account.is_default and is_usable(account):
                found |= Q(account=None, channel=account.channel)
    return found


def _within_rates(rows: Sequence[Message], now: dt.datetime) -> list[Message]:
    """As many of each account's messages as its rate allows now; the places are taken on the locked account.

    A bucket of tokens kept as one moment: ``next_send_at`` moves on by the interval of the rate for each message taken,
    and never lies further back than ``BURST``.
    """
    limited = {row.account.pk for row in rows if row.account and row.account.rate_per_minute}
    if not limited:
        return list(rows)
    locked = {
        account.pk: account
        for account in ChannelAccount.all_objects.select_for_update(of=("self",)).filter(pk__in=limited).order_by("pk")
    }
    taken = [
        row for row in rows if row.account is None or row.account.pk not in locked or _take(locked[row.account.pk], now)
    ]
    for account in locked.values():
        ChannelAccount.all_objects.filter(pk=account.pk).update(next_send_at=account.next_send_at)
    return taken


def _take(account: ChannelAccount, now: dt.datetime) -> bool:
    """Take one place of the account's rate, if there is one."""
    interval = dt.timedelta(minutes=1) / (account.rate_per_minute or 1)
    rested = now - max(BURST - interval, dt.timedelta(0))
    start = max(account.next_send_at or rested, rested)
    if start > now:
        return False
    account.next_send_at = start + interval
    return True


def give_back(rows: Sequence[Message], owner: str, not_before: dt.datetime | None = None) -> None:
    """Put claimed messages that were not tried back into the queue."""
    mine = Message.all_objects.filter(
        pk__in=[row.pk for row in rows], claimed_by=owner, state=State.SENDING, handed_over_at=None
    )
    changes = {"not_before": not_before} if not_before else {}
    mine.update(state=State.QUEUED, claimed_by="", lease_until=None, attempts_made=F("attempts_made") - 1, **changes)


def renew(rows: Sequence[Message], owner: str) -> None:
    """Hold on to claimed messages that a slow provider keeps waiting."""
    mine = Message.all_objects.filter(pk__in=[row.pk for row in rows], claimed_by=owner, handed_over_at=None)
    mine.update(lease_until=lease())


def hand_over(message: Message, owner: str) -> bool:
    """Write, before anything leaves, that the message is being handed over; False when it is not this worker's any more."""
    mine = Message.all_objects.filter(
        pk=message.pk, claimed_by=owner, state=State.SENDING, round=message.round, handed_over_at=None
    )
    return bool(
        mine.update(
            handed_over_at=timezone.now(),
            lease_until=lease(),
            account=message.account,
            from_address=message.from_address[:254],
        )
    )


def release_lost() -> int:
    """Take messages out of the hands of workers that died; says how many.

    One that was not handed over is queued again. One that was is ``unknown``: the provider is asked where it can tell,
    and nobody sends it again but a person.
    """
    now = timezone.now()
    lost = Message.all_objects.filter(state=State.SENDING, lease_until__lt=now)
    queued = lost.filter(handed_over_at=None, attempts_made__lt=MOST_CLAIMS).update(
        state=State.QUEUED, claimed_by="", lease_until=None, updated_at=now
    )
    return (
        queued
        + _mark_lost(lost.filter(handed_over_at=None), State.FAILED)
        + _mark_lost(lost.exclude(handed_over_at=None), State.UNKNOWN)
    )


def _mark_lost(lost: QuerySet[Message], state: State) -> int:
    now = timezone.now()
    with transaction.atomic():
        rows = list(lost.select_for_update(of=("self",), skip_locked=True)[:500])
        Message.all_objects.filter(pk__in=[row.pk for row in rows]).update(
            state=state,
            error=Reason.CRASHED,
            lease_until=None,
            check_at=now + FIRST_CHECK if state == State.UNKNOWN else None,
            updated_at=now,
        )
        MessageAttempt.objects.bulk_create(MessageAttempt(message=row, outcome=state) for row in rows)
        for row in rows:
            tell(row.pk, state)
    return len(rows)
