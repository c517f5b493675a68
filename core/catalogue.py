"""The Persian catalogue: fragments `locale/fa/*.po`, one per area, merged and compiled without gettext."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import polib

HEADER = {
    "Language": "fa",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n > 1);",
}
Key = tuple[str | None, str]


@dataclass
class Catalogue:
    """All translations of one language, and what does not fit together."""

    entries: dict[Key, polib.POEntry] = field(default_factory=dict)
    origin: dict[Key, str] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)

    def add(self, entry: polib.POEntry, source: str) -> None:
        """Take an entry; the first fragment wins, a differing later one is noted."""
        if entry.obsolete or entry.fuzzy or not entry.translated():
            return
        key = (entry.msgctxt, entry.msgid)
        known = self.entries.get(key)
        if known is None:
            self.entries[key], self.origin[key] = entry, source
        elif (known.msgstr, known.msgstr_plural) != (entry.msgstr, entry.msgstr_plural):
            if entry.msgid_plural and not known.msgid_plural:
                self.entries[key] = entry  # the same word in a counted sentence: the richer entry serves both
            elif not (known.msgid_plural and not entry.msgid_plural):
                self.conflicts.append(f"“{entry.msgid}”: {self.origin[key]} and {source} translate it differently")

    def save(self, target: Path) -> None:
        """Write the compiled catalogue whole, then rename it into place."""
        book = polib.POFile()
        book.metadata = HEADER
        book.extend(self.entries.values())
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".new")
        book.save_as_mofile(str(draft))
        draft.replace(target)


def fragments(folder: Path) -> list[Path]:
    """The sources of one language: its main file first, then the fragments by name."""
    main = folder / "LC_MESSAGES" / "django.po"
    return [*([main] if main.exists() else []), *sorted(folder.glob("*.po"))]


def merge(sources: Iterable[Path]) -> Catalogue:
    """Read the sources into one catalogue; raises OSError naming the file and line of a broken one."""
    merged = Catalogue()
    for path in sources:
        for entry in polib.pofile(str(path)):
            merged.add(entry, path.name)
    return merged
