"""Writing a message to somebody on a record."""

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.services import require
from messaging.addresses import normalise_address
from messaging.choices import Channel, Purpose, Reason
from messaging.merge import Rendered, render
from messaging.models import Message, MessageTemplate
from messaging.services.consent import consent_of, is_allowed, rules
from messaging.services.queue import AttachedFile, message_queue

PURPOSES = (Purpose.CONVERSATION, Purpose.SERVICE, Purpose.MARKETING)
MAX_FILES = 10
MAX_AHEAD = dt.timedelta(days=366)
KEY = re.compile(r"[0-9a-f]{32}")
REFUSED_BY_MAIL_SERVERS = frozenset(
    [
        ".ade",
        ".bat",
        ".chm",
        ".cmd",
        ".com",
        ".cpl",
        ".dll",
        ".exe",
        ".hta",
        ".jar",
        ".js",
        ".jse",
        ".lnk",
        ".mde",
        ".msc",
        ".msi",
        ".msp",
        ".pif",
        ".ps1",
        ".scr",
        ".sys",
        ".vb",
        ".vbe",
        ".vbs",
        ".wsc",
        ".wsf",
        ".wsh",
    ]
)


@transaction.atomic
def message_compose(
    *,
    actor: Any,
    record: models.Model,
    channel: str,
    to_address: str,
    body: str,
    key: str,
    subject: str = "",
    to_name: str = "",
    purpose: str = Purpose.CONVERSATION,
    language: str | None = None,
    template: MessageTemplate | None = None,
    attachments: Iterable[AttachedFile | tuple[str, str, bytes]] = (),
    send_at: dt.datetime | None = None,
) -> Message:
    """Put a message about a host into the outbox; the same ``key`` (32 hex digits) sends it once.

    Subject and text may name the record's values in the templates' language; a value that is missing is an error here,
    before anything is sent, and so is an address whose owner refused. Raises PermissionRefused or DomainError.
    """
    require(actor, "add", Message)
    require(actor, "view", type(record), record)
    if purpose not in PURPOSES or not KEY.fullmatch(key):
        raise DomainError(_("This form is out of date. Open it again."), code="form")
    files = check_files(attachments) if channel == Channel.EMAIL else []
    written = render(body, record, user=actor, language=language, subject=subject)
    _check_written(written, channel)
    address = normalise_address(channel, to_address)
    if not is_allowed(channel, purpose, consent_of(channel, address), rules()):
        raise DomainError(str(Reason.CONSENT.label), field="to_address", code="consent")
    return message_queue(
        actor=actor,
        channel=channel,
        to_address=address,
        to_name=to_name,
        subject=written.subject,
        body=written.body,
        purpose=purpose,
        records=[record],
        template=template,
        attachments=files,
        not_before=check_moment(send_at),
        idempotency_key=f"compose:{actor.pk}:{key}",
    )


def _check_written(written: Rendered, channel: str) -> None:
    if written.missing:
        names = " · ".join(written.missing)
        raise DomainError(
            _("The record has no value for: %(names)s. Write the words yourself.") % {"names": names}, field="body"
        )
    if channel == Channel.EMAIL and not written.subject:
        raise DomainError(_("An e-mail needs a subject."), field="subject")


def check_moment(send_at: dt.datetime | None) -> dt.datetime | None:
    """When it shall go; None for now. Raises DomainError for the past and for more than a year ahead."""
    now = timezone.now()
    if send_at is not None and send_at < now - dt.timedelta(minutes=5):
        raise DomainError(_("This moment has passed."), field="send_at", code="past")
    if send_at is not None and send_at > now + MAX_AHEAD:
        raise DomainError(_("A message can wait one year at most."), field="send_at", code="far")
    return send_at


def check_files(attachments: Iterable[AttachedFile | tuple[str, str, bytes]]) -> list[AttachedFile]:
    """The files, when a mail server would take them. Raises DomainError (field ``attachments``)."""
    files = [AttachedFile(*one) for one in attachments]
    if len(files) > MAX_FILES:
        raise DomainError(_("Attach %(limit)s files at most.") % {"limit": MAX_FILES}, field="attachments")
    for one in files:
        if not one.content:
            raise DomainError(_("“%(name)s” is empty.") % {"name": one.name}, field="attachments")
        if PurePath(one.name).suffix.lower() in REFUSED_BY_MAIL_SERVERS:
            text = _("Mail servers refuse files like “%(name)s”. Send a link to it instead.")
            raise DomainError(text % {"name": one.name}, field="attachments")
    return files
