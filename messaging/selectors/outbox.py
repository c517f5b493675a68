"""What stands in the outbox."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, OuterRef, QuerySet, Subquery
from django.db.models.lookups import IsNull

from messaging.choices import Direction, State
from messaging.models import ChannelAccount, Message, MessageAttempt

OPEN = (State.QUEUED, State.SENDING, State.FAILED, State.UNKNOWN, State.REFUSED)


@dataclass(frozen=True)
class Figures:
    """How many messages are in each open state, and since when the longest waiting one is due."""

    queued: int = 0
    sending: int = 0
    failed: int = 0
    unknown: int = 0
    refused: int = 0
    oldest: dt.datetime | None = None


def outbox_figures(*, user: Any) -> Figures:
    """The figures of the messages the user answers for; one query."""
    rows = (
        Message.objects.for_user(user, "resend")
        .filter(direction=Direction.OUT, state__in=OPEN)
        .values_list("state")
        .annotate(number=Count("pk"), oldest=Min("not_before"))
        .order_by()
    )
    found = {state: (number, oldest) for state, number, oldest in rows}
    numbers = {str(state): number for state, (number, _oldest) in found.items()}
    return Figures(**numbers, oldest=found.get(State.QUEUED, (0, None))[1])


def outbox_rows(rows: QuerySet[Message], *, user: Any) -> QuerySet[Message]:
    """Outgoing messages, each with what the provider said last (``said``), and whether it ``is_closed`` to the user, who
    may send it again but not read it.
    """
    # A value of each row shown, not an EXISTS: that would be answered once for all messages there ever were.
    readable = Message.objects.for_user(user, "view").filter(pk=OuterRef("pk")).order_by().values("pk")[:1]
    last = MessageAttempt.objects.filter(message=OuterRef("pk")).exclude(detail="").order_by("-pk").values("detail")[:1]
    return rows.filter(direction=Direction.OUT).annotate(
        said=Subquery(last), is_closed=IsNull(Subquery(readable), True)
    )


def recent_messages(account: ChannelAccount, *, user: Any, number: int = 10) -> list[Message]:
    """The last messages of a channel, each with what the provider said last."""
    return list(outbox_rows(Message.objects.filter(account=account), user=user).order_by("-created_at", "-pk")[:number])
