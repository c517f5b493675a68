"""Products in Django admin."""

from django.contrib import admin

from catalog.models import Product, ProductFamily
from core.admin import NamedValueAdmin, TracedModelAdmin

admin.site.register(ProductFamily, NamedValueAdmin)


@admin.register(Product)
class ProductAdmin(TracedModelAdmin):
    """Products and services."""

    list_display = ("code", "name_fa", "name_en", "family", "price", "currency", "is_active", "deleted_at")
    list_filter = ("type", "family", "is_active", "currency")
    list_select_related = ("family",)
    search_fields = ("code", "name_fa", "name_en")
