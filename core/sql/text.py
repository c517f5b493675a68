"""SQL of the Persian text functions, generated from the tables that `core.text` uses for the Python twins.

The functions call nothing but built-in functions, so that a dump restores with an empty `search_path`.
They stand in generated columns: a change of a table here needs a new migration that replaces the function
and rewrites every column built on it.
"""

from typing import Final

EXTENSIONS: Final = ("pg_trgm", "btree_gin", "btree_gist")
SORT_KEY_LENGTH: Final = 200  # keeps a key below the 2,704 bytes a B-tree index row may have

PERSIAN_ALPHABET: Final = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
LATIN_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz"
_HAMZA_RANK: Final = "ا"  # the hamza letters sort directly after this letter and before «ب»

_DIGITS: Final = {chr(base + i): str(i) for base in (0x06F0, 0x0660) for i in range(10)}
_LETTERS: Final = {
    **dict.fromkeys("يىئے", "ی"),
    **dict.fromkeys("كڪ", "ک"),
    **dict.fromkeys("ةۀەھہۂۃ", "ه"),
    **dict.fromkeys("أإآٱ", "ا"),
    "ؤ": "و",
}
_SPACES: Final = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029"
_MARKS: Final = "".join(chr(c) for c in range(0x064B, 0x0660)) + "\u0670\u0674\u0640"
_INVISIBLE: Final = (
    "\u200c\u200d\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\u061c\ufeff\xad\ufe0f"
)

FOLD_MAP: Final[dict[str, str]] = {
    **_LETTERS,
    **_DIGITS,
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys("ء" + _MARKS + _INVISIBLE, ""),
}
"""What follows NFKC and lower-casing for search: one character to one character, or to nothing."""


def _sort_letters() -> dict[str, str]:
    """Map letters to private-use characters in alphabetical order: Persian first, Latin after it."""
    ranks: dict[str, str] = {}
    code = 0xE001
    for letter in PERSIAN_ALPHABET:
        ranks[letter] = chr(code)
        code += 1
        if letter == _HAMZA_RANK:
            ranks.update(dict.fromkeys("ءأإؤئ", chr(code)))
            code += 1
    ranks["ٱ"] = ranks["ا"]
    for variant, base in _LETTERS.items():
        ranks.setdefault(variant, ranks[base])
    for index, letter in enumerate(LATIN_ALPHABET):
        ranks[letter] = chr(0xE081 + index)
    return ranks


_LATIN_VARIANTS: Final = {
    **dict.fromkeys("àáâãäåæ", "a"),
    **dict.fromkeys("çčć", "c"),
    **dict.fromkeys("èéêë", "e"),
    "ğ": "g",
    **dict.fromkeys("ìíîïı", "i"),
    "ñ": "n",
    **dict.fromkeys("òóôõöøœ", "o"),
    **dict.fromkeys("šşß", "s"),
    **dict.fromkeys("ùúûü", "u"),
    **dict.fromkeys("ýÿ", "y"),
    "ž": "z",
}
_SORT_RANKS: Final = _sort_letters()
SORT_MAP: Final[dict[str, str]] = {
    **_SORT_RANKS,
    **{variant: _SORT_RANKS[base] for variant, base in _LATIN_VARIANTS.items()},
    **_DIGITS,
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_MARKS + _INVISIBLE, ""),
}
"""What follows NFKC and lower-casing for the sort key."""

SORT_VARIANTS: Final = "ٱءأإؤئڪكەہةۃۀۂھىےي"
"""Letters that share a rank with another letter, in the order that breaks a tie (CLDR's order for Persian)."""
VARIANT_MAP: Final[dict[str, str]] = {letter: chr(0x21 + index) for index, letter in enumerate(SORT_VARIANTS)}


def _literal(text: str) -> str:
    """Write text as an ASCII-only SQL literal, so that client encoding and editors cannot change it."""
    return "E'" + "".join(f"\\u{ord(c):04X}" for c in text) + "'"


def _translate(expression: str, table: dict[str, str]) -> str:
    """Write a `translate()` call for the table; characters mapped to nothing come last, as SQL wants them."""
    kept = [c for c, to in table.items() if to]
    dropped = [c for c, to in table.items() if not to]
    source = _literal("".join(kept + dropped))
    return f"translate({expression}, {source}, {_literal(''.join(table[c] for c in kept))})"


# The dotted capital I has a two-character lower case in Python and a one-character one here: fold it first.
_LOWER: Final = "lower(translate(normalize(t, NFKC), E'\\u0130', 'i'))"
_FOLD: Final = f"btrim(regexp_replace({_translate(_LOWER, FOLD_MAP)}, ' +', ' ', 'g'))"
_SORT: Final = f"btrim(regexp_replace({_translate(_LOWER, SORT_MAP)}, ' +', ' ', 'g'))"
_VARIANT_CLASS: Final = "".join(f"\\u{ord(c):04X}" for c in SORT_VARIANTS)
_TIE: Final = (
    f"CASE WHEN normalize(t, NFKC) ~ E'[{_VARIANT_CLASS}]' THEN E'\\u0001' || "
    + _translate(f"regexp_replace(normalize(t, NFKC), E'[^{_VARIANT_CLASS}]', '', 'g')", VARIANT_MAP)
    + " ELSE '' END"
)

_HEAD: Final = (
    "CREATE OR REPLACE FUNCTION {name}(t text) RETURNS text LANGUAGE {language} IMMUTABLE STRICT PARALLEL SAFE"
)

PV_FOLD: Final = f"{_HEAD.format(name='pv_fold', language='sql')} AS $pv$ SELECT {_FOLD} $pv$"
PV_TIGHT: Final = f"{_HEAD.format(name='pv_tight', language='sql')} AS $pv$ SELECT replace({_FOLD}, ' ', '') $pv$"
PV_SEARCH: Final = (
    f"{_HEAD.format(name='pv_search', language='plpgsql')} AS $pv$ "
    f"DECLARE folded text := {_FOLD}; BEGIN RETURN ' ' || folded || ' ' || replace(folded, ' ', ''); END $pv$"
)
PV_SORT: Final = (
    f"{_HEAD.format(name='pv_sort', language='sql')} AS $pv$ SELECT left({_SORT} || {_TIE}, {SORT_KEY_LENGTH}) $pv$"
)

FORWARD: Final[list[str]] = [
    *(f"CREATE EXTENSION IF NOT EXISTS {name}" for name in EXTENSIONS),
    PV_FOLD,
    PV_TIGHT,
    PV_SEARCH,
    PV_SORT,
]
REVERSE: Final[list[str]] = [
    f"DROP FUNCTION IF EXISTS {name}(text)" for name in ("pv_sort", "pv_search", "pv_tight", "pv_fold")
]
"""The extensions stay: other objects of the database may use them."""
