"""Filters that show values the way the current person reads them, and the icon tag. Loaded in every template."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from core import display, rich_text
from core.numbers import Number

register = template.Library()


@register.filter
def date_local(value: dt.date | None) -> str:
    """۱۴۰۵/۰۹/۰۱."""
    return display.format_date(value or None)


@register.filter
def date_long(value: dt.date | None) -> str:
    """۱ آذر ۱۴۰۵."""
    return display.format_date(value or None, "long")


@register.filter
def date_full(value: dt.date | None) -> str:
    """یک‌شنبه ۱ آذر ۱۴۰۵."""
    return display.format_date(value or None, "full")


@register.filter
def datetime_local(value: dt.datetime | None) -> str:
    """۱۴۰۵/۰۹/۰۱ ۱۴:۳۰."""
    return display.format_datetime(value or None)


@register.filter
def datetime_long(value: dt.datetime | None) -> str:
    """۱ آذر ۱۴۰۵، ۱۴:۳۰."""
    return display.format_datetime(value or None, "long")


@register.filter
def time_local(value: dt.datetime | dt.time | None) -> str:
    """۱۴:۳۰."""
    return display.format_time(value if value != "" else None)


@register.filter
def relative_day(value: dt.date | None) -> str:
    """امروز، ۳ روز پیش."""
    return display.relative_day(value or None)


@register.filter
def listed(items: Iterable[object]) -> str:
    """سارا، امین."""
    return display.listed(items or ())


def _number(value: Any) -> Number | None:
    """Return a template value as a number; None for nothing."""
    if value is None or value == "":
        return None
    return value if isinstance(value, (int, float, Decimal)) else Decimal(str(value))


def _amount(value: Any) -> Decimal | int | None:
    number = _number(value)
    return Decimal(repr(number)) if isinstance(number, float) else number


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    """۱٬۲۳۴٫۵; the argument fixes the number of decimals."""
    return display.format_number(_number(value), decimals)


@register.filter
def number_compact(value: Any) -> str:
    """۱٫۲ میلیون."""
    return display.format_number_compact(_amount(value))


@register.filter
def percent(value: Any, decimals: int | None = None) -> str:
    """Show a ratio: 0.1 is ۱۰٪."""
    return display.format_percent(_number(value), decimals)


@register.filter
def percent_points(value: Any) -> str:
    """Show percentage points: 10 is ۱۰٪."""
    return display.format_percent_points(_number(value))


@register.filter
def money(value: Any, currency: str | None = None) -> str:
    """Show a stored amount with its unit; the argument is the currency's code."""
    return display.format_money(_amount(value), currency or "IRR")


@register.filter
def money_bare(value: Any, currency: str | None = None) -> str:
    """Show a stored amount without its unit, for columns whose heading says it."""
    return display.format_money(_amount(value), currency or "IRR", with_unit=False)


@register.filter
def money_compact(value: Any, currency: str | None = None) -> str:
    """۱٫۲ میلیارد تومان."""
    return display.format_money_compact(_amount(value), currency or "IRR")


@register.filter
def phone(value: str | None) -> str:
    """۰۹۱۲ ۱۲۳ ۴۵۶۷; belongs into `bdi_ltr`."""
    return display.format_phone(value)


@register.filter(is_safe=True)
def digits(value: Any) -> str:
    """Show the digits of a code or text in the person's digits."""
    return "" if value is None else display.local_digits(str(value))


@register.filter
def bdi_ltr(value: Any) -> SafeString | str:
    """Isolate a phone, code, e-mail or address from the right-to-left text around it."""
    if value is None or value == "":
        return ""
    return format_html('<bdi dir="ltr">{}</bdi>', conditional_escape(value))


@register.filter
def user_text(value: Any) -> SafeString:
    """Show what a person wrote: escaped, with line breaks, links and called colleagues."""
    return rich_text.html(str(value or ""))


@register.filter
def plain_text(value: Any) -> str:
    """Show what a person wrote as words in a row: calls of colleagues as ``@Name``."""
    return rich_text.plain(str(value or ""))


@register.simple_tag
def money_unit(currency: str = "IRR") -> str:
    """Return the word of the unit in which the person sees a currency."""
    return display.money_unit_name(currency or "IRR")


@lru_cache(maxsize=1024)
def _icon(sprite: str, name: str, css_class: str, label: str) -> SafeString:
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', css_class, label, sprite, name
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', css_class, sprite, name)


@lru_cache(maxsize=1)
def _sprite_url() -> str:
    return static("icons/sprite.svg")


@register.simple_tag
def icon(name: str, css_class: str = "icon", label: str = "") -> SafeString:
    """Return an icon of the sprite; decorative unless it has a label."""
    return _icon(_sprite_url(), name, css_class, str(label))
