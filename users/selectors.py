"""What the users app tells: second step, first page, and what somebody sees and why."""

from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import models
from django.utils.text import capfirst

from core import navigation
from core.policies import Policy, all_policies, policy_for
from users import grants
from users.models import Role, RoleGrant, Team, User

COUNT_CAP = 10_000


def second_step_required(*, user: Any) -> bool:
    """Whether a role of the user demands two-step sign-in."""
    return grants.second_step_required(user)


def second_step_ready(*, user: Any) -> bool:
    """Whether the user has an authenticator app."""
    return Authenticator.objects.filter(user=user.pk, type=Authenticator.Type.TOTP).exists()


def first_page_choices(*, user: Any) -> list[tuple[str, str]]:
    """Pages one may begin with: key and name."""
    return [(link.key, link.label) for link in navigation.pages(user)]


def first_page_url(*, user: Any) -> str:
    """The address of the page the user chose to begin with, empty when none or no longer allowed."""
    if not user.first_page:
        return ""
    return next((link.url for link in navigation.pages(user) if link.key == user.first_page), "")


@dataclass
class AccessCell:
    """One action on one kind of record: how far, and which roles say so."""

    action: str
    level: str
    roles: list[str] = field(default_factory=list)


@dataclass
class AccessRow:
    """What somebody may do with one kind of record; ``count`` rows are visible (at most COUNT_CAP are counted)."""

    policy: Policy
    cells: list[AccessCell]
    count: int
    capped: bool
    hidden_fields: list[str]
    read_only_fields: list[str]

    @property
    def label(self) -> str:
        """The kind of record in words."""
        return capfirst(str(self.policy.model._meta.verbose_name_plural))

    @property
    def has_owner(self) -> bool:
        """Whether own, team and branch mean something here."""
        return self.policy.has_owner


def inspectable_users(*, user: Any) -> models.QuerySet[User]:
    """Whose access the user may look at: an administrator everybody's, a team leader the team's, others their own."""
    if policy_for(User).can(user, "change"):
        return User.objects.all()
    if Team.objects.filter(leader=user.pk).exists():
        return User.objects.filter(pk__in=grants.colleagues(user, "team"))
    return User.objects.filter(pk=user.pk)


def access_report(*, user: Any, subject: Any) -> list[AccessRow]:
    """What ``subject`` sees and may do, with the reason. Two queries per kind of record, all counted to a cap."""
    if not inspectable_users(user=user).filter(pk=subject.pk).exists():
        return []
    reasons = _reasons(subject)
    return [_access_row(policy, subject, reasons) for policy in policies_with_actions()]


def policies_with_actions() -> list[Policy]:
    """The kinds of record a role can be given rights on."""
    return [policy for policy in all_policies() if policy.actions]


def _reasons(subject: Any) -> dict[tuple[str, str], list[tuple[str, str]]]:
    rows = RoleGrant.objects.filter(role__group__user=subject.pk).select_related("role").order_by("role__pk")
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for grant in rows:
        found.setdefault((grant.model, grant.action), []).append((str(grant.role), grant.scope))
    return found


def _access_row(policy: Policy, subject: Any, reasons: Any) -> AccessRow:
    cells = []
    for action in policy.actions:
        level = policy.level(subject, action)
        roles = [name for name, scope in reasons.get((policy.label, action), ()) if scope == level != "none"]
        cells.append(AccessCell(action, level, roles))
    manager: Any = policy.model._default_manager
    count = manager.for_user(subject, "view").order_by()[: COUNT_CAP + 1].count()
    rules = _field_rules(policy, subject)
    return AccessRow(policy, cells, min(count, COUNT_CAP), count > COUNT_CAP, rules["hidden"], rules["read"])


def _field_rules(policy: Policy, subject: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"hidden": [], "read": []}
    for model_field in rule_fields(policy.model):
        access = subject.field_access(policy.label, model_field.name)
        if access:
            found[access].append(str(model_field.verbose_name))
    return found


def rule_fields(model: type[models.Model]) -> list[Any]:
    """The fields of a model that a role can be kept from: those a person fills in, but not those its name is made of
    (``NAMED_FROM``), which every list, link and sentence tells.
    """
    meta, named = model._meta, getattr(model, "NAMED_FROM", ())
    fields = (*meta.concrete_fields, *meta.many_to_many)
    return [f for f in fields if f.editable and not f.primary_key and f.name not in named]


def rule_models() -> list[type[models.Model]]:
    """The kinds of record with field rules: those whose reading is granted."""
    return [policy.model for policy in all_policies() if "view" in policy.actions]


def roles_of(*, subject: Any) -> list[Role]:
    """The user's roles."""
    return list(Role.objects.filter(group__user=subject.pk))


def settings_pages(*, user: Any) -> list[tuple[str, list[navigation.NavLink]]]:
    """The pages of the settings the user may open, by group."""
    return navigation.settings_menu(user)
