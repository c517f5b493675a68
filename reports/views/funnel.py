"""The funnel page: how far deals get, and what was won and lost."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.display import format_money, format_money_compact, format_number, format_percent
from core.views.base import AccessMixin, PageView
from opportunities.choices import Status
from opportunities.models import Opportunity, SalesCycle
from opportunities.policies import hides_amounts
from reports.charts import ChartMaker, charts_of, counted_at
from reports.forms import FunnelForm
from reports.links import FunnelLinks
from reports.selectors.base import base_currency
from reports.selectors.funnel import Funnel, Step, funnel_of
from reports.selectors.results import Results, results_of


class FunnelView(AccessMixin, PageView):
    """Funnel, won and lost of a sales cycle in a period; everybody sees the deals they may see."""

    model = Opportunity
    template_name = "reports/funnel.html"
    title = gettext_lazy("Sales funnel")

    def get(self, request: HttpRequest) -> HttpResponse:
        if hides_amounts(request.user):
            raise PermissionDenied(_("These figures are sums of amounts, which your roles keep from you."))
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        cycles = list(
            SalesCycle.objects.for_user(user, "view").filter(is_active=True).order_by("-is_default", "position", "pk")
        )
        form = FunnelForm(self.request.GET, user=user, cycles=cycles)
        query = form.query()
        hint = _("There is no sales cycle yet. An administrator makes one in the settings.")
        none = _("No deal of this sales cycle was opened or closed in the period. Choose another period or cycle.")
        context = super().get_context_data(form=form, query=query, no_cycle_hint=hint, none_hint=none, **kwargs)
        if query is None:
            return context
        links = FunnelLinks(query)
        maker = ChartMaker(links, base_currency(), form.period_words())
        funnel = funnel_of(user=user, query=query)
        results = results_of(user=user, query=query)
        return {
            **context,
            "currency": maker.currency,
            "unit": maker.unit,
            "period": maker.period,
            "funnel": funnel,
            "results": results,
            "tiles": _tiles(funnel, results, links, maker.currency),
            "steps": [_step(step, links) for step in funnel.steps],
            "days_note": counted_at(funnel.days_at) if funnel.days_at else "",
            "funnel_chart": maker.funnel(funnel),
            "period_chart": maker.by_period(results),
            "charts": charts_of(maker, results),
            "is_empty": not (funnel.total or results.won.count or results.lost.count),
        }


def _step(step: Step, links: FunnelLinks) -> dict[str, Any]:
    reached = {"status": Status.WON} if step.is_won else {"reached": step.stage.pk}
    return {
        "step": step,
        "reached_url": links.opened(**reached),
        "standing_url": links.opened(status=Status.OPEN, stage=step.stage.pk),
        "lost_url": links.opened(status=Status.LOST, furthest_stage=step.stage.pk),
    }


def _days(value: float | None) -> str:
    return "—" if value is None else format_number(Decimal(str(round(value, 1))))


def _amount(value: Decimal | None, currency: str) -> dict[str, str]:
    """An amount to read at a glance, and the exact one for a pointer."""
    if value is None:
        return {"value": "—"}
    return {"value": format_money_compact(value, currency), "exact": format_money(value.quantize(Decimal(1)), currency)}


def _tiles(funnel: Funnel, results: Results, links: FunnelLinks, currency: str) -> list[dict[str, str]]:
    """The figures at the top, each with its formula and the list behind it."""
    return [
        {
            "label": _("Amount won"),
            **_amount(results.won.value, currency),
            "more": _("%(count)s deals") % {"count": format_number(results.won.count)},
            "hint": _("Sum of the amounts of deals won in the period, by the day they were closed."),
            "url": links.won(),
        },
        {
            "label": _("Win rate"),
            "value": format_percent(results.win_rate, 1) or "—",
            "more": _("%(count)s deals lost") % {"count": format_number(results.lost.count)},
            "hint": _("Deals won ÷ deals won or lost in the period."),
            "url": links.closed(status=[Status.WON, Status.LOST]),
        },
        {
            "label": _("Average won deal"),
            **_amount(results.average, currency),
            "more": "",
            "hint": _("Amount won ÷ number of deals won in the period."),
            "url": links.won(),
        },
        {
            "label": _("Days to win"),
            "value": _days(results.won_days),
            "more": _("%(days)s days to lose") % {"days": _days(results.lost_days)},
            "hint": _("Mean number of days from opening to closing, of deals closed in the period."),
            "url": links.won(),
        },
        {
            "label": _("Open value"),
            **_amount(funnel.open_value, currency),
            "more": _("%(count)s deals") % {"count": format_number(funnel.open)},
            "hint": _("Sum of the amounts of deals opened in the period that are still open."),
            "url": links.opened(status=Status.OPEN),
        },
        {
            "label": _("Expected value"),
            **_amount(funnel.weighted, currency),
            "more": "",
            "hint": _("Sum of amount × probability of the same open deals."),
            "url": links.opened(status=Status.OPEN),
        },
    ]
