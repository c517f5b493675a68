"""The form every create and edit page stands on."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.forms.models import ModelFormMetaclass
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.text import capfirst

from core.forms.fields import bind_currency, local_formfield
from core.forms.typeahead import TypeaheadSelect, TypeaheadSelectMultiple
from core.models import Record


def begin_with_capitals(form: forms.BaseForm) -> None:
    """Labels and fixed choices start with a capital, although models name things in lower case for sentences."""
    for field in form.fields.values():
        if field.label and "_" not in str(field.label):
            field.label = capfirst(field.label)
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            field.choices = [
                (value, label if isinstance(label, list | tuple) else capfirst(str(label)))
                for value, label in field.choices
            ]


class LocalModelFormMetaclass(ModelFormMetaclass):
    """Gives every model form the local varieties of date, number and money fields."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        meta = attrs.get("Meta")
        if meta is not None and not hasattr(meta, "formfield_callback"):
            meta.formfield_callback = staticmethod(local_formfield)
        return super().__new__(mcs, name, bases, attrs)


class BaseModelForm(forms.ModelForm, metaclass=LocalModelFormMetaclass):
    """A model form with fieldsets, scoped choices and the optimistic lock.

    ``fieldsets`` is ``((title, (row, row, …)), …)``, a row being a field name or a tuple of names side by side.
    ``typeahead`` names relation fields that are chosen by typing instead of from a list.
    Fields a role may not read are dropped, fields it may only read are disabled.
    """

    fieldsets: Sequence[tuple[Any, Sequence[str | Sequence[str]]]] = ()
    typeahead: Sequence[str] = ()

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        self.user = user
        super().__init__(*args, **kwargs)
        self._scope_choices()
        self._apply_field_rules()
        for field in self.fields.values():
            field.label = capfirst(str(field.label)) if field.label else field.label
        if isinstance(self.instance, Record) and self.instance.pk:
            self.fields["_version"] = forms.IntegerField(
                initial=self.instance.version,
                widget=forms.HiddenInput,
                required=False,
                min_value=0,
                max_value=2**31 - 1,
            )
        bind_currency(self)
        begin_with_capitals(self)

    @cached_property
    def helper(self) -> FormHelper:
        """Crispy's layout, made when the form is shown: fields a subclass left out by then are not in it."""
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = self._layout()
        return helper

    def _scope_choices(self) -> None:
        for name, field in self.fields.items():
            if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
                continue
            model = field.queryset.model
            if hasattr(field.queryset, "for_user"):
                field.queryset = field.queryset.for_user(self.user, "view")
            if name in self.typeahead:
                several = isinstance(field, forms.ModelMultipleChoiceField)
                field.widget = (TypeaheadSelectMultiple if several else TypeaheadSelect)(model)
                field.widget.choices = field.choices
            elif any(f.name == "is_active" for f in model._meta.fields):
                kept = getattr(self.instance, f"{name}_id", None)
                field.queryset = field.queryset.filter(is_active=True) | field.queryset.filter(pk=kept)

    def _apply_field_rules(self) -> None:
        label = self._meta.model._meta.label_lower
        for name in list(self.fields):
            access = self.user.field_access(label, name)
            if access == "hidden":
                del self.fields[name]
            elif access == "read":
                self.fields[name].disabled = True

    def _layout(self) -> Layout:
        blocks: list[Any] = []
        placed: set[str] = set()
        for title, rows in self.fieldsets:
            items: list[Any] = []
            for row in rows:
                names = [n for n in ((row,) if isinstance(row, str) else row) if n in self.fields]
                placed.update(names)
                width = f"col-md-{12 // len(names)}" if names else ""
                if names:
                    items.append(Row(*(Column(name, css_class=f"col-12 {width}") for name in names)))
            if items:
                blocks.append(Fieldset(escape(str(title)) if title else "", *items))
        rest = [name for name in self.fields if name not in placed]
        return Layout(*blocks, *rest)

    @property
    def expected_version(self) -> int | None:
        """The version of the record the form was opened with."""
        value = self.cleaned_data.get("_version")
        return int(value) if value is not None else None
