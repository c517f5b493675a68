"""Products as a target of an import."""

from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from exchange.staging import Context, Row
from exchange.targets import Target, columns_of, register


def new_product(name: str, actor: object) -> dict[str, object]:
    """A product another import mentions and nobody has entered yet."""
    code = f"{slugify(name)[:30] or 'product'}-{get_random_string(4).lower()}"
    return {"code": code, "name_fa": name[:160], "name_en": name[:160]}


def _prepare(row: Row, context: Context) -> None:
    """A product with one name has it in both languages until somebody translates it."""
    if not row.values.get("name_fa") and row.values.get("name_en"):
        row.values["name_fa"] = row.values["name_en"]
    if not row.values.get("name_fa") and row.values.get("code"):
        row.values["name_fa"] = row.values["code"]


register(
    Target(
        "products",
        Product,
        tuple(
            columns_of(
                Product,
                "code",
                "type",
                "name_fa",
                "name_en",
                "family",
                "unit",
                "price",
                "currency",
                "description",
                "is_active",
                required=("code",),
            )
        ),
        keys=("code",),
        label=_("Products"),
        prepare=_prepare,
    )
)
