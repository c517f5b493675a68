"""The list of leads, a lead's page, its forms."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.next_step import next_step_of, next_step_url
from core import display
from core.parsing import read_key
from core.policies import allows
from core.views import (
    Action,
    Badge,
    Fact,
    ObjectCreateView,
    ObjectDeleteView,
    ObjectDetailView,
    ObjectListView,
    ObjectUpdateView,
    QuickFilter,
)
from core.views.base import ModelMixin, View, hx_redirect, safe_return_url
from core.views.detail import field_html, link
from leads.choices import ConsentAnswer, LeadStatus
from leads.filters import LeadFilterSet
from leads.forms import LeadForm, QuickLeadForm
from leads.models import Lead
from leads.selectors import similar_records, status_counts
from leads.services import lead_create, lead_update
from leads.services.status import allowed_statuses
from leads.tables import STATUS_COLOURS, LeadTable

STATUS_VERBS = {
    LeadStatus.NEW: (gettext_lazy("Back to new"), "arrow-back-up"),
    LeadStatus.CONTACTED: (gettext_lazy("Contacted"), "phone"),
    LeadStatus.QUALIFIED: (gettext_lazy("Qualified"), "circle-check"),
    LeadStatus.NURTURING: (gettext_lazy("Nurture"), "clock"),
}
DUPLICATES = "leads:lead_duplicates"
RARE = {LeadStatus.NEW, LeadStatus.NURTURING}


class LeadListView(ObjectListView):
    """All leads the user may see."""

    model = Lead
    title = gettext_lazy("Leads")
    table_class = LeadTable
    filterset_class = LeadFilterSet
    template_name = "leads/lead_list.html"
    empty_hint = gettext_lazy(
        "A lead is a person or company that showed interest. Record the first one, or put a web form on your site."
    )

    def get_quick_filters(self) -> list[QuickFilter]:
        user: Any = self.request.user
        filters = [self.quick(_("My leads"), owner=str(user.pk), state="open")]
        if user.team_id:
            filters.append(self.quick(_("My team"), team=str(user.team_id), state="open"))
        return [
            *filters,
            self.quick(_("New today"), status="new", created_at_range="today"),
            self.quick(_("Without owner"), unassigned="true", state="open"),
            self.quick(_("Late step"), next="late"),
            self.quick(_("No next step"), next="none"),
            self.quick(_("Untouched for two weeks"), stale="true"),
        ]


class LeadCountsView(ModelMixin, View):
    """Open leads by status, for the head of the list: asked after the page, so that the page does not wait for it."""

    model = Lead
    template_name = "leads/_counts.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        counts = [
            {
                "label": row.status.label,
                "colour": STATUS_COLOURS[row.status],
                "count": display.format_number(row.count) + ("+" if row.capped else ""),
                "url": f"{self.url('list')}?status={row.status}",
            }
            for row in status_counts(user=request.user)
        ]
        return render(request, self.template_name, {"counts": counts})


class LeadDetailView(ObjectDetailView):
    """A lead with its next step on top."""

    model = Lead
    icon = "user-plus"
    select = ("owner", "source")  # what most leads have; a join of all ten tables costs more than the rest of the page
    field_groups = (
        (
            gettext_lazy("Contact details"),
            ("mobile", "phone", "email", "website", "job_title", "party_type", "industry"),
        ),
        (gettext_lazy("What is wanted"), ("interest", "products", "estimated_value")),
        (
            gettext_lazy("Where it came from"),
            ("source", "heard_about_us", "referrer_account", "referrer_contact", "created_at"),
        ),
        (gettext_lazy("Disqualified"), ("disqualify_reason", "disqualify_note", "status_at")),
        (gettext_lazy("Address and notes"), ("province", "city", "address", "description")),
        (
            gettext_lazy("Advertising and consent"),
            ("consent", "consent_at", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"),
        ),
    )

    def get_subtitle(self) -> str:
        lead = self.object
        if not lead.person_name:
            return ""
        return " · ".join(part for part in (lead.job_title, lead.company) if part)

    def get_badges(self) -> list[Badge]:
        lead = self.object
        return [Badge(lead.get_status_display(), STATUS_COLOURS[lead.status])]

    def get_header_facts(self) -> list[Fact]:
        user: Any = self.request.user
        lead, hidden = self.object, user.hidden_fields("leads.lead")
        owner = link(lead.owner) or (f"{_('Queue of')} {link(lead.team)}" if lead.team else _("nobody yet"))
        days = (timezone.now() - lead.created_at).days
        age = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
        facts = [Fact(_("Owner"), owner), Fact(_("Age"), display.local_digits(age))]
        if lead.source_id and "source" not in hidden:
            facts.insert(1, Fact(_("Source"), link(lead.source)))
        if lead.estimated_value is not None and "estimated_value" not in hidden:
            value = field_html(lead, lead._meta.get_field("estimated_value"))
            facts.insert(0, Fact(_("Estimated amount"), value))
        if lead.mobile and "mobile" not in hidden:
            facts.append(Fact(_("Mobile"), field_html(lead, lead._meta.get_field("mobile"))))
        return facts

    def get_next_step(self) -> dict[str, Any] | None:
        return next_step_of(self.request.user, self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(next_step_url=next_step_url(self.request.user, self.object), **kwargs)

    def get_actions(self) -> list[Action]:
        lead, user = self.object, self.request.user
        may_change = allows(user, "change", lead)
        actions = []
        if lead.is_open and allows(user, "convert", lead):
            actions.append(Action(_("Convert"), self.url("convert", lead.pk), "transform", primary=True))
        if may_change:
            actions += self._status_actions()
        if allows(user, "assign", lead) and lead.status != LeadStatus.CONVERTED:
            actions.append(Action(_("Assign"), self.url("assign", lead.pk), "user-check", "dialog", menu=True))
        return [*actions, *super().get_actions()]

    def _status_actions(self) -> list[Action]:
        lead = self.object
        if lead.status == LeadStatus.CONVERTED:
            return []
        if lead.status == LeadStatus.DISQUALIFIED:
            reopen = self.url("reopen", lead.pk)
            return [Action(_("Reopen"), reopen, "arrow-back-up", method="post", primary=True)]
        actions = [
            Action(STATUS_VERBS[s][0], self.url("status", lead.pk, s.value), STATUS_VERBS[s][1], "post", menu=s in RARE)
            for s in allowed_statuses(lead)
        ]
        disqualify = self.url("disqualify", lead.pk)
        return [*actions, Action(_("Disqualify"), disqualify, "user-x", method="dialog")]

    def fact(self, name: str) -> Fact | None:
        """Leave out what says nothing: an answer nobody gave, and the date of a status that is no refusal."""
        lead = self.object
        if name == "status_at" and lead.status != LeadStatus.DISQUALIFIED:
            return None
        if name == "consent" and lead.consent == ConsentAnswer.UNKNOWN:
            return None
        return super().fact(name)


class LeadCreateView(ObjectCreateView):
    """The full form of a new lead; likely duplicates are shown while one types."""

    model = Lead
    form_class = LeadForm
    duplicates_url_name = DUPLICATES

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "currency": self.request.GET.get("currency", "IRR")}

    def save_object(self, form: Any) -> Lead:
        return lead_create(actor=self.request.user, **form.cleaned_data)


class LeadQuickView(ObjectCreateView):
    """A few fields in a dialog; the page behind stays. Without JavaScript it is a page of its own."""

    model = Lead
    form_class = QuickLeadForm
    title = gettext_lazy("Quick lead")
    duplicates_url_name = DUPLICATES

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(submit_label=_("Save the lead"), form_action=self.request.path, **kwargs)

    def save(self, form: Any) -> HttpResponse:
        lead = self.save_object(form)
        text = _("“%(name)s” was saved.") % {"name": lead}
        if self.is_dialog and not self._on_list():
            told = {"dialog:close": True, "toast": {"text": text, "level": "success"}}
            return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(told)})
        messages.success(self.request, text)
        if self.is_dialog:
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        if "add_another" in self.request.POST:
            return hx_redirect(self.request, self.request.path)
        return hx_redirect(self.request, safe_return_url(self.request, lead.get_absolute_url()))

    def _on_list(self) -> bool:
        """Whether the page behind is the list, which then shows the new lead; no other page is loaded again."""
        return urlsplit(self.request.headers.get("HX-Current-URL", "")).path == self.url("list")

    def save_object(self, form: Any) -> Lead:
        return lead_create(actor=self.request.user, **form.cleaned_data)


class LeadUpdateView(ObjectUpdateView):
    """The full form of a lead."""

    model = Lead
    form_class = LeadForm
    duplicates_url_name = DUPLICATES

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["duplicates_url"] += f"?exclude={self.object.pk}"
        return context

    def save_object(self, form: Any) -> Lead:
        return lead_update(
            actor=self.request.user,
            lead=form.save(commit=False),
            expected_version=self.expected_version(form),
            save_m2m=form.save_m2m,
        )


class LeadDeleteView(ObjectDeleteView):
    """To the bin."""

    model = Lead


class LeadDuplicatesView(ModelMixin, View):
    """Records like the one being typed, as HTML; nothing the user may not see, not even a count."""

    model = Lead
    template_name = "leads/_duplicates.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        given: dict[str, Any] = {
            name: request.GET.get(name, "")[:254] for name in ("first_name", "last_name", "company", "email")
        }
        similar = similar_records(
            user=request.user,
            phones=[request.GET.get(name, "") for name in ("mobile", "phone")],
            exclude_lead=read_key(request.GET.get("exclude", "")),
            **given,
        )
        return render(request, self.template_name, {"similar": similar})
