"""Form fields that accept what people type: any digits, either calendar, toman or rial, phones in every writing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import identifiers, money
from core.calendar.parse import parse_date, parse_datetime, parse_time
from core.display import current
from core.forms import widgets
from core.numbers import parse_decimal
from core.parsing import InputError
from core.phones import parse_phone
from core.text import clean

T = TypeVar("T")
MAX_TEXT_LENGTH = 50_000  # of a text field without a limit of its own


def _understood(parse: Callable[[str], T], text: str) -> T:
    """Return what a parser makes of typed text, its refusal as a form error."""
    try:
        return parse(text)
    except InputError as error:
        raise ValidationError(error.message, code=error.code) from error


class CleanCharField(forms.CharField):
    """Text that is tidied (`core.text.clean`); NUL is refused, line breaks stay in a text area."""

    def __init__(self, *, multiline: bool | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.multiline = isinstance(self.widget, forms.Textarea) if multiline is None else multiline

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return self.empty_value
        text = str(value)
        validators.ProhibitNullCharactersValidator()(text)
        limit = self.max_length or MAX_TEXT_LENGTH
        if len(text) > 2 * limit:  # refuse before working on megabytes
            validators.MaxLengthValidator(limit)(text)
        text = clean(text, multiline=self.multiline)
        return text or self.empty_value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        if "dir" not in widget.attrs:
            attrs["dir"] = "auto"
        return attrs


class LocalDateField(forms.DateField):
    """A date typed in either calendar."""

    widget = widgets.LocalDateInput

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        display = current()
        return _understood(lambda text: parse_date(text, display.calendar, today=display.today()), str(value))


class LocalDateTimeField(forms.DateTimeField):
    """A moment typed in either calendar, in the person's time zone."""

    widget = widgets.LocalDateTimeInput

    def to_python(self, value: Any) -> dt.datetime | None:
        if value in self.empty_values:
            return None
        display = current()
        if isinstance(value, dt.datetime):
            return value if value.tzinfo else value.replace(tzinfo=display.tz)
        if isinstance(value, dt.date):
            return dt.datetime.combine(value, dt.time(), tzinfo=display.tz)
        return _understood(
            lambda text: parse_datetime(text, display.tz, display.calendar, today=display.today()), str(value)
        )

    def prepare_value(self, value: Any) -> Any:
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare as the input shows it: to the minute."""
        if isinstance(initial, dt.datetime):
            initial = initial.replace(second=0, microsecond=0)
        return super().has_changed(initial, data)


def _in_own_digits(widget: forms.Widget) -> dict[str, Any]:
    """What makes the browser show an input's digits as the person reads them; the value the server writes is ASCII."""
    return {} if "data-behavior" in widget.attrs else {"data-behavior": "digits"}


class LocalTimeField(forms.TimeField):
    """A time of day in any digits."""

    widget = widgets.LocalTimeInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), **_in_own_digits(widget)}

    def to_python(self, value: Any) -> dt.time | None:
        if value in self.empty_values:
            return None
        return value if isinstance(value, dt.time) else _understood(parse_time, str(value))


class LocalDecimalField(forms.DecimalField):
    """A number in any digits with any usual separators."""

    widget = widgets.DecimalInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), **_in_own_digits(widget)}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if value in self.empty_values:
            return None
        if isinstance(value, (int, Decimal)):
            return Decimal(value)
        return _understood(parse_decimal, str(value))


class LocalIntegerField(forms.IntegerField):
    """A whole number in any digits."""

    widget = widgets.DecimalInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), **_in_own_digits(widget)}

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        number = _understood(parse_decimal, str(value))
        if number != number.to_integral_value():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(number)


class MoneyFormField(forms.DecimalField):
    """An amount shown and typed in the person's unit, cleaned to the stored one (toman to rial)."""

    widget = widgets.MoneyInput

    def __init__(self, *, currency: str = money.BASE_CURRENCY, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 20)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(**kwargs)
        self.currency = currency

    @property
    def currency(self) -> str:
        """The currency of the amount; only Iran's has units to choose from."""
        return self._currency

    @currency.setter
    def currency(self, code: str) -> None:
        self._currency = code
        if isinstance(self.widget, widgets.MoneyInput):
            self.widget.currency = code

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if value in self.empty_values:
            return None
        if isinstance(value, (int, Decimal)):
            return Decimal(value)
        unit = money.unit_for(self.currency, current().money_unit).code
        return _understood(lambda text: money.parse_amount(text, unit), str(value))


def bind_currency(form: forms.BaseForm, currency: str = "currency") -> None:
    """Make a form's money fields follow its currency: what was posted, else the initial value, else the record's.

    Call it at the end of the form's `__init__`; fields set to another currency by hand are set before or after.
    """
    code = form.data.get(form.add_prefix(currency)) if form.is_bound else None
    if not code and currency in form.fields:
        code = form.get_initial_for_field(form.fields[currency], currency)
    code = code or getattr(getattr(form, "instance", None), currency, None)
    if code not in money.CURRENCIES:
        return
    for field in form.fields.values():
        if isinstance(field, MoneyFormField):
            field.currency = str(code)


class PhoneFormField(forms.CharField):
    """A phone number in any writing, cleaned to its stored form (E.164)."""

    widget = widgets.PhoneInput

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        return _understood(parse_phone, text).stored if text else text


class _IdentifierField(forms.CharField):
    """A code that is checked and cleaned to ASCII digits."""

    widget: type[widgets.LtrInput] = widgets.DigitsInput
    normalise: Callable[[str], str]

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        return _understood(type(self).normalise, text) if text else text

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Leave the limit out: separators may be typed."""
        return {}


class NationalIdFormField(_IdentifierField):
    """A person's national ID."""

    normalise = staticmethod(identifiers.normalise_national_id)


class CompanyIdFormField(_IdentifierField):
    """A legal person's national ID."""

    normalise = staticmethod(identifiers.normalise_company_id)


class EconomicNumberFormField(_IdentifierField):
    """An economic number."""

    normalise = staticmethod(identifiers.normalise_economic_number)


class PostalCodeFormField(_IdentifierField):
    """A postal code."""

    normalise = staticmethod(identifiers.normalise_postal_code)


class CardFormField(_IdentifierField):
    """A bank card number."""

    normalise = staticmethod(identifiers.normalise_card)


class ShebaFormField(_IdentifierField):
    """A Sheba."""

    widget = widgets.LtrInput
    normalise = staticmethod(identifiers.normalise_sheba)


class CurrencyFormField(forms.ChoiceField):
    """One of the known currencies."""

    def __init__(self, **kwargs: Any) -> None:
        for name in ("max_length", "empty_value", "min_length"):
            kwargs.pop(name, None)
        super().__init__(choices=money.currency_choices, label=kwargs.pop("label", _("Currency")), **kwargs)


_CLASSES: tuple[tuple[type[models.Field[Any, Any]], type[forms.Field]], ...] = (
    (models.DateTimeField, LocalDateTimeField),
    (models.DateField, LocalDateField),
    (models.TimeField, LocalTimeField),
    (models.DecimalField, LocalDecimalField),
)


def local_formfield(db_field: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """Return a model field's form field in its local variety: a `formfield_callback` for model forms.

    Fields with a form field of their own (money, phones, choices, relations) keep it.
    """
    if isinstance(db_field, models.URLField):
        kwargs.setdefault("assume_scheme", "https")
    if not db_field.choices and type(db_field).formfield in _PLAIN_FORMFIELDS:
        for model_class, form_class in _CLASSES:
            if isinstance(db_field, model_class):
                kwargs.setdefault("form_class", form_class)
                break
        else:
            if isinstance(db_field, models.IntegerField):
                kwargs.setdefault("form_class", LocalIntegerField)
    return db_field.formfield(**kwargs)


_PLAIN_FORMFIELDS = frozenset(
    field_class.formfield
    for field_class in (
        models.DateTimeField,
        models.DateField,
        models.TimeField,
        models.DecimalField,
        models.IntegerField,
        models.PositiveIntegerField,
        models.PositiveSmallIntegerField,
        models.PositiveBigIntegerField,
        models.BigIntegerField,
    )
)
