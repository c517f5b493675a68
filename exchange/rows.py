"""Cells to values: every row of the sheet becomes a staged row, or refusals with their column and reason."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import money, text
from core.parsing import InputError
from exchange import convert, lookups
from exchange.mapping import Rule
from exchange.reader import Problem, Sheet
from exchange.staging import Context, Row
from exchange.targets import CHOICE, EMAIL, LOOKUP, MANY, PHONE, TEXT, Column, Refused

Filler = Callable[[list[Any], Row], None]


class Stager:
    """Turns the rows of one sheet into staged rows by one mapping."""

    def __init__(self, sheet: Sheet, context: Context):
        self.sheet = sheet
        self.context = context
        self.problems: list[Problem] = list(sheet.problems)
        self.related: dict[type[models.Model], dict[int, dict[str, Any]]] = {}
        self.places = {text.tight(name): place for place, name in enumerate(sheet.headers) if name}
        self.empty = {text.tight(word) for word in context.mapping.empty}
        self.corrections = {
            (text.tight(rule.source), text.tight(str(word))): value
            for rule in context.mapping.rules
            for word, value in rule.values.items()
        }
        self.fillers = [(rule, column, self._filler(rule, column)) for rule, column in self._rules()]

    def _rules(self) -> list[tuple[Rule, Column]]:
        """The rules with their columns; composed texts last, for they use the others' cells."""
        rules = sorted(self.context.mapping.rules, key=lambda rule: bool(rule.template))
        return [(rule, self.context.target.by_name[rule.to]) for rule in rules]

    def cell(self, cells: list[Any], rule: Rule) -> Any:
        """The cell a rule reads, with its value map applied; None when it is empty."""
        if rule.template:
            return self.compose(rule.template, cells)
        raw = rule.constant if not rule.source else cells[self.places[text.tight(rule.source)]]
        if raw is None or raw == "":
            return None
        if isinstance(raw, str):
            raw = raw.strip()
            if not raw or (self.empty and text.tight(raw) in self.empty):
                return None
        return raw

    def compose(self, template: str, cells: list[Any]) -> str:
        """A text made of other cells: ``{column}``, or ``{column|slug}`` for an address."""
        result = template
        for key, place in self.names():
            for name, change in ((key, text.clean), (f"{key}|slug", slugify)):
                if f"{{{name}}}" in result:
                    words = convert.as_text(cells[place])
                    words = str(self.corrections.get((text.tight(key), text.tight(words)), words))
                    result = result.replace(f"{{{name}}}", change(words))
        return text.clean(result).strip(" -–—/،,")

    def names(self) -> list[tuple[str, int]]:
        """Header names with their places."""
        return [(name, place) for place, name in enumerate(self.sheet.headers) if name]

    def column_cells(self, rule: Rule) -> list[Any]:
        """All cells a rule reads."""
        return [self.cell(cells, rule) for _number, cells in self.sheet.rows]

    def _filler(self, rule: Rule, column: Column) -> Filler:
        changes = {text.tight(str(word)): value for word, value in rule.values.items()}
        if column.type in {LOOKUP, MANY} and column.lookup is not None:
            turn = self._lookup(rule, column, changes)
        else:
            unit = self.context.mapping.money_unit or self._currency() or money.BASE_CURRENCY
            turn = convert.converter(
                column,
                rule,
                unit=unit,
                calendar=self.context.mapping.calendar or "jalali",
                tz=self.context.tz,
                region=self.context.mapping.phone_region or convert.HOME_REGION,
                cells=lambda: self.column_cells(rule),
            )

        clears = self.context.mapping.blank == "clear" and _clearable(column)

        def fill(cells: list[Any], row: Row) -> None:
            raw = self.cell(cells, rule)
            if changes and raw is not None:
                raw = changes.get(text.tight(convert.as_text(raw)), raw)
            if raw is None or raw == "":
                if column.required or rule.required:
                    raise InputError(_("This column must not be empty."))
                if clears:
                    row.values[column.attname] = None if column.field.null else ""
                return
            if column.type == MANY:
                row.many[column.name] = [turn(part) for part in convert.split(convert.as_text(raw), rule.separator)]
            elif column.virtual:
                row.virtual[column.name] = turn(raw)
            else:
                row.values[column.attname] = turn(raw)

        return fill

    def _currency(self) -> str:
        found = {r.constant for r in self.context.mapping.rules if r.constant and r.to.endswith("currency")}
        code = str(found.pop()) if len(found) == 1 else ""
        return code if code in money.CURRENCIES else ""

    def _lookup(self, rule: Rule, column: Column, changes: dict[str, Any]) -> convert.Converter:
        lookup = column.lookup
        assert lookup is not None  # noqa: S101 - told by the caller
        names: dict[str, str] = {}
        for raw in self.column_cells(rule) if rule.source else [rule.constant]:
            words = convert.as_text(changes.get(text.tight(convert.as_text(raw)), raw))
            for part in convert.split(words, rule.separator) if column.type == MANY else [words]:
                names.setdefault(text.tight(part), part)
        names.pop("", None)
        found = lookups.find(lookup, names.values(), actor=self.context.actor, by=rule.by)
        missing = [words for key, words in names.items() if key not in found]
        if missing and lookup.model is self.context.target.model:
            return self._own(column, found)
        if missing and rule.create_missing:
            rows = lookups.create_missing(lookup, missing, actor=self.context.actor)
            waiting = self.related.setdefault(lookup.model, {})
            for key, values in rows.items():
                found[key] = values["id"]
                waiting[values["id"]] = values
        return convert.named(found)

    def _own(self, column: Column, found: dict[str, Any]) -> convert.Converter:
        """A reference to another row of the same file is settled when all rows have their ids."""
        known = convert.named(found)

        def turn(raw: Any) -> Any:
            try:
                return known(raw)
            except InputError:
                return LateName(text.clean(convert.as_text(raw)))

        return turn

    def fill(self) -> list[Row]:
        """Every row whose cells can be read; the others are in ``problems``."""
        rows = []
        for number, cells in self.sheet.rows:
            row = Row(number, {})
            if self._fill(row, cells):
                rows.append(row)
        return rows

    def prepare(self, rows: list[Row]) -> list[Row]:
        """The rows the target's own rules accept, completed by them."""
        if self.context.target.prepare is None:
            return rows
        self.context.rows = rows
        return [row for row in rows if self._prepare(row, self.context.target.prepare)]

    def _fill(self, row: Row, cells: list[Any]) -> bool:
        good = True
        for rule, column, fill in self.fillers:
            try:
                fill(cells, row)
            except (InputError, ValidationError) as error:
                good = False
                value = convert.as_text(self.cell(cells, rule))[:80]
                self.problems.append(Problem(row.number, rule.source or column.name, convert.reason_of(error), value))
        return good

    def _prepare(self, row: Row, hook: Callable[[Row, Context], None]) -> bool:
        try:
            hook(row, self.context)
        except Refused as error:
            self.refuse(row, error.column, error.reason, error.value)
            return False
        return True

    def refuse(self, row: Row, column: str, reason: str, value: str = "") -> None:
        """Put a row aside; a column of the target is named as the file names it."""
        source = next((r.source for r in self.context.mapping.rules if r.to == column and r.source), column)
        self.problems.append(Problem(row.number, source, reason, value))

    def needed_related(self, rows: list[Row]) -> dict[type[models.Model], list[dict[str, Any]]]:
        """The missing records to create: only those an accepted row points to."""
        used = {pk for row in rows for pk in row.values.values() if isinstance(pk, int)}
        used |= {pk for row in rows for pks in row.many.values() for pk in pks}
        used |= {pk for row in rows for pk in row.virtual.values() if isinstance(pk, int)}
        return {
            model: [values for pk, values in waiting.items() if pk in used] for model, waiting in self.related.items()
        }


def _clearable(column: Column) -> bool:
    """Whether an empty cell can empty the record's field."""
    if column.virtual or column.type == MANY:
        return False
    return bool(column.field.null or (column.field.blank and column.type in {TEXT, PHONE, EMAIL, CHOICE}))


class LateName(str):
    """The name of another row of the same file."""

    __slots__ = ()
