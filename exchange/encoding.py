"""Which encoding a text file is in: told by its marks, else by what its bytes can be."""

import codecs
import re
from typing import Final

from django.utils.translation import gettext as _

from core.errors import DomainError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]+")
_SAMPLE: Final = 200_000
ENCODINGS: Final = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256", "cp1252")


def detect(data: bytes) -> str:
    """The name of the encoding: a byte-order mark, UTF-16 by its zero bytes, UTF-8 when valid, else a code page.

    Persian words in Windows-1256 are runs of high bytes; accented letters of Windows-1252 mostly stand alone.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    sample = data[:_SAMPLE]
    if 0 in sample:
        for name in ("utf-16-le", "utf-16-be"):
            if _plausible(sample[: len(sample) // 2 * 2], name):
                return name
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _code_page(sample)
    return "utf-8"


def _plausible(sample: bytes, name: str) -> bool:
    """Whether the bytes, read so, are mostly Latin and Persian letters."""
    words = sample.decode(name, errors="replace")
    known = sum(1 for letter in words if "\t" <= letter <= "\u06ff" or "\u2000" <= letter <= "\u206f")
    return known >= len(words) * 0.95


def _code_page(sample: bytes) -> str:
    runs = _HIGH_RUN.findall(sample)
    together = sum(len(run) for run in runs if len(run) > 1)
    alone = sum(1 for run in runs if len(run) == 1)
    return "cp1256" if together >= alone else "cp1252"


def decode(data: bytes, encoding: str = "") -> tuple[str, str]:
    """The text and the name of its encoding; DomainError when the bytes are not in it."""
    if encoding and encoding not in ENCODINGS:
        raise DomainError(
            _("Unknown encoding “%(name)s”. Known are: %(known)s.") % {"name": encoding, "known": ", ".join(ENCODINGS)}
        )
    name = encoding or detect(data)
    try:
        return data.decode(name), name
    except UnicodeDecodeError as error:
        raise DomainError(
            _("The file is not text in the encoding %(name)s: byte %(place)s cannot be read.")
            % {"name": name, "place": error.start}
        ) from error
