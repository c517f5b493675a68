"""Who may do what with accounts, contacts and what hangs on them."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import (
    Account,
    AccountKind,
    BuyingRole,
    Contact,
    ContactPoint,
    Employment,
    ImportantDate,
    Industry,
    LifecycleStage,
    Province,
    Relation,
    RelationType,
    Source,
)
from core.policies import ParentPolicy, Policy, ReferencePolicy, policy_for, register
from users.policies import OwnedPolicy


@register(Account, Contact)
class PartyPolicy(OwnedPolicy):
    """Accounts and contacts belong to somebody."""


@register(Employment)
class EmploymentPolicy(ParentPolicy):
    """A job goes with its contact."""

    parent = "contact"


def _one_of(model: type[Account] | type[Contact], scope: Q, field: str) -> Q:
    """The party named by ``field`` is in the scope; asked row by row, for a panel has few and the company many."""
    return Q(Exists(model.objects.filter(scope, pk=OuterRef(field))))


@register(ContactPoint, ImportantDate)
class PartyChildPolicy(Policy):
    """Rows that hang on an account or on a contact ask that party."""

    actions = ()

    def level(self, user: Any, action: str) -> str:
        wanted = "view" if action in {"view", "export"} else "change"
        levels = {policy_for(model).level(user, wanted) for model in (Account, Contact)}
        return next((level for level in ("all", "branch", "team", "own") if level in levels), "none")

    def scope(self, user: Any, action: str) -> Q | None:
        wanted = "view" if action in {"view", "export"} else "change"
        rows = Q()
        for field, model in (("account", Account), ("contact", Contact)):
            scope = policy_for(model).scope(user, wanted)
            if scope is not None:
                rows |= _one_of(model, scope, field)
        return rows or None


@register(Relation)
class RelationPolicy(PartyChildPolicy):
    """A relation is seen when both ends are, so that it never names a hidden party; either end changes it."""

    def scope(self, user: Any, action: str) -> Q | None:
        seen = [_ends(user, side, "view") for side in ("from", "to")]
        if not all(seen):
            return None
        both = seen[0] & seen[1]
        if action in {"view", "export"}:
            return both
        changed = _ends(user, "from", "change") | _ends(user, "to", "change")
        return both & changed if changed else None


def _ends(user: Any, side: str, action: str) -> Q:
    rows = Q()
    for kind, model in (("account", Account), ("contact", Contact)):
        scope = policy_for(model).scope(user, action)
        if scope is not None:
            rows |= _one_of(model, scope, f"{side}_{kind}")
    return rows


@register(AccountKind, BuyingRole, Industry, LifecycleStage, Province, RelationType, Source)
class AccountsReferencePolicy(ReferencePolicy):
    """Lists of values."""
