"""The record page: header with facts and next step, groups of fields, lazy panels."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import display, panels, record_actions, rich_text
from core.fields import MoneyField, PhoneField
from core.policies import allows
from core.views.base import ObjectMixin, PageView


@dataclass(frozen=True)
class Action:
    """A button of the record: a link, a dialog, or a POST to one service; ``menu`` ones sit behind the dots.

    ``key`` is the letter that presses it.
    """

    label: Any
    url: str
    icon: str
    method: str = "get"
    primary: bool = False
    danger: bool = False
    confirm: Any = ""
    menu: bool = False
    key: str = ""


@dataclass(frozen=True)
class Fact:
    """A labelled value as safe HTML; ``wide`` ones take the full width."""

    label: Any
    html: str
    wide: bool = False


@dataclass(frozen=True)
class FieldGroup:
    """A titled group of facts."""

    title: Any
    fields: list[Fact] = field(default_factory=list)


@dataclass(frozen=True)
class Badge:
    """A short coloured word in the header."""

    label: Any
    colour: str = "secondary"


class ObjectDetailView(ObjectMixin, PageView):
    """A record page. Subclasses declare ``field_groups`` and override the header's parts as they need."""

    template_name = "generic/detail.html"
    icon: ClassVar[str] = "file"
    field_groups: ClassVar[Sequence[tuple[Any, Sequence[str]]]] = ()
    select: ClassVar[Sequence[str]] = ()
    object: Any

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related(*self.select)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if request.GET.get("go") in {"prev", "next"}:
            return redirect(self.neighbour(forward=request.GET["go"] == "next"))
        return self.render_to_response(self.get_context_data())

    def neighbour(self, *, forward: bool) -> str:
        """The record after (or before) this one in the default order of the list; itself at the ends.

        Asked only when somebody goes there, so that the page does not pay for it.
        """
        obj = self.object
        earlier = Q(created_at__lt=obj.created_at) | Q(created_at=obj.created_at, pk__lt=obj.pk)
        later = Q(created_at__gt=obj.created_at) | Q(created_at=obj.created_at, pk__gt=obj.pk)
        rows = self.get_queryset().filter(earlier if forward else later)
        order = ("-created_at", "-pk") if forward else ("created_at", "pk")
        return str((rows.order_by(*order).first() or obj).get_absolute_url())

    def get_title(self) -> str:
        return str(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        obj = self.object
        label = obj._meta.label_lower
        return super().get_context_data(
            object=obj,
            title=str(obj),
            object_icon=self.icon,
            subtitle=self.get_subtitle(),
            badges=self.get_badges(),
            header_facts=self.get_header_facts(),
            next_step=self.get_next_step(),
            actions=self.get_actions(),
            quick_actions=record_actions.actions_for(self.request.user, obj),
            field_groups=self.get_field_groups(),
            panels=panels.slots(self.request, obj),
            header_urls=panels.header_urls(obj),
            list_url=self.url("list"),
            list_label=obj._meta.verbose_name_plural,
            prev_url="?go=prev",
            next_url="?go=next",
            history_url=history_url(label, obj.pk),
            access_url=access_url(label, obj.pk),
            **kwargs,
        )

    def get_subtitle(self) -> str:
        """A second line under the title."""
        return ""

    def get_badges(self) -> list[Badge]:
        """Coloured words beside the title."""
        return []

    def get_header_facts(self) -> list[Fact]:
        """The few figures that matter most."""
        return []

    def get_next_step(self) -> dict[str, Any] | None:
        """Text, time and state of the next step of records that have one."""
        return None

    def get_actions(self) -> list[Action]:
        """Edit and delete where the user may; subclasses put their own before them."""
        actions = []
        user, obj = self.request.user, self.object
        edit, delete = self.url("edit", obj.pk), self.url("delete", obj.pk)
        if edit and allows(user, "change", obj):
            actions.append(Action(_("Edit"), edit, "edit"))
        if delete and allows(user, "delete", obj):
            actions.append(Action(_("Delete"), delete, "trash", method="dialog", danger=True))
        return actions

    def get_field_groups(self) -> list[FieldGroup]:
        """The declared fields that have a value and that the user may read."""
        hidden = self.request.user.hidden_fields(self.object._meta.label_lower)
        groups = []
        for title, names in self.field_groups:
            facts = [fact for name in names if name not in hidden and (fact := self.fact(name)) is not None]
            if facts:
                groups.append(FieldGroup(title, facts))
        return groups

    def fact(self, name: str) -> Fact | None:
        """One model field as a labelled value, None when it is empty."""
        model_field: Any = self.object._meta.get_field(name)
        html = field_html(self.object, model_field)
        if not html:
            return None
        return Fact(capfirst(model_field.verbose_name), html, wide=isinstance(model_field, models.TextField))


def history_url(label: str, pk: int) -> str:
    """The page with everything that happened to the record."""
    from django.urls import reverse

    return reverse("history", args=[label, pk])


def access_url(label: str, pk: int) -> str:
    """The page that tells why the user sees the record."""
    from django.urls import reverse

    return reverse("access", args=[label, pk])


def field_html(obj: models.Model, model_field: Any) -> SafeString:
    """A field's value as safe HTML in the user's calendar, digits and money unit; empty for no value."""
    if model_field.many_to_many:
        return mark_safe(
            display.comma().join(f"<bdi>{escape(row)}</bdi>" for row in getattr(obj, model_field.name).all())
        )
    value = getattr(obj, model_field.name)
    if value is None or value in ("", []):
        return mark_safe("")
    if model_field.choices:
        return mark_safe(escape(capfirst(str(getattr(obj, f"get_{model_field.name}_display")()))))
    if model_field.is_relation:
        return link(value)
    return mark_safe(_plain_html(obj, model_field, value))


def _plain_html(obj: models.Model, model_field: Any, value: Any) -> str:  # noqa: PLR0911 - one return per kind of field
    if isinstance(model_field, MoneyField):
        return escape(display.format_money(value, getattr(obj, "currency", None) or "IRR"))
    if isinstance(model_field, PhoneField):
        return f'<a href="tel:{escape(value)}" dir="ltr">{escape(display.format_phone(value))}</a>'
    if isinstance(model_field, models.EmailField):
        return f'<a href="mailto:{escape(value)}" dir="ltr">{escape(value)}</a>'
    if isinstance(model_field, models.URLField):
        return f'<a href="{escape(value)}" rel="noopener noreferrer nofollow" target="_blank" dir="ltr">{escape(value)}</a>'
    if isinstance(model_field, models.DateTimeField):
        return f'<bdi dir="ltr">{display.format_datetime(value)}</bdi>'
    if isinstance(model_field, models.DateField):
        return f'<bdi dir="ltr">{display.format_date(value)}</bdi>'
    if isinstance(model_field, models.BooleanField):
        return escape(_("Yes") if value else _("No"))
    if isinstance(model_field, models.IntegerField | models.DecimalField):
        return display.format_number(value)
    if isinstance(value, list):
        return display.comma().join(f"<bdi>{escape(item)}</bdi>" for item in value)
    words = rich_text.html if isinstance(model_field, models.TextField) else escape
    return "<br>".join(f"<bdi>{words(line)}</bdi>" for line in str(value).splitlines())


def link(obj: models.Model | None) -> SafeString:
    """A record's name, linked to its page when it has one; nothing for None."""
    if obj is None:
        return mark_safe("")
    url = obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else ""
    name = f"<bdi>{escape(obj)}</bdi>"
    return mark_safe(f'<a href="{escape(url)}">{name}</a>' if url else name)
