"""Lists of messages and of their templates."""

from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from core import display, hosts
from core.tables import BadgeColumn, BooleanColumn, CodeColumn, Column, DateTimeColumn, MoneyColumn, NumberColumn, Table
from messaging.choices import Channel
from messaging.models import Message, MessageTemplate
from messaging.tables.channels import CHANNEL_COLOURS, STATE_COLOURS


def address(message: Message, value: str) -> str:
    """An address as people read it."""
    return value if message.channel == Channel.EMAIL else display.format_phone(value)


class AddressColumn(Column):
    """An e-mail address or a number, with the name when it is known."""

    def html(self, value: Any, row: Any) -> str:
        shown = f'<bdi dir="ltr">{escape(address(row, value))}</bdi>'
        return f"<bdi>{escape(row.to_name)}</bdi> {shown}" if self.key == "to_address" and row.to_name else shown


def kind_of(template: MessageTemplate) -> str:
    """The kind of record a template is for."""
    host = hosts.find(template.host)
    return str(host.model._meta.verbose_name) if host else template.host


class MessageTable(Table):
    """The list of messages."""

    default_order = "-created_at"
    selectable = False

    subject = Column(_("Message"), str, link=True, field="subject")
    channel = BadgeColumn(_("Channel"), colours=CHANNEL_COLOURS)
    to_address = AddressColumn(_("To"), lambda row: row.to_address, field="to_address")
    state = BadgeColumn(_("State"), colours=STATE_COLOURS)
    created_by = Column(_("Written by"), select=["created_by"])
    created_at = DateTimeColumn(_("Written at"), order_by="created_at")
    direction = BadgeColumn(_("Direction"), colours={}, default=False)
    purpose = BadgeColumn(_("Purpose"), colours={}, default=False)
    from_address = AddressColumn(_("From"), lambda row: row.from_address, field="from_address", default=False)
    account = Column(_("Sent through"), select=["account"], default=False)
    template = Column(_("Template"), select=["template"], default=False)
    parts = NumberColumn(_("SMS parts"), default=False)
    cost = MoneyColumn(_("Cost"), default=False)
    attempts_made = NumberColumn(_("Attempts"), default=False)
    not_before = DateTimeColumn(_("Not before"), default=False)
    sent_at = DateTimeColumn(_("Sent at"), default=False)
    delivered_at = DateTimeColumn(_("Delivered at"), default=False)


class MessageTemplateTable(Table):
    """The list of templates."""

    default_order = "name"

    name = Column(_("Name"), link=True, order_by="name")
    channel = BadgeColumn(_("Channel"), colours=CHANNEL_COLOURS, order_by="channel")
    host = Column(_("For records of kind"), kind_of, field="host")
    purpose = BadgeColumn(_("Purpose"), colours={}, order_by="purpose")
    subject_fa = Column(_("Persian subject"), default=False)
    subject_en = CodeColumn(_("English subject"), default=False)
    is_active = BooleanColumn(_("Active"), order_by="is_active")
    updated_at = DateTimeColumn(_("Last change"), order_by="updated_at")
