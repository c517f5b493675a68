"""Products in the global search."""

from catalog.models import Product
from core import search


def _hint(product: Product) -> str:
    return product.code


search.register(search.Source(Product, "package", 60, _hint))
