"""Persian text: tidying for storage, folding for search, keys for sorting, each the twin of a SQL function.

`fold`, `tight`, `search_key` and `sort_key` give exactly what `pv_fold`, `pv_tight`, `pv_search` and `pv_sort`
give in the database. Folded text is for comparing only: never show it, «رئیس» must stay «رئیس».
"""

import re
import unicodedata
from typing import Any, Final

from django.db import models
from django.db.models import Func, Q

from core.sql.text import FOLD_MAP, SORT_KEY_LENGTH, SORT_MAP, SORT_VARIANTS, VARIANT_MAP

MAX_SEARCH_WORDS: Final = 12
MAX_QUERY_LENGTH: Final = 200
_SHORT_WORD: Final = 2  # words up to this length match only at the start of a word

_FOLD_TABLE: Final = str.maketrans(FOLD_MAP)
_SORT_TABLE: Final = str.maketrans(SORT_MAP)
_VARIANT_TABLE: Final = str.maketrans(VARIANT_MAP)
_LOWER_FIRST: Final = str.maketrans({"\u0130": "i", "\u03a3": "\u03c3"})  # İ, and Σ that Python lowers by its place
_NOT_VARIANT: Final = re.compile(f"[^{SORT_VARIANTS}]")
_SPACE_RUN: Final = re.compile(" +")

_ASCII_DIGITS: Final = str.maketrans({chr(base + i): str(i) for base in (0x06F0, 0x0660) for i in range(10)})
_FA_DIGITS: Final = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

_CLEAN_TABLE: Final = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک"})
_DROPPED: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u0640\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_ANY_SPACES: Final = re.compile(r"\s+")
_INLINE_SPACES: Final = re.compile(r"[^\S\n]+")
_LINE_ENDS: Final = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_LOOSE_ZWNJ: Final = re.compile("(?<!\\S)\u200c+|\u200c+(?!\\S)|(?<=\u200c)\u200c+")
_PLAIN: Final = re.compile(r"[!-~]+(?: [!-~]+)*")

_PHONE_LIKE: Final = re.compile(r"\+?[\d\s().\-/]+")
_NOT_DIGIT: Final = re.compile(r"\D")
_MIN_PHONE_DIGITS: Final = 7


def _nfkc_lower(text: str) -> str:
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).translate(_LOWER_FIRST).lower()


def fold(text: str) -> str:
    """Return the text as search compares it: letters of one sound alike, digits ASCII, marks and ZWNJ gone."""
    return _SPACE_RUN.sub(" ", _nfkc_lower(text).translate(_FOLD_TABLE)).strip(" ")


def tight(text: str) -> str:
    """Return the folded text without spaces, so that «محمد رضا» equals «محمدرضا»."""
    return fold(text).replace(" ", "")


def search_key(text: str) -> str:
    """Return what a search column holds: a space, the folded text, a space, the tight text."""
    folded = fold(text)
    return f" {folded} {folded.replace(' ', '')}"


def sort_key(text: str) -> str:
    """Return a key whose code-point order is the Persian alphabetical order: digits, Persian, Latin."""
    normal = unicodedata.normalize("NFKC", text)
    key = _SPACE_RUN.sub(" ", normal.translate(_LOWER_FIRST).lower().translate(_SORT_TABLE)).strip(" ")
    variants = _NOT_VARIANT.sub("", normal)
    if variants:
        key = f"{key}\x01{variants.translate(_VARIANT_TABLE)}"
    return key[:SORT_KEY_LENGTH]


def clean(text: str, *, multiline: bool = False) -> str:
    """Return the text as it is stored: one form of each letter, no invisible controls, single spaces.

    ZWNJ between letters, ZWJ and «آ» stay. With `multiline` line breaks stay too, as ``\\n``.
    """
    if _PLAIN.fullmatch(text):
        return text
    text = _LINE_ENDS.sub("\n", text)
    text = unicodedata.normalize("NFC", _DROPPED.sub("", text)).translate(_CLEAN_TABLE)
    text = _LOOSE_ZWNJ.sub("", text)
    if not multiline:
        return _ANY_SPACES.sub(" ", text).strip()
    return "\n".join(line.rstrip() for line in _INLINE_SPACES.sub(" ", text).split("\n")).strip("\n ")


def to_ascii_digits(text: str) -> str:
    """Return the text with Persian and Arabic digits as ASCII digits."""
    return text if text.isascii() else text.translate(_ASCII_DIGITS)


def to_persian_digits(text: str) -> str:
    """Return the text with ASCII digits as Persian digits."""
    return text.translate(_FA_DIGITS)


def _significant_digits(text: str) -> str | None:
    """Return the national significant digits of a phone number as typed in Iran, or None for other text."""
    if not _PHONE_LIKE.fullmatch(text):
        return None
    digits = _NOT_DIGIT.sub("", text)
    if len(digits) < _MIN_PHONE_DIGITS:
        return None
    international = text.lstrip(" (").startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00")
    if international:
        return digits.removeprefix("98").removeprefix("0")
    if digits.startswith("98") and len(digits) == 12:
        return digits[2:]
    if digits.startswith("0") and len(digits) == 11:
        return digits[1:]
    return None


def _search_word(word: str) -> str:
    """Return one folded word in the form columns hold it: phones lose their trunk prefix."""
    digits = _significant_digits(word)
    if digits:
        return digits
    if word.isdigit() and word.isascii() and word.startswith("09"):
        return word[1:]  # the beginning of a mobile number, which is stored as +989…
    if word.startswith("+98") and word[1:].isdigit():
        return word[3:].removeprefix("0") or word
    return word


def search_words(query: str) -> list[str]:
    """Return the folded words of a query; a phone number in any writing becomes its significant digits."""
    folded = fold(query.replace("\x00", "")[:MAX_QUERY_LENGTH])
    digits = _significant_digits(folded)
    if digits:
        return [digits]
    words = (_search_word(word) for word in folded.split(" ")[:MAX_SEARCH_WORDS])
    return list(dict.fromkeys(word for word in words if word))


def search_q(column: str, query: str) -> Q:
    """Return the condition that every word of the query occurs in a search column (no words: no condition).

    A word of one or two letters must begin a word; a longer one may stand anywhere.
    """
    condition = Q()
    for word in search_words(query):
        needle = f" {word}" if len(word) <= _SHORT_WORD else word
        condition &= Q(**{f"{column}__contains": needle})
    return condition


class _TextOrEmpty(Func):
    """A column as text, with the empty text for NULL."""

    template = "coalesce((%(expressions)s)::text, '')"
    output_field = models.TextField()


class SearchKey(Func):
    """`pv_search` over the named fields of a model, for a generated column with a trigram index."""

    function = "pv_search"
    arg_joiner = " || ' ' || "
    output_field = models.TextField()

    def __init__(self, *fields: str, **extra: Any) -> None:
        super().__init__(*(_TextOrEmpty(field) for field in fields), **extra)


class SortKey(SearchKey):
    """`pv_sort` over the named fields of a model, for a generated column with the collation "C"."""

    function = "pv_sort"


class TightKey(SearchKey):
    """`pv_tight` over the named fields of a model, for a generated column that finds likely duplicates."""

    function = "pv_tight"
