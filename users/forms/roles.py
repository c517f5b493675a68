"""Roles, their table of rights, their field rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms.base import BaseModelForm
from core.forms.fields import CleanCharField
from core.forms.typeahead import TypeaheadSelect
from core.policies import Policy
from users import selectors
from users.models import FieldRule, Role, RoleGrant, User

ACTION_NAMES = {
    "view": pgettext_lazy("right", "View"),
    "add": pgettext_lazy("right", "Create"),
    "change": pgettext_lazy("right", "Edit"),
    "delete": pgettext_lazy("right", "Delete"),
    "export": pgettext_lazy("right", "Export"),
    "assign": pgettext_lazy("right", "Assign"),
    "convert": pgettext_lazy("right", "Convert"),
    "reopen": pgettext_lazy("right", "Reopen"),
}


class RoleForm(BaseModelForm):
    """Names and demands of a role."""

    name_fa = CleanCharField(label=_("Persian name"), max_length=80)
    name_en = CleanCharField(label=_("English name"), max_length=80)
    description_fa = CleanCharField(label=_("Persian description"), max_length=300, required=False)
    description_en = CleanCharField(label=_("English description"), max_length=300, required=False)
    fieldsets = (("", (("name_fa", "name_en"), "code", ("description_fa", "description_en"), "mfa_required")),)

    class Meta:
        model = Role
        fields = ("code", "name_fa", "name_en", "description_fa", "description_en", "mfa_required")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True


@dataclass(frozen=True)
class MatrixRow:
    """One kind of record in the table of rights: (head, cell) per action, no cell where the action means nothing."""

    label: str
    app_label: str
    cells: list[tuple[str, Any]]


class GrantsForm(forms.Form):
    """The table of rights: kind of record × action × how far."""

    def __init__(self, *args: Any, role: Role, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.policies = selectors.policies_with_actions()
        self.actions = self._columns()
        known = {(g.model, g.action): g.scope for g in RoleGrant.objects.filter(role=role)}
        for policy in self.policies:
            for action in policy.actions:
                field = forms.ChoiceField(
                    choices=_scope_choices(policy),
                    initial=known.get((policy.label, action), RoleGrant.Scope.NONE),
                    label=f"{capfirst(str(policy.model._meta.verbose_name_plural))}: {ACTION_NAMES.get(action, action)}",
                    widget=forms.Select({"class": "form-select form-select-sm"}),
                )
                self.fields[self.field_name(policy.label, action)] = field

    @staticmethod
    def field_name(model: str, action: str) -> str:
        """The name of the cell's field."""
        return f"{model}:{action}"

    def _columns(self) -> list[str]:
        found = dict.fromkeys(ACTION_NAMES)
        for policy in self.policies:
            found.update(dict.fromkeys(policy.actions))
        return list(found)

    def heads(self) -> list[str]:
        """The names of the actions, in the order of the cells."""
        return [str(ACTION_NAMES.get(action, action)) for action in self.actions]

    def groups(self) -> Iterator[tuple[str, list[MatrixRow]]]:
        """The rows under the name of their app."""
        rows: dict[str, list[MatrixRow]] = {}
        for policy in self.policies:
            meta = policy.model._meta
            cells = list(zip(self.heads(), (self._cell(policy, action) for action in self.actions), strict=True))
            app = str(meta.app_config.verbose_name)
            rows.setdefault(app, []).append(MatrixRow(capfirst(str(meta.verbose_name_plural)), meta.app_label, cells))
        yield from rows.items()

    def _cell(self, policy: Policy, action: str) -> Any:
        if action not in policy.actions:
            return None
        bound = self[self.field_name(policy.label, action)]
        bound.field.widget.attrs["aria-label"] = bound.label
        return bound

    def scopes(self) -> dict[tuple[str, str], str]:
        """(model label, action) → scope, as chosen."""
        pairs = ((name.split(":"), scope) for name, scope in self.cleaned_data.items())
        return {(model, action): scope for (model, action), scope in pairs}


def _scope_choices(policy: Policy) -> list[tuple[str, Any]]:
    if policy.has_owner:
        return [(value, capfirst(label)) for value, label in RoleGrant.Scope.choices]
    return [(RoleGrant.Scope.NONE.value, _("No")), (RoleGrant.Scope.ALL.value, _("Yes"))]


class FieldRulesForm(forms.Form):
    """What the role may do with each field of one kind of record."""

    def __init__(self, *args: Any, role: Role, model: type[models.Model], **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = dict(FieldRule.objects.filter(role=role, model=model._meta.label_lower).values_list("field", "access"))
        for model_field in selectors.rule_fields(model):
            self.fields[model_field.name] = forms.ChoiceField(
                choices=[
                    ("", pgettext_lazy("field", "Open")),
                    *((value, capfirst(label)) for value, label in FieldRule.Access.choices),
                ],
                required=False,
                initial=known.get(model_field.name, ""),
                label=capfirst(str(model_field.verbose_name)),
                widget=forms.Select({"class": "form-select form-select-sm"}),
            )


class AccessUserForm(forms.Form):
    """Whose access to look at."""

    user = forms.ModelChoiceField(
        User.objects.none(), label=pgettext_lazy("user", "Person"), widget=TypeaheadSelect(User)
    )

    def __init__(self, *args: Any, viewer: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["user"]
        field.queryset = selectors.inspectable_users(user=viewer)
