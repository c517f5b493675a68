"""Timeline items in words: who, what, when, in which state, with what one may do about them."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from activities.choices import ICONS, Kind, Status
from activities.models import Activity
from activities.selectors.timeline import Item
from activities.services.base import may_edit
from core import audit, display
from messaging.choices import Channel, Direction, State
from messaging.models import Message
from messaging.tables.channels import STATE_COLOURS
from messaging.tables.messages import address as shown_address

LONG = 320  # letters shown without opening
ENTRY_ICONS = (
    ("converted", "transform"),
    ("won", "trophy"),
    ("lost", "thumb-down"),
    ("moved", "arrows-exchange"),
    ("created", "plus"),
    ("deleted", "trash"),
    ("assigned", "user-check"),
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """What the page shows of an item. ``who`` did ``what``; ``title`` is the thing's own name, linked by ``url``.

    Where ``what`` is no verb but the name of a thing (``is_thing``), a dot stands between the two.
    """

    item: Item
    icon: str
    tone: str
    what: str
    who: str = ""
    title: str = ""
    url: str = ""
    badge: str = ""
    colour: str = "secondary"
    text: str = ""
    changes_url: str = ""
    edit_url: str = ""
    delete_url: str = ""
    done_url: str = ""
    is_thing: bool = False

    @property
    def is_long(self) -> bool:
        """Whether the text is opened by hand."""
        return len(self.text) > LONG or self.text.count("\n") > 5


def lines(items: Iterable[Item], user: Any, record: models.Model) -> list[Line]:
    """The lines of the items on the record's page. One query when something is still to do."""
    found = list(items)
    to_do = [item.row.pk for item in found if item.source == "activity" and item.row.is_open]
    mine = Activity.objects.for_user(user, "change").filter(pk__in=to_do).values_list("pk", flat=True) if to_do else ()
    may_finish = frozenset(mine)
    return [_line(item, user, record, may_finish) for item in found]


def _line(item: Item, user: Any, record: models.Model, may_finish: Collection[int]) -> Line:
    if item.source == "activity":
        return _activity(item, user, may_finish)
    return _message(item, user) if item.source == "message" else _entry(item, record)


def heading(at: dt.datetime) -> str:
    """Under which words the moment stands: what is to come, today, yesterday, or a month."""
    if at > timezone.now():
        return _("Upcoming")
    date = display.localtime(at).date()
    days = (display.current().today() - date).days
    return capfirst(display.relative_day(date)) if days <= 1 else display.format_date(date, "month")


def _activity(item: Item, user: Any, may_finish: Collection[int]) -> Line:
    row: Activity = item.row
    hidden = user.hidden_fields("activities.activity")
    texts = [value for name in ("text", "outcome_note") if name not in hidden and (value := getattr(row, name))]
    if row.kind == Kind.NOTE:
        mine = may_edit(user, row)
        return Line(
            item=item,
            icon="note",
            tone="note",
            who=str(row.created_by or _("The system")),
            what=_("wrote a note"),
            title=row.subject,
            text="\n".join(texts),
            edit_url=reverse("activities:note_edit", args=[row.pk]) if mine else "",
            delete_url=reverse("activities:note_delete", args=[row.pk]) if mine else "",
        )
    badge, colour = _activity_state(row)
    return Line(
        item=item,
        icon=ICONS[row.kind],
        tone="late" if row.is_late() else "planned" if row.is_open else "done",
        who=str(row.done_by or row.owner or _("The system")),
        what=str(row.get_kind_display()),
        title="" if "subject" in hidden else str(row),
        url=row.get_absolute_url(),
        badge=badge,
        colour=colour,
        text="\n".join(text for text in texts if text != str(row)),
        done_url=_url("activities:activity_complete", row.pk) if row.pk in may_finish else "",
        is_thing=True,
    )


def _activity_state(row: Activity) -> tuple[str, str]:
    if row.status == Status.DONE:
        return (str(row.outcome), "green" if row.outcome.is_success else "orange") if row.outcome else ("", "")
    if row.is_late():
        return _("Late"), "red"
    return str(row.get_status_display()), "blue" if row.is_open else "secondary"


def _message(item: Item, user: Any) -> Line:
    row: Message = item.row
    hidden = user.hidden_fields("messaging.message")
    came = row.direction == Direction.IN
    mail = row.channel == Channel.EMAIL
    address = _address(row, hidden)
    if came:
        what = _("sent an e-mail") if mail else _("sent an SMS")
    else:
        what = (_("e-mail to %(to)s") if mail else _("SMS to %(to)s")) % {"to": address}
    return Line(
        item=item,
        icon="mail" if mail else "message",
        tone="failed" if row.state in {State.FAILED, State.UNKNOWN, State.REFUSED} else "message",
        who=address if came else str(row.created_by or _("The system")),
        what=what,
        title="" if "subject" in hidden else row.subject,
        url=_url("messaging:message_detail", row.pk),
        badge=str(row.get_state_display()),
        colour=STATE_COLOURS[State(row.state)],
        text="" if "body" in hidden else row.body,
        is_thing=not came,
    )


def _address(row: Message, hidden: Collection[str]) -> str:
    """Whom it went to, by name where there is one, or who wrote; dots for an address the reader may not know."""
    if row.direction == Direction.IN:
        return "…" if "from_address" in hidden else shown_address(row, row.from_address)
    return row.to_name or ("…" if "to_address" in hidden else shown_address(row, row.to_address))


def _entry(item: Item, record: models.Model) -> Line:
    row = item.row
    who = _("A visitor") if audit.is_by_visitor(row) else str(row.actor or _("The system"))
    icon = next((icon for word, icon in ENTRY_ICONS if word in row.code), "edit")
    args = [record._meta.label_lower, record.pk, row.pk]
    has_changes = row.context_id is not None and "created" not in row.code
    return Line(
        item=item,
        icon=icon,
        tone="change",
        who=who,
        what=item.sentence,
        changes_url=reverse("activities:timeline_changes", args=args) if has_changes else "",
    )


def _url(name: str, pk: int) -> str:
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""
