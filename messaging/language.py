"""The language of message templates: places for values, and parts that depend on a value. Nothing else.

``{{ name }}`` is the value of a field, ``{{ name|default:"…" }}`` its value or these words,
``{% if name %}…{% else %}…{% endif %}`` a part for records that have the value. Names are looked up in a table; there are
no attributes, no calls, no loops and no other filters, so that a template costs no more than its own length and reaches
nothing that its table does not hold.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.text import tight

MAX_LENGTH: Final = 20_000
MAX_VALUE: Final = 2_000
MAX_DEPTH: Final = 5
OPEN = re.compile(r"\{\{|\{%")
PLACE = re.compile(r"""^(?P<name>[^|{}"'%]+?)(?:\|default:\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'))?$""")
OPEN_MARKS: Final = {"{{": "}}", "{%": "%}"}  # and what closes them
LOOPS = frozenset({"for", "while", "cycle", "include", "extends", "with", "load", "macro", "import"})


class TemplateProblem(DomainError):
    """A template that cannot be used, in words for whoever writes it."""


@dataclass(frozen=True)
class Place:
    """The value of a field, or the words that stand for it when it is missing; None: it must be there."""

    name: str
    fallback: str | None = None


@dataclass(frozen=True)
class Choice:
    """One part when the field has a value, another when it has none."""

    name: str
    then: list["Node"] = field(default_factory=list)
    otherwise: list["Node"] = field(default_factory=list)


Node = str | Place | Choice


def parse(text: str, names: Mapping[str, str]) -> list[Node]:
    """The template as nodes. ``names``: how a field may be written → its name (see ``spellings``).

    Raises TemplateProblem for what the language does not know, a field that is not there, or a text too long.
    """
    if len(text) > MAX_LENGTH:
        raise TemplateProblem(_("The text is too long: %(limit)s letters at most.") % {"limit": MAX_LENGTH})
    return _Parser(text, names).nodes()


def fill(nodes: Sequence[Node], values: Mapping[str, str]) -> tuple[str, list[str]]:
    """The text with its values, and the names of those that are missing; their places stay as they are written.

    A value is cut to 2,000 letters and cannot itself be read as a template.
    """
    missing: list[str] = []
    return "".join(_fill(nodes, values, missing)), list(dict.fromkeys(missing))


def spellings(fields: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """How each field may be written: by its name, or by its label in either language. The first field wins."""
    known: dict[str, str] = {}
    for name, labels in fields:
        for words in (name, *labels):
            known.setdefault(tight(words), name)
    return known


def _tokens(text: str) -> Iterator[str]:
    """Words, places and tags in turn, in one pass. Behind a place that is not closed all is words, for the parser to refuse."""
    at = 0
    while found := OPEN.search(text, at):
        closed = text.find(OPEN_MARKS[found[0]], found.end())
        if closed < 0:
            break
        yield text[at : found.start()]
        at = closed + 2
        yield text[found.start() : at]
    yield text[at:]


class _Parser:
    """One pass over the tokens with a stack of open conditions."""

    def __init__(self, text: str, names: Mapping[str, str]):
        self.tokens = _tokens(text)
        self.names = names
        self.root: list[Node] = []
        self.target = self.root
        self.open: list[tuple[Choice, list[Node], bool]] = []  # the condition, where it stands, whether else has come

    def nodes(self) -> list[Node]:
        tags: dict[str, Callable[[str], None]] = {"if": self._if, "else": self._else, "endif": self._endif}
        for token in self.tokens:
            if token.startswith("{{") and token.endswith("}}"):
                self.target.append(self._place(token[2:-2].strip()))
            elif token.startswith("{%") and token.endswith("%}"):
                word, _space, rest = token[2:-2].strip().partition(" ")
                if word not in tags:
                    raise TemplateProblem(_unknown_tag(word))
                tags[word](rest.strip())
            elif token:
                self._plain(token)
        if self.open:
            raise TemplateProblem(
                _("“if %(name)s” is not closed: its “endif” is missing.") % {"name": self.open[-1][0].name}
            )
        return self.root

    def _plain(self, token: str) -> None:
        if any(mark in token for mark in OPEN_MARKS):
            raise TemplateProblem(_("A place is not closed: write {{ field }} with two brackets on each side."))
        self.target.append(token)

    def _place(self, inner: str) -> Place:
        found = PLACE.match(inner)
        if found is None:
            raise TemplateProblem(
                _('“%(words)s” is not understood. Write {{ field }} or {{ field|default:"words" }}.')
                % {"words": inner[:60]}
            )
        fallback = found["double"] if found["double"] is not None else found["single"]
        return Place(self._name(found["name"]), fallback)

    def _name(self, words: str) -> str:
        words = words.strip()
        name = self.names.get(tight(words)) if words else None
        if name is None:
            raise TemplateProblem(
                _("There is no field “%(name)s” here. Choose one from the list.") % {"name": words[:60]}
            )
        return name

    def _if(self, words: str) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise TemplateProblem(_("Conditions stand %(limit)s deep at most.") % {"limit": MAX_DEPTH})
        choice = Choice(self._name(words))
        self.target.append(choice)
        self.open.append((choice, self.target, False))
        self.target = choice.then

    def _else(self, words: str) -> None:
        if not self.open or self.open[-1][2] or words:
            raise TemplateProblem(_("“else” stands without an “if” of its own."))
        choice, outer, _had = self.open[-1]
        self.open[-1] = (choice, outer, True)
        self.target = choice.otherwise

    def _endif(self, words: str) -> None:
        if not self.open or words:
            raise TemplateProblem(_("“endif” stands without an “if” of its own."))
        _choice, self.target, _had = self.open.pop()


def _unknown_tag(word: str) -> str:
    if word in LOOPS:
        return _("“%(word)s” is not possible here: a template neither repeats nor loads anything.") % {"word": word}
    return _("“%(word)s” is not known here. There are only “if”, “else” and “endif”.") % {"word": word[:40]}


def _fill(nodes: Sequence[Node], values: Mapping[str, str], missing: list[str]) -> list[str]:
    parts: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            parts.append(node)
        elif isinstance(node, Place):
            parts.append(_value(node, values, missing))
        else:
            parts += _fill(node.then if values.get(node.name) else node.otherwise, values, missing)
    return parts


def _value(place: Place, values: Mapping[str, str], missing: list[str]) -> str:
    value = values.get(place.name, "")
    if value:
        return _harmless(value[:MAX_VALUE])
    if place.fallback is not None:
        return place.fallback
    missing.append(place.name)
    return f"{{{{ {place.name} }}}}"


def _harmless(value: str) -> str:
    """A value that looks like a template stays words when the text is read again."""
    return value.replace("{{", "{ {").replace("{%", "{ %")
