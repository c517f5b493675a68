"""Inputs that show stored values in the person's calendar, time zone and money unit.

Values in inputs have ASCII digits (the font may show Persian ones); the fields accept any digits.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core import money, numbers
from core.calendar.jalali import year_month_day
from core.display import current, localtime, money_unit_name
from core.phones import national_format, split_stored


def plain_date(date: dt.date) -> str:
    """Return a date of the person's calendar as it is typed: 1405/09/01 or 2026-11-22."""
    calendar = current().calendar
    year, month, day = year_month_day(date, calendar)
    separator = "/" if calendar == "jalali" else "-"
    return f"{year:04d}{separator}{month:02d}{separator}{day:02d}"


def plain_decimal(value: Decimal | int, *, grouped: bool = False) -> str:
    """Return a number with ASCII digits and without useless zeros."""
    text = numbers.format_number(value, "latin").replace(numbers.MINUS, "-")
    return text if grouped else text.replace(",", "")


class LtrInput(forms.TextInput):
    """A text input for codes and numbers: left to right, nothing remembered by the browser."""

    inputmode = "text"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"dir": "ltr", "inputmode": self.inputmode, "autocomplete": "off", **(attrs or {})})


class DigitsInput(LtrInput):
    """An input for digits only."""

    inputmode = "numeric"


class DecimalInput(LtrInput):
    """An input for a number."""

    inputmode = "decimal"

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return plain_decimal(value)
        text: str | None = super().format_value(value)
        return text


class LocalDateInput(LtrInput):
    """A date typed in either calendar, with the date picker of the person's calendar."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        picker = {"data-behavior": "date-picker", "data-calendar": current().calendar, "placeholder": self.hint()}
        return super().get_context(name, value, {**picker, **(attrs or {})})

    def hint(self) -> str:
        """Say how to type it, in the person's calendar."""
        return _("year/month/day") if current().calendar == "jalali" else _("year-month-day")

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, dt.datetime):
            value = localtime(value).date()
        text: str | None = plain_date(value) if isinstance(value, dt.date) else super().format_value(value)
        return text


class LocalDateTimeInput(LocalDateInput):
    """A moment typed in either calendar, in the person's time zone."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, {"data-time": "true", **(attrs or {})})

    def hint(self) -> str:
        return _("year/month/day hour:minute") if current().calendar == "jalali" else _("year-month-day hour:minute")

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, dt.datetime):
            local = localtime(value)
            return f"{plain_date(local.date())} {local.hour:02d}:{local.minute:02d}"
        text: str | None = super().format_value(value)
        return text


class LocalTimeInput(LtrInput):
    """A time of day."""

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, dt.time):
            return f"{value.hour:02d}:{value.minute:02d}"
        text: str | None = super().format_value(value)
        return text


class MoneyInput(DecimalInput):
    """An amount in the person's unit, the unit beside it; `currency` is set by the field."""

    template_name = "core/widgets/money.html"
    currency = money.BASE_CURRENCY

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, {"data-behavior": "money-input", **(attrs or {})})
        context["widget"]["unit"] = money_unit_name(self.currency)
        context["widget"]["attrs"].setdefault("data-behavior", "money-input")
        return context

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            unit = money.unit_for(self.currency, current().money_unit)
            return plain_decimal(money.in_unit(value, unit), grouped=True)
        text: str | None = super().format_value(value)
        return text


class PhoneInput(LtrInput):
    """A phone number in its national form."""

    input_type = "tel"
    inputmode = "tel"

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, str) and value.startswith("+"):
            extension = split_stored(value).extension
            return f"{national_format(value)} {_('ext.')} {extension}" if extension else national_format(value)
        text: str | None = super().format_value(value)
        return text
