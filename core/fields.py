"""Model fields of the product: tidy text, phones in E.164, money in the currency's own unit."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import money, text
from core.forms import fields as form_fields
from core.parsing import InputError
from core.phones import parse_phone


class CleanCharField(models.CharField):  # type: ignore[type-arg]
    """Text kept in one form of each letter, without invisible controls (see `core.text.clean`)."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return text.clean(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(self.to_python(value) if isinstance(value, str) else value, connection)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": form_fields.CleanCharField, **kwargs})


class CleanTextField(models.TextField):  # type: ignore[type-arg]
    """Like CleanCharField, with line breaks kept."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return text.clean(value, multiline=True) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(self.to_python(value) if isinstance(value, str) else value, connection)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        length = self.max_length or form_fields.MAX_TEXT_LENGTH
        options = {"form_class": form_fields.CleanCharField, "max_length": length, "multiline": True}
        return super().formfield(**{**({} if self.choices else options), **kwargs})


class PhoneField(models.CharField):  # type: ignore[type-arg]
    """A phone number in E.164 ("+989121234567"), with its extension after ";ext="; any writing is accepted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 32)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if not value:
            return value
        try:
            return parse_phone(value).stored
        except InputError as error:
            raise ValidationError(error.message, code=error.code) from error

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        field = super().formfield(**{"form_class": form_fields.PhoneFormField, **kwargs})
        if isinstance(field, form_fields.PhoneFormField):
            field.widget.attrs.pop("maxlength", None)  # an extension may be typed in words
        return field


class MoneyField(models.DecimalField):  # type: ignore[type-arg]
    """An amount in its currency's unit (rial, never toman): exact, up to 18 digits and two decimals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 20)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": form_fields.MoneyFormField, **kwargs})


def validate_currency(value: str) -> None:
    """Refuse a currency code that `core.money` does not know."""
    if value not in money.CURRENCIES:
        raise ValidationError(_("Unknown currency."), code="unknown_currency")


class CurrencyField(models.CharField):  # type: ignore[type-arg]
    """The ISO code of a currency known to `core.money`."""

    default_validators = [validate_currency]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 3)
        kwargs.setdefault("default", money.BASE_CURRENCY)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": form_fields.CurrencyFormField, **kwargs})


class WebField(models.URLField):  # type: ignore[type-arg]
    """A web address; one typed without a scheme is taken as https. The column is that of a plain URLField."""

    def formfield(self, **kwargs: Any) -> forms.Field | None:  # type: ignore[override]
        return super().formfield(**{"assume_scheme": "https", **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
