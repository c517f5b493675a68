"""Hosts: the records that activities, messages and timelines hang on, as their own apps declare them in ``hosts.py``.

A host says what lies around it (its family), where it can be reached (addresses) and which of its values a message may
name (merge fields). Apps below know hosts only by this registry.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True)
class Address:
    """One place to reach a record: ``value`` is an e-mail address in lower case or a phone in E.164.

    ``record`` is whose it is (a contact of the account, say): who may not see that one is not shown the address.
    """

    channel: str
    value: str
    name: str = ""
    field: str = ""
    record: Any = None


@dataclass(frozen=True)
class MergeField:
    """A value of the record that a message may name; ``field`` is the model's field whose rules hide it from roles."""

    name: str
    label: Any
    value: Callable[[Any], Any]
    field: str = ""


@dataclass(frozen=True)
class Relatives:
    """Records of one kind around a host: rows the reader may see, never all of them."""

    model: type[models.Model]
    rows: models.QuerySet[Any]


@dataclass(frozen=True, kw_only=True)
class Host:
    """What other apps may know of a kind of record.

    ``family(user, obj)`` gives the related records whose story is part of this one's, each scoped to the user.
    ``addresses(obj)`` gives where the record can be reached, ``language(obj)`` in which language ("fa", "en", "" for not
    known); ``has_next_step`` says that the record keeps the columns of
    ``core.models.NextStep``; ``is_open(obj)`` whether something may still be planned on it.
    """

    model: type[models.Model]
    icon: str = "file"
    has_next_step: bool = False
    is_open: Callable[[Any], bool] = lambda _obj: True
    family: Callable[[Any, Any], Sequence[Relatives]] = lambda _user, _obj: ()
    addresses: Callable[[Any], Sequence[Address]] = lambda _obj: ()
    language: Callable[[Any], str] = lambda _obj: ""
    merge_fields: Sequence[MergeField] = ()

    @property
    def label(self) -> str:
        """The model's label: ``app.model``."""
        return self.model._meta.label_lower


_hosts: dict[str, Host] = {}


def register(host: Host) -> Host:
    """Declare a host; called when the app's hosts.py is imported in ready()."""
    _hosts[host.label] = host
    return host


def all_hosts() -> list[Host]:
    """Every host, in the order of the apps."""
    return list(_hosts.values())


def find(label: str) -> Host | None:
    """The host of that label ("leads.lead"), if there is one."""
    return _hosts.get(label)


def host_of(obj: models.Model) -> Host:
    """The host of a record; LookupError for a record that is none."""
    try:
        return _hosts[obj._meta.label_lower]
    except KeyError:
        raise LookupError(f"{obj._meta.label} is not a host (see its app's hosts.py)") from None
