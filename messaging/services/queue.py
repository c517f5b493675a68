"""Putting messages into the outbox, taking them out, and sending one again. Nothing is sent here: see ``outbox``."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Required, TypedDict, Unpack

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from core.events import publish
from core.services import lock, require
from messaging import sms
from messaging.addresses import normalise_address
from messaging.choices import TRANSITIONS, Channel, Purpose, Reason, State
from messaging.events import MessageStateChanged
from messaging.models import Attachment, ChannelAccount, Message, MessageLink, MessageTemplate, SendingRules
from messaging.quiet import allowed_from
from messaging.services.consent import consents_of, is_allowed, rules

MAX_ATTACHMENTS = 10 * 1024 * 1024
FOOTED = frozenset({Purpose.MARKETING, Purpose.SERVICE})
WRITTEN_BY_PEOPLE = frozenset({Purpose.CONVERSATION, Purpose.MARKETING})
HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
OWN_HEADERS = frozenset({"from", "to", "cc", "bcc", "subject", "sender", "date", "message-id", "content-type"})
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
TAKEN_OVER = frozenset({"body_html", "recipient", "is_private", "template", "account", "rank", "idempotency_key"})


class AttachedFile(NamedTuple):
    """A file to go with a message; the type may carry parameters: ``text/calendar; method=REQUEST``."""

    name: str
    content_type: str
    content: bytes


class NewMessage(TypedDict, total=False):
    """What ``message_queue`` is given: a message, how it is to travel, and what it belongs to.

    ``records`` are the hosts it stands on, ``recipient`` is the colleague it goes to; without ``account`` it leaves through
    the default one of its channel. One that ``is_private`` is read by author and recipient alone. ``not_before`` is now
    if not given; rank 0 goes first. The same ``idempotency_key`` is the same message.
    """

    channel: Required[str]
    to_address: Required[str]
    body: Required[str]
    subject: str
    body_html: str
    to_name: str
    purpose: str
    records: Sequence[models.Model]
    recipient: Any
    is_private: bool
    template: MessageTemplate | None
    account: ChannelAccount | None
    attachments: Iterable[AttachedFile | tuple[str, str, bytes]]
    headers: Mapping[str, str] | None
    not_before: dt.datetime | None
    rank: int
    idempotency_key: str | None


@transaction.atomic
def message_queue(*, actor: Any, **new: Unpack[NewMessage]) -> Message:
    """Write a message into the outbox as part of the caller's transaction; a worker sends it after the commit.

    One with a key that is there already gives that row. Without the consent its purpose needs the row is kept as
    ``refused``; in quiet hours it waits. Raises PermissionRefused, or DomainError for an address, a header, an attachment
    or a text that cannot be sent.
    """
    if actor is not None and new.get("purpose", Purpose.CONVERSATION) in WRITTEN_BY_PEOPLE:
        require(actor, "add", Message)
    key, records = new.get("idempotency_key"), new.get("records", ())
    known = _by_key([key])
    if known:
        return known[0]
    row, files = _row(rules(), actor, new), _files(new.get("attachments", ()))
    try:
        with transaction.atomic():
            _refuse_without_consent([row], rules())
            row.save()
    except IntegrityError:
        known = _by_key([key])
        if known:
            return known[0]
        raise
    _write_parts([(row, files, records)])
    if actor is not None:
        params = {"to": row.to_name or row.to_address}
        with audit.action("message.queued", actor=actor, obj=row, related=list(records), params=params):
            pass
    publish(MessageStateChanged(message_id=row.pk, state=row.state))
    hint()
    return row


def hint() -> None:
    """Tell a worker, when the transaction is committed, that there is something to send; beat would find it too."""
    if all(entry[1] is not _tell_worker for entry in connection.run_on_commit):
        transaction.on_commit(_tell_worker)


def _tell_worker() -> None:
    from messaging.tasks import outbox_run

    outbox_run.delay()


def _by_key(keys: Iterable[str | None]) -> list[Message]:
    wanted = [key for key in keys if key]
    return list(Message.all_objects.filter(idempotency_key__in=wanted)) if wanted else []


def _row(now_rules: SendingRules, actor: Any, new: NewMessage) -> Message:
    """The row as it would be queued: address and headers checked, footer, parts and quiet hours reckoned in."""
    channel, purpose = new["channel"], new.get("purpose", Purpose.CONVERSATION)
    subject, body, to_name = new.get("subject", ""), new["body"], new.get("to_name", "")
    if channel == Channel.SMS:
        subject, body = "", _sms_text(body, purpose, now_rules)
    if not body.strip():
        raise DomainError(_("Write the text of the message."), field="body", code="empty")
    if CONTROL.search(to_name):
        raise DomainError(_("A name holds no line breaks."), field="to_name", code="header")
    taken_over: dict[str, Any] = {name: value for name, value in new.items() if name in TAKEN_OVER}
    return Message(
        channel=channel,
        to_address=normalise_address(channel, new["to_address"]),
        to_name=to_name[:200],
        subject=subject[:300],
        body=body,
        parts=sms.measure(body).parts if channel == Channel.SMS else 0,
        purpose=purpose,
        headers=_headers(new.get("headers") or {}),
        created_by=actor,
        not_before=allowed_from(new.get("not_before") or timezone.now(), channel, purpose, now_rules),
        **taken_over,
    )


def _sms_text(body: str, purpose: str, now_rules: SendingRules) -> str:
    text = sms.with_footer(body, now_rules.sms_footer) if purpose in FOOTED and body.strip() else body
    if sms.measure(text).parts > sms.MAX_PARTS:
        raise DomainError(_("This text is too long for an SMS."), field="body", code="too_long")
    return text


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Refuses what would let a value write a header of its own, and those the outbox writes itself."""
    for name, value in headers.items():
        if not HEADER_NAME.fullmatch(name) or name.lower() in OWN_HEADERS or CONTROL.search(str(value)):
            raise DomainError(_("The header %(name)s cannot be sent.") % {"name": name[:60]}, code="header")
    return {name: str(value) for name, value in headers.items()}


def _files(attachments: Iterable[AttachedFile | tuple[str, str, bytes]]) -> list[AttachedFile]:
    files = [AttachedFile(*one) for one in attachments]
    if sum(len(one.content) for one in files) > MAX_ATTACHMENTS:
        raise DomainError(
            _("The attached files are larger than 10 MB together."), field="attachments", code="too_large"
        )
    if any(CONTROL.search(one.name + one.content_type) for one in files):
        raise DomainError(_("A name holds no line breaks."), field="attachments", code="header")
    return files


def _refuse_without_consent(rows: Sequence[Message], now_rules: SendingRules) -> None:
    for channel in Channel.values:
        asked = [row for row in rows if row.channel == channel and row.purpose in FOOTED]
        states = consents_of(channel, [row.to_address for row in asked]) if asked else {}
        for row in asked:
            if not is_allowed(channel, row.purpose, states.get(row.to_address, ""), now_rules):
                row.state, row.error = State.REFUSED, Reason.CONSENT


def _write_parts(queued: Sequence[tuple[Message, Sequence[AttachedFile], Sequence[models.Model]]]) -> None:
    """Links to records and attached files of new messages."""
    links, files = [], []
    for row, attached, records in queued:
        files += [Attachment(message=row, **one._asdict()) for one in attached]
        for kind, pk in dict.fromkeys((ContentType.objects.get_for_model(r), r.pk) for r in records):
            links.append(MessageLink(message=row, content_type=kind, object_id=pk, at=row.created_at))
    MessageLink.objects.bulk_create(links)
    Attachment.objects.bulk_create(files)


@transaction.atomic
def messages_queue(*, rows: Sequence[NewMessage], actor: Any = None) -> list[Message]:
    """Queue many at once; the rows that are new come back.

    For reminders and notifications: a few statements for any number, no audit entries without an actor.
    """
    known = {row.idempotency_key for row in _by_key(one.get("idempotency_key") for one in rows)}
    fresh: dict[str | int, NewMessage] = {}
    for number, one in enumerate(rows):
        key = one.get("idempotency_key")
        if key not in known or key is None:
            fresh.setdefault(key or number, one)
    try:
        with transaction.atomic():
            return _write_many(list(fresh.values()), actor)
    except IntegrityError:  # another worker queued one of them this very moment
        return [message_queue(actor=actor, **one) for one in fresh.values()]


def _write_many(wanted: list[NewMessage], actor: Any) -> list[Message]:
    now_rules = rules()
    queued = [
        (_row(now_rules, actor, one), _files(one.get("attachments", ())), one.get("records", ())) for one in wanted
    ]
    made = [row for row, _attached, _records in queued]
    _refuse_without_consent(made, now_rules)
    Message.objects.bulk_create(made, batch_size=1000)
    _write_parts(queued)
    for row in made:
        publish(MessageStateChanged(message_id=row.pk, state=row.state))
    hint()
    return made


@transaction.atomic
def message_cancel(*, actor: Any, message: Message) -> Message:
    """Take a message out of the outbox that has not left yet, or give up one that failed."""
    row = _movable(actor, message, State.CANCELLED)
    with audit.action("message.cancelled", actor=actor, obj=row, params={"to": row.to_name or row.to_address}):
        row.state = State.CANCELLED
        row.save(update_fields=["state"])
    publish(MessageStateChanged(message_id=row.pk, state=row.state))
    return row


@transaction.atomic
def message_resend(*, actor: Any, message: Message) -> Message:
    """Send a message again that failed, was refused, or whose outcome is unknown: a new round with all its attempts.

    Consent and quiet hours are asked again. Refused for a message that is under way or has arrived.
    """
    row = _movable(actor, message, State.QUEUED)
    now_rules = rules()
    row.state, row.error, row.provider_id, row.claimed_by = State.QUEUED, "", "", ""
    row.lease_until = row.handed_over_at = row.check_at = None
    if row.account is not None and (not row.account.is_active or row.account.deleted_at):
        row.account = None  # through today's default
    row.attempts_made, row.round = 0, row.round + 1
    row.not_before = allowed_from(timezone.now(), row.channel, row.purpose, now_rules)
    _refuse_without_consent([row], now_rules)
    if row.state == State.REFUSED:
        raise DomainError(str(Reason.CONSENT.label), code="consent")
    with audit.action("message.resent", actor=actor, obj=row, params={"to": row.to_name or row.to_address}):
        row.save()
    publish(MessageStateChanged(message_id=row.pk, state=row.state))
    hint()
    return row


def _movable(actor: Any, message: Message, target: State) -> Message:
    row = lock(message)
    require(actor, "resend", Message, row)
    if target not in TRANSITIONS[State(row.state)]:
        raise DomainError(
            _("This message is “%(state)s” and cannot be changed any more.") % {"state": row.get_state_display()},
            code="state",
        )
    return row
