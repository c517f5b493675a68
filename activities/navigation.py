"""What the activities app adds to the menus."""

from django.utils.translation import gettext_lazy as _

from activities.models import Activity, ActivityOutcome, Resource, Sequence
from core.navigation import Item, register, register_new
from core.policies import policy_for


def _may_edit_rooms(user: object) -> bool:
    """Everybody knows the rooms; the settings are for those who change them."""
    return policy_for(Resource).can(user, "change")


def _may_edit_outcomes(user: object) -> bool:
    """Everybody chooses from the outcomes; the list of them is for those who change it."""
    return policy_for(ActivityOutcome).can(user, "change")


register(
    Item(
        "calendar", _("Calendar"), "activities:calendar", "calendar", "work", 15, Activity, primary=True, shortcut="g e"
    ),
    Item(
        "rooms",
        _("Rooms and resources"),
        "activities:resource_list",
        "door",
        "settings",
        60,
        check=_may_edit_rooms,
        group=_("Activities"),
    ),
    Item(
        "activities",
        _("Activities"),
        "activities:activity_list",
        "checkbox",
        "work",
        20,
        Activity,
        shortcut="g t",
        query="mine={me}&sort=due_at",
    ),
    Item(
        "outcomes",
        _("Outcomes"),
        "activities:activityoutcome_list",
        "list-check",
        "settings",
        62,
        check=_may_edit_outcomes,
        group=_("Activities"),
    ),
    Item(
        "sequences",
        _("Sequences"),
        "activities:sequence_list",
        "playlist-add",
        "settings",
        order=61,
        model=Sequence,
        action="change",
        group=_("Activities"),
    ),
)
register_new(
    Item(
        "activity",
        _("Activity"),
        "activities:activity_plan",
        "calendar-plus",
        "work",
        order=5,
        model=Activity,
        action="add",
        dialog=True,
    )
)
