"""Settings: sales cycles, stages, reasons."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.forms.base import BaseModelForm
from opportunities.models import CloseReason, SalesCycle, Stage


class CycleForm(BaseModelForm):
    """A way of selling, and for what it is used."""

    typeahead = ("families", "teams")
    fieldsets = (
        (_("The sales cycle"), (("name_fa", "name_en"), ("code", "position"), ("is_default", "is_active"))),
        (_("Used for"), ("families", "teams")),
    )

    class Meta:
        model = SalesCycle
        fields = ("name_fa", "name_en", "code", "position", "is_default", "is_active", "families", "teams")
        help_texts = {
            "families": _("Deals about these products start in this cycle."),
            "teams": _("Deals of these teams start in this cycle, unless a product says otherwise."),
        }


class StageForm(BaseModelForm):
    """A stage: its names, its chance, its time, its advice."""

    fieldsets = (
        ("", (("name_fa", "name_en"), ("code", "kind"), ("probability", "expected_days"), "guidance", "is_active")),
    )

    class Meta:
        model = Stage
        fields = ("name_fa", "name_en", "code", "kind", "probability", "expected_days", "guidance", "is_active")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["guidance"].widget.attrs["rows"] = 3


class ReasonForm(BaseModelForm):
    """A reason for winning or losing."""

    fieldsets = (("", (("name_fa", "name_en"), ("code", "outcome"), ("position", "is_active"))),)

    class Meta:
        model = CloseReason
        fields = ("name_fa", "name_en", "code", "outcome", "position", "is_active")
