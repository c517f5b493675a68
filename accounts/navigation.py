"""Where accounts and contacts stand in the menus."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.lists import may_open
from accounts.models import Account, Contact
from core import navigation

navigation.register(
    navigation.Item(
        "accounts",
        _("Accounts"),
        "accounts:account_list",
        "building",
        "customers",
        10,
        Account,
        primary=True,
        shortcut="g a",
        short=pgettext_lazy("short", "Accounts"),
    ),
    navigation.Item(
        "contacts", _("Contacts"), "accounts:contact_list", "users", "customers", 20, Contact, shortcut="g c"
    ),
    navigation.Item(
        "lists", _("Lists of values"), "accounts:settings", "list", "settings", 40, check=may_open, group=_("Sales")
    ),
)
navigation.register_new(
    navigation.Item("account", _("Account"), "accounts:account_add", "building", "new", 30, Account, "add"),
    navigation.Item("contact", _("Contact"), "accounts:contact_add", "user-plus", "new", 40, Contact, "add"),
)
