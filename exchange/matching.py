"""Which staged rows are new, which change a record that is there, and which may not."""

from typing import Any

from django.utils.translation import gettext as _

from core import bulk, text
from core.policies import policy_for
from exchange import lookups
from exchange.mapping import CREATE, SKIP
from exchange.rows import LateName, Stager
from exchange.staging import Context, Row
from exchange.targets import Column


def _folded(value: Any) -> Any:
    return text.tight(value) if isinstance(value, str) else value


class Matcher:
    """Sorts the rows of one import."""

    def __init__(self, stager: Stager, context: Context):
        self.stager, self.context = stager, context
        self.key = context.mapping.key
        self.skipped = 0
        self.repeated = 0

    def match(self, rows: list[Row]) -> list[Row]:
        """Find the records the rows mean; give back the rows that create or change one."""
        rows = self._without_repeats(rows)
        known = self._known(rows)
        return [row for row in rows if self._place(row, known)]

    def sort(self, rows: list[Row]) -> list[Row]:
        """Give new rows their ids and fill the context's ``created`` and ``updated``; give back all to be written."""
        new = [row for row in rows if not row.existing]
        for row, pk in zip(new, bulk.reserve_ids(self.context.target.model, len(new)), strict=True):
            row.pk = pk
        kept = self._out_of_scope(self._settle_late(rows))
        self.context.created = [row for row in kept if not row.existing]
        self.context.updated = [row for row in kept if row.existing]
        return kept

    def _key_of(self, row: Row) -> tuple[Any, ...] | None:
        names = [self.context.target.by_name[name].attname for name in self.key]
        values = tuple(_folded(row.values.get(name)) for name in names)
        return None if any(value in (None, "") for value in values) else values

    def _without_repeats(self, rows: list[Row]) -> list[Row]:
        if not self.key:
            return rows
        first: dict[tuple[Any, ...], Row] = {}
        kept = []
        for row in rows:
            key = self._key_of(row)
            if key is None:
                self.stager.refuse(row, self.key[0], _("The key is empty."))
            elif (earlier := first.setdefault(key, row)) is row:
                kept.append(row)
            elif (earlier.values, earlier.virtual, earlier.many) == (row.values, row.virtual, row.many):
                self.repeated += 1
            else:
                reason = _("Row %(row)s has the same key with other values.") % {"row": earlier.number}
                self.stager.refuse(row, self.key[0], reason)
        return kept

    def _known(self, rows: list[Row]) -> dict[tuple[Any, ...], int]:
        """Key → the record that has it, also one the importer may not change."""
        if not self.key or not rows:
            return {}
        target = self.context.target
        columns: list[Column] = [target.by_name[name] for name in self.key]
        manager: Any = target.model._default_manager
        attnames = [column.attname for column in columns]
        lead = attnames[0]
        found: dict[tuple[Any, ...], int] = {}
        wanted = sorted({row.values[lead] for row in rows}, key=str)
        small = manager.order_by().count() <= lookups.CHUNK
        for start in range(0, len(wanted), lookups.CHUNK):
            part = (
                manager.order_by()
                if small
                else manager.filter(**{f"{lead}__in": wanted[start : start + lookups.CHUNK]})
            )
            for pk, *values in part.values_list("pk", *attnames):
                found[tuple(_folded(value) for value in values)] = pk
            if small:
                break
        return found

    def _place(self, row: Row, known: dict[tuple[Any, ...], int]) -> bool:
        key = self._key_of(row) if self.key else None
        pk = known.get(key) if key else None
        if pk is None:
            return True
        if self.context.mapping.on_duplicate == SKIP:
            self.skipped += 1
            return False
        if self.context.mapping.on_duplicate == CREATE:
            self.stager.refuse(row, self.key[0], _("There is already a record with this key."))
            return False
        row.pk, row.existing = pk, True
        return True

    def _settle_late(self, rows: list[Row]) -> list[Row]:
        """Point references at other rows of the file to their ids; a name nobody has refuses its row."""
        names = [
            c
            for c in self.context.target.columns
            if c.lookup is not None and c.lookup.model is self.context.target.model
        ]
        if not names or not any(isinstance(row.values.get(c.attname), LateName) for row in rows for c in names):
            return rows
        own = {text.tight(words): row.pk for row in rows for words in _own_names(names[0], row)}
        kept = []
        for row in rows:
            bad = ""
            for column in names:
                value = row.values.get(column.attname)
                if not isinstance(value, LateName):
                    continue
                row.values[column.attname] = own.get(text.tight(value))
                if row.values[column.attname] in (None, row.pk):
                    bad = bad or value
                    self.stager.refuse(row, column.name, _("No record is called “%(name)s”.") % {"name": value[:80]})
            if not bad:
                kept.append(row)
        return kept

    def _out_of_scope(self, rows: list[Row]) -> list[Row]:
        """Give owners to new rows, and refuse those the actor may not write; give back the rest."""
        actor = self.context.actor
        if actor is None:
            return rows
        policy = policy_for(self.context.target.model)
        if not self.context.target.owned:
            return rows
        level = policy.level(actor, "add")
        allowed = None if level == "all" else set(actor.colleagues(level))
        mine = self._changeable([row.pk for row in rows if row.existing])
        kept = []
        for row in rows:
            if row.existing and row.pk not in mine:
                self.stager.refuse(row, self.key[0], _("You may not change the record with this key."))
                continue
            owner = row.values.get("owner_id") if row.existing else row.values.setdefault("owner_id", actor.pk)
            if allowed is not None and owner is not None and owner not in allowed:
                self.stager.refuse(row, "owner", _("You may not give records to this person."))
                continue
            kept.append(row)
        return kept

    def _changeable(self, pks: list[Any]) -> set[Any]:
        manager: Any = self.context.target.model._default_manager
        rows = manager.for_user(self.context.actor, "change").order_by()
        found: set[Any] = set()
        for start in range(0, len(pks), lookups.CHUNK):
            found |= set(rows.filter(pk__in=pks[start : start + lookups.CHUNK]).values_list("pk", flat=True))
        return found


def _own_names(column: Column, row: Row) -> list[str]:
    assert column.lookup is not None  # noqa: S101 - told by the caller
    words = (" ".join(str(row.values.get(part) or "") for part in by.split("+")).strip() for by in column.lookup.by)
    return [word for word in words if word]
