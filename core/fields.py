"""Model fields of the product."""

from typing import Any

from django.db import models

from core import text


class CleanCharField(models.CharField):
    """Text kept in one form of each letter, without invisible controls (PERSIAN.md 3.7)."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return text.clean(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))


class CleanTextField(models.TextField):
    """Like CleanCharField, with line breaks kept."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return text.clean(value, multiline=True) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))


class MoneyField(models.DecimalField):
    """An amount in its currency's unit (rial, never toman): exact, up to 18 digits and two decimals."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("max_digits", 20)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


class CurrencyField(models.CharField):
    """A currency's code."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("max_length", 3)
        kwargs.setdefault("default", "IRR")
        super().__init__(*args, **kwargs)


class PhoneField(models.CharField):
    """A phone number in E.164 ("+989121234567"), with its extension after ";ext="."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("max_length", 32)
        super().__init__(*args, **kwargs)
