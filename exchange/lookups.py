"""Records by the names a file uses: one query per column, never one per row."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import bulk, text
from core.errors import DomainError
from core.models import NamedValue
from core.policies import can
from exchange.convert import Ambiguous
from exchange.targets import Lookup

CHUNK = 5000


def visible(model: type[models.Model], actor: Any) -> Any:
    """The rows a name may mean: what the actor sees; all for the system itself."""
    manager: Any = model._default_manager
    return manager.for_user(actor, "view") if actor is not None else manager.all()


def find(lookup: Lookup, names: Iterable[str], *, actor: Any, by: str = "") -> dict[str, Any]:
    """Tight name → primary key, or ``Ambiguous`` when several records share it."""
    if by and by not in lookup.by:
        raise DomainError(
            _("“%(name)s” cannot be looked up by that; use one of: %(known)s.")
            % {"name": by, "known": ", ".join(lookup.by)}
        )
    fields = [by] if by else list(lookup.by)
    wanted = {text.tight(name) for name in names}
    parts = sorted({part for name in fields for part in name.split("+")})
    found: dict[str, Any] = {}
    for rows in _chunks(lookup, fields, wanted, visible(lookup.model, actor)):
        for row in rows.values("pk", *parts):
            _remember(found, fields, row, wanted)
    return found


def _chunks(lookup: Lookup, fields: list[str], wanted: set[str], rows: Any) -> Iterable[Any]:
    """The rows that can matter: all of a short list, of a large table only those with a wanted key."""
    if not lookup.key or not any(name in {"name", "first_name+last_name"} for name in fields):
        yield rows
        return
    keys = sorted(wanted)
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        condition = models.Q(**{f"{lookup.key}__in": part})
        for name in fields:
            if name in {"external_key", "national_id", "email"}:
                condition |= models.Q(**{f"{name}__in": part})
        yield rows.filter(condition)


def _remember(found: dict[str, Any], fields: list[str], row: dict[str, Any], wanted: set[str]) -> None:
    for name in fields:
        words = text.tight(" ".join(str(row[part] or "") for part in name.split("+")))
        if words and words in wanted:
            found[words] = row["pk"] if found.get(words, row["pk"]) == row["pk"] else Ambiguous


def create_missing(lookup: Lookup, names: Iterable[str], *, actor: Any) -> dict[str, dict[str, Any]]:
    """Tight name → the row to write for a missing record, with its primary key already reserved."""
    maker = lookup.create or _maker(lookup.model)
    if maker is None:
        raise DomainError(_("Missing records of “%(model)s” cannot be created.") % {"model": _plural(lookup.model)})
    if actor is not None and not can(actor, "add", lookup.model):
        raise DomainError(_("You may not create records of “%(model)s”.") % {"model": _plural(lookup.model)})
    unique = {text.tight(name): text.clean(name) for name in names if text.tight(name)}
    ids = bulk.reserve_ids(lookup.model, len(unique))
    return {key: {"id": pk, **maker(name, actor)} for pk, (key, name) in zip(ids, unique.items(), strict=True)}


def _plural(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name_plural)


def _maker(model: type[models.Model]) -> Any:
    if issubclass(model, NamedValue):
        return named_value
    names = {f.name for f in model._meta.local_fields}
    return _plain_name if "name" in names else None


def named_value(name: str, actor: Any) -> dict[str, Any]:
    """A value of an editable list, called the same in both languages until somebody translates it."""
    code = slugify(name)[:30] or "value"
    return {"code": f"{code}-{get_random_string(6).lower()}", "name_fa": name[:80], "name_en": name[:80]}


def _plain_name(name: str, actor: Any) -> dict[str, Any]:
    return {"name": name}


def owner_values(actor: Any) -> dict[str, Any]:
    """Owner, team and author of a record made by the actor."""
    if actor is None:
        return {}
    return {"owner_id": actor.pk, "team_id": actor.team_id, "created_by_id": actor.pk}
