"""Asking providers what became of messages: those that were sent, and those of unknown outcome."""

import logging
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from core.rounds import carry_on
from messaging.channels import open_adapter
from messaging.channels.base import SendError
from messaging.models import Message
from messaging.services.outcome import learn_all, next_check

logger = logging.getLogger(__name__)

AT_ONCE = 200


def messages_check(limit: int = AT_ONCE) -> int:
    """Ask about the messages whose time has come; how many changed.

    When each is asked next is written first: a provider that hangs, or a worker that dies, asks nobody twice at once.
    """
    changed = 0
    for account, rows in _due(limit).items():
        with carry_on(logger, "the provider's answer was not understood", account_id=account):
            changed += _ask(rows)
    return changed


def _ask(rows: Sequence[Message]) -> int:
    adapter = open_adapter(rows[0].channel, rows[0].account)
    if adapter is None or not adapter.polls:
        return 0
    with adapter:
        try:
            known = adapter.status(rows)
        except SendError as error:
            logger.warning("the provider did not say", extra={"account": str(rows[0].account), "error": str(error)})
            return 0
    return learn_all(rows, known)


def _due(limit: int) -> dict[int | None, list[Message]]:
    now = timezone.now()
    found: dict[int | None, list[Message]] = defaultdict(list)
    with transaction.atomic():
        rows = (
            Message.objects.filter(check_at__lte=now)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("account")
            .order_by("check_at")[:limit]
        )
        for row in rows:
            found[row.account_id].append(row)
            Message.all_objects.filter(pk=row.pk).update(check_at=next_check(row, now))
    return found
