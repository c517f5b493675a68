"""Where a record can be reached, and which records a message belongs to, as far as the reader may see them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from core import hosts
from core.errors import DomainError
from core.hosts import Address
from messaging.addresses import normalise_address
from messaging.choices import ConsentState
from messaging.models import Message
from messaging.services.consent import consents_of

MAX_SHOWN = 100
MAX_RECORDS = 10


@dataclass(frozen=True)
class Reach:
    """An address to write to, whose it is, and what its owner allowed (``granted``, ``denied``, "" for unknown).

    ``language`` is that of its owner ("fa", "en", "" for unknown).
    """

    value: str
    name: str
    consent: str = ""
    language: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether the owner of the address said no."""
        return self.consent == ConsentState.DENIED


def addresses_for(*, user: Any, obj: models.Model, channel: str) -> list[Reach]:
    """The record's addresses on the channel, its own first; none of people or fields the user may not see.

    Queries: those of the host, one per kind of record, one for the consents.
    """
    found = [one for one in hosts.host_of(obj).addresses(obj) if one.channel == channel]
    named: dict[str, Address] = {}
    for one in _seen(user, obj, found)[:MAX_SHOWN]:
        try:
            named.setdefault(normalise_address(channel, one.value), one)
        except DomainError:  # a fixed line in the field of a mobile
            continue
    states = consents_of(channel, named)
    return [Reach(value, one.name, states.get(value, ""), _language(one)) for value, one in named.items()]


def _language(one: Address) -> str:
    host = hosts.find(one.record._meta.label_lower) if one.record is not None else None
    return host.language(one.record) if host else ""


def message_records(*, user: Any, message: Message) -> list[models.Model]:
    """The hosts the message belongs to, of those the user sees; ten at most."""
    found: list[models.Model] = []
    for kind, pk in message.links.order_by("pk").values_list("content_type", "object_id")[:MAX_RECORDS]:
        model = ContentType.objects.get_for_id(kind).model_class()
        host = hosts.find(model._meta.label_lower) if model else None
        manager: Any = host.model._default_manager if host else None
        found += manager.for_user(user, "view").filter(pk=pk)[:1] if manager else []
    return found


def _seen(user: Any, obj: models.Model, found: list[Address]) -> list[Address]:
    groups: dict[Any, set[int]] = defaultdict(set)
    for one in found:
        if one.record is not None and one.record != obj:
            groups[one.record._meta.model].add(one.record.pk)
    visible = {
        (model, pk)
        for model, keys in groups.items()
        for pk in model.objects.for_user(user, "view").filter(pk__in=keys).values_list("pk", flat=True)
    }
    return [one for one in found if _is_open(user, one) and _is_visible(one, obj, visible)]


def _is_visible(one: Address, obj: models.Model, visible: set[tuple[Any, int]]) -> bool:
    return one.record is None or one.record == obj or (one.record._meta.model, one.record.pk) in visible


def _is_open(user: Any, one: Address) -> bool:
    return one.record is None or one.field not in user.hidden_fields(one.record._meta.label_lower)
