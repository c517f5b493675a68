"""Forms of what hangs on a party. The party itself never comes from the form: the address names it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact, ContactPoint, Employment, ImportantDate, Relation, RelationType
from core.forms.base import BaseModelForm

Party = Account | Contact


class ChildForm(BaseModelForm):
    """A form that is told the party its row hangs on."""

    def __init__(self, *args: Any, party: Party, **kwargs: Any):
        self.party = party
        super().__init__(*args, **kwargs)

    def attach(self) -> None:
        """Hang a new row on the party."""
        if self.instance._state.adding:
            setattr(self.instance, "account" if isinstance(self.party, Account) else "contact", self.party)

    def _post_clean(self) -> None:
        self.attach()
        super()._post_clean()  # type: ignore[misc]


class ContactPointForm(ChildForm):
    """One more way to reach the party."""

    fieldsets = (("", (("kind", "value"), "label")),)

    class Meta:
        model = ContactPoint
        fields = ("kind", "value", "label")
        help_texts = {"label": _("For example: reception, home, accounting.")}


class ImportantDateForm(ChildForm):
    """A birthday, an anniversary, a renewal."""

    fieldsets = (("", ("title", ("date", "calendar"), "every_year")),)

    class Meta:
        model = ImportantDate
        fields = ("title", "date", "calendar", "every_year")
        help_texts = {
            "calendar": _("The calendar in which it comes back every year."),
        }


class EmploymentForm(ChildForm):
    """A job: the side that is not the party is chosen by typing."""

    typeahead = ("contact", "account")
    fieldsets = (
        (
            "",
            ("contact", "account", ("job_title", "department"), "buying_role", ("starts_on", "ends_on"), "is_primary"),
        ),
    )

    class Meta:
        model = Employment
        fields = ("contact", "account", "job_title", "department", "buying_role", "starts_on", "ends_on", "is_primary")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        editing = bool(self.instance.pk)
        gone = ("account", "contact") if editing else ("account" if isinstance(self.party, Account) else "contact",)
        for name in gone:
            del self.fields[name]
        self.helper.layout = self._layout()


class RelationForm(ChildForm):
    """A relation seen from the party: what the other one is to it, whichever way it is kept."""

    role = forms.ChoiceField(label=_("the other party is"))
    account = forms.ModelChoiceField(Account.objects.all(), label=_("account"), required=False)
    contact = forms.ModelChoiceField(Contact.objects.all(), label=_("contact"), required=False)
    typeahead = ("account", "contact")
    fieldsets = (("", ("role", ("account", "contact"), ("starts_on", "ends_on"), "note")),)

    class Meta:
        model = Relation
        fields = ("starts_on", "ends_on", "note")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("role", "account", "contact"):
                del self.fields[name]
            self.helper.layout = self._layout()
            return
        self.types = {row.pk: row for row in RelationType.objects.filter(is_active=True)}
        self.fields["role"].choices = self._roles()  # type: ignore[attr-defined]

    def _roles(self) -> list[tuple[str, str]]:
        """Each relation from both sides; "to" when the party is where the relation starts."""
        roles = [("", "---------")]
        for pk, row in self.types.items():
            roles.append((f"from:{pk}", str(row)))
            if not row.is_symmetric:
                roles.append((f"to:{pk}", row.inverse))
        return roles

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.instance.pk and bool(cleaned.get("account")) == bool(cleaned.get("contact")):
            raise ValidationError(_("Choose the other party: an account or a contact."))
        return cleaned

    def attach(self) -> None:
        """Put the party and the other one at their ends."""
        role, other = (
            self.cleaned_data.get("role"),
            self.cleaned_data.get("account") or self.cleaned_data.get("contact"),
        )
        if not self.instance._state.adding or not role or other is None:
            return
        side, pk = role.split(":")
        self.instance.type = self.types[int(pk)]
        ends = (other, self.party) if side == "from" else (self.party, other)
        for name, party in zip(("from", "to"), ends, strict=True):
            setattr(self.instance, f"{name}_account" if isinstance(party, Account) else f"{name}_contact", party)
