"""Lists of channels, of consent, and of the outbox."""

from collections.abc import Callable
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import display
from core.tables import (
    BadgeColumn,
    BooleanColumn,
    CodeColumn,
    Column,
    DateColumn,
    DateTimeColumn,
    MoneyColumn,
    NumberColumn,
    Table,
)
from messaging.channels import adapter_class
from messaging.choices import Channel, ConsentState, Purpose, State

CHANNEL_COLOURS = {Channel.EMAIL: "blue", Channel.SMS: "green"}
STATE_COLOURS = {
    State.QUEUED: "secondary",
    State.SENDING: "azure",
    State.SENT: "blue",
    State.DELIVERED: "green",
    State.FAILED: "red",
    State.UNKNOWN: "orange",
    State.REFUSED: "yellow",
    State.CANCELLED: "secondary",
    State.RECEIVED: "purple",
}
WORDS, SAID = 60, 200


def provider_label(row: Any) -> str:
    """The provider's name, or its code when it is not known (any more)."""
    found = adapter_class(row.channel, row.provider)
    return str(found.label) if found else row.provider


class AddressColumn(Column):
    """An e-mail address or a phone number, left to right."""

    def html(self, value: Any, row: Any) -> str:
        shown = display.format_phone(value) if str(value).startswith("+") else value
        return f'<bdi dir="ltr">{escape(shown)}</bdi>'


class WordsColumn(Column):
    """The beginning of a longer text."""

    def html(self, value: Any, row: Any) -> str:
        text = str(value)
        return f"<bdi>{escape(text[:WORDS])}{'…' if len(text) > WORDS else ''}</bdi>"


def unless_closed(name: str) -> Callable[[Any], Any]:
    """A value of a message, dots where the reader may send it again but not read it; a colleague's address is no secret."""

    def value(row: Any) -> Any:
        known = name.startswith("to_") and row.purpose == Purpose.INTERNAL
        return "…" if row.is_closed and not known else getattr(row, name) if name else str(row)

    return value


def _said(row: Any) -> str:
    """What the provider said, which may name the address."""
    return "" if row.is_closed and row.purpose != Purpose.INTERNAL else row.said or ""


class TroubleColumn(Column):
    """Why a message did not go out, and below it what the provider said; nothing where all is well."""

    def value(self, row: Any) -> Any:
        return row.trouble

    def html(self, value: Any, row: Any) -> str:
        said = f'<small><bdi dir="auto">{escape(row.said[:SAID])}</bdi></small>' if _said(row) else ""
        return f'<div class="pv-why">{escape(value)}{said}</div>'

    def text(self, value: Any, row: Any) -> Any:
        return f"{value} ({row.said})" if value and _said(row) else value


class ChannelAccountTable(Table):
    """Columns of the list of channels."""

    default_order = "name"
    selectable = False

    name = Column(_("name"), order_by="name", link=True)
    channel = BadgeColumn(_("channel"), colours=CHANNEL_COLOURS, order_by="channel")
    provider = Column(_("provider"), provider_label, order_by="provider", field="provider")
    sender = CodeColumn(_("sender"), order_by="sender")
    is_default = BooleanColumn(_("default"), order_by="is_default")
    is_active = BooleanColumn(_("active"), order_by="is_active")
    rate_per_minute = NumberColumn(_("messages per minute"), order_by="rate_per_minute", default=False)
    created_at = DateColumn(_("created at"), order_by="created_at", default=False)
    updated_at = DateTimeColumn(_("last change"), order_by="updated_at", default=False)


class ConsentTable(Table):
    """Columns of the list of consent."""

    default_order = "-at"
    selectable = False

    address = AddressColumn(_("address"), order_by="address", link=True)
    channel = BadgeColumn(_("channel"), colours=CHANNEL_COLOURS, order_by="channel")
    state = BadgeColumn(
        _("consent"), colours={ConsentState.GRANTED: "green", ConsentState.DENIED: "red"}, order_by="state"
    )
    at = DateTimeColumn(_("since"), order_by="at")
    source = Column(_("how we know"), order_by="source")


class OutboxTable(Table):
    """Columns of the outbox: what is on its way, what is not, and why."""

    default_order = "-created_at"

    def url_of(self, row: Any) -> str:
        """Nothing to open for who may not read it."""
        return "" if row.is_closed else super().url_of(row)

    to_address = AddressColumn(
        pgettext_lazy("message", "to"),
        unless_closed("to_address"),
        order_by="to_address",
        link=True,
        field="to_address",
    )
    state = BadgeColumn(_("state"), colours=STATE_COLOURS, order_by="state")
    words = WordsColumn(_("message"), unless_closed(""), field="subject")
    trouble = TroubleColumn(_("why"), field="error")
    not_before = DateTimeColumn(_("next attempt"), lambda row: row.not_before if row.state == State.QUEUED else None)
    created_at = DateTimeColumn(_("created at"), order_by="created_at")
    attempts_made = NumberColumn(_("attempts"), order_by="attempts_made", default=False)
    channel = BadgeColumn(_("channel"), colours=CHANNEL_COLOURS, order_by="channel", default=False)
    account = Column(_("sent through"), select=("account",), default=False)
    created_by = Column(_("author"), select=("created_by",), default=False)
    to_name = Column(
        _("name of the recipient"), unless_closed("to_name"), order_by="to_name", field="to_name", default=False
    )
    purpose = BadgeColumn(_("purpose"), colours={}, order_by="purpose", default=False)
    parts = NumberColumn(_("SMS parts"), order_by="parts", default=False)
    cost = MoneyColumn(_("cost"), order_by="cost", default=False)
    sent_at = DateTimeColumn(_("sent at"), order_by="sent_at", default=False)
