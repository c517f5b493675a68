"""The dialog in which guests are invited."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from activities.forms.dialogs import DialogForm
from activities.forms.guests import addresses_field, typed_guests
from activities.models import Activity, Guest, Invitation
from activities.services import Invited
from core.forms.fields import CleanCharField
from core.forms.typeahead import TypeaheadSelectMultiple


class GuestsForm(DialogForm):
    """Contacts and further addresses, the language of the mail, and a word to the guests."""

    contacts = forms.ModelMultipleChoiceField(
        Contact.objects.none(), label=_("contacts"), required=False, widget=TypeaheadSelectMultiple(Contact)
    )
    guests = addresses_field()
    language = forms.ChoiceField(
        label=_("language of the mail"),
        choices=Invitation._meta.get_field("language").choices,
        help_text=_("Contacts with a language of their own get theirs."),
    )
    message = CleanCharField(
        label=_("words to the guests"),
        required=False,
        max_length=5_000,
        help_text=_("The guests read this, the title, the time and the place; nothing else of the activity."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, user: Any, activity: Activity, present: list[Guest], **kwargs: Any):
        invitation = getattr(activity, "invitation", None)
        others = [guest for guest in present if guest.contact_id is None and guest.email]
        initial = {
            "contacts": [guest.contact_id for guest in present if guest.contact_id],
            "guests": "\n".join(f"{guest.name} {guest.email}".strip() for guest in others),
            "language": invitation.language if invitation else user.language,
            "message": invitation.message if invitation else "",
        }
        super().__init__(*args, user=user, initial=initial, **kwargs)
        self.fields["contacts"].queryset = Contact.objects.for_user(user, "view")  # type: ignore[attr-defined]

    def invited(self) -> Iterator[Invited]:
        """Everybody who is to be invited, one after the other."""
        for contact in self.cleaned_data["contacts"]:
            yield Invited(contact=contact)
        yield from typed_guests(self.cleaned_data["guests"])
