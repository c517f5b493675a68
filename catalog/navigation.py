"""Where products stand in the menus."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.models import Product, ProductFamily
from core import navigation
from core.policies import policy_for


def _may_change_families(user: Any) -> bool:
    return policy_for(ProductFamily).can(user, "change")


navigation.register(
    navigation.Item(
        "products", _("Products"), "catalog:product_list", "package", "products", 10, Product, shortcut="g p"
    ),
    navigation.Item(
        "families",
        _("Product families"),
        "catalog:productfamily_list",
        "packages",
        "products",
        20,
        check=_may_change_families,
    ),
)
navigation.register_new(
    navigation.Item("product", _("Product"), "catalog:product_add", "package", "new", 50, Product, "add"),
)
