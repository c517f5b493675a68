"""One policy per model: who may do what on which rows. Lists, objects, buttons and exports all ask it."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import Q

NOTHING = None
EVERYTHING = Q()

_policies: dict[type[models.Model], "Policy"] = {}


class Policy:
    """Answers both questions with one rule: which rows, and this row.

    ``actions`` are what a role can be granted on the model; the role editor shows exactly these.
    ``has_owner`` tells the editor whether own/team/branch scopes make sense here.
    """

    actions: tuple[str, ...] = ("view", "add", "change", "delete", "export")
    has_owner = False

    def __init__(self, model: type[models.Model]):
        self.model = model

    @property
    def label(self) -> str:
        """The model's label as grants store it: ``app.model``."""
        return self.model._meta.label_lower

    def level(self, user: Any, action: str) -> str:
        """The scope word the user's roles give for the action: none, own, team, branch or all."""
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return "none"
        return str(user.scope_for(self.label, action))

    def can(self, user: Any, action: str) -> bool:
        """Whether the user may do the action on at least some rows: buttons, menus and 403s ask this."""
        return self.level(user, action) != "none"

    def scope(self, user: Any, action: str) -> Q | None:
        """The rows on which the user may do the action; None for no row."""
        return EVERYTHING if self.can(user, action) else NOTHING

    def allows(self, user: Any, action: str, obj: models.Model) -> bool:
        """Whether the user may do the action on this very row."""
        scope = self.scope(user, action)
        if scope is None:
            return False
        if not scope:
            return True
        manager = getattr(self.model, "all_objects", self.model._default_manager)
        return manager.filter(scope, pk=obj.pk).exists()


class ReferencePolicy(Policy):
    """Lists of values (sources, industries…): everyone signed in reads them, granted roles change them."""

    actions = ("add", "change", "delete")

    def level(self, user: Any, action: str) -> str:
        if action == "view" and getattr(user, "is_authenticated", False) and user.is_active:
            return "all"
        return super().level(user, action)


class ParentPolicy(Policy):
    """A child asks its parent: seeing it is seeing the parent, changing it is changing the parent."""

    actions = ()
    parent: str = ""

    def _parent_model(self) -> type[models.Model]:
        return self.model._meta.get_field(self.parent).related_model  # type: ignore[return-value]

    def level(self, user: Any, action: str) -> str:
        return policy_for(self._parent_model()).level(user, "view" if action == "view" else "change")

    def scope(self, user: Any, action: str) -> Q | None:
        parent_action = "view" if action in {"view", "export"} else "change"
        scope = policy_for(self._parent_model()).scope(user, parent_action)
        if not scope:
            return scope
        return Q(**{f"{self.parent}__in": self._parent_model()._base_manager.filter(scope)})


class AdminOnlyPolicy(Policy):
    """Rows only administrators touch."""

    actions = ()

    def level(self, user: Any, action: str) -> str:
        return "all" if getattr(user, "is_superuser", False) and user.is_active else "none"


def register(*models_: type[models.Model]) -> Callable[[type[Policy]], type[Policy]]:
    """Class decorator: ``@register(Lead)`` above the model's policy."""

    def decorate(policy: type[Policy]) -> type[Policy]:
        for model in models_:
            _policies[model] = policy(model)
        return policy

    return decorate


def policy_for(model: type[models.Model]) -> Policy:
    """The policy of the model; a model without one is a mistake of the programmer."""
    try:
        return _policies[model._meta.concrete_model or model]
    except KeyError:
        raise ImproperlyConfigured(f"{model._meta.label} has no policy (see its app's policies.py)") from None


def all_policies() -> list[Policy]:
    """Every registered policy, ordered by app and model."""
    order = {config.label: position for position, config in enumerate(apps.get_app_configs())}
    return sorted(_policies.values(), key=lambda p: (order[p.model._meta.app_label], p.label))


def can(user: Any, action: str, model: type[models.Model]) -> bool:
    """Shorthand: may the user do the action on some row of the model."""
    return policy_for(model).can(user, action)


def allows(user: Any, action: str, obj: models.Model) -> bool:
    """Shorthand: may the user do the action on this row."""
    return policy_for(type(obj)).allows(user, action, obj)
