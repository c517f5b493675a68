"""The dialog in which guests are invited."""

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from activities.forms.activities import DialogForm
from activities.models import Activity, Guest, Invitation
from activities.services import Invited
from core.forms.fields import CleanCharField
from core.forms.typeahead import TypeaheadSelectMultiple

SEPARATORS = re.compile(r"[\n;,،؛]")
NAMED = re.compile(r"(.*?)[\s<\"]*([^\s<>\"]+@[^\s<>\"]+)>?")


class GuestsForm(DialogForm):
    """Contacts and further addresses, the language of the mail, and a word to the guests."""

    contacts = forms.ModelMultipleChoiceField(
        Contact.objects.none(), label=_("contacts"), required=False, widget=TypeaheadSelectMultiple(Contact)
    )
    guests = forms.CharField(
        label=_("other e-mail addresses"),
        required=False,
        help_text=_("One a line, a name before it if you like: Sara Kazemi sara@example.com"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr", "spellcheck": "false"}),
    )
    language = forms.ChoiceField(
        label=_("language of the mail"), choices=Invitation._meta.get_field("language").choices
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
        others = [guest for guest in present if guest.contact_id is None]
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
        for line in SEPARATORS.split(self.cleaned_data["guests"]):
            if line.strip():
                found = NAMED.fullmatch(line.strip()[:500])
                yield Invited(found.group(2), found.group(1).strip(' "')) if found else Invited(line.strip())
