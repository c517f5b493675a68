"""The outbox: what waits, what failed and why, and what to do about it."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic.base import View

from core import display
from core.errors import DomainError
from core.parsing import read_keys
from core.views import ObjectListView, QuickFilter
from core.views.base import ModelMixin, hx_redirect
from core.views.list import BulkAction
from messaging import selectors, services
from messaging.choices import State
from messaging.filters.channels import OutboxFilterSet
from messaging.models import Message
from messaging.tables.channels import OutboxTable

AT_ONCE = 500


class OutboxListView(ObjectListView):
    """Outgoing messages of those one answers for, with their states and the reasons of failures."""

    model = Message
    permission = "resend"
    title = gettext_lazy("Outbox")
    template_name = "messaging/outbox.html"
    table_class = OutboxTable
    filterset_class = OutboxFilterSet
    empty_hint = gettext_lazy("Messages you write, reminders and invitations stand here until they have arrived.")

    def get_queryset(self) -> models.QuerySet[Message]:
        return selectors.outbox_rows(super().get_queryset(), user=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        data = super().get_context_data(**kwargs)
        return {**data, "figures": self._figures(), "create_url": "", "board_url": "", "trash_url": ""}

    def _figures(self) -> list[tuple[Any, str, str, bool]]:
        """(label, number, address of these messages, whether somebody should look)."""
        found = selectors.outbox_figures(user=self.request.user)
        names = ("queued", "sending", "failed", "unknown", "refused")
        figures = [
            (
                State(name).label,
                display.format_number(getattr(found, name)),
                f"?state={name}",
                name in {"failed", "unknown"},
            )
            for name in names
        ]
        shown = [
            (label, number, url, alarm and number != display.format_number(0)) for label, number, url, alarm in figures
        ]
        if found.oldest is not None and found.queued:
            shown.append(
                (
                    _("the longest waiting since"),
                    display.format_datetime(found.oldest),
                    "?state=queued&sort=created_at",
                    False,
                )
            )
        return shown

    def get_quick_filters(self) -> list[QuickFilter]:
        return [
            self.quick(_("All")),
            self.quick(_("Needs a decision"), show="trouble"),
            self.quick(_("On the way"), show="waiting"),
            self.quick(_("Done"), show="done"),
        ]

    def get_bulk_actions(self) -> list[BulkAction]:
        return [
            BulkAction(
                _("Send again"),
                reverse("messaging:outbox_resend"),
                "send",
                _("Send the selected messages again? One of unknown outcome may arrive twice."),
            ),
            BulkAction(_("Cancel"), reverse("messaging:outbox_cancel"), "x", _("Cancel the selected messages?")),
        ]


class OutboxBulkView(ModelMixin, View):
    """One thing done to the selected messages, or to all that match the list's filters (at most 500 at once)."""

    model = Message
    permission = "resend"
    http_method_names = ("post",)

    def service(self, **arguments: Any) -> Message:
        """What is done to each."""
        raise NotImplementedError

    def said(self, number: int) -> str:
        """What is said of those for which it worked."""
        raise NotImplementedError

    def post(self, request: HttpRequest) -> HttpResponse:
        done, errors = 0, []
        for row in self._chosen(request):
            try:
                self.service(actor=request.user, message=row)
                done += 1
            except DomainError as error:
                errors.append(str(error))
        if done:
            messages.success(request, display.local_digits(self.said(done)))
        if errors:
            text = ngettext("%(number)d message was left as it is: %(why)s", "%(number)d messages were left as they are: %(why)s", len(errors))  # fmt: skip
            messages.warning(request, display.local_digits(text % {"number": len(errors), "why": errors[0]}))
        if not done and not errors:
            messages.warning(request, _("No message was selected."))
        query = request.POST.get("query", "")
        return hx_redirect(request, f"{reverse('messaging:outbox')}{'?' if query else ''}{query}")

    def _chosen(self, request: HttpRequest) -> models.QuerySet[Message]:
        rows = selectors.outbox_rows(self.get_queryset(), user=request.user)
        if request.POST.get("all_matching"):
            wanted = QueryDict(request.POST.get("query", ""))
            rows = OutboxFilterSet(wanted, rows, request=request).qs
        else:
            rows = rows.filter(pk__in=read_keys(request.POST.getlist("pk")[:AT_ONCE]))
        return rows.order_by("pk")[:AT_ONCE]


class OutboxResendView(OutboxBulkView):
    """Send them again."""

    def service(self, **arguments: Any) -> Message:
        return services.message_resend(**arguments)

    def said(self, number: int) -> str:
        text = ngettext("%(number)d message is sent again.", "%(number)d messages are sent again.", number)
        return text % {"number": number}


class OutboxCancelView(OutboxBulkView):
    """Take them out of the outbox."""

    def service(self, **arguments: Any) -> Message:
        return services.message_cancel(**arguments)

    def said(self, number: int) -> str:
        text = ngettext("%(number)d message was cancelled.", "%(number)d messages were cancelled.", number)
        return text % {"number": number}
