"""Buttons and dialogs of a lead: each is one service."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.views import ObjectActionView
from core.views.base import hx_redirect
from leads.choices import TRANSITIONS, LeadStatus
from leads.forms import AssignForm, DisqualifyForm
from leads.models import Lead
from leads.services import lead_assign, lead_disqualify, lead_reopen, lead_set_status
from leads.services.status import BY_OTHER_SERVICES


class LeadActionView(ObjectActionView):
    """An action on a lead one may change."""

    model = Lead
    permission = "change"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.request.user, "lead": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = self.object.get_absolute_url()
        return super().get_context_data(cancel_url=url, form_action=self.request.path, **kwargs)


class LeadStatusView(LeadActionView):
    """Contacted, qualified, nurturing, new."""

    def save(self, form: Any) -> HttpResponse:
        status, before = self.kwargs["status"], self.object.status
        if status not in LeadStatus.values:
            raise Http404
        lead = lead_set_status(actor=self.request.user, lead=self.object, status=status)
        text = _("The lead is now %(status)s.") % {"status": lead.get_status_display()}
        back = before in TRANSITIONS[lead.status] and before not in BY_OTHER_SERVICES
        undo = f"undo:{self.url('status', lead.pk, before)}" if back else ""
        messages.success(self.request, text, extra_tags=undo)
        return hx_redirect(self.request, self.get_success_url())


class LeadReopenView(LeadActionView):
    """Take a disqualified lead up again."""

    success_message = gettext_lazy("The lead is open again.")

    def perform(self, **data: Any) -> str | None:
        lead_reopen(actor=self.request.user, lead=self.object)
        return None


class LeadDisqualifyView(LeadActionView):
    """Ask for the reason, then put the lead aside."""

    form_class = DisqualifyForm
    title = gettext_lazy("Disqualify the lead")
    success_message = gettext_lazy("“%(name)s” was disqualified.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(submit_label=_("Disqualify"), danger=True, **kwargs)

    def perform(self, **data: Any) -> str | None:
        lead_disqualify(actor=self.request.user, lead=self.object, reason=data["reason"], note=data["note"])
        return self.url("reopen", self.object.pk)


class LeadAssignView(LeadActionView):
    """Hand the lead over to a colleague."""

    permission = "assign"
    form_class = AssignForm
    title = gettext_lazy("Assign the lead")
    success_message = gettext_lazy("“%(name)s” was assigned.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(submit_label=_("Assign"), **kwargs)

    def perform(self, **data: Any) -> str | None:
        lead_assign(actor=self.request.user, lead=self.object, owner=data["owner"])
        return None

    def get_success_url(self) -> str:
        """The lead, or the list when one no longer sees it."""
        seen = Lead.objects.for_user(self.request.user, "view").filter(pk=self.object.pk).exists()
        return super().get_success_url() if seen else self.url("list")
