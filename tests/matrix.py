"""The permission matrix: one row per address, written down per app in ``tests/<app>/matrix.py`` as ``MATRIX``.

A row says which actors get in, which find nothing (404); all others are refused (403). Nobody signed in is sent to
sign-in, unless the row is public. ``post`` rows are buttons without a page of their own: they are posted to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver

ACTORS = ("nobody", "rep", "teammate", "outsider", "manager", "executive", "marketer", "support", "admin")
EVERYBODY = " ".join(ACTORS)
WITH_ROLE = " ".join(ACTORS[1:])


@dataclass(frozen=True)
class Row:
    """``ok`` and ``missing`` are names of actors; ``args`` name things of the world, whose keys go into the address."""

    ok: str = ""
    missing: str = ""
    args: tuple[str, ...] = ()
    post: bool = False
    public: bool = False
    data: tuple[tuple[str, str], ...] = ()

    def expected(self, actor: str) -> str:
        """'in', 'missing' or 'refused' for the actor; 'sign-in' when nobody is signed in."""
        if actor == "anonymous" and not self.public:
            return "sign-in"
        if actor in self.ok.split():
            return "in"
        return "missing" if actor in self.missing.split() else "refused"


def row(ok: str = "", *args: str, missing: str = "", post: bool = False, **data: str) -> Row:
    """A row behind sign-in."""
    return Row(ok, missing, args, post, data=tuple(data.items()))


def public(*args: str, post: bool = False, there: bool = True) -> Row:
    """A row everybody may open, signed in or not; ``there`` is False when in this world nothing is behind it."""
    all_of_them = f"anonymous {EVERYBODY}"
    return Row(all_of_them if there else "", "" if there else all_of_them, args, post, public=True)


def addresses() -> Iterator[str]:
    """The full name of each address of the product; those of Django admin have rules of their own."""
    yield from sorted(set(_walk(get_resolver().url_patterns, "")))


def _walk(patterns: Any, namespace: str) -> Iterator[str]:
    for entry in patterns:
        if isinstance(entry, URLPattern):
            if entry.name is not None:
                yield f"{namespace}{entry.name}"
        elif entry.namespace != "admin":
            yield from _walk(entry.url_patterns, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
