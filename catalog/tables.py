"""The list of products."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, ProductType
from core.tables import BadgeColumn, BooleanColumn, CodeColumn, Column, DateColumn, DateTimeColumn, MoneyColumn, Table


def _other_name(row: Product) -> Any:
    """The name in the language that is not the reader's."""
    return row.name_en if (get_language() or "fa").startswith("fa") else row.name_fa


class ProductTable(Table):
    """Columns of the list of products."""

    default_order = "name"

    name = Column(_("name"), str, order_by="sort_key", link=True, field="name_fa")
    code = CodeColumn(_("product code"), order_by="code")
    type = BadgeColumn(_("type"), colours={ProductType.GOODS: "blue", ProductType.SERVICE: "purple"}, order_by="type")
    family = Column(_("product family"), order_by="family__position", select=("family",))
    unit = Column(_("unit of measure"), order_by="unit")
    price = MoneyColumn(_("unit price"), order_by="price")
    is_active = BooleanColumn(_("active"), order_by="is_active")
    other_name = CodeColumn(_("name in the other language"), _other_name, field="name_en", default=False)
    currency = CodeColumn(_("currency"), order_by="currency", default=False)
    created_at = DateColumn(_("created at"), order_by="created_at", default=False)
    updated_at = DateTimeColumn(_("last change"), order_by="updated_at", default=False)
