"""Roles: what they are called, how far they reach, and which fields they do not see."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from core.services import domain_error, lock, require
from users import selectors
from users.models import FieldRule, Role, RoleGrant, User
from users.services.people import ADMIN_ROLE

SCOPES_WITHOUT_OWNER = {RoleGrant.Scope.NONE, RoleGrant.Scope.ALL}


@transaction.atomic
def role_save(*, actor: Any, role: Role) -> Role:
    """Create or change a role's names and demands; a new one gets its group."""
    adding = role._state.adding
    require(actor, "add" if adding else "change", Role)
    if not adding and lock(role).code != role.code:
        raise DomainError(_("The code of a role does not change."), field="code")
    try:
        role.full_clean(exclude=["group"])
    except ValidationError as error:
        raise domain_error(error) from error
    with audit.action("role.created" if adding else "role.changed", actor=actor, obj=None if adding else role) as entry:
        if adding:
            role.group = Group.objects.create(name=role.code)
        role.save()
        entry.obj = role
    return role


@transaction.atomic
def role_delete(*, actor: Any, role: Role) -> None:
    """Remove a role nobody has."""
    require(actor, "delete", Role)
    current = lock(role)
    if current.code == ADMIN_ROLE:
        raise DomainError(_("The administrator's role stays."))
    if User.objects.filter(groups=current.group_id).exists():
        raise DomainError(_("Some people still have this role. Give them another one first."))
    with audit.action("role.deleted", actor=actor, obj=current):
        current.group.delete()


@transaction.atomic
def role_grant_set(*, actor: Any, role: Role, model: str, action: str, scope: str) -> None:
    """Say how far the role may do one action on one kind of record."""
    role_grants_set(actor=actor, role=role, scopes={(model, action): scope})


@transaction.atomic
def role_grants_set(*, actor: Any, role: Role, scopes: Mapping[tuple[str, str], str]) -> int:
    """Say how far the role may do these actions (model label, action → scope); says how many changed."""
    require(actor, "change", Role)
    current = lock(role)
    if current.code == ADMIN_ROLE:
        raise DomainError(_("Administrators have every right; this role cannot be narrowed."))
    _check_scopes(scopes)
    known = {(g.model, g.action): g for g in RoleGrant.objects.filter(role=current)}
    changes = {key: scope for key, scope in scopes.items() if scope != (known[key].scope if key in known else "none")}
    if not changes:
        return 0
    told = [f"{model}.{action}={scope}" for (model, action), scope in sorted(changes.items())]
    with audit.action("role.rights_changed", actor=actor, obj=current, params={"rights": ", ".join(told)}):
        for (model, action), scope in changes.items():
            RoleGrant.objects.update_or_create(role=current, model=model, action=action, defaults={"scope": scope})
    return len(changes)


def _check_scopes(scopes: Mapping[tuple[str, str], str]) -> None:
    policies = {policy.label: policy for policy in selectors.policies_with_actions()}
    for (model, action), scope in scopes.items():
        policy = policies.get(model)
        allowed = set(RoleGrant.Scope.values) if policy and policy.has_owner else SCOPES_WITHOUT_OWNER
        if policy is None or action not in policy.actions or scope not in allowed:
            raise DomainError(_("There is no such right: %(right)s") % {"right": f"{model}.{action}={scope}"})


@transaction.atomic
def field_rule_set(*, actor: Any, role: Role, model: str, field: str, access: str) -> None:
    """Hide a field from the role ("hidden"), make it read-only ("read"), or open it ("")."""
    field_rules_set(actor=actor, role=role, model=model, rules={field: access})


@transaction.atomic
def field_rules_set(*, actor: Any, role: Role, model: str, rules: Mapping[str, str]) -> int:
    """Set what the role may do with these fields of one kind of record; says how many changed."""
    require(actor, "change", Role)
    current = lock(role)
    if current.code == ADMIN_ROLE:
        raise DomainError(_("Nothing is hidden from administrators."))
    host = next((m for m in selectors.rule_models() if m._meta.label_lower == model), None)
    fields = {f.name for f in selectors.rule_fields(host)} if host else set()
    for field, access in rules.items():
        if field not in fields or access not in {"", *FieldRule.Access.values}:
            raise DomainError(_("There is no such field rule: %(rule)s") % {"rule": f"{model}.{field}={access}"})
    known = dict(FieldRule.objects.filter(role=current, model=model).values_list("field", "access"))
    changes = {field: access for field, access in rules.items() if access != known.get(field, "")}
    if not changes:
        return 0
    told = [f"{model}.{field}={access or 'open'}" for field, access in sorted(changes.items())]
    with audit.action("role.fields_changed", actor=actor, obj=current, params={"fields": ", ".join(told)}):
        for field, access in changes.items():
            if access:
                FieldRule.objects.update_or_create(role=current, model=model, field=field, defaults={"access": access})
            else:
                FieldRule.objects.filter(role=current, model=model, field=field).delete()
    return len(changes)
