"""Iranian identifiers: tidying what was typed to ASCII digits, and checking it.

Each kind has `normalise_x(text) -> str` (InputError when it is none), `is_valid_x(text)` and a Django validator.
Rules: check digits as published; postal code and economic number have no public check, their shape is judged.
"""

import re
from collections.abc import Callable
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.parsing import InputError
from core.text import fold

MAX_TYPED_LENGTH: Final = 60
_SEPARATORS: Final = re.compile(r"[\s\-\u2010-\u2015\u2212_./]")
_COMPANY_WEIGHTS: Final = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)
_ECONOMIC_LENGTHS: Final = frozenset({10, 11, 12, 14})


def _compact(text: str) -> str:
    """Return typed text folded, without separators ("" for text far too long)."""
    return _SEPARATORS.sub("", fold(text)) if len(text) <= MAX_TYPED_LENGTH else ""


def _digits(text: str, length: int, message: Promise, code: str) -> str:
    compact = _compact(text)
    if len(compact) != length or not (compact.isascii() and compact.isdigit()):
        raise InputError(message, code=code)
    return compact


def _one_digit_repeated(digits: str) -> bool:
    return len(set(digits)) == 1


def normalise_national_id(text: str) -> str:
    """Return the ten digits of a person's national ID; leading zeros lost by a spreadsheet are restored."""
    message = _("Invalid national ID.")
    compact = _compact(text)
    if len(compact) in {8, 9}:
        compact = compact.zfill(10)
    digits = _digits(compact, 10, message, "invalid_national_id")
    remainder = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    check = remainder if remainder < 2 else 11 - remainder
    if check != int(digits[9]) or _one_digit_repeated(digits) or digits[3:9] == "000000":
        raise InputError(message, code="invalid_national_id")
    return digits


def normalise_company_id(text: str) -> str:
    """Return the eleven digits of a legal person's national ID."""
    message = _("Invalid company national ID.")
    digits = _digits(text, 11, message, "invalid_company_id")
    shift = int(digits[9]) + 2
    total = sum((int(digit) + shift) * weight for digit, weight in zip(digits, _COMPANY_WEIGHTS, strict=False))
    if total % 11 % 10 != int(digits[10]) or _one_digit_repeated(digits) or digits[3:9] == "000000":
        raise InputError(message, code="invalid_company_id")
    return digits


def normalise_economic_number(text: str) -> str:
    """Return the digits of an economic number: 10, 11, 12 (older) or 14 of them; nothing more is public."""
    compact = _compact(text)
    if len(compact) not in _ECONOMIC_LENGTHS or not (compact.isascii() and compact.isdigit()):
        raise InputError(_("Invalid economic number."), code="invalid_economic_number")
    return compact


def normalise_postal_code(text: str) -> str:
    """Return the ten digits of a postal code."""
    message = _("Invalid postal code.")
    digits = _digits(text, 10, message, "invalid_postal_code")
    if digits.startswith("0") or _one_digit_repeated(digits):
        raise InputError(message, code="invalid_postal_code")
    return digits


def normalise_sheba(text: str) -> str:
    """Return a Sheba (Iranian IBAN) as IR and 24 digits; the IR may be left out when typing."""
    message = _("Invalid Sheba number.")
    compact = _compact(text).upper()
    digits = _digits(compact.removeprefix("IR"), 24, message, "invalid_sheba")
    # ISO 13616: country and check digits go to the end, letters become numbers (I = 18, R = 27), rest 1 of 97.
    if int(f"{digits[2:]}1827{digits[:2]}") % 97 != 1:
        raise InputError(message, code="invalid_sheba")
    return f"IR{digits}"


def normalise_card(text: str) -> str:
    """Return the sixteen digits of a bank card."""
    message = _("Invalid card number.")
    digits = _digits(text, 16, message, "invalid_card")
    total = 0
    for index, digit in enumerate(digits):
        value = int(digit) * (2 if index % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    if total % 10 or _one_digit_repeated(digits):
        raise InputError(message, code="invalid_card")
    return digits


def _is_valid(normalise: Callable[[str], str], text: str) -> bool:
    try:
        normalise(text)
    except InputError:
        return False
    return True


def _validate(normalise: Callable[[str], str], value: str) -> None:
    try:
        normalise(value)
    except InputError as error:
        raise ValidationError(error.message, code=error.code) from error


def is_valid_national_id(text: str) -> bool:
    """Say whether the text is a person's national ID."""
    return _is_valid(normalise_national_id, text)


def is_valid_company_id(text: str) -> bool:
    """Say whether the text is a legal person's national ID."""
    return _is_valid(normalise_company_id, text)


def is_valid_economic_number(text: str) -> bool:
    """Say whether the text has the shape of an economic number."""
    return _is_valid(normalise_economic_number, text)


def is_valid_postal_code(text: str) -> bool:
    """Say whether the text is a postal code."""
    return _is_valid(normalise_postal_code, text)


def is_valid_sheba(text: str) -> bool:
    """Say whether the text is a Sheba."""
    return _is_valid(normalise_sheba, text)


def is_valid_card(text: str) -> bool:
    """Say whether the text is a card number."""
    return _is_valid(normalise_card, text)


def validate_national_id(value: str) -> None:
    """Validate a model field holding a person's national ID."""
    _validate(normalise_national_id, value)


def validate_company_id(value: str) -> None:
    """Validate a model field holding a legal person's national ID."""
    _validate(normalise_company_id, value)


def validate_economic_number(value: str) -> None:
    """Validate a model field holding an economic number."""
    _validate(normalise_economic_number, value)


def validate_postal_code(value: str) -> None:
    """Validate a model field holding a postal code."""
    _validate(normalise_postal_code, value)


def validate_sheba(value: str) -> None:
    """Validate a model field holding a Sheba."""
    _validate(normalise_sheba, value)


def validate_card(value: str) -> None:
    """Validate a model field holding a card number."""
    _validate(normalise_card, value)
