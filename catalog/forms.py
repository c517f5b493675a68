"""The form of a product."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from core.forms.base import BaseModelForm


class ProductForm(BaseModelForm):
    """A product or service."""

    fieldsets = (
        (_("Product"), (("name_fa", "name_en"), ("code", "type"), ("family", "unit"))),
        (_("Price"), (("price", "currency"), "is_active")),
        (_("description"), ("description",)),
    )

    class Meta:
        model = Product
        fields = (
            "name_fa", "name_en", "code", "type", "family", "unit", "price", "currency", "is_active", "description",
        )  # fmt: skip
        widgets = {"description": forms.Textarea({"rows": 3, "dir": "auto"})}
        help_texts = {"is_active": _("An inactive product cannot be chosen in new lines.")}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("code", "name_en"):
            if name in self.fields:
                self.fields[name].widget.attrs["dir"] = "ltr"
