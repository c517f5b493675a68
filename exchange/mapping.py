"""The mapping file: which column of the file goes to which column of the target, and how."""

import json
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from core.errors import DomainError
from exchange.targets import Target

CREATE, UPDATE, SKIP = "create", "update", "skip"
ON_DUPLICATE: Final = (CREATE, UPDATE, SKIP)
BLANK: Final = ("keep", "clear")
_KEYS: Final = frozenset(
    {
        "target",
        "about",
        "columns",
        "constants",
        "compose",
        "key",
        "on_duplicate",
        "blank",
        "empty",
        "encoding",
        "delimiter",
        "sheet",
        "money_unit",
        "calendar",
        "phone_region",
    }
)
_WORDS: Final = ("encoding", "delimiter", "sheet", "money_unit", "calendar", "phone_region")
_RULE_KEYS: Final = frozenset(
    {"to", "values", "aliases", "formats", "multiply", "by", "create_missing", "separator", "required"}
)


@dataclass(frozen=True)
class Rule:
    """One column of the file (or a constant, or a composed text) to one column of the target."""

    to: str
    source: str = ""
    constant: Any = None
    template: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    multiply: Decimal | None = None
    by: str = ""
    create_missing: bool = False
    separator: str = "،;,|"
    required: bool = False


@dataclass(frozen=True)
class Mapping:
    """A whole mapping: rules, the key of existing records, and what to do with those."""

    rules: tuple[Rule, ...]
    key: tuple[str, ...] = ()
    on_duplicate: str = CREATE
    blank: str = "keep"
    empty: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    money_unit: str = ""
    calendar: str = ""
    phone_region: str = ""

    @property
    def sources(self) -> list[str]:
        """The names of the file's columns that are used."""
        return list(dict.fromkeys(rule.source for rule in self.rules if rule.source))


def load(path: Path, target: Target) -> Mapping:
    """Read and check a mapping file."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DomainError(_("The file “%(name)s” cannot be read.") % {"name": path.name}) from error
    except ValueError as error:
        raise DomainError(
            _("The mapping “%(name)s” is not valid JSON: %(reason)s.") % {"name": path.name, "reason": error}
        ) from error
    return parse(raw, target)


def parse(raw: Any, target: Target) -> Mapping:
    """Check a mapping given as data; every mistake is named."""
    if not isinstance(raw, dict) or not isinstance(raw.get("columns", {}), dict):
        raise DomainError(_("A mapping is an object with “columns”."))
    _known(raw, _KEYS)
    if raw.get("target", target.name) != target.name:
        raise DomainError(
            _("The mapping is for “%(mapping)s”, not for “%(target)s”.")
            % {"mapping": raw["target"], "target": target.name}
        )
    rules = [rule for source, spec in raw.get("columns", {}).items() for rule in _rules(source, spec)]
    rules += [Rule(to, constant=value) for to, value in raw.get("constants", {}).items()]
    rules += [Rule(to, template=template) for to, template in raw.get("compose", {}).items()]
    key = raw.get("key", [])
    mapping = Mapping(
        rules=tuple(rules),
        key=tuple([key] if isinstance(key, str) else key),
        on_duplicate=_one_of(raw, "on_duplicate", ON_DUPLICATE, UPDATE if key else CREATE),
        blank=_one_of(raw, "blank", BLANK, "keep"),
        empty=tuple(raw.get("empty", ())),
        **{name: str(raw.get(name, "")) for name in _WORDS},
    )
    _check(mapping, target)
    return mapping


def _known(raw: dict[str, Any], keys: frozenset[str]) -> None:
    for name in raw:
        if name not in keys:
            raise DomainError(
                _("The mapping has an unknown key “%(name)s”. Known are: %(known)s.")
                % {"name": name, "known": ", ".join(sorted(keys))}
            )


def _one_of(raw: dict[str, Any], name: str, known: tuple[str, ...], default: str) -> str:
    value = raw.get(name, default)
    if value not in known:
        raise DomainError(
            _("“%(name)s” is one of: %(known)s.") % {"name": name, "known": ", ".join(known)}, code="mapping"
        )
    return str(value)


def _rules(source: str, spec: Any) -> list[Rule]:
    if isinstance(spec, list):
        return [rule for one in spec for rule in _rules(source, one)]
    if isinstance(spec, str):
        return [Rule(spec, source)]
    if not isinstance(spec, dict) or "to" not in spec:
        raise DomainError(_("Column “%(name)s” of the mapping does not say where it goes.") % {"name": source})
    _known(spec, _RULE_KEYS)
    return [
        Rule(
            to=spec["to"],
            source=source,
            values={**spec.get("values", {}), **spec.get("aliases", {})},
            formats=tuple(spec.get("formats", ())),
            multiply=_factor(spec.get("multiply")),
            by=spec.get("by", ""),
            create_missing=bool(spec.get("create_missing")),
            separator=spec.get("separator", Rule.separator),
            required=bool(spec.get("required")),
        )
    ]


def _factor(value: Any) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation as error:
        raise DomainError(_("“multiply” is a number.")) from error


def _check(mapping: Mapping, target: Target) -> None:
    filled = {rule.to for rule in mapping.rules}
    for name in (*filled, *mapping.key):
        if name not in target.by_name:
            raise DomainError(
                _("“%(target)s” has no column “%(name)s”. It has: %(known)s.")
                % {"target": target.name, "name": name, "known": ", ".join(target.by_name)}
            )
    for name in mapping.key:
        if name not in filled or target.by_name[name].virtual:
            raise DomainError(_("The key “%(name)s” is not filled by the mapping.") % {"name": name})
    if mapping.on_duplicate != CREATE and not mapping.key:
        raise DomainError(_("To update or skip existing records the mapping must name a key."))
    missing = [column.name for column in target.columns if column.required and column.name not in filled]
    if missing:
        raise DomainError(_("The mapping fills no %(names)s, which is required.") % {"names": ", ".join(missing)})
