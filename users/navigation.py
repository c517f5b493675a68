"""Links of the settings."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.models import Currency, Holiday, Organisation
from core.navigation import Item, register, settings_menu
from users import grants
from users.models import Branch, Role, Team, User

PEOPLE = _("People and rights")
COMPANY = _("Company")


def has_settings(user: Any) -> bool:
    """Whether some page of the settings is open to the user."""
    return bool(settings_menu(user))


def may_inspect(user: Any) -> bool:
    """Whether the user may look at the access of somebody else."""
    return user.is_superuser or grants.leads_team(user)


register(
    Item("settings", _("Settings"), "users:settings", "settings", "settings", 10, check=has_settings),
    Item("users", _("Users"), "users:user_list", "users", "settings", 10, User, "change", group=PEOPLE),
    Item("teams", _("Teams"), "users:team_list", "users-group", "settings", 20, Team, "change", group=PEOPLE),
    Item("branches", _("Branches"), "users:branch_list", "building", "settings", 30, Branch, "change", group=PEOPLE),
    Item("roles", _("Roles"), "users:role_list", "shield-check", "settings", 40, Role, "change", group=PEOPLE),
    Item("access", _("Who sees what"), "users:access", "eye", "settings", 50, check=may_inspect, group=PEOPLE),
    Item(
        "organisation",
        _("Organisation"),
        "users:organisation",
        "building-community",
        "settings",
        60,
        Organisation,
        "change",
        group=COMPANY,
    ),
    Item("holidays", _("Holidays"), "core:holiday_list", "calendar", "settings", 70, Holiday, "change", group=COMPANY),
    Item(
        "currencies", _("Currencies"), "core:currency_list", "coins", "settings", 80, Currency, "change", group=COMPANY
    ),
)
