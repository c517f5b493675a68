"""What can be imported into: each app declares its targets in ``imports.py``; the engine and the wizard list them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.fields import CleanTextField, MoneyField, PhoneField

if TYPE_CHECKING:
    from exchange.staging import Context, Row

TEXT, PHONE, EMAIL, DATE, DATETIME = "text", "phone", "email", "date", "datetime"
DECIMAL, INTEGER, MONEY, CHOICE, BOOLEAN = "decimal", "integer", "money", "choice", "boolean"
LOOKUP, MANY, LIST = "lookup", "many", "list"


@dataclass(frozen=True)
class Lookup:
    """Records found by what a file calls them.

    ``by`` are the fields compared (several joined by "+" are compared with a space between); ``key`` is a stored
    column with the tight form of the name, so that a large table is asked only for the names in the file.
    ``create`` makes the values of a record that is missing, where that is allowed.
    """

    model: type[models.Model]
    by: tuple[str, ...]
    key: str = ""
    create: Callable[[str, Any], dict[str, Any]] | None = None


@dataclass(frozen=True)
class Column:
    """A column a file may fill: ``name`` in mappings, its type, and the model's field (``virtual``: the hook's own)."""

    name: str
    label: Any
    type: str
    field: Any = None
    required: bool = False
    lookup: Lookup | None = None
    virtual: bool = False
    help: Any = ""

    @property
    def attname(self) -> str:
        """The key of the value in a staged row."""
        return str(self.field.attname) if self.field is not None and self.type != MANY else self.name


@dataclass(frozen=True)
class Target:
    """Somewhere rows can go.

    ``keys`` are the columns a record may be known by; ``begin`` fills the context's cache, ``prepare`` completes or
    refuses one row (by raising ``Refused``), ``finish`` writes what hangs on the rows, in the same transaction.
    """

    name: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    keys: tuple[str, ...] = ()
    label: Any = ""
    begin: "Callable[[Context], None] | None" = None
    prepare: "Callable[[Row, Context], None] | None" = None
    finish: "Callable[[Context], None] | None" = None
    by_name: dict[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def owned(self) -> bool:
        """Whether rows have an owner and a team."""
        return any(f.name == "owner" for f in self.model._meta.local_fields)


class Refused(Exception):
    """Raised by a hook: the row cannot be imported, because of this column."""

    def __init__(self, column: str, reason: str, value: str = ""):
        super().__init__(reason)
        self.column, self.reason, self.value = column, reason, value


_targets: dict[str, Target] = {}


def register(target: Target) -> None:
    """Declare a target."""
    _targets[target.name] = target


def all_targets() -> list[Target]:
    """Every target by name."""
    return [_targets[name] for name in sorted(_targets)]


def find(name: str) -> Target:
    """The target of the name; DomainError with the known names otherwise."""
    if name not in _targets:
        raise DomainError(
            _("Unknown target “%(name)s”. Known are: %(known)s.") % {"name": name, "known": ", ".join(sorted(_targets))}
        )
    return _targets[name]


def columns_of(
    model: type[models.Model], *names: str, required: tuple[str, ...] = (), **lookups: Lookup
) -> list[Column]:
    """Columns straight from model fields; a foreign key's lookup is given by name or found by the model's own names."""
    columns = []
    for name in names:
        model_field: Any = model._meta.get_field(name)
        kind = type_of(model_field)
        lookup = lookups.get(name)
        if kind in {LOOKUP, MANY} and lookup is None:
            lookup = default_lookup(model_field.related_model)
        columns.append(Column(name, model_field.verbose_name, kind, model_field, name in required, lookup))
    return columns


_TYPES: tuple[tuple[type[Any], str], ...] = (
    (models.ManyToManyField, MANY),
    (models.ForeignKey, LOOKUP),
    (PhoneField, PHONE),
    (models.EmailField, EMAIL),
    (models.DateTimeField, DATETIME),
    (models.DateField, DATE),
    (MoneyField, MONEY),
    (models.DecimalField, DECIMAL),
    (models.IntegerField, INTEGER),
    (models.BooleanField, BOOLEAN),
    (ArrayField, LIST),
    (CleanTextField, TEXT),
)


def type_of(model_field: Any) -> str:
    """The column type that fits a model field."""
    if getattr(model_field, "choices", None):
        return CHOICE
    return next((kind for cls, kind in _TYPES if isinstance(model_field, cls)), TEXT)


NAME_FIELDS = ("external_key", "code", "email", "national_id", "name", "name_fa", "name_en")


def default_lookup(model: type[models.Model]) -> Lookup:
    """Find records of the model by the fields people know them by."""
    names = {f.name for f in model._meta.get_fields()}
    by = [name for name in NAME_FIELDS if name in names]
    if {"first_name", "last_name"} <= names:
        by.append("first_name+last_name")
    return Lookup(model, tuple(by), "name_key" if "name_key" in names else "")
