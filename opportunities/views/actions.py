"""Buttons and dialogs of an opportunity: each is one service."""

import copy
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.views import ObjectActionView
from core.views.board import settled
from opportunities.forms import AssignForm, ChangeCycleForm, LoseForm, ReopenForm, WinForm
from opportunities.models import Opportunity
from opportunities.services import (
    move_token,
    opportunity_assign,
    opportunity_change_cycle,
    opportunity_lose,
    opportunity_reopen,
    opportunity_win,
)
from opportunities.views.board import OpportunityMoveView


class OpportunityActionView(ObjectActionView):
    """An action on a deal one may change."""

    model = Opportunity
    permission = "change"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.request.user, "opportunity": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("cancel_url", self.object.get_absolute_url())
        return super().get_context_data(**{"form_action": self.request.get_full_path(), **kwargs})

    def undo_url(self, before: Opportunity, after: Opportunity) -> str:
        """The address that takes the change back."""
        token = move_token(before, after, self.request.user)
        return f"{reverse('opportunities:opportunity_move_undo', args=[after.pk])}?token={token}" if token else ""


class OpportunityWinView(OpportunityActionView):
    """When, and why."""

    form_class = WinForm
    title = gettext_lazy("Mark as won")
    success_message = gettext_lazy("Well done! “%(name)s” was won.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(submit_label=_("Mark as won"), **kwargs)

    def perform(self, **data: Any) -> str | None:
        before = copy.copy(self.object)
        return self.undo_url(before, opportunity_win(actor=self.request.user, opportunity=self.object, **data))


class OpportunityLoseView(OpportunityActionView):
    """Asks for the reason; also what the board opens when a card is dropped on a lost stage."""

    form_class = LoseForm
    title = gettext_lazy("Mark as lost")
    success_message = gettext_lazy("“%(name)s” was marked as lost.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(submit_label=_("Mark as lost"), danger=True, **kwargs)

    def save(self, form: Any) -> HttpResponse:
        if "board" not in self.request.GET:
            return super().save(form)
        before = copy.copy(self.object)
        row = self.lose(form.cleaned_data)
        board = OpportunityMoveView()
        board.setup(self.request, pk=row.pk)
        board.request.GET = board.request.GET.copy()  # type: ignore[assignment]
        board.request.GET.pop("board")  # type: ignore[attr-defined]
        return settled(board.payload([row.pk], {str(before.stage_id), str(row.stage_id)}), board.toast(before, row))

    def perform(self, **data: Any) -> str | None:
        before = copy.copy(self.object)
        return self.undo_url(before, self.lose(data))

    def lose(self, data: dict[str, Any]) -> Opportunity:
        """Call the service."""
        values = {name: data[name] for name in ("reason", "note", "competitor", "stage", "closed_on")}
        return opportunity_lose(
            actor=self.request.user, opportunity=self.object, expected_version=data["version"], **values
        )


class OpportunityReopenView(OpportunityActionView):
    """Take a closed deal up again."""

    permission = "reopen"
    form_class = ReopenForm
    title = gettext_lazy("Reopen the opportunity")
    success_message = gettext_lazy("“%(name)s” is open again.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(submit_label=_("Reopen"), **kwargs)

    def perform(self, **data: Any) -> str | None:
        opportunity_reopen(actor=self.request.user, opportunity=self.object, stage=data["stage"])
        return None


class OpportunityCycleView(OpportunityActionView):
    """Go on in another sales cycle."""

    form_class = ChangeCycleForm
    title = gettext_lazy("Change the sales cycle")
    success_message = gettext_lazy("The sales cycle was changed.")

    def perform(self, **data: Any) -> str | None:
        stage = data["stage"]
        opportunity_change_cycle(actor=self.request.user, opportunity=self.object, cycle=stage.cycle, stage=stage)
        return None


class OpportunityAssignView(OpportunityActionView):
    """Hand the deal over to a colleague."""

    permission = "assign"
    form_class = AssignForm
    title = gettext_lazy("Assign the opportunity")
    success_message = gettext_lazy("“%(name)s” was assigned.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(submit_label=_("Assign"), **kwargs)

    def perform(self, **data: Any) -> str | None:
        opportunity_assign(actor=self.request.user, opportunity=self.object, owner=data["owner"])
        return None

    def get_success_url(self) -> str:
        """The deal, or the list when one no longer sees it."""
        seen = Opportunity.objects.for_user(self.request.user, "view").filter(pk=self.object.pk).exists()
        return super().get_success_url() if seen else self.url("list")
