"""The form of every list of values, made from the model."""

from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.forms.base import BaseModelForm
from core.models import NamedValue

COMMON = ("name_fa", "name_en", "position", "is_active", "code")


class NamedValueForm(BaseModelForm):
    """A value with its names; the code is made of the English name unless given."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["code"].required = False
        self.fields["code"].help_text = _("For imports and links; made of the English name when left empty.")
        self.fields["code"].widget.attrs["dir"] = "ltr"
        self.fields["name_en"].widget.attrs["dir"] = "ltr"

    def clean_code(self) -> str:
        """The code given, else one from the English name that is still free."""
        code = self.cleaned_data.get("code") or ""
        if code:
            return str(code)
        model: Any = self._meta.model
        stem = slugify(self.cleaned_data.get("name_en") or "")[:30] or "value"
        taken = set(
            model.objects.filter(code__startswith=stem).exclude(pk=self.instance.pk).values_list("code", flat=True)
        )
        return stem if stem not in taken else next(c for n in range(2, 10_000) if (c := f"{stem}-{n}") not in taken)


def form_for(model: type[NamedValue]) -> type[NamedValueForm]:
    """The form class of a list of values: its own fields after the common names."""
    common = {f.name for f in NamedValue._meta.get_fields()}
    own = [f.name for f in model._meta.concrete_fields if f.editable and not f.primary_key and f.name not in common]
    fields = ["name_fa", "name_en", *own, *COMMON[2:]]
    meta = type("Meta", (), {"model": model, "fields": fields})
    return type(f"{model.__name__}Form", (NamedValueForm,), {"Meta": meta, "__doc__": f"Form of {model.__name__}."})
