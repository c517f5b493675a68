"""Fields a role may not read, or may read but not write. A field is open when any of the user's roles has it open."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

_followers: dict[str, Callable[[Any], frozenset[str]]] = {}
_RANK = {"": 0, "read": 1, "hidden": 2}


def table_of(user: Any) -> dict[tuple[str, str], str]:
    """(model label, field) → 'hidden' or 'read'; one query, remembered on the user object."""
    table: dict[tuple[str, str], str] | None = getattr(user, "_field_table", None)
    if table is None:
        table = {} if user.is_superuser else _load(user)
        user._field_table = table
    return table


def _load(user: Any) -> dict[tuple[str, str], str]:
    from users.models import FieldRule, Role

    rows = FieldRule.objects.filter(role__group__user=user.pk).values_list("model", "field", "access")
    rules: dict[tuple[str, str], list[str]] = defaultdict(list)
    for label, field, access in rows:
        rules[(label, field)].append(access)
    if not rules:
        return {}
    roles = Role.objects.filter(group__user=user.pk).count()
    return {key: min(accesses, key=_RANK.__getitem__) for key, accesses in rules.items() if len(accesses) == roles}


def access_of(user: Any, label: str, field: str) -> str:
    """'hidden', 'read' or '' (open) for the field."""
    if field in _following(user, label):
        return "hidden"
    return table_of(user).get((label, field), "")


def follow(label: str, fields: Callable[[Any], frozenset[str]]) -> None:
    """Hide fields of the model that would tell what the rules of other models hide: ``fields(user)`` names them.

    Called once, when the app that owns the model is loaded. Asked only of people who have rules at all.
    """
    _followers[label] = fields


def _following(user: Any, label: str) -> frozenset[str]:
    fields = _followers.get(label)
    return fields(user) if fields is not None and table_of(user) else frozenset()


def hidden_fields(user: Any, label: str) -> frozenset[str]:
    """The fields of the model the user may not read, in lists, records and exports alike."""
    ruled = (field for (model, field), access in table_of(user).items() if model == label and access == "hidden")
    return frozenset(ruled) | _following(user, label)
