"""How many parts an SMS has, and the line that tells how to stop it.

GSM 03.38: 160 characters in one part, 153 in each of several; with any other letter (Persian) the whole text is UCS-2:
70 and 67. Characters outside the BMP take two places, those of GSM's extension table too.
"""

from typing import Final, NamedTuple

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION: Final = frozenset("\f^{}\\[~]|€")
GSM_SINGLE, GSM_JOINED, UCS_SINGLE, UCS_JOINED = 160, 153, 70, 67
MAX_PARTS: Final = 10


class Size(NamedTuple):
    """Length in the places of the alphabet, number of parts, and whether the alphabet is UCS-2."""

    length: int
    parts: int
    is_unicode: bool


def measure(text: str) -> Size:
    """What a text costs as SMS; an empty one costs nothing."""
    letters = set(text)
    is_unicode = not letters <= (BASIC | EXTENSION)
    if is_unicode:
        widths = [2 if ord(letter) > 0xFFFF else 1 for letter in text]
        return Size(sum(widths), _parts(widths, UCS_SINGLE, UCS_JOINED), True)
    widths = [2 if letter in EXTENSION else 1 for letter in text]
    return Size(sum(widths), _parts(widths, GSM_SINGLE, GSM_JOINED), False)


def _parts(widths: list[int], single: int, joined: int) -> int:
    """Letters of two places are never cut in half, so a part may stay one place short."""
    if sum(widths) <= single:
        return 1 if widths else 0
    parts, room = 1, joined
    for width in widths:
        if width > room:
            parts, room = parts + 1, joined
        room -= width
    return parts


def with_footer(text: str, footer: str) -> str:
    """The text with the line that tells how to stop, once."""
    footer = footer.strip()
    return text if not footer or text.rstrip().endswith(footer) else f"{text.rstrip()}\n{footer}"
