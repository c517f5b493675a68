"""What the opportunities app adds to the menus."""

from django.utils.translation import gettext_lazy as _

from core.navigation import Item, register, register_new
from core.policies import policy_for
from opportunities.models import CloseReason, Opportunity, SalesCycle


def _may_edit_cycles(user: object) -> bool:
    """Everybody reads the cycles; the settings are for those who change them."""
    return policy_for(SalesCycle).can(user, "change")


def _may_edit_reasons(user: object) -> bool:
    return policy_for(CloseReason).can(user, "change")


register(
    Item(
        "board",
        _("Pipeline"),
        "opportunities:opportunity_board",
        "layout-kanban",
        "sales",
        order=20,
        model=Opportunity,
        primary=True,
        shortcut="g b",
    ),
    Item(
        "opportunities",
        _("Opportunities"),
        "opportunities:opportunity_list",
        "target-arrow",
        "sales",
        order=30,
        model=Opportunity,
        shortcut="g o",
    ),
    Item(
        "cycles",
        _("Sales cycles"),
        "opportunities:salescycle_list",
        "switch-horizontal",
        "settings",
        order=40,
        check=_may_edit_cycles,
        group=_("Sales"),
    ),
    Item(
        "close_reasons",
        _("Reasons for closing"),
        "opportunities:closereason_list",
        "category",
        "settings",
        order=50,
        check=_may_edit_reasons,
        group=_("Sales"),
    ),
)
register_new(
    Item(
        "opportunity",
        _("Opportunity"),
        "opportunities:opportunity_add",
        "target-arrow",
        "sales",
        order=20,
        model=Opportunity,
        action="add",
    )
)
