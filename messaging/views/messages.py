"""The list of messages, a message's page, its files."""

from typing import Any
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import display
from core.policies import allows
from core.views import Action, Badge, Fact, ObjectActionView, ObjectDetailView, ObjectListView, QuickFilter
from core.views.base import MAX_PK, AccessMixin, View
from core.views.detail import link
from messaging.choices import TRANSITIONS, Channel, Direction, State
from messaging.filters.messages import MessageFilterSet
from messaging.models import Attachment, Message
from messaging.selectors.reach import message_records
from messaging.services.queue import message_cancel, message_resend
from messaging.tables.channels import CHANNEL_COLOURS, STATE_COLOURS
from messaging.tables.messages import MessageTable, address


class MessageListView(ObjectListView):
    """Messages one wrote, and those of records one sees."""

    model = Message
    title = gettext_lazy("Messages")
    table_class = MessageTable
    filterset_class = MessageFilterSet
    empty_hint = gettext_lazy("E-mails and SMS written on a record stand here with what became of them.")

    def get_quick_filters(self) -> list[QuickFilter]:
        user: Any = self.request.user
        return [
            self.quick(_("All")),
            self.quick(_("Written by me"), created_by=str(user.pk)),
            self.quick(_("On their way"), state=[State.QUEUED, State.SENDING]),
            self.quick(_("In trouble"), state=[State.FAILED, State.UNKNOWN, State.REFUSED]),
            self.quick(_("Received"), direction=Direction.IN),
        ]


class MessageDetailView(ObjectDetailView):
    """A message: what it says, to whom, what became of it, each attempt, its files."""

    model = Message
    icon = "mail"
    select = ("account", "template", "created_by", "recipient")
    field_groups = (
        (gettext_lazy("Message"), ("subject", "body")),
        (
            gettext_lazy("Sending"),
            (
                "purpose",
                "direction",
                "created_by",
                "created_at",
                "not_before",
                "sent_at",
                "delivered_at",
                "account",
                "template",
                "parts",
                "attempts_made",
                "cost",
                "provider_id",
            ),
        ),
    )

    def get_subtitle(self) -> str:
        row = self.object
        if "to_address" in self.request.user.hidden_fields("messaging.message"):
            return str(row.to_name)
        shown = f"\u2068{address(row, row.to_address)}\u2069"
        return f"{row.to_name} {shown}" if row.to_name else shown

    def get_badges(self) -> list[Badge]:
        row = self.object
        return [
            Badge(row.get_channel_display(), CHANNEL_COLOURS[row.channel]),
            Badge(row.get_state_display(), STATE_COLOURS[row.state]),
        ]

    def get_header_facts(self) -> list[Fact]:
        row = self.object
        facts = [Fact(_("About"), link(record)) for record in message_records(user=self.request.user, message=row)]
        if row.error:
            facts.append(Fact(_("What went wrong"), str(escape(row.trouble))))
        if row.state == State.QUEUED:
            facts.append(Fact(_("Leaves on"), display.format_datetime(row.not_before, "long")))
        return facts

    def fact(self, name: str) -> Fact | None:
        """No zero of an SMS on an e-mail, no e-mail address of an SMS."""
        if name == "parts" and self.object.channel == Channel.EMAIL:
            return None
        return super().fact(name)

    def get_actions(self) -> list[Action]:
        row, user = self.object, self.request.user
        if row.direction == Direction.IN:
            return self._reply()
        if not allows(user, "resend", row):
            return []
        actions = []
        if State.QUEUED in TRANSITIONS[State(row.state)] and row.state != State.SENDING:
            sure = _("It may have arrived already. Send it again?") if row.state == State.UNKNOWN else ""
            again = self.url("resend", row.pk)
            actions.append(Action(_("Send again"), again, "send", method="post", primary=True, confirm=sure))
        if State.CANCELLED in TRANSITIONS[State(row.state)]:
            actions.append(Action(_("Cancel the message"), self.url("cancel", row.pk), "x", method="post"))
        return actions

    def _reply(self) -> list[Action]:
        """Answering to whoever wrote, on the first record it belongs to."""
        row, user = self.object, self.request.user
        records = message_records(user=user, message=row)
        if not records or not self.may("add"):
            return []
        subject = row.subject if row.subject.lower().startswith("re:") else f"Re: {row.subject}"
        known = "from_address" not in user.hidden_fields("messaging.message")
        to = {"to": row.from_address} if known else {}
        query = urlencode({**to, **({"subject": subject} if row.subject else {})})
        args = [row.channel, records[0]._meta.label_lower, records[0].pk]
        url = f"{reverse('messaging:compose', args=args)}?{query}"
        return [Action(_("Reply"), url, "arrow-back-up", method="dialog", primary=True, key="r")]


class MessageResendView(ObjectActionView):
    """Send it again."""

    model = Message
    permission = "resend"
    success_message = gettext_lazy("The message is on its way again.")

    def perform(self, **data: Any) -> str | None:
        message_resend(actor=self.request.user, message=self.object)
        return None


class MessageCancelView(ObjectActionView):
    """Do not send it."""

    model = Message
    permission = "resend"
    success_message = gettext_lazy("The message was cancelled.")

    def perform(self, **data: Any) -> str | None:
        message_cancel(actor=self.request.user, message=self.object)
        return None


class AttachmentView(AccessMixin, View):
    """A file of a message, for whoever sees the message; always downloaded, never shown."""

    model = Attachment

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = Attachment.objects.for_user(request.user, "view").filter(pk=min(pk, MAX_PK)).first()
        if row is None:
            raise Http404
        return HttpResponse(
            bytes(row.content),
            content_type="application/octet-stream",
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(row.name, safe='')}",
                "X-Content-Type-Options": "nosniff",
            },
        )
