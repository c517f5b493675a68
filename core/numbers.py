"""Numbers as text: digits and separators by CLDR's rules for Persian, parsing of typed numbers, numbers in words."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from django.utils.translation import gettext_lazy as _

from core.parsing import InputError
from core.text import to_ascii_digits

Digits = Literal["fa", "latin"]
Number = int | float | Decimal

MINUS: Final = "\u200e\u2212"  # the mark before the sign keeps it on the left of the number in right-to-left text
_FA: Final = str.maketrans(
    {**{str(i): chr(0x06F0 + i) for i in range(10)}, ",": "\u066c", ".": "\u066b", "-": MINUS, "%": "\u066a"}
)
_LATIN: Final = str.maketrans({"-": MINUS})
MAX_TYPED_LENGTH: Final = 60

_SIGN: Final = r"(?P<sign>[-\u2212\u2013+]?)"
_NUMBER: Final = re.compile(
    _SIGN + r"(?P<whole>\d{1,3}(?P<mark>[,'\u066c\u060c ])\d{3}(?:(?P=mark)\d{3})*|\d+|(?=[.\u066b]\d))"
    r"(?:[.\u066b](?P<fraction>\d+))?"
)
_IGNORED: Final = re.compile("[\u200c\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")
_SPACES: Final = re.compile(r"\s+")


def _plain(value: Number, decimals: int | None) -> str:
    """Return the number with ASCII digits, grouped by commas, without useless zeros (or with exact decimals)."""
    if isinstance(value, int):
        return f"{value:,}" if not decimals else f"{value:,}.{'0' * decimals}"
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite():
        return str(number)
    if decimals is not None:
        rounded = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        return f"{rounded or abs(rounded):,f}"
    text = f"{number:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def format_number(value: Number, digits: Digits = "fa", decimals: int | None = None) -> str:
    """Return «۱٬۲۳۴٫۵» or “1,234.5”; `decimals` fixes the number of decimal places (half up)."""
    return _plain(value, decimals).translate(_FA if digits == "fa" else _LATIN)


def format_percent(ratio: Number, digits: Digits = "fa", decimals: int | None = None) -> str:
    """Return a ratio as a percentage: 0.105 gives «۱۰٫۵٪»; without `decimals` at most two places."""
    number = (ratio if isinstance(ratio, (int, Decimal)) else Decimal(repr(ratio))) * 100
    if decimals is None and isinstance(number, Decimal) and number.is_finite():
        number = number.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return f"{_plain(number, decimals)}%".translate(_FA if digits == "fa" else _LATIN)


def normalise_number_text(text: str) -> str:
    """Return typed text with ASCII digits, without invisible marks and with single spaces."""
    return _SPACES.sub(" ", _IGNORED.sub("", to_ascii_digits(text))).strip()


def parse_decimal(text: str) -> Decimal:
    """Return the number somebody typed: any digits, group marks between threes, «٫» or “.” before the decimals.

    Parentheses or a minus make it negative. InputError for anything else, and for a comma that may be decimal.
    """
    typed = normalise_number_text(text[: MAX_TYPED_LENGTH + 1])
    negative = typed.startswith("(") and typed.endswith(")")
    if negative:
        typed = typed[1:-1].strip()
    match = _NUMBER.fullmatch(typed) if len(typed) <= MAX_TYPED_LENGTH else None
    if match is None:
        raise InputError(_("Enter a number."), code="invalid_number")
    whole = re.sub(r"\D", "", match["whole"]) or "0"
    number = Decimal(f"{whole}.{match['fraction'] or '0'}")
    if match["fraction"] is None:
        number = Decimal(whole)
    if match["sign"] and match["sign"] != "+":
        negative = not negative
    return -number if negative else number


_ONES: Final = (
    "",
    "یک",
    "دو",
    "سه",
    "چهار",
    "پنج",
    "شش",
    "هفت",
    "هشت",
    "نه",
    "ده",
    "یازده",
    "دوازده",
    "سیزده",
    "چهارده",
    "پانزده",
    "شانزده",
    "هفده",
    "هجده",
    "نوزده",
)
_TENS: Final = ("", "", "بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود")
_HUNDREDS: Final = ("", "یکصد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد")
_SCALES: Final = ((10**9, "میلیارد"), (10**6, "میلیون"), (10**3, "هزار"))
_FRACTIONS: Final = ("", "دهم", "صدم", "هزارم", "ده‌هزارم", "صدهزارم", "میلیونیم")
_AND: Final = " و "
_ZWNJ: Final = "\u200c"


def _below_thousand(number: int) -> list[str]:
    words = [_HUNDREDS[number // 100]] if number >= 100 else []
    number %= 100
    if number >= 20:
        words.append(_TENS[number // 10])
        number %= 10
    if number:
        words.append(_ONES[number])
    return words


def _whole_in_words(number: int) -> str:
    """Return a positive whole number in words; above 10^12 in thousands of milliards, as Iranians say it."""
    parts: list[str] = []
    for scale, name in _SCALES:
        count, number = divmod(number, scale)
        if count:
            parts.append(f"{_whole_in_words(count)} {name}")
    parts.extend(_below_thousand(number))
    return _AND.join(parts)


def number_in_words(value: int | Decimal) -> str:
    """Return a number in Persian words, as invoices write it: «یک هزار و چهارصد و پنج»; at most six decimals."""
    number = Decimal(value)
    if not number.is_finite() or abs(number) >= Decimal(10) ** 18:
        raise InputError(_("This number is too large to be written in words."), code="too_large")
    sign = "منفی " if number < 0 else ""
    number = abs(number).quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP).normalize()
    whole = int(number)
    fraction = f"{number - whole:f}".partition(".")[2]
    parts = [_whole_in_words(whole)] if whole else []
    if fraction:
        parts.append(f"{_whole_in_words(int(fraction))} {_FRACTIONS[len(fraction)]}")
    return sign + (_AND.join(parts) or "صفر")


def ordinal_in_words(number: int) -> str:
    """Return a positive number as an ordinal: «سوم», «سی‌ام», «بیست و یکم»."""
    if number <= 0:
        raise InputError(_("Only positive numbers have an ordinal."), code="not_positive")
    words = number_in_words(number)
    if words.endswith("سه"):
        return f"{words.removesuffix('سه')}سوم"
    if words.endswith("ی"):
        return f"{words}{_ZWNJ}ام"
    return f"{words}م"
