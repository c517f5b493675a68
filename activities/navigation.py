"""What the activities app adds to the menus."""

from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from core.navigation import Item, register, register_new

register(
    Item("activities", _("Activities"), "activities:activity_list", "checkbox", "work", 20, Activity, shortcut="g t")
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
