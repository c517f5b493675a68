"""Filters of lists over dates and amounts, in the person's calendar and unit."""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters.utils import get_model_field
from django_filters.widgets import SuffixedMultiWidget

from core import money, organisation
from core.calendar.periods import NAMED_RANGES, midnight, named_range
from core.display import current, format_date, format_money
from core.forms.fields import LocalDateField, MoneyFormField
from core.forms.widgets import LocalDateInput, MoneyInput


class DateSpan(NamedTuple):
    """First and last day of a filter, either open; `name` when a named range was chosen."""

    start: dt.date | None
    end: dt.date | None
    name: str = ""


class AmountSpan(NamedTuple):
    """Smallest and largest stored amount of a filter, either open."""

    low: Decimal | None
    high: Decimal | None


def _range_choices() -> list[tuple[str, Any]]:
    return [("", _("Any time")), *NAMED_RANGES.items()]


class LocalDateRangeWidget(SuffixedMultiWidget):  # type: ignore[misc]
    """A named range, or a first and a last day: parameters name_range, name_from, name_to."""

    suffixes = ["range", "from", "to"]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            (
                forms.Select({"aria-label": _("Date range")}, choices=_range_choices()),
                LocalDateInput({"aria-label": _("From date")}),
                LocalDateInput({"aria-label": _("To date")}),
            ),
            attrs,
        )

    def decompress(self, value: DateSpan | None) -> list[Any]:
        if not value:
            return ["", None, None]
        return [value.name, None, None] if value.name else ["", value.start, value.end]


class LocalDateRangeField(forms.MultiValueField):
    """The dates of a named range, or a first and a last day."""

    widget = LocalDateRangeWidget

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        fields = (
            forms.ChoiceField(choices=_range_choices, required=False),
            LocalDateField(required=False),
            LocalDateField(required=False),
        )
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[Any]) -> DateSpan | None:
        if not data_list or not any(data_list):
            return None
        name, start, end = data_list
        if name:
            display = current()
            begins = organisation.fiscal_month(display.calendar) if "fiscal" in name else 1
            found = named_range(name, display.today(), display.calendar, fiscal_month=begins)
            return DateSpan(found.start, found.end, name)
        if start and end and start > end:
            raise ValidationError(_("The first date is after the last."), code="range_order")
        return DateSpan(start, end)

    def describe(self, value: DateSpan) -> str:
        """Return the filter in words."""
        if value.name:
            return str(NAMED_RANGES[value.name])
        if value.start and value.end:
            return gettext("%(from)s to %(to)s") % {"from": format_date(value.start), "to": format_date(value.end)}
        if value.start:
            return gettext("from %(from)s") % {"from": format_date(value.start)}
        return gettext("to %(to)s") % {"to": format_date(value.end)}


class LocalDateRangeFilter(django_filters.Filter):  # type: ignore[misc]
    """Rows whose date, or moment's date in the person's time zone, lies in a range (both days included)."""

    field_class = LocalDateRangeField

    def filter(self, qs: models.QuerySet[Any], value: DateSpan | None) -> models.QuerySet[Any]:
        if not value:
            return qs
        if isinstance(get_model_field(qs.model, self.field_name), models.DateTimeField):
            return self._filter_moments(qs, value)
        if value.start:
            qs = qs.filter(**{f"{self.field_name}__gte": value.start})
        if value.end:
            qs = qs.filter(**{f"{self.field_name}__lte": value.end})
        return qs

    def _filter_moments(self, qs: models.QuerySet[Any], value: DateSpan) -> models.QuerySet[Any]:
        tz = current().tz
        if value.start:
            qs = qs.filter(**{f"{self.field_name}__gte": midnight(value.start, tz)})
        if value.end:
            qs = qs.filter(**{f"{self.field_name}__lt": midnight(value.end + dt.timedelta(days=1), tz)})
        return qs


class MoneyRangeWidget(SuffixedMultiWidget):  # type: ignore[misc]
    """A smallest and a largest amount: parameters name_min and name_max."""

    suffixes = ["min", "max"]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            (MoneyInput({"aria-label": _("From amount")}), MoneyInput({"aria-label": _("To amount")})), attrs
        )

    def decompress(self, value: AmountSpan | None) -> list[Any]:
        return [value.low, value.high] if value else [None, None]


class MoneyRangeField(forms.MultiValueField):
    """A smallest and a largest amount in the person's unit."""

    widget = MoneyRangeWidget

    def __init__(self, *, currency: str = money.BASE_CURRENCY, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        fields = (MoneyFormField(currency=currency, required=False), MoneyFormField(currency=currency, required=False))
        super().__init__(fields, require_all_fields=False, **kwargs)
        self.currency = currency
        if isinstance(self.widget, MoneyRangeWidget):
            for widget in self.widget.widgets:
                widget.currency = currency

    def compress(self, data_list: list[Any]) -> AmountSpan | None:
        if not data_list or all(amount is None for amount in data_list):
            return None
        low, high = data_list
        if low is not None and high is not None and low > high:
            raise ValidationError(_("The smallest amount is above the largest."), code="range_order")
        return AmountSpan(low, high)

    def describe(self, value: AmountSpan) -> str:
        """Return the filter in words."""
        low, high = format_money(value.low, self.currency), format_money(value.high, self.currency)
        if low and high:
            return gettext("%(from)s to %(to)s") % {"from": low, "to": high}
        return gettext("from %(from)s") % {"from": low} if low else gettext("to %(to)s") % {"to": high}


class MoneyRangeFilter(django_filters.Filter):  # type: ignore[misc]
    """Rows whose stored amount lies between two amounts (both included); `currency` as in MoneyFormField."""

    field_class = MoneyRangeField

    def filter(self, qs: models.QuerySet[Any], value: AmountSpan | None) -> models.QuerySet[Any]:
        if not value:
            return qs
        if value.low is not None:
            qs = qs.filter(**{f"{self.field_name}__gte": value.low})
        if value.high is not None:
            qs = qs.filter(**{f"{self.field_name}__lte": value.high})
        return qs
