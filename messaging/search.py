"""Messages in the palette and the search page: by subject, name and address, never by an address one may not read."""

from typing import Any

from django.db.models import Q

from core import search
from core.display import format_date, localtime
from core.errors import DomainError
from messaging.addresses import normalise_address
from messaging.choices import Channel, Direction, Purpose
from messaging.models import Message
from messaging.tables.messages import address


def hint(message: Message) -> str:
    """Channel, the other side and the day, beside the subject."""
    incoming = message.direction == Direction.IN
    value = message.from_address if incoming else message.to_address
    other = message.to_name or (address(message, value) if value else "")
    day = format_date(localtime(message.created_at).date())
    return search.hint_of(str(message.get_channel_display()), other, day)


def came_from(user: Any, query: str) -> Q | None:
    """Messages that came from the address typed, in any form; the search column holds where messages went."""
    if "from_address" in user.hidden_fields(Message._meta.label_lower):
        return None
    found = set()
    for channel in Channel.values:
        try:
            found.add(normalise_address(channel, query))
        except DomainError:
            continue
    return Q(direction=Direction.IN, from_address__in=found) if found else None


search.register(search.Source(Message, "mail", order=70, hint=hint, also=came_from, only=~Q(purpose=Purpose.INTERNAL)))
