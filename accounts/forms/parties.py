"""Forms of accounts and contacts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import PartyType
from accounts.forms.fields import TagsField
from accounts.models import Account, BuyingRole, Contact
from core.forms import fields as local
from core.forms.base import BaseModelForm
from core.forms.fields import bind_currency
from core.forms.typeahead import TypeaheadSelect
from core.policies import can
from users.models import User

REACH = ("phone", "mobile", "fax", "email", "website", "province", "city", "address", "postal_code")
PERSONAL = ("gender", "birth_date", "education", "income_band")
COMPANY = ("employees", "annual_revenue", "revenue_currency", "founded_year", "parent")


class PartyForm(BaseModelForm):
    """What the forms of accounts and contacts share."""

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, user=user, **kwargs)
        if "owner" in self.fields and not can(user, "assign", self._meta.model):
            del self.fields["owner"]
        for name, field in (
            ("postal_code", local.PostalCodeFormField),
            ("economic_number", local.EconomicNumberFormField),
        ):
            self.swap(name, field)

    def swap(self, name: str, field_class: type[forms.Field], **options: Any) -> None:
        """Put a field that understands what people type in the place of a plain one."""
        if name in self.fields:
            old = self.fields[name]
            options.setdefault("label", old.label)
            field = field_class(required=False, help_text=old.help_text, **options)
            field.disabled = old.disabled
            self.fields[name] = field


class AccountForm(PartyForm):
    """An account: the fields of an organisation or those of a person, by its type."""

    typeahead = ("owner", "parent", "kinds")
    fieldsets: Sequence[tuple[Any, Sequence[Any]]] = (
        (
            _("Identity"),
            ("name", "kinds", ("stage", "industry"), ("source", "owner"), "parent"),
        ),
        (
            _("How to reach it"),
            (("phone", "mobile"), ("email", "website"), "fax", ("province", "city", "postal_code"), "address"),
        ),
        (
            _("Numbers"),
            (("national_id", "registration_number", "economic_number"), ("employees", "founded_year"),
             ("annual_revenue", "revenue_currency")),
        ),
        (_("About the person"), (("gender", "birth_date"), ("education", "income_band"))),
        (_("Needs and preferences"), ("needs", "preferences", "description")),
    )  # fmt: skip

    class Meta:
        model = Account
        fields = (
            "party_type", "name", "kinds", "stage", "source", "owner", "industry", "national_id", "registration_number",
            "economic_number", *REACH, *COMPANY, *PERSONAL, "needs", "preferences", "description",
        )  # fmt: skip
        widgets = {
            "party_type": forms.HiddenInput,
            **{name: forms.Textarea({"rows": 3, "dir": "auto"}) for name in ("needs", "preferences", "description")},
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        person = self.party_type == PartyType.PERSON
        for name in (*COMPANY, "registration_number") if person else PERSONAL:
            self.fields.pop(name, None)
        if person:
            self.fields["name"].label = _("Full name")
        self.swap(
            "national_id",
            local.NationalIdFormField if person else local.CompanyIdFormField,
            label=_("National ID") if person else _("Company national ID"),
        )
        if "revenue_currency" in self.fields:
            bind_currency(self, "revenue_currency")
        self.helper.layout = self._layout()

    @property
    def party_type(self) -> str:
        """The type posted, else the one asked for, else that of the record; only known ones."""
        asked = self.data.get("party_type") if self.is_bound else self.initial.get("party_type")
        return str(asked if asked in PartyType.values else self.instance.party_type)


class AccountQuickForm(PartyForm):
    """The least an account needs."""

    typeahead = ("owner",)

    class Meta:
        model = Account
        fields = ("party_type", "name", "mobile", "phone", "email", "source", "owner")


class ContactForm(PartyForm):
    """A contact."""

    typeahead: Sequence[str] = ("owner",)
    traits = TagsField(
        label=_("personality traits"),
        required=False,
        help_text=_("Words separated by commas, such as precise, punctual."),
    )
    fieldsets: Sequence[tuple[Any, Sequence[Any]]] = (
        (_("Identity"), (("salutation", "first_name", "last_name"), ("specialty", "owner"))),
        (_("Employment"), ("account", ("job_title", "buying_role"))),
        (
            _("How to reach the person"),
            (
                ("mobile", "phone"),
                ("email", "website"),
                ("language", "fax"),
                ("province", "city", "postal_code"),
                "address",
            ),
        ),
        (
            _("About the person"),
            ("traits", ("national_id", "birth_date"), ("gender", "education", "income_band"), "description"),
        ),
    )

    class Meta:
        model = Contact
        fields = (
            "salutation", "first_name", "last_name", "specialty", "owner", *REACH, "language", "traits", "national_id",
            *PERSONAL, "description",
        )  # fmt: skip
        widgets = {"description": forms.Textarea({"rows": 3, "dir": "auto"})}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.swap("national_id", local.NationalIdFormField, label=_("National ID"))
        self.fields["salutation"].widget.attrs["placeholder"] = _("Mr., Ms., Dr., Eng.")


class _WithJob(forms.Form):
    """The job a new contact has, asked on the same page."""

    account = forms.ModelChoiceField(Account.objects.all(), label=_("account"), required=False)
    job_title = local.CleanCharField(label=_("job title"), max_length=120, required=False)
    buying_role = forms.ModelChoiceField(BuyingRole.objects.all(), label=_("buying role"), required=False)


class ContactCreateForm(_WithJob, ContactForm):
    """A new contact with its job."""

    typeahead = ("owner", "account")


class ContactQuickForm(_WithJob, PartyForm):
    """The least a contact needs."""

    typeahead = ("account",)
    fieldsets = (("", (("first_name", "last_name"), ("mobile", "email"), "account", ("job_title", "buying_role"))),)

    class Meta:
        model = Contact
        fields = ("first_name", "last_name", "mobile", "email")


class OwnerForm(forms.Form):
    """To whom a record is handed."""

    owner = forms.ModelChoiceField(User.objects.none(), label=_("Owner"))

    def __init__(self, *args: Any, user: User, current: User | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        field.queryset = User.objects.for_user(user, "view").filter(is_active=True)  # type: ignore[attr-defined]
        field.widget = TypeaheadSelect(User)
        field.widget.choices = field.choices  # type: ignore[attr-defined]
        field.initial = current
        from crispy_forms.helper import FormHelper

        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
