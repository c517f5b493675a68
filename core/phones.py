"""Phone numbers: stored as E.164 (with `;ext=` when there is an extension), shown the national way.

Iranian mobiles are judged by the rule 09 + nine digits alone, for new ranges appear faster than libraries learn them.
"""

import re
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from django.utils.translation import gettext_lazy as _

from core.parsing import InputError
from core.text import fold, to_ascii_digits

PhoneKind = Literal["mobile", "fixed", "other"]

MAX_TYPED_LENGTH: Final = 60
_IRAN: Final = "+98"
_EXTENSION: Final = re.compile(r"[\s,;()]*(?:داخلی|ext(?:ension)?|x|#)[\s.:=]*(?P<extension>\d{1,8})\)?\s*$")
_SEPARATORS: Final = re.compile(r"[\s().\-/\u2010-\u2015\u2212]")
_IRAN_MOBILE: Final = re.compile(r"(?:(?:\+|00)?98\(?0?\)?|0)?(?P<national>9\d{9})")
_E164_MOBILE: Final = re.compile(r"\+989\d{9}")


class Phone(NamedTuple):
    """A number in E.164 and its extension ("" when none)."""

    number: str
    extension: str

    @property
    def stored(self) -> str:
        """The form a PhoneField holds."""
        return f"{self.number};ext={self.extension}" if self.extension else self.number


def _invalid() -> InputError:
    return InputError(_("Enter a valid phone number with its area code."), code="invalid_phone")


def parse_phone(text: str, region: str = "IR") -> Phone:
    """Return the number somebody typed, its extension («داخلی ۱۲», “ext 12”) apart; InputError when it is none."""
    if len(text) > MAX_TYPED_LENGTH:
        raise _invalid()
    typed = fold(text)
    match = _EXTENSION.search(typed)
    extension = match["extension"] if match else ""
    digits = _SEPARATORS.sub("", typed[: match.start()] if match else typed)
    mobile = _IRAN_MOBILE.fullmatch(digits) if region == "IR" or digits.startswith(("+98", "0098")) else None
    if mobile:
        return Phone(f"{_IRAN}{mobile['national']}", extension)
    if not re.fullmatch(r"\+?\d{5,20}", digits):
        raise _invalid()
    return Phone(_by_library(digits, region), extension)


def _by_library(digits: str, region: str) -> str:
    import phonenumbers

    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException as error:
        raise _invalid() from error
    if not phonenumbers.is_valid_number(number):
        raise _invalid()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def to_e164(text: str, region: str = "IR") -> str:
    """Return a typed number in E.164 without its extension; InputError when it is no number."""
    return parse_phone(text, region).number


def split_stored(stored: str) -> Phone:
    """Return number and extension of a stored value."""
    number, _separator, extension = stored.partition(";ext=")
    return Phone(number, extension)


@lru_cache(maxsize=4096)
def national_format(stored: str) -> str:
    """Return a stored number as people of Iran write it: 0912 123 4567, 021 8877 6655; others internationally.

    ASCII digits; the extension is left out. Text that is not E.164 comes back as it is.
    """
    number = split_stored(stored).number
    if number.startswith(_IRAN) and len(number) == 13:
        national = f"0{number[3:]}"
        if number[3] == "9":
            return f"{national[:4]} {national[4:7]} {national[7:]}"
        return f"{national[:3]} {national[3:7]} {national[7:]}"
    if not number.startswith("+"):
        return number
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def phone_kind(stored: str) -> PhoneKind:
    """Say whether a stored number is a mobile, a fixed line or something else."""
    number = split_stored(to_ascii_digits(stored)).number
    if _E164_MOBILE.fullmatch(number):
        return "mobile"
    import phonenumbers

    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return "other"
    if kind == phonenumbers.PhoneNumberType.MOBILE:
        return "mobile"
    fixed = {phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
    return "fixed" if kind in fixed else "other"
