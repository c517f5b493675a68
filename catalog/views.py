"""Pages of products."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.filters import ProductFilterSet
from catalog.forms import ProductForm
from catalog.models import Product, ProductType
from catalog.tables import ProductTable
from core import display
from core.views import ObjectCreateView, ObjectDeleteView, ObjectDetailView, ObjectListView, ObjectUpdateView
from core.views.detail import Badge, Fact, link
from core.views.list import QuickFilter


class ProductListView(ObjectListView):
    """All products."""

    model = Product
    title = gettext_lazy("Products")
    table_class = ProductTable
    filterset_class = ProductFilterSet
    empty_hint = gettext_lazy("Goods and services you sell, with their code, unit and price. Add the first one.")

    def get_quick_filters(self) -> list[QuickFilter]:
        return [
            self.quick(_("All")),
            self.quick(_("Active"), is_active="true"),
            self.quick(_("Goods"), type=ProductType.GOODS),
            self.quick(_("Services"), type=ProductType.SERVICE),
        ]


class ProductDetailView(ObjectDetailView):
    """A product's page."""

    model = Product
    icon = "package"
    select = ("family",)
    field_groups = (
        (
            gettext_lazy("Product"),
            (
                "code",
                "name_fa",
                "name_en",
                "type",
                "family",
                "unit",
                "description",
                "is_active",
                "created_at",
                "updated_at",
            ),
        ),
    )

    def get_subtitle(self) -> str:
        return str(self.object.code)

    def get_badges(self) -> list[Badge]:
        product = self.object
        badges = [Badge(product.get_type_display(), "blue" if product.type == ProductType.GOODS else "purple")]
        return badges if product.is_active else [*badges, Badge(_("Inactive"), "secondary")]

    def get_header_facts(self) -> list[Fact]:
        product = self.object
        user: Any = self.request.user
        hidden = "price" in user.hidden_fields("catalog.product")
        price = "" if hidden else display.format_money(product.price, product.currency)
        facts = [Fact(_("Unit price"), price), Fact(_("Product family"), link(product.family))]
        return [fact for fact in facts if fact.html]


class ProductCreateView(ObjectCreateView):
    """A new product."""

    model = Product
    form_class = ProductForm


class ProductUpdateView(ObjectUpdateView):
    """Change a product."""

    model = Product
    form_class = ProductForm


class ProductDeleteView(ObjectDeleteView):
    """To the bin."""

    model = Product
