"""The walk of a timeline: index walks over each record of the family, newest first, merged by the database.

Every arm reads an index on (content type, record, time) and stops at the size of a page, so that a record with ten
thousand entries costs no more than one with twenty.
"""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import EmptyResultSet
from django.db import connection, models

from activities.choices import Kind
from activities.models import Activity
from core.hosts import Relatives, host_of
from core.policies import can
from messaging.choices import Purpose
from messaging.models import Message

ACTIVITY, MESSAGE, ENTRY = 3, 2, 1
SOURCES = {"activity": ACTIVITY, "message": MESSAGE, "entry": ENTRY}
NAMES = {number: name for name, number in SOURCES.items()}
MAX_RELATIVES = 2000  # of each kind, the newest ones
WRITTEN = [kind.value for kind in (Kind.EMAIL, Kind.SMS, Kind.LETTER, Kind.CHAT, Kind.FAX)]
QUIET = ["timeline.pinned", "timeline.unpinned", "note.pinned", "note.unpinned"]
OWN_APPS = ("activities", "messaging")


@dataclass(frozen=True)
class Step:
    """One thing of the story: which source's row, when, and the record of the family that led to it."""

    at: dt.datetime
    source: int
    ref: int
    type_id: int
    object_id: int

    @property
    def item(self) -> str:
        """As pins and addresses name it: ``activity:12``."""
        return f"{NAMES[self.source]}:{self.ref}"

    @property
    def key(self) -> str:
        """Where the next page begins."""
        return f"{self.at.isoformat()}~{self.source}~{self.ref}"


@dataclass(frozen=True)
class Key:
    """A place in the story; everything after it is older."""

    at: str = "infinity"
    source: int = 9
    ref: int = 2**63 - 1

    @property
    def moment(self) -> dt.datetime | None:
        """When it is; None for the beginning."""
        return None if self.at == "infinity" else dt.datetime.fromisoformat(self.at)

    @classmethod
    def parse(cls, text: str) -> "Key":
        """From an address; the beginning for what is no key."""
        at, _sep, rest = text.partition("~")
        source, _sep, ref = rest.partition("~")
        try:
            moment, number, pk = dt.datetime.fromisoformat(at), int(source), int(ref)
        except ValueError:
            return cls()
        if moment.tzinfo is None or number not in NAMES or not 0 < pk < 2**63:
            return cls()
        return cls(at, number, pk)


@dataclass(frozen=True)
class Arm:
    """One source: its rows ``l`` (and what decides about them) for a record ``f`` of the family."""

    source: int
    at: str
    ref: str
    rows: str
    which: str = "true"

    def walk(self, record: tuple[str, str], floor: str = "") -> str:
        """The newest rows of one record after the key, none older than the floor."""
        return f"""
        (SELECT {self.at} AS at, {self.source} AS source, {self.ref} AS ref, {record[0]} AS type, {record[1]} AS id
         FROM {self.rows}
         WHERE l.content_type_id = {record[0]} AND l.object_id = {record[1]} AND {self.which} {floor}
           AND {self.at} <= %(at)s AND ({self.at}, {self.source}, {self.ref}) < (%(at)s, %(source)s, %(ref)s)
           AND {self.ref} <> ALL(%(pinned_{self.source})s)
         ORDER BY {self.at} DESC, {self.ref} DESC LIMIT %(size)s)"""

    def pinned(self) -> str:
        """The pinned rows, if they are of the family."""
        return f"""
        SELECT {self.at} AS at, {self.source} AS source, {self.ref} AS ref, f.type, f.id
        FROM {self.rows} JOIN family f ON l.content_type_id = f.type AND l.object_id = f.id
        WHERE {self.ref} = ANY(%(pinned_{self.source})s) AND {self.which}"""


MINE = (
    "(NOT a.is_private OR a.owner_id = %(user)s OR EXISTS "
    "(SELECT 1 FROM activities_assignment s WHERE s.activity_id = a.id AND s.user_id = %(user)s))"
)
ACTIVITIES = Arm(
    ACTIVITY,
    "l.at",
    "l.activity_id",
    "activities_activitylink l JOIN activities_activity a ON a.id = l.activity_id",
    f"a.deleted_at IS NULL AND {MINE} AND (a.kind = ANY(%(kinds)s)) = %(among)s",
)
MESSAGES = Arm(
    MESSAGE,
    "l.at",
    "l.message_id",
    "messaging_messagelink l JOIN messaging_message m ON m.id = l.message_id",
    "m.deleted_at IS NULL AND m.purpose <> %(internal)s",
)
ENTRIES = Arm(
    ENTRY, "l.at", "l.id", "core_auditentry l", "l.content_type_id <> ALL(%(own)s) AND l.code <> ALL(%(quiet)s)"
)
TOUCHING = Arm(
    ENTRY,
    "l.at",
    "l.entry_id",
    "core_auditrelated l JOIN core_auditentry e ON e.id = l.entry_id",
    "(e.content_type_id IS NULL OR e.content_type_id <> ALL(%(own)s)) AND e.code <> ALL(%(quiet)s)",
)
KINDS: dict[str, tuple[list[str], bool]] = {  # which kinds of activity, and whether those or all others
    "": ([], False),
    "activities": ([Kind.NOTE.value], False),
    "notes": ([Kind.NOTE.value], True),
    "messages": (WRITTEN, True),
}
ARMS: dict[str, tuple[Arm, ...]] = {
    "": (ACTIVITIES, MESSAGES, ENTRIES, TOUCHING),
    "activities": (ACTIVITIES,),
    "notes": (ACTIVITIES,),
    "messages": (ACTIVITIES, MESSAGES),
    "changes": (ENTRIES, TOUCHING),
}


OWN = ("%(own_type)s::int", "%(own_id)s::bigint")
RELATIVE = ("f.type", "f.id")
FLOOR = """floor AS MATERIALIZED (
    SELECT coalesce((SELECT at FROM (SELECT DISTINCT at, source, ref FROM own) o
                     ORDER BY at DESC OFFSET %(size)s - 1 LIMIT 1), '-infinity') AS at)"""
ABOVE_FLOOR = "AND {} >= (SELECT at FROM floor)"  # what is older than a whole page of the record's own is not on it
IN_ORDER = (
    "ORDER BY f.at DESC, f.source DESC, f.ref DESC, (f.type = %(own_type)s AND f.id = %(own_id)s) DESC, f.type, f.id"
)


@dataclass
class Walk:
    """A walk over the story of ``obj`` and its family as the user may see it; ``kind`` is a key of ``ARMS``."""

    user: Any
    obj: models.Model
    kind: str = ""
    only_own: bool = False
    pinned: Collection[str] = ()
    params: dict[str, Any] = field(init=False, default_factory=dict)
    relatives: str = field(init=False, default="")

    def __post_init__(self) -> None:
        kinds, among = KINDS.get(self.kind, ([], False))
        self.params = {
            "user": self.user.pk,
            "kinds": kinds,
            "among": among,
            "internal": Purpose.INTERNAL.value,
            "own": own_types(),
            "quiet": QUIET,
            **{f"pinned_{source}": _refs(self.pinned, name) for name, source in SOURCES.items()},
        }
        self.relatives = self._family()

    def steps(self, key: Key, size: int) -> list[Step]:
        """At most ``size`` steps after the key, newest first. One statement."""
        arms = self._arms()
        if not arms:
            return []
        own = " UNION ALL ".join(arm.walk(OWN) for arm in arms)  # apart: the database knows how much this record holds
        both = "SELECT * FROM own"
        if self.relatives:
            merged = " UNION ALL ".join(arm.walk(RELATIVE, ABOVE_FLOOR.format(arm.at)) for arm in arms)
            both += f" UNION ALL (SELECT i.* FROM ({self.relatives}) f (type, id) CROSS JOIN LATERAL ({merged}) i)"
        return self._run(
            f"WITH own AS MATERIALIZED ({own}), {FLOOR} "
            f"SELECT DISTINCT ON (f.at, f.source, f.ref) f.* FROM ({both}) f {IN_ORDER} LIMIT %(size)s",
            {"at": key.at, "source": key.source, "ref": key.ref, "size": size},
        )

    def pinned_steps(self) -> list[Step]:
        """The pinned ones that are part of the story, newest first. One statement."""
        arms = self._arms() if self.pinned else []
        if not arms:
            return []
        found = " UNION ALL ".join(arm.pinned() for arm in arms)
        family = " UNION ALL ".join(filter(None, (f"SELECT {OWN[0]}, {OWN[1]}", self.relatives)))
        return self._run(
            f"WITH family (type, id) AS MATERIALIZED ({family}) "
            f"SELECT DISTINCT ON (f.at, f.source, f.ref) f.* FROM ({found}) f {IN_ORDER}",
            {},
        )

    def _arms(self) -> list[Arm]:
        sees = {ACTIVITY: can(self.user, "view", Activity), MESSAGE: can(self.user, "view", Message), ENTRY: True}
        return [arm for arm in ARMS[self.kind] if sees[arm.source]]

    def _family(self) -> str:
        self.params |= {"own_type": type_id(type(self.obj)), "own_id": self.obj.pk}
        relatives: Sequence[Relatives] = () if self.only_own else host_of(self.obj).family(self.user, self.obj)
        parts = (self._relatives(relative, f"r{number}") for number, relative in enumerate(relatives))
        return " UNION ALL ".join(filter(None, parts))

    def _relatives(self, relative: Relatives, name: str) -> str:
        """The scoped rows of one kind as a subquery, its parameters renamed."""
        rows = relative.rows.order_by("-pk").values_list("pk")[:MAX_RELATIVES]
        try:
            sql, params = rows.query.sql_with_params()
        except EmptyResultSet:
            return ""
        names = iter(range(len(params)))
        named = re.sub(r"%%|%s", lambda found: "%%" if found[0] == "%%" else f"%({name}_{next(names)})s", sql)
        self.params |= {f"{name}_{position}": value for position, value in enumerate(params)}
        self.params[f"{name}_type"] = type_id(relative.model)
        return f"SELECT %({name}_type)s::int, {name}.id FROM ({named}) AS {name} (id)"

    def _run(self, sql: str, params: dict[str, Any]) -> list[Step]:
        with connection.cursor() as cursor:
            cursor.execute(sql, {**self.params, **params})
            return [Step(*row) for row in cursor.fetchall()]


def type_id(model: type[models.Model]) -> int:
    """The content type's key, from the process's memory."""
    return ContentType.objects.get_for_model(model).pk


def own_types() -> list[int]:
    """Content types whose entries are told by the activity or message itself."""
    return [kind.pk for kind in ContentType.objects.get_for_models(*_own_models()).values()]


def _own_models() -> list[type[models.Model]]:
    from django.apps import apps

    return [model for label in OWN_APPS for model in apps.get_app_config(label).get_models()]


def _refs(items: Collection[str], name: str) -> list[int]:
    pairs = (item.partition(":") for item in items)
    return [int(ref) for source, _sep, ref in pairs if source == name]
