"""Products and services, enough for the lines of an opportunity."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import audit
from core.fields import CleanCharField, CleanTextField, CurrencyField, MoneyField
from core.models import NamedValue, Record
from core.text import SearchKey, SortKey


@audit.tracked()
class ProductFamily(NamedValue):
    """A group of products that is sold in the same way; a sales cycle may belong to it."""

    class Meta(NamedValue.Meta):
        verbose_name = _("product family")
        verbose_name_plural = _("product families")


class ProductType(models.TextChoices):
    """Goods or services."""

    GOODS = "goods", _("goods")
    SERVICE = "service", _("service")


@audit.tracked()
class Product(Record):
    """Something with a code and a price."""

    code = models.CharField(_("product code"), max_length=40)
    type = models.CharField(_("type"), max_length=8, choices=ProductType.choices, default=ProductType.GOODS)
    name_fa = CleanCharField(_("Persian name"), max_length=160)
    name_en = CleanCharField(_("English name"), max_length=160, blank=True)
    family = models.ForeignKey(
        ProductFamily, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("product family")
    )
    unit = CleanCharField(_("unit of measure"), max_length=30, blank=True)
    price = MoneyField(_("unit price"), default=0)
    currency = CurrencyField(_("currency"))
    description = CleanTextField(_("description"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    search_key = models.GeneratedField(
        expression=SearchKey("code", "name_fa", "name_en"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
        editable=False,
    )
    sort_key = models.GeneratedField(
        expression=SortKey("name_fa"), output_field=models.TextField(db_collation="C"), db_persist=True, editable=False
    )

    class Meta(Record.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = (
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(deleted_at=None),
                name="product_code_unique",
                violation_error_message=_("There is already a product with this code."),
            ),
            models.CheckConstraint(
                condition=models.Q(price__gte=0),
                name="product_price",
                violation_error_message=_("A price is not negative."),
            ),
        )

    def __str__(self) -> str:
        return self.name_fa if (get_language() or "fa").startswith("fa") else (self.name_en or self.name_fa)
