"""The Undo of a toast: puts back what was put off, handed over or cancelled, one or many."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import Activity
from activities.services.undo import activity_undo, undo_kept
from core import display
from core.errors import DomainError, StaleRecord
from core.views.base import ModelMixin, PageView, safe_return_url


class ActivityUndoView(ModelMixin, PageView):
    """Takes one's own last doing back: ``token`` for one activity, ``kept`` for many. Leads back to where one was."""

    model = Activity
    permission = "change"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        restored: list[Activity] = []
        refusals: list[str] = []
        for token in self.tokens(refusals):
            try:
                with transaction.atomic():
                    restored.append(activity_undo(actor=request.user, token=token))
            except StaleRecord:
                refusals.append(_("It changed since, so it was not taken back."))
            except DomainError as error:
                refusals.append(str(error))
        self.say(restored, refusals)
        return redirect(safe_return_url(request, self.back(restored)))

    def tokens(self, refusals: list[str]) -> list[str]:
        """The notes of what is to be taken back."""
        if "kept" not in self.request.GET:
            return [self.request.GET.get("token", "")]
        try:
            return undo_kept(self.request.GET["kept"], self.request.user)
        except DomainError as error:
            refusals.append(str(error))
            return []

    def say(self, restored: list[Activity], refusals: list[str]) -> None:
        """What was put back, and why the rest was not."""
        if len(restored) == 1 and not refusals:
            messages.success(self.request, _("“%(name)s” is as it was before.") % {"name": restored[0]})
        elif restored:
            text = ngettext(
                "%(count)s activity is as it was before.",
                "%(count)s activities are as they were before.",
                len(restored),
            )
            messages.success(self.request, text % {"count": display.format_number(len(restored))})
        if len(refusals) == 1:
            messages.warning(self.request, refusals[0])
        elif refusals:
            text = ngettext(
                "%(count)s was not taken back: %(why)s", "%(count)s were not taken back: %(why)s", len(refusals)
            )
            messages.warning(self.request, text % {"count": display.format_number(len(refusals)), "why": refusals[0]})

    def back(self, restored: list[Activity]) -> str:
        """The activity, or the list."""
        return restored[0].get_absolute_url() if len(restored) == 1 else self.url("list")
