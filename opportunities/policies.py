"""Who may do what with opportunities."""

from typing import Any

from core.policies import ParentPolicy, ReferencePolicy, policy_for, register
from opportunities.models import (
    CloseReason,
    Opportunity,
    OpportunityContact,
    OpportunityLine,
    SalesCycle,
    Stage,
    StageVisit,
    Tally,
)
from users import field_rules
from users.policies import OwnedPolicy

MADE_OF_THE_AMOUNT = frozenset({"base_amount", "expected_value"})
PARTS_OF_THE_AMOUNT = frozenset({"quantity", "unit_price", "discount"})


def hides_amounts(user: Any) -> bool:
    """Whether the roles keep the amounts of deals from the user."""
    return field_rules.table_of(user).get((Opportunity._meta.label_lower, "amount")) == "hidden"


def _if_hidden(fields: frozenset[str]) -> Any:
    return lambda user: fields if hides_amounts(user) else frozenset()


field_rules.follow(Opportunity._meta.label_lower, _if_hidden(MADE_OF_THE_AMOUNT))
field_rules.follow(OpportunityLine._meta.label_lower, _if_hidden(PARTS_OF_THE_AMOUNT))


@register(Opportunity)
class OpportunityPolicy(OwnedPolicy):
    """Deals belong to somebody; moving one on is changing it, reopening a closed one is a right of its own."""

    actions = ("view", "add", "change", "delete", "export", "assign", "reopen")


@register(OpportunityLine, OpportunityContact, StageVisit)
class OpportunityChildPolicy(ParentPolicy):
    """Lines, people and stage history go with the deal."""

    parent = "opportunity"


@register(Tally)
class TallyPolicy(OwnedPolicy):
    """A sum is seen by whoever sees all it is made of: rights on deals, asked of the sum's own owner and team."""

    actions = ()

    def level(self, user: Any, action: str) -> str:
        return policy_for(Opportunity).level(user, action)


@register(SalesCycle, Stage, CloseReason)
class CyclePolicy(ReferencePolicy):
    """Cycles are known to all."""
