"""Guests in the form of a new activity, and reading typed addresses."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.forms.parts import FormPart, register
from activities.models import Activity
from activities.services import Invited, guests_set

SEPARATORS = re.compile(r"[\n;,،؛]")
NAMED = re.compile(r"(.*?)[\s<\"]*([^\s<>\"]+@[^\s<>\"]+)>?")
LINE_LENGTH = 500


def typed_guests(text: str) -> Iterator[Invited]:
    """The people of a typed list, one a line, each an address with or without a name before it."""
    for line in SEPARATORS.split(text):
        words = line.strip()[:LINE_LENGTH]
        found = NAMED.fullmatch(words)
        if words:
            yield Invited(found.group(2), found.group(1).strip(' "')) if found else Invited(words)


def addresses_field() -> forms.CharField:
    """The field of such a list."""
    return forms.CharField(
        label=_("other e-mail addresses"),
        required=False,
        help_text=_("One a line, a name before it if you like: Sara Kazemi sara@example.com"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr", "spellcheck": "false"}),
    )


@register
class GuestsPart(FormPart):
    """Guests of a new activity; those of one that is there are changed on its page, where it says that mails go out."""

    key: ClassVar[str] = "guests"
    title: ClassVar[Any] = _("Guests")
    order: ClassVar[int] = 40

    def fields(self, user: Any, activity: Activity | None) -> dict[str, forms.Field]:
        if activity is not None:
            return {}
        field = addresses_field()
        field.label = _("invite by e-mail")
        field.help_text = _("One address a line. Each gets a mail with title, time and place when you save.")
        field.widget.attrs["rows"] = 2
        return {"guests": field}

    def saved(self, actor: Any, activity: Activity, data: dict[str, Any]) -> None:
        if data.get("guests", "").strip():
            guests_set(actor=actor, activity=activity, guests=typed_guests(data["guests"]), language=actor.language)
