"""People, teams and branches."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms.base import BaseModelForm
from core.forms.fields import CleanCharField, PhoneFormField
from users.models import Branch, Role, Team, User


class UserForm(BaseModelForm):
    """A person: who, where, with which roles."""

    first_name = CleanCharField(label=_("first name"), max_length=80)
    last_name = CleanCharField(label=_("last name"), max_length=80, required=False)
    mobile = PhoneFormField(label=_("mobile"), required=False)
    job_title = CleanCharField(label=_("job title"), max_length=80, required=False)
    roles = forms.ModelMultipleChoiceField(
        Role.objects.all(),
        label=_("roles"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What the person may do. With several roles the widest right counts."),
    )

    fieldsets = (
        (pgettext_lazy("user", "Person"), (("first_name", "last_name"), ("email", "mobile"), "job_title")),
        (_("Place in the company"), (("team", "branch"),)),
        (_("Rights"), ("roles",)),
        (_("Language and formats"), (("language", "calendar"), "time_zone")),
    )

    class Meta:
        model = User
        fields = (
            "first_name",
            "last_name",
            "email",
            "mobile",
            "job_title",
            "team",
            "branch",
            "language",
            "calendar",
            "time_zone",
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        roles: Any = self.fields["roles"]
        roles.queryset = Role.objects.all()
        if self.instance.pk:
            self.initial["roles"] = list(Role.objects.filter(group__user=self.instance.pk).values_list("pk", flat=True))

    def clean_email(self) -> str:
        """Addresses are kept in lower case."""
        return str(self.cleaned_data["email"]).strip().lower()


class UserInviteForm(UserForm):
    """A new person, who chooses the password by a link in the mail."""


class TeamForm(BaseModelForm):
    """A team and its place in the tree."""

    name = CleanCharField(label=_("name"), max_length=120)
    typeahead = ("leader",)
    fieldsets = (("", ("name", ("parent", "branch"), "leader", "is_active")),)

    class Meta:
        model = Team
        fields = ("name", "parent", "branch", "leader", "is_active")


class BranchForm(BaseModelForm):
    """An office."""

    name = CleanCharField(label=_("name"), max_length=120)
    city = CleanCharField(label=_("city"), max_length=80, required=False)
    fieldsets = (("", (("name", "city"), "is_active")),)

    class Meta:
        model = Branch
        fields = ("name", "city", "is_active")
