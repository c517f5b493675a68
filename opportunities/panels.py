"""Panels: on a deal its lines, people and stages; on accounts and contacts their deals."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from core import display
from core.hiding import blanked_for
from core.organisation import base_currency
from core.panels import Panel, register
from core.policies import allows, policy_for
from opportunities.choices import Status
from opportunities.models import Opportunity, OpportunityContact, OpportunityLine
from opportunities.selectors import opportunities_of, opportunity_figures, stage_visits
from opportunities.services.common import exponent_of
from opportunities.services.lines import line_total
from opportunities.tables import STATUS_COLOURS, days_label

DEALS_SHOWN = 8


@register
class LinesPanel(Panel):
    """The products of the deal with their totals."""

    host = "opportunities.opportunity"
    slug = "lines"
    title = _("Products")
    icon = "package"
    order = 10
    template = "opportunities/panels/_lines.html"
    model = OpportunityLine

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        if "amount" in request.user.hidden_fields("opportunities.opportunity"):
            return {"panel_error": _("Your roles do not include the amounts of opportunities.")}
        lines = OpportunityLine.objects.for_user(request.user, "view").filter(opportunity=obj)
        exponent = exponent_of(obj.currency)
        rows = [
            {"line": line, "total": line_total(line.quantity, line.unit_price, line.discount, exponent)}
            for line in lines.select_related("product")
        ]
        may_change = allows(request.user, "change", obj)
        return {
            "rows": rows,
            "sum": sum(row["total"] for row in rows),
            "is_empty": not rows,
            "empty_hint": _("Add the products of this deal; their sum becomes its amount."),
            "may_change": may_change,
            "add_url": reverse("opportunities:line_add", args=[obj.pk]) if may_change else "",
            "add_dialog": True,
            "flush": True,
        }


@register
class PeoplePanel(Panel):
    """The people on the customer's side and their parts (R73)."""

    host = "opportunities.opportunity"
    slug = "people"
    title = _("People in the purchase")
    icon = "users"
    order = 20
    template = "opportunities/panels/_people.html"
    model = OpportunityContact

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        people = OpportunityContact.objects.for_user(request.user, "view").filter(opportunity=obj)
        rows = list(people.select_related("contact", "role").order_by("role__position", "pk"))
        blanked_for(request.user, [row.contact for row in rows])
        may_change = allows(request.user, "change", obj)
        return {
            "people": rows,
            "is_empty": not rows,
            "empty_hint": _("Who decides, who advises, who pays? Add the people whose approval this deal needs."),
            "may_change": may_change,
            "add_url": reverse("opportunities:person_add", args=[obj.pk]) if may_change else "",
            "add_dialog": True,
            "flush": True,
        }


@register
class StagesPanel(Panel):
    """Every stay in a stage with its length."""

    host = "opportunities.opportunity"
    slug = "stages"
    title = _("Stage history")
    icon = "timeline"
    order = 30
    template = "opportunities/panels/_stages.html"

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        visits = stage_visits(opportunity=obj)
        rows = [
            {
                "visit": visit,
                "days_label": days_label((visit.left_at - visit.entered_at).days) if visit.left_at else "",
                "now_label": days_label(obj.days_in_stage()) if not visit.left_at and obj.is_open else "",
                "colour": STATUS_COLOURS[Status(visit.stage.kind)],
            }
            for visit in reversed(visits)
        ]
        return {"rows": rows, "is_empty": not rows, "flush": True}


class DealsPanel(Panel):
    """The deals of a party, open ones first."""

    slug = "opportunities"
    title = _("Opportunities")
    icon = "target-arrow"
    order = 20
    template = "opportunities/panels/_deals.html"
    model = Opportunity
    party = ""

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        deals = opportunities_of(user=request.user, limit=DEALS_SHOWN + 1, **{self.party: obj})
        list_url = f"{reverse('opportunities:opportunity_list')}?{self.party}={obj.pk}"
        may_add = policy_for(Opportunity).can(request.user, "add")
        return {
            "rows": [{"deal": deal, "colour": STATUS_COLOURS[deal.status]} for deal in deals[:DEALS_SHOWN]],
            "hides_amount": "amount" in request.user.hidden_fields("opportunities.opportunity"),
            "is_empty": not deals,
            "empty_hint": _("No opportunity yet."),
            "all_url": list_url if len(deals) > DEALS_SHOWN else "",
            "add_url": f"{reverse('opportunities:opportunity_add')}?{self.party}={obj.pk}" if may_add else "",
            "flush": True,
        }


@register
class AccountDealsPanel(DealsPanel):
    """On an account."""

    host = "accounts.account"
    party = "account"


@register
class ContactDealsPanel(DealsPanel):
    """On a contact."""

    host = "accounts.contact"
    party = "contact"


@register
class AccountValuePanel(Panel):
    """What the account's deals are worth: won, open, expected. Each figure opens its records."""

    host = "accounts.account"
    slug = "summary"
    title = pgettext_lazy("deal", "Value")
    icon = "coins"
    order = 5
    template = "opportunities/panels/_value.html"
    model = Opportunity

    def visible(self, user: Any, obj: Any) -> bool:
        return super().visible(user, obj) and "amount" not in user.hidden_fields("opportunities.opportunity")

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        figures, currency = opportunity_figures(user=request.user, account=obj), base_currency()
        base = f"{reverse('opportunities:opportunity_list')}?account={obj.pk}"
        cells = (
            (_("Won revenue"), figures.won, figures.won_count, f"{base}&status=won"),
            (_("Open amount"), figures.open, figures.open_count, f"{base}&status=open"),
            (_("Expected value"), figures.expected, figures.open_count, f"{base}&status=open&sort=-expected_value"),
        )
        return {
            "cells": [
                {
                    "label": label,
                    "value": display.format_money_compact(value, currency),
                    "exact": display.format_money(value, currency),
                    "count_label": ngettext("%(count)s deal", "%(count)s deals", count)
                    % {"count": display.format_number(count)},
                    "url": url,
                }
                for label, value, count, url in cells
            ],
            "is_empty": not figures.count,
            "empty_hint": _("Nothing sold and nothing in the pipeline yet."),
        }
