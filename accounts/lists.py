"""The lists of values of this app that are edited in the settings, by the word in their address."""

from typing import Any

from accounts.models import AccountKind, BuyingRole, Industry, LifecycleStage, RelationType, Source
from core.models import NamedValue
from core.policies import policy_for

LISTS: dict[str, type[NamedValue]] = {
    "account-kinds": AccountKind,
    "life-cycle-stages": LifecycleStage,
    "industries": Industry,
    "sources": Source,
    "relation-types": RelationType,
    "buying-roles": BuyingRole,
}


def may_open(user: Any) -> bool:
    """Whether the user may change any of the lists."""
    return any(policy_for(model).can(user, "change") for model in LISTS.values())
