"""What tests of every app stand on: the contracts a model's pages keep, form helpers, default data."""

from core.testing.contracts import CrudContract, FilterContract, TableContract
from core.testing.forms import form_data

__all__ = ["CrudContract", "FilterContract", "TableContract", "form_data"]
