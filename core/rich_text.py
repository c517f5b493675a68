"""What people write, made safe for a page: line breaks, addresses, and colleagues called by name.

A call is kept in the text as ``@[Name](key of the user)``: readable where only words are shown, and exact.
"""

import re
from typing import Final

from django.utils.html import escape, urlize
from django.utils.safestring import SafeString, mark_safe

MENTION: Final = re.compile(r"@\[([^\[\]\n]{1,160})\]\((\d{1,18})\)")
MAX_URL = 60


def mention(name: str, user_id: int) -> str:
    """The call of a colleague as it is kept in a text."""
    clean = re.sub(r"[\[\]\n()]", " ", name).strip() or str(user_id)
    return f"@[{clean}]({user_id})"


def plain(text: str) -> str:
    """The text for places that show only words: calls as ``@Name``."""
    return MENTION.sub(lambda found: f"@{found[1]}", text)


def html(text: str) -> SafeString:
    """The text as safe HTML: everything escaped, addresses as links, calls in bold, line breaks kept."""
    pieces = []
    last = 0
    for found in MENTION.finditer(text):
        pieces.append(_words(text[last : found.start()]))
        pieces.append(f'<b class="pv-mention"><bdi>@{escape(found[1])}</bdi></b>')
        last = found.end()
    pieces.append(_words(text[last:]))
    return mark_safe("".join(pieces))


def _words(text: str) -> str:
    linked = urlize(text, trim_url_limit=MAX_URL, nofollow=True, autoescape=True)
    return str(linked).replace("\r\n", "\n").replace("\n", "<br>")
