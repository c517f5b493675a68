"""What the list of products can be filtered by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.filters import ContainsFilter, value_filter
from catalog.models import Product, ProductFamily, ProductType
from core import money
from core.filter_fields import LocalDateRangeFilter, MoneyRangeFilter
from core.filters import FilterSet, SearchFilter


class ProductFilterSet(FilterSet):
    """Filters of the list of products."""

    q = SearchFilter(label=_("Search"))
    code = django_filters.CharFilter(lookup_expr="istartswith", label=_("product code"))
    name_fa = ContainsFilter(label=_("Persian name"))
    name_en = ContainsFilter(label=_("English name"))
    type = django_filters.ChoiceFilter(choices=ProductType.choices, label=_("type"), empty_label=_("Any"))
    family = value_filter(ProductFamily, _("product family"))
    unit = ContainsFilter(label=_("unit of measure"))
    price = MoneyRangeFilter(label=_("unit price"))
    currency = django_filters.ChoiceFilter(choices=money.currency_choices, label=_("currency"), empty_label=_("Any"))
    description = ContainsFilter(label=_("description"))
    is_active = django_filters.BooleanFilter(label=_("active"))
    created_at = LocalDateRangeFilter(label=_("created at"))
    updated_at = LocalDateRangeFilter(label=_("last change"))

    class Meta:
        model = Product
        fields: tuple[str, ...] = ()
