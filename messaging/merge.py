"""Messages filled with the values of a record: which fields there are, and what stands in their places."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core import display, hosts, organisation
from core.hosts import Host, MergeField
from messaging.language import TemplateProblem, fill, parse, spellings
from messaging.models import MessageTemplate

LANGUAGES = ("fa", "en")
PHONES = frozenset({"mobile", "phone"})


@dataclass(frozen=True)
class Rendered:
    """Subject and text as they would be sent; ``missing`` are the labels of values that are not there."""

    subject: str = ""
    body: str = ""
    missing: list[str] = field(default_factory=list)


# The values of these come from the sender.
COMMON: tuple[MergeField, ...] = (
    MergeField("sender", _("name of the sender"), lambda user: user.get_full_name()),
    MergeField("sender_email", _("e-mail of the sender"), lambda user: user.email),
    MergeField("sender_mobile", _("mobile of the sender"), lambda user: display.format_phone(user.mobile)),
    MergeField("sender_title", _("job title of the sender"), lambda user: user.job_title),
    MergeField("organisation", _("name of our organisation"), lambda _user: organisation.current()["name"]),
    MergeField(
        "organisation_phone",
        _("phone of our organisation"),
        lambda _user: display.format_phone(organisation.current()["phone"]),
    ),
    MergeField("today", _("date of today"), lambda _user: display.format_date(display.current().today(), "long")),
)


def fields_of(host: Host) -> list[MergeField]:
    """Everything a message about such a record may name."""
    return [*host.merge_fields, *COMMON]


def labels(merge_field: MergeField) -> list[str]:
    """The field's label in both languages: it may be written that way too."""
    found = []
    for code in LANGUAGES:
        with translation.override(code):
            found.append(str(merge_field.label))
    return found


def names_for(host: Host) -> dict[str, str]:
    """How the fields may be written → their names."""
    return spellings((one.name, labels(one)) for one in fields_of(host))


def check(text: str, host: Host) -> None:
    """Refuse a text that is no template for such records. Raises TemplateProblem."""
    parse(text, names_for(host))


def render(
    template: MessageTemplate | str, obj: models.Model, *, user: Any, language: str | None = None, subject: str = ""
) -> Rendered:
    """The template (or a text, with its ``subject``) filled for a record, in the language ('fa' or 'en').

    What field rules hide from ``user`` is never filled in: its fallback stands there, or it counts as missing. Dates,
    numbers and money are written as the language writes them. Raises TemplateProblem.
    """
    code = (language or translation.get_language() or "fa")[:2]
    if isinstance(template, MessageTemplate):
        subject, body = template.texts(code)
    else:
        body = template
    host = hosts.host_of(obj)
    names = names_for(host)
    title, text = parse(subject, names), parse(body, names)
    values = values_of(host, obj, user, code)
    filled_title, missing_in_title = fill(title, {name: " ".join(value.split()) for name, value in values.items()})
    filled, missing = fill(text, values)
    known = {one.name: str(one.label) for one in fields_of(host)}
    lacking = [known[name] for name in dict.fromkeys([*missing_in_title, *missing])]
    return Rendered(filled_title.strip(), filled, lacking)


def values_of(host: Host, obj: models.Model, user: Any, language: str) -> dict[str, str]:
    """The values of all fields as words of that language; those hidden from the user are left out."""
    hidden = user.hidden_fields(host.label)
    values = {}
    with translation.override(language), display.use(_as_written_in(language)):
        for one in host.merge_fields:
            if one.field not in hidden or not one.field:
                value = _words(one.value(obj))
                values[one.name] = display.format_phone(value) if one.field in PHONES else value
        values |= {one.name: _words(one.value(user)) for one in COMMON}
    return values


def _as_written_in(language: str) -> display.Display:
    """How a reader of the language writes dates and digits; the money unit stays the sender's."""
    persian = language == "fa"
    return replace(
        display.current(),
        language=language,
        calendar="jalali" if persian else "gregorian",
        digits="fa" if persian else "latin",
    )


def _words(value: Any) -> str:
    return "" if value is None else str(value).strip()


__all__ = ["COMMON", "Rendered", "TemplateProblem", "check", "fields_of", "labels", "names_for", "render", "values_of"]
