"""What the owner of an address allows: asked before every marketing message, changed by people and by answers of SMS."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.services import require
from messaging.addresses import normalise_address
from messaging.choices import Channel, ConsentState, Purpose
from messaging.models import Consent, SendingRules


def consent_of(channel: str, address: str) -> str:
    """``granted``, ``denied``, or "" when nobody has said anything. The address is normalised already."""
    found = Consent.objects.filter(channel=channel, address=address).values_list("state", flat=True).first()
    return found or ""


def consents_of(channel: str, addresses: Iterable[str]) -> dict[str, str]:
    """The state of each address about which something is known, in one query."""
    rows = Consent.objects.filter(channel=channel, address__in=set(addresses))
    return dict(rows.values_list("address", "state"))


def is_allowed(channel: str, purpose: str, state: str, rules: SendingRules) -> bool:
    """Whether a message of that purpose may go to an address of that consent.

    Marketing needs a yes (or, where the rules say so, only no refusal). Who stopped our SMS gets no service SMS either;
    what a person writes to another, and what goes to colleagues, is not asked.
    """
    if purpose == Purpose.MARKETING:
        return state == ConsentState.GRANTED or (not rules.needs_consent and state != ConsentState.DENIED)
    if purpose == Purpose.SERVICE and channel == Channel.SMS:
        return state != ConsentState.DENIED
    return True


@transaction.atomic
def consent_set(*, actor: Any, channel: str, address: str, state: str, source: str) -> Consent:
    """Keep what the owner of the address said; ``source`` tells how we know. ``actor`` is None for an answer by SMS."""
    if actor is not None:
        require(actor, "change", Consent)
    address = normalise_address(channel, address)
    row, _made = Consent.objects.select_for_update().get_or_create(
        channel=channel, address=address, defaults={"state": state, "source": source}
    )
    params = {"address": address, "state": str(state)}
    with audit.action("consent.changed", actor=actor, obj=row, params=params):
        row.state, row.source, row.at = ConsentState(state), source, timezone.now()
        row.save(update_fields=["state", "source", "at", "updated_at"])
    return row


def rules() -> SendingRules:
    """The one row of rules, as a new company has them where it is missing."""
    return SendingRules.objects.first() or SendingRules()
