"""Who sees what: the policy of owned records, and those of this app's models."""

from typing import Any

from django.db import models
from django.db.models import Q

from core.models import AuditEntry, Currency, Holiday, Job, Notification, Organisation
from core.policies import EVERYTHING, AdminOnlyPolicy, Policy, ReferencePolicy, register
from users import grants
from users.models import Branch, FieldRule, Role, RoleGrant, Team, User


class OwnedPolicy(Policy):
    """Rows with an owner and a team: own, the team's tree, the branch, or all.

    A row with an owner follows the owner, wherever he or she works now; one without is in the queue of its team.
    """

    actions: tuple[str, ...] = ("view", "add", "change", "delete", "export", "assign")
    has_owner = True
    owner_field = "owner"
    team_field = "team"

    def scope(self, user: Any, action: str) -> Q | None:
        level = self.level(user, action)
        if level == "all":
            return EVERYTHING
        if level == "none":
            return None
        if level == "own":
            return Q(**{self.owner_field: user.pk})
        rows = Q(**{f"{self.owner_field}__in": user.colleagues(level)})
        if level == "team":
            teams: Any = grants.team_ids(user)
        else:
            teams = Team.objects.filter(branch=grants.branch_id_of(user), branch__isnull=False).values("pk")
        return rows | Q(**{f"{self.owner_field}__isnull": True, f"{self.team_field}__in": teams})

    def allows(self, user: Any, action: str, obj: models.Model) -> bool:
        """As the scope says, answered from the row itself: a page asks this for each of its buttons."""
        level = self.level(user, action)
        owner = getattr(obj, f"{self.owner_field}_id")
        if level in {"all", "none"}:
            return level == "all"
        if owner is None and level != "own":
            return super().allows(user, action, obj)
        return owner == user.pk if level == "own" else owner in user.colleagues(level)


@register(User)
class UserPolicy(ReferencePolicy):
    """Colleagues are known to everyone who is signed in; accounts are changed by administrators."""


@register(Team, Branch)
class TeamPolicy(ReferencePolicy):
    """The tree of the company is known to all."""


@register(Role, RoleGrant, FieldRule)
class RolePolicy(AdminOnlyPolicy):
    """Rights are an administrator's."""


@register(Organisation, Holiday, Currency)
class OrganisationPolicy(ReferencePolicy):
    """The company's own data."""


@register(AuditEntry)
class AuditPolicy(AdminOnlyPolicy):
    """The whole log is an administrator's; a record's own history goes with the record."""


@register(Job)
class JobPolicy(Policy):
    """One's own jobs; administrators see all."""

    actions = ()

    def level(self, user: Any, action: str) -> str:
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return "none"
        return "all" if user.is_superuser else "own"

    def scope(self, user: Any, action: str) -> Q | None:
        level = self.level(user, action)
        return EVERYTHING if level == "all" else Q(owner=user.pk) if level == "own" else None


@register(Notification)
class NotificationPolicy(JobPolicy):
    """One's own notifications."""

    def scope(self, user: Any, action: str) -> Q | None:
        return Q(recipient=user.pk) if self.level(user, action) != "none" else None
