"""Sign-in and Django's permission questions, both answered by roles."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db import models

from users import grants


class RoleBackend(AuthenticationBackend):
    """allauth's e-mail sign-in; ``has_perm("leads.view_lead")`` is true when a role gives any scope for it."""

    def has_perm(self, user_obj: Any, perm: str, obj: models.Model | None = None) -> bool:
        if not user_obj.is_active:
            return False
        app_label, _, name = perm.partition(".")
        action, _, model = name.rpartition("_")
        if not user_obj.is_superuser and grants.scope_for(user_obj, f"{app_label}.{model}", action) == "none":
            return False
        if obj is None or obj.pk is None:
            return True
        from core.policies import allows

        return allows(user_obj, action, obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        if not user_obj.is_active:
            return False
        return user_obj.is_superuser or any(label.startswith(f"{app_label}.") for label, _ in grants.table_of(user_obj))
