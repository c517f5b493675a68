"""The list of opportunities, an opportunity's page, its forms."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic.base import View

from activities.next_step import next_step_of, next_step_url
from core import display
from core.organisation import base_currency
from core.parsing import read_key
from core.policies import allows
from core.views import (
    Action,
    Badge,
    Fact,
    FieldGroup,
    ObjectCreateView,
    ObjectDeleteView,
    ObjectDetailView,
    ObjectListView,
    ObjectUpdateView,
    QuickFilter,
)
from core.views.detail import link
from core.views.filtered import FilteredMixin
from opportunities.choices import StageKind
from opportunities.filters import OpportunityFilterSet
from opportunities.forms import OpportunityCreateForm, OpportunityForm
from opportunities.models import Opportunity, Stage
from opportunities.selectors import stage_steps, stage_visits
from opportunities.services import opportunity_create, opportunity_update
from opportunities.tables import STATUS_COLOURS, OpportunityTable, days_label


def _date(day: Any, colour: str = "") -> str:
    return format_html('<bdi dir="ltr" class="{}">{}</bdi>', colour, display.format_date(day))


class OpportunityFilters(FilteredMixin):
    """The filters and the daily questions, alike on the list and the board."""

    model = Opportunity
    filterset_class = OpportunityFilterSet

    def get_quick_filters(self) -> list[QuickFilter]:
        user = self.request.user
        filters = [self.quick(_("My opportunities"), owner=str(user.pk), status="open")]
        if user.team_id:
            filters.append(self.quick(_("My team"), team=str(user.team_id), status="open"))
        return [
            *filters,
            self.quick(pgettext("opportunities", "Open"), status="open"),
            self.quick(_("Closing this month"), status="open", expected_close_on_range="this_month"),
            self.quick(_("Close date has passed"), overdue="true"),
            self.quick(_("Too long in stage"), rotting="true"),
            self.quick(_("No next step"), next="none"),
        ]


class OpportunityListView(OpportunityFilters, ObjectListView):
    """All deals the user may see."""

    title = gettext_lazy("Opportunities")
    table_class = OpportunityTable

    empty_hint = gettext_lazy(
        "An opportunity is a deal you are working on, with an amount and a stage. Add the first one, or convert a lead."
    )

    def filtered(self) -> models.QuerySet:
        """Each row also says in which currency its expected value is."""
        return super().filtered().annotate(base_currency=models.Value(base_currency()))


class OpportunityDetailView(ObjectDetailView):
    """A deal with its way through the cycle and its next step on top."""

    model = Opportunity
    template_name = "opportunities/opportunity_detail.html"
    icon = "target-arrow"
    select = (
        "account",
        "contact",
        "cycle",
        "stage",
        "owner",
        "team",
        "source",
        "furthest_stage",
        "lost_stage",
        "close_reason",
        "created_by",
    )
    field_groups = (
        (
            gettext_lazy("The deal"),
            ("account", "contact", "type", "source", "cycle", "expected_close_on", "opened_on", "team"),
        ),
        (
            gettext_lazy("How it was closed"),
            ("closed_on", "close_reason", "competitor", "close_note", "lost_stage", "furthest_stage"),
        ),
        (gettext_lazy("Notes"), ("description",)),
        (gettext_lazy("About this record"), ("created_by", "created_at", "updated_at", "external_key")),
    )

    def get_subtitle(self) -> str:
        return str(self.object.account or self.object.contact or "")

    def get_badges(self) -> list[Badge]:
        deal = self.object
        badges = [Badge(deal.get_status_display(), STATUS_COLOURS[deal.status])]
        if deal.is_rotting():
            badges.append(Badge(_("Too long in this stage"), "orange"))
        return badges

    def get_header_facts(self) -> list[Fact]:
        deal, hidden = self.object, self.request.user.hidden_fields("opportunities.opportunity")
        facts = [Fact(_("Owner"), link(deal.owner) or link(deal.team) or "—")]
        if "amount" not in hidden:
            facts = [*self._money_facts(deal), *facts]
        if deal.is_open and deal.expected_close_on and "expected_close_on" not in hidden:
            colour = "text-danger" if deal.expected_close_on < display.current().today() else ""
            facts.append(Fact(_("Expected close date"), _date(deal.expected_close_on, colour)))
        if not deal.is_open:
            facts.append(Fact(_("Closed on"), _date(deal.closed_on)))
        return facts

    def _money_facts(self, deal: Opportunity) -> list[Fact]:
        amount = display.format_money(deal.amount, deal.currency)
        facts = [Fact(_("Amount"), format_html("<bdi>{}</bdi>", amount))]
        if deal.is_open:
            percent = display.format_percent_points(deal.probability)
            base = display.format_money(deal.base_amount, base_currency())
            formula = _("amount × probability = %(amount)s × %(percent)s") % {"amount": base, "percent": percent}
            value = display.format_money(deal.expected_value, base_currency())
            facts += [
                Fact(_("Probability"), format_html("<bdi>{}</bdi>", percent)),
                Fact(
                    _("Expected value"),
                    format_html(
                        '<bdi title="{}">{}</bdi><div class="text-secondary small fw-normal">{}</div>',
                        formula,
                        value,
                        _("amount × probability"),
                    ),
                ),
            ]
        return facts

    def get_next_step(self) -> dict[str, Any] | None:
        return next_step_of(self.request.user, self.object)

    def _if_changeable(self, name: str) -> str:
        return self.url(name, self.object.pk) if self.may_change else ""

    @property
    def may_change(self) -> bool:
        """Whether the user may change this very deal; asked once."""
        known: bool | None = self.__dict__.get("_may_change")
        if known is None:
            known = self.__dict__["_may_change"] = allows(self.request.user, "change", self.object)
        return known

    def get_actions(self) -> list[Action]:
        deal, pk = self.object, self.object.pk
        actions = []
        if deal.is_open and self.may_change:
            actions += [
                Action(pgettext("action", "Won"), self.url("win", pk), "trophy", method="dialog", primary=True),
                Action(pgettext("action", "Lost"), self.url("lose", pk), "thumb-down", method="dialog"),
            ]
        if not deal.is_open and allows(self.request.user, "reopen", deal):
            actions.append(Action(_("Reopen"), self.url("reopen", pk), "lock-open", method="dialog", primary=True))
        if allows(self.request.user, "assign", deal):
            actions.append(Action(_("Assign"), self.url("assign", pk), "user-check", method="dialog"))
        return [*actions, *super().get_actions()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        deal = self.object
        visits = stage_visits(opportunity=deal)
        days = (visits[-1].entered_at - visits[0].entered_at).days if not deal.is_open and visits else 0
        return super().get_context_data(
            steps=[
                {"step": step, "days_label": days_label(step.days) if step.days is not None else ""}
                for step in stage_steps(opportunity=deal, visits=visits)
            ],
            closed_label=_("%(status)s after %(days)s")
            % {"status": deal.get_status_display(), "days": days_label(days)}
            if not deal.is_open
            else "",
            move_url=self._if_changeable("move") if deal.is_open else "",
            cycle_url=self._if_changeable("change_cycle") if deal.is_open else "",
            next_step_url=next_step_url(self.request.user, deal),
            **kwargs,
        )

    def get_field_groups(self) -> list[FieldGroup]:
        groups = super().get_field_groups()
        if self.object.is_open:
            groups = [group for group in groups if str(group.title) != _("How it was closed")]
        return groups


class OpportunityCreateView(ObjectCreateView):
    """A new deal."""

    model = Opportunity
    form_class = OpportunityCreateForm

    def save_object(self, form: Any) -> models.Model:
        data = {name: value for name, value in form.cleaned_data.items() if name != "amount_from_lines"}
        return opportunity_create(actor=self.request.user, **data)


class OpportunityUpdateView(ObjectUpdateView):
    """The fields of a deal."""

    model = Opportunity
    form_class = OpportunityForm

    def save_object(self, form: Any) -> models.Model:
        return opportunity_update(
            actor=self.request.user,
            instance=form.save(commit=False),
            expected_version=self.expected_version(form),
            save_m2m=form.save_m2m,
        )


class OpportunityDeleteView(ObjectDeleteView):
    """Asks first."""

    model = Opportunity


class StageOptionsView(LoginRequiredMixin, View):
    """The open stages of the chosen cycle as options of the form's select."""

    def get(self, request: HttpRequest) -> HttpResponse:
        stages = Stage.objects.for_user(request.user, "view").filter(
            cycle=read_key(request.GET.get("cycle", "")), kind=StageKind.OPEN, is_active=True
        )
        return render(request, "opportunities/_stage_options.html", {"stages": stages.order_by("position", "pk")})
