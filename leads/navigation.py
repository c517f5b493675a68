"""What the leads app adds to the menus."""

from django.utils.translation import gettext_lazy as _

from core.navigation import Item, register, register_new
from leads.models import CaptureForm, Lead

register(
    Item(
        "leads",
        _("Leads"),
        "leads:lead_list",
        "user-plus",
        "sales",
        order=10,
        model=Lead,
        primary=True,
        shortcut="g l",
    ),
    Item(
        "web_forms",
        _("Web forms"),
        "leads:captureform_list",
        "forms",
        "settings",
        order=60,
        model=CaptureForm,
        group=_("Sales"),
    ),
)
register_new(
    Item("lead", _("Lead"), "leads:lead_quick", "user-plus", "sales", order=10, model=Lead, action="add", dialog=True)
)
