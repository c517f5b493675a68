"""Money: currencies and units as data, amounts as Decimal in the currency's own unit (rial for Iran).

A unit is a way to show and type a currency: toman is ten rial, the new rial of the law of 1404 ten thousand.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.numbers import Digits, format_number, normalise_number_text, number_in_words, parse_decimal
from core.parsing import InputError
from core.text import fold

BASE_CURRENCY: Final = "IRR"


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency: ISO code, translated name, short words beside an amount, number of decimals."""

    code: str
    name: str | Promise
    word_fa: str
    word_en: str
    exponent: int = 2


@dataclass(frozen=True, slots=True)
class Unit:
    """A display unit of a currency: `factor` is how much of the stored currency one unit is."""

    code: str
    currency: str
    factor: Decimal
    name: str | Promise
    word_fa: str
    word_en: str


CURRENCIES: Final[dict[str, Currency]] = {
    currency.code: currency
    for currency in (
        Currency("IRR", _("Iranian rial"), "ریال", "rial", 0),
        Currency("USD", _("US dollar"), "دلار", "USD"),
        Currency("EUR", _("Euro"), "یورو", "EUR"),
        Currency("GBP", _("Pound sterling"), "پوند", "GBP"),
        Currency("AED", _("UAE dirham"), "درهم", "AED"),
        Currency("TRY", _("Turkish lira"), "لیر", "TRY"),
        Currency("CNY", _("Chinese yuan"), "یوآن", "CNY"),
        Currency("RUB", _("Russian rouble"), "روبل", "RUB"),
        Currency("IQD", _("Iraqi dinar"), "دینار عراق", "IQD", 3),
        Currency("AFN", _("Afghan afghani"), "افغانی", "AFN"),
        Currency("INR", _("Indian rupee"), "روپیه", "INR"),
        Currency("JPY", _("Japanese yen"), "ین", "JPY", 0),
        Currency("CHF", _("Swiss franc"), "فرانک", "CHF"),
        Currency("CAD", _("Canadian dollar"), "دلار کانادا", "CAD"),
        Currency("AUD", _("Australian dollar"), "دلار استرالیا", "AUD"),
        Currency("KWD", _("Kuwaiti dinar"), "دینار کویت", "KWD", 3),
        Currency("OMR", _("Omani rial"), "ریال عمان", "OMR", 3),
        Currency("QAR", _("Qatari riyal"), "ریال قطر", "QAR"),
        Currency("SAR", _("Saudi riyal"), "ریال سعودی", "SAR"),
    )
}
UNITS: Final[dict[str, Unit]] = {
    unit.code: unit
    for unit in (
        Unit("IRR", "IRR", Decimal(1), _("Rial"), "ریال", "rial"),
        Unit("IRT", "IRR", Decimal(10), _("Toman"), "تومان", "toman"),
        Unit("IRN", "IRR", Decimal(10_000), _("New rial"), "ریال جدید", "new rial"),
    )
}

_SCALE_WORDS: Final = {
    "هزار": 10**3,
    "میلیون": 10**6,
    "ملیون": 10**6,
    "میلیارد": 10**9,
    "ملیارد": 10**9,
    "thousand": 10**3,
    "k": 10**3,
    "million": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "b": 10**9,
}
_UNIT_WORDS: Final = {
    "ریال جدید": "IRN",
    "new rial": "IRN",
    "ریال": "IRR",
    "rial": "IRR",
    "rials": "IRR",
    "irr": "IRR",
    "تومان": "IRT",
    "تومن": "IRT",
    "toman": "IRT",
    "tomans": "IRT",
    "irt": "IRT",
}
_UNIT_SUFFIX: Final = re.compile(
    rf"^(?P<amount>.*?)\s*(?P<unit>{'|'.join(sorted(_UNIT_WORDS, key=len, reverse=True))})$"
)
_PART: Final = re.compile(rf"(?P<number>.+?)\s*(?P<scale>{'|'.join(sorted(_SCALE_WORDS, key=len, reverse=True))})")
_COMPACT_FA: Final = ((10**12, "هزار میلیارد"), (10**9, "میلیارد"), (10**6, "میلیون"), (10**3, "هزار"))
_COMPACT_EN: Final = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K"))
_TENTH: Final = Decimal("0.1")


def unit_for(currency: str, money_unit: str) -> Unit:
    """Return the unit in which a currency is shown to somebody who prefers `money_unit` for Iranian money."""
    unit = UNITS.get(money_unit)
    if unit is not None and unit.currency == currency:
        return unit
    found = CURRENCIES.get(currency)
    if found is None:
        return Unit(currency, currency, Decimal(1), currency, currency, currency)
    return Unit(found.code, found.code, Decimal(1), found.name, found.word_fa, found.word_en)


def in_unit(amount: Decimal | int, unit: Unit) -> Decimal:
    """Return a stored amount counted in a unit, exactly (every factor is a power of ten)."""
    return Decimal(amount) / unit.factor


def format_amount(
    amount: Decimal | int,
    currency: str = BASE_CURRENCY,
    *,
    unit: str = "IRR",
    digits: Digits = "fa",
    language: str = "fa",
    with_unit: bool = True,
) -> str:
    """Return a stored amount as text in the unit asked for: «۱۲۵٬۰۰۰ تومان».

    Decimals are shown when there are any: all of the currency's (1,250.50 USD), only the needed for Iran's units.
    """
    shown = unit_for(currency, unit)
    value = in_unit(amount, shown)
    decimals = None
    if currency != BASE_CURRENCY and value != value.to_integral_value():
        decimals = CURRENCIES[currency].exponent if currency in CURRENCIES else None
    text = format_number(value, digits, decimals)
    if not with_unit:
        return text
    return f"{text} {shown.word_fa if language == 'fa' else shown.word_en}"


def _compact(value: Decimal, digits: Digits, language: str) -> str:
    for scale, word in _COMPACT_FA if language == "fa" else _COMPACT_EN:
        scaled = (value / scale).quantize(_TENTH, rounding=ROUND_HALF_UP)
        if abs(scaled) >= 1:
            separator = " " if language == "fa" else ""
            return f"{format_number(scaled, digits)}{separator}{word}"
    return format_number(value, digits)


def format_number_compact(value: Decimal | int, *, digits: Digits = "fa", language: str = "fa") -> str:
    """Return a large number with one decimal and a scale word: «۱٫۲ میلیارد», “1.2B”."""
    return _compact(Decimal(value), digits, language)


def format_amount_compact(
    amount: Decimal | int,
    currency: str = BASE_CURRENCY,
    *,
    unit: str = "IRR",
    digits: Digits = "fa",
    language: str = "fa",
) -> str:
    """Return a stored amount rounded for reading at a glance: «۱٫۲ میلیارد تومان», “1.2B toman”."""
    shown = unit_for(currency, unit)
    text = _compact(in_unit(amount, shown), digits, language)
    return f"{text} {shown.word_fa if language == 'fa' else shown.word_en}"


def _parse_scaled(text: str) -> Decimal:
    """Return the sum of parts joined by «و», each a number with an optional scale word."""
    total = Decimal(0)
    for part in text.split(" و "):
        match = _PART.fullmatch(part.strip())
        total += parse_decimal(match["number"]) * _SCALE_WORDS[match["scale"]] if match else parse_decimal(part)
    return total


def parse_amount(text: str, default_unit: str = "IRR") -> Decimal:
    """Return the stored amount of typed money: «۱۲۵٬۰۰۰ تومان» is 1250000 (rial).

    The unit word decides; without one `default_unit` does (a unit of Iran's money or another currency's code).
    InputError for text that is no amount.
    """
    typed = normalise_number_text(text[:100])
    negative = typed.startswith("(") and typed.endswith(")")
    if negative:
        typed = typed[1:-1].strip()
    words = fold(typed) if not typed.isascii() else typed.lower()
    unit_code = default_unit
    match = _UNIT_SUFFIX.match(words)
    if match:
        unit_code, words = _UNIT_WORDS[match["unit"]], match["amount"]
        if default_unit not in UNITS:
            raise InputError(_("This amount is in another currency."), code="other_currency")
    try:
        value = _parse_scaled(words)
    except InputError:
        raise InputError(_("Enter an amount, for example 1,250,000."), code="invalid_amount") from None
    factor = UNITS[unit_code].factor if unit_code in UNITS else Decimal(1)
    return (-value if negative else value) * factor


def amount_in_words(amount: Decimal | int, currency: str = BASE_CURRENCY, *, unit: str = "IRR") -> str:
    """Return an amount in Persian words with its unit, as invoices end: «یک میلیون ریال»."""
    shown = unit_for(currency, unit)
    return f"{number_in_words(in_unit(amount, shown))} {shown.word_fa}"


def currency_choices() -> list[tuple[str, str | Promise]]:
    """Return the currencies as choices of a form field."""
    return [(currency.code, currency.name) for currency in CURRENCIES.values()]
