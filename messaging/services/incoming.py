"""What providers tell us: kept first, worked on afterwards, and only once, so that nothing is lost or done twice."""

import datetime as dt
import logging
import math
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import notifications
from core.policies import allows
from core.rounds import carry_on
from core.text import to_ascii_digits
from messaging.addresses import normalise_address
from messaging.channels import open_adapter
from messaging.channels.base import OptOut, Report, SendError, Text
from messaging.choices import Channel, ConsentState, Direction, Purpose, State
from messaging.models import ChannelAccount, Incoming, Message, MessageLink
from messaging.selectors import records_at
from messaging.services.consent import consent_set
from messaging.services.outcome import learn, tell

logger = logging.getLogger(__name__)

STOP, REJOIN = frozenset({"11", "لغو", "لغو11"}), frozenset({"12"})
ANSWER_WITHIN = dt.timedelta(days=14)
EARLY = dt.timedelta(minutes=3)  # longer than any worker holds a message
AT_ONCE = 200
SHOWN = 80
MAX_DEPTH = 50  # of a payload; providers need three


def incoming_keep(account: ChannelAccount, payloads: Iterable[Mapping[str, Any]]) -> list[Incoming]:
    """Keep what a provider said, before anything else is done; what was kept before is not kept again."""
    adapter = open_adapter(account.channel, account)
    kept = []
    for payload in payloads:
        row = Incoming(account=account, payload=_storable(dict(payload)))
        row.key = adapter.incoming_key(row.payload)[:120] if adapter else ""
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            continue
        kept.append(row)
    return kept


def _storable(value: Any, depth: int = 0) -> Any:
    """The payload without what PostgreSQL cannot hold (NUL, half a surrogate pair, numbers that are none) and what is
    nested beyond reason: the rest must not be lost."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "ignore").decode()
    if depth > MAX_DEPTH and isinstance(value, dict | list):
        return "…"
    if isinstance(value, dict):
        return {_storable(key): _storable(one, depth + 1) for key, one in value.items()}
    return [_storable(one, depth + 1) for one in value] if isinstance(value, list) else value


class NotYet(Exception):
    """A report that came before the worker could write down the number of the message it is about."""


def incoming_work(limit: int = AT_ONCE) -> int:
    """Work on what was kept and not yet worked on; how many."""
    done = 0
    for pk in Incoming.objects.filter(handled_at=None).order_by("at").values_list("pk", flat=True)[:limit]:
        with transaction.atomic():
            row = (
                Incoming.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("account")
                .filter(pk=pk, handled_at=None)
                .first()
            )
            if row is None:
                continue
            try:
                row.error = _understand(row)
            except NotYet:
                continue
            row.handled_at = timezone.now()
            row.save(update_fields=["error", "handled_at"])
            done += 1
    return done


def _understand(row: Incoming) -> str:
    """Do what the provider's words ask for; an error in words when they make no sense to us."""
    adapter = open_adapter(row.account.channel, row.account)
    if adapter is None:
        return "unknown provider"
    try:
        with transaction.atomic():
            for said in adapter.parse_incoming(row.payload):
                _take(row, said)
    except (OperationalError, InterfaceError, NotYet):
        raise
    except Exception as error:  # noqa: BLE001 - strangers' words: whatever they break, the next report is read
        logger.warning("a provider's report was not understood", extra={"incoming_id": row.pk})
        return f"{type(error).__name__}: {error}"[:500]
    return ""


def _take(row: Incoming, said: Report | Text | OptOut) -> None:
    account = row.account
    if isinstance(said, Text):
        _take_text(account, said)
    elif isinstance(said, OptOut):
        address = normalise_address(account.channel, said.address)
        consent_set(actor=None, channel=account.channel, address=address, state=ConsentState.DENIED, source=said.detail)
    else:
        message = Message.objects.filter(account=account, provider_id=said.provider_id).order_by("-pk").first()
        if message is None and said.provider_id and _may_be_early(row):
            raise NotYet
        if message is None or not said.provider_id:
            raise ValueError(f"no message {said.provider_id!r}")
        learn(message, said.status)


def _may_be_early(row: Incoming) -> bool:
    """Whether the report is fresh and its provider has a message of which we have not written down yet what came of it."""
    if row.at < timezone.now() - EARLY:
        return False
    under_way = Message.all_objects.filter(account=row.account, state=State.SENDING)
    return under_way.exclude(handed_over_at=None).exists()


def _take_text(account: ChannelAccount, said: Text) -> None:
    """11 stops our SMS, 12 allows them again; anything else is a message from somebody."""
    address = normalise_address(account.channel, said.sender)
    word = to_ascii_digits(said.body).strip().replace(" ", "").replace("\u200c", "")
    if account.channel == Channel.SMS and word in STOP | REJOIN:
        state = ConsentState.DENIED if word in STOP else ConsentState.GRANTED
        source = _("answered “%(text)s” by SMS") % {"text": said.body.strip()}
        consent_set(actor=None, channel=account.channel, address=address, state=state, source=source)
    message = Message.objects.create(
        channel=account.channel,
        direction=Direction.IN,
        purpose=Purpose.CONVERSATION,
        state=State.RECEIVED,
        account=account,
        from_address=address,
        to_address=account.sender[:254],
        body=said.body,
        provider_id=said.provider_id[:120],
    )
    last = (
        Message.objects.filter(
            channel=account.channel,
            direction=Direction.OUT,
            to_address=address,
            created_at__gt=timezone.now() - ANSWER_WITHIN,
        )
        .select_related("created_by")
        .order_by("-created_at")
        .first()
    )
    _link(message, address, last)
    if last is not None and last.created_by is not None and _may_hear(last.created_by, message):
        _notify(message, last)
    tell(message.pk, message.state)


def _link(message: Message, address: str, last: Message | None) -> None:
    """The answer belongs to the records of what it answers, and to everybody with that address."""
    records = {(link.content_type_id, link.object_id) for link in last.links.all()} if last else set()
    records |= set(records_at(message.channel, address))
    MessageLink.objects.bulk_create(
        MessageLink(message=message, content_type_id=kind, object_id=pk, at=message.created_at)
        for kind, pk in sorted(records)
    )


def _may_hear(author: Any, message: Message) -> bool:
    """Whether who wrote last still sees a record the answer stands on; one that stands on none is for the author alone."""
    return allows(author, "view", message) or not message.links.exists()


def _notify(message: Message, last: Message) -> None:
    hidden = "from_address" in last.created_by.hidden_fields(Message._meta.label_lower)
    notifications.notify(
        recipients=[last.created_by],
        code="message.received",
        url=message.get_absolute_url(),
        params={"name": last.to_name or ("…" if hidden else message.from_address), "text": message.body[:SHOWN]},
        obj=message,
        key=f"received:{message.pk}",
    )


def incoming_fetch() -> int:
    """Ask the providers that do not call us; what they said is kept. Reading deletes it there, so keeping comes first."""
    kept = 0
    for account in ChannelAccount.objects.filter(is_active=True):
        with carry_on(logger, "incoming messages were not understood", account_id=account.pk):
            kept += _fetch(account)
    return kept


def _fetch(account: ChannelAccount) -> int:
    adapter = open_adapter(account.channel, account)
    if adapter is None or not adapter.polls_incoming or not account.options.get("receives"):
        return 0
    with adapter:
        try:
            return len(incoming_keep(account, adapter.fetch_incoming()))
        except SendError as error:
            logger.warning(
                "incoming messages could not be fetched", extra={"account_id": account.pk, "error": str(error)}
            )
            return 0
