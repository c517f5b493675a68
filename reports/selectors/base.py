"""What every report needs to know of the company."""

from core.models import Organisation
from core.money import BASE_CURRENCY


def base_currency() -> str:
    """The code of the currency all figures are in. One statement."""
    return Organisation.objects.values_list("base_currency_id", flat=True).first() or BASE_CURRENCY
