"""The Persian catalogue `locale/fa/LC_MESSAGES/django.po`: kept in step with the code, compiled without gettext."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polib
from django.conf import settings

HEADER = {
    "Project-Id-Version": "peyvand",
    "Language": "fa",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n > 1);",
}
WIDTH = 110
Key = tuple[str | None, str]


@dataclass(frozen=True)
class Update:
    """What bringing the catalogue up to date did: sentences that came new and sentences the code no longer has."""

    added: int
    dropped: int


def source() -> Path:
    """The catalogue's file."""
    return Path(settings.LOCALE_PATHS[0]) / "fa" / "LC_MESSAGES" / "django.po"


def key(entry: polib.POEntry) -> Key:
    """What a sentence is found by: its context and its English."""
    return entry.msgctxt, entry.msgid


def read(path: Path) -> polib.POFile:
    """The catalogue; raises OSError for a broken file, ValueError for a sentence that stands in it twice."""
    return polib.pofile(str(path), wrapwidth=WIDTH, check_for_duplicates=True)


def usable(book: polib.POFile) -> list[polib.POEntry]:
    """The sentences that are translated for certain."""
    return [entry for entry in book if entry.translated() and not entry.fuzzy and not entry.obsolete]


def missing(book: polib.POFile, extracted: Iterable[polib.POEntry]) -> list[polib.POEntry]:
    """Sentences of the code that have no Persian."""
    known = {key(entry): entry for entry in usable(book)}
    return [e for e in extracted if key(e) not in known or (e.msgid_plural and not known[key(e)].msgid_plural)]


def update(book: polib.POFile, extracted: Iterable[polib.POEntry], path: Path) -> Update:
    """Write the catalogue with exactly the sentences of the code, each with the Persian it had, by their English."""
    known = {key(entry): entry for entry in book}
    fresh = polib.POFile(wrapwidth=WIDTH, check_for_duplicates=True)
    fresh.metadata = HEADER
    for entry in sorted(extracted, key=lambda one: (one.msgid.casefold(), one.msgid, one.msgctxt or "")):
        fresh.append(_carried(entry, known.get(key(entry))))
    kept = {key(entry) for entry in fresh}
    fresh.save(str(path))
    return Update(added=len(kept - known.keys()), dropped=len(known.keys() - kept))


def _carried(entry: polib.POEntry, old: polib.POEntry | None) -> polib.POEntry:
    """The sentence as the code has it (its files without line numbers) with the old translation."""
    files = dict.fromkeys(name for name, _line in entry.occurrences)
    fresh = polib.POEntry(
        msgctxt=entry.msgctxt,
        msgid=entry.msgid,
        msgid_plural=entry.msgid_plural,
        occurrences=[(name, "") for name in files],
        flags=[flag for flag in entry.flags if flag != "fuzzy"],
        comment=entry.comment,
    )
    if old is None:
        return fresh
    if entry.msgid_plural:
        fresh.msgstr_plural = dict(old.msgstr_plural) or {0: old.msgstr, 1: old.msgstr}
    else:
        fresh.msgstr = old.msgstr or old.msgstr_plural.get(0, "")
    return fresh


def compile_to(book: polib.POFile, target: Path) -> int:
    """Write the compiled catalogue whole, then rename it into place; returns how many sentences it holds."""
    entries = usable(book)
    compiled = polib.POFile()
    compiled.metadata = HEADER
    compiled.extend(entries)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".new")
    compiled.save_as_mofile(str(draft))
    draft.replace(target)
    return len(entries)
