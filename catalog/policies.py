"""Who may do what with products."""

from catalog.models import Product, ProductFamily
from core.policies import Policy, ReferencePolicy, register


@register(Product)
class ProductPolicy(Policy):
    """Products have no owner: a role may do the action on all of them or on none."""


@register(ProductFamily)
class ProductFamilyPolicy(ReferencePolicy):
    """Families are known to all."""
