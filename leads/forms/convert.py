"""The form of the conversion: attach to what is there, or make it new."""

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from functools import cached_property
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.choices import BaseChoiceIterator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account, Contact
from core.display import format_phone
from core.forms.fields import CleanCharField, LocalDateField, MoneyFormField
from core.forms.typeahead import TypeaheadSelect
from core.hiding import blanked_for
from core.policies import policy_for
from leads.models import Lead
from leads.selectors import Similar
from leads.services.convert import is_person, opportunity_name
from opportunities.models import Opportunity, SalesCycle

NEW, NONE, OTHER = "new", "none", "other"


def _described(row: Account | Contact, place: str, phone: str) -> SafeString:
    """A proposal with what tells it from others of the same name."""
    found = format_html("<bdi>{}</bdi>", row)
    if place:
        found += format_html(' <span class="text-secondary">· <bdi>{}</bdi></span>', place)
    if phone:
        found += format_html(' <span class="text-secondary">· <bdi dir="ltr">{}</bdi></span>', format_phone(phone))
    return found


class _Choices(BaseChoiceIterator):
    """The choices of a field; the proposals among them are looked for when one gets to them."""

    def __init__(self, first: Iterable[Any], proposals: Callable[[], Iterable[Any]], last: Iterable[Any]):
        self.first, self.proposals, self.last = list(first), proposals, list(last)

    def __iter__(self) -> Iterator[Any]:
        yield from self.first
        yield from self.proposals()
        yield from self.last


class ConvertForm(forms.Form):
    """Choices for account, contact and opportunity; the likely ones are proposed as radio buttons.

    ``find_similar`` looks for the proposals: not before they are shown or one is chosen. After validation ``account`` and
    ``contact`` of ``cleaned_data`` are records or None, ``create_contact`` tells whether a new contact is wanted.
    """

    account_choice = forms.ChoiceField(label=gettext_lazy("Account"), widget=forms.RadioSelect)
    account_other = forms.ModelChoiceField(
        Account.objects.none(), label=gettext_lazy("Another account"), required=False, widget=TypeaheadSelect(Account)
    )
    contact_choice = forms.ChoiceField(label=gettext_lazy("Contact"), widget=forms.RadioSelect)
    contact_other = forms.ModelChoiceField(
        Contact.objects.none(), label=gettext_lazy("Another contact"), required=False, widget=TypeaheadSelect(Contact)
    )
    create_opportunity = forms.BooleanField(label=gettext_lazy("Open an opportunity"), required=False)
    name = CleanCharField(label=gettext_lazy("Name of the opportunity"), max_length=200, required=False)
    cycle = forms.ModelChoiceField(
        SalesCycle.objects.none(),
        label=gettext_lazy("Sales cycle"),
        required=False,
        empty_label=gettext_lazy("The usual one"),
    )
    amount = MoneyFormField(label=gettext_lazy("Amount"), required=False, min_value=0)
    expected_close_on = LocalDateField(label=gettext_lazy("Expected close date"), required=False)

    def __init__(self, *args: Any, user: Any, lead: Lead, find_similar: Callable[[], Similar], **kwargs: Any):
        self.user, self.lead, self.find_similar = user, lead, find_similar
        super().__init__(*args, **kwargs)
        self._set_choices()
        if not self.is_bound:
            self._choose_sure()
        self.fields["account_other"].queryset = Account.objects.for_user(user, "view")  # type: ignore[attr-defined]
        self.fields["contact_other"].queryset = Contact.objects.for_user(user, "view")  # type: ignore[attr-defined]
        cycles = SalesCycle.objects.for_user(user, "view").filter(is_active=True)
        self.fields["cycle"].queryset = cycles  # type: ignore[attr-defined]
        self.fields["amount"].currency = lead.currency  # type: ignore[attr-defined]
        known = blanked_for(user, [copy(lead)])[0]
        self.fields["amount"].initial = known.estimated_value
        self.fields["name"].initial = opportunity_name(known)
        self._set_opportunity()
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    @cached_property
    def _accounts(self) -> dict[str, Account]:
        return {str(row.pk): row for row in self.find_similar().accounts}

    @cached_property
    def _contacts(self) -> dict[str, Contact]:
        return {str(row.pk): row for row in self.find_similar().contacts}

    def _set_choices(self) -> None:
        """What can be chosen, beside the new record: the proposals, another one, for the contact also none."""
        new_account = _("New person: %(name)s") if is_person(self.lead) else _("New organisation: %(name)s")
        name = self.lead.person_name or self.lead.company if is_person(self.lead) else self.lead.company
        self.fields["account_choice"].choices = _Choices(  # type: ignore[attr-defined]
            [(NEW, new_account % {"name": name})],
            lambda: [
                (str(row.pk), _described(row, row.city, row.phone or row.mobile)) for row in self._shown(self._accounts)
            ],
            [(OTHER, _("Another account"))],
        )
        self.fields["account_choice"].initial = NEW
        new_contact = [(NEW, _("New contact: %(name)s") % {"name": self.lead.person_name})]
        self.fields["contact_choice"].choices = _Choices(  # type: ignore[attr-defined]
            new_contact if self.lead.person_name else [],
            lambda: [
                (str(row.pk), _described(row, "", row.mobile or row.phone)) for row in self._shown(self._contacts)
            ],
            [(OTHER, _("Another contact")), (NONE, _("No contact"))],
        )
        wants = bool(self.lead.person_name) and not is_person(self.lead)
        self.fields["contact_choice"].initial = NEW if wants else NONE

    def _shown(self, rows: dict[str, Any]) -> list[Any]:
        """The rows without what the user may not read of them."""
        return blanked_for(self.user, map(copy, rows.values()))

    def _choose_sure(self) -> None:
        """Begin with the record that has the lead's own number or address; a mere name is only proposed."""
        numbers = {number for number in (self.lead.mobile, self.lead.phone) if number}
        email = self.lead.email.lower()
        for kind, rows in (("account", self._accounts), ("contact", self._contacts)):
            for key, row in rows.items():
                if numbers & {row.mobile, row.phone} or (email and row.email.lower() == email):
                    self.fields[f"{kind}_choice"].initial = key
                    break

    def _set_opportunity(self) -> None:
        field = self.fields["create_opportunity"]
        field.initial = policy_for(Opportunity).can(self.user, "add")
        if not field.initial:
            for name in ("create_opportunity", "name", "cycle", "amount", "expected_close_on"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        data["account"] = self._chosen("account")
        data["contact"] = self._chosen("contact")
        data["create_contact"] = data.get("contact_choice") == NEW
        return data

    def _chosen(self, kind: str) -> Any:
        choice = self.cleaned_data.get(f"{kind}_choice", "")
        if choice in {NEW, NONE, ""}:
            return None
        if choice != OTHER:
            return (self._accounts if kind == "account" else self._contacts).get(choice)
        chosen = self.cleaned_data.get(f"{kind}_other")
        if chosen is None and f"{kind}_other" not in self.errors:
            self.add_error(f"{kind}_other", _("Choose one, or take another of the options."))
        return chosen
