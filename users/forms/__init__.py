"""Forms of the users app."""

from users.forms.own import PreferencesForm
from users.forms.people import BranchForm, TeamForm, UserForm, UserInviteForm
from users.forms.roles import AccessUserForm, FieldRulesForm, GrantsForm, RoleForm
from users.forms.settings import CurrencyForm, HolidayForm, OrganisationForm

__all__ = [
    "AccessUserForm",
    "BranchForm",
    "CurrencyForm",
    "FieldRulesForm",
    "GrantsForm",
    "HolidayForm",
    "OrganisationForm",
    "PreferencesForm",
    "RoleForm",
    "TeamForm",
    "UserForm",
    "UserInviteForm",
]
