"""The team's work, for those who see the work of others."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from activities.choices import Kind, Status
from activities.models import Activity
from core.policies import can
from core.views.base import AccessMixin, PageView
from leads.models import Lead
from opportunities.models import Opportunity
from reports import links
from reports.selectors.team import Load, Team, may_see_team, team_of

COUNTED = tuple(kind for kind in Kind.values if kind != Kind.NOTE)


class TeamView(AccessMixin, PageView):
    """Load and lateness per person; each figure opens its list."""

    model = Activity
    template_name = "reports/team.html"
    title = gettext_lazy("My team's work")

    def has_permission(self) -> bool:
        return may_see_team(self.request.user)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        team = team_of(user=user)
        return super().get_context_data(
            team=team,
            rows=[_row(load, team) for load in team.people],
            most=max((load.minutes for load in team.people), default=0) or 1,
            may_leads=can(user, "view", Lead),
            may_deals=can(user, "view", Opportunity),
            **kwargs,
        )


def _row(load: Load, team: Team) -> dict[str, Any]:
    mine = {"mine": load.pk, "sort": "due_at"}
    return {
        "load": load,
        "late_url": links.activities(**mine, state="late"),
        "rest_url": links.activities(**mine, state="rest"),
        "ahead_url": links.activities(**mine, state="ahead"),
        "leads_url": links.leads(owner=load.pk, next="none"),
        "deals_url": links.deals(owner=load.pk, next="none"),
        "done_url": links.activities(
            done_by=load.pk, status=Status.DONE, kind=COUNTED, done_at_from=team.since, sort="-done_at"
        ),
    }
