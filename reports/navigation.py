"""What the reports app adds to the menus."""

from django.utils.translation import gettext_lazy as _

from core.navigation import Item, register
from opportunities.models import Opportunity
from reports.selectors.team import may_see_team

register(
    Item("my_day", _("My day"), "reports:my_day", "home", "work", order=0, primary=True, shortcut="g h"),
    Item(
        "team_work",
        _("My team's work"),
        "reports:team",
        "users-group",
        "reports",
        order=5,
        check=may_see_team,
        shortcut="g w",
    ),
    Item(
        "funnel",
        _("Sales funnel"),
        "reports:funnel",
        "chart-funnel",
        "reports",
        order=10,
        model=Opportunity,
        shortcut="g f",
    ),
)
