"""Making and editing an opportunity."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from activities.forms.steps import NextStepFields
from core.errors import DomainError
from core.forms.base import BaseModelForm
from core.parsing import read_key
from opportunities.choices import StageKind
from opportunities.models import Opportunity, OpportunityLine, SalesCycle, Stage
from opportunities.services import default_cycle


class OpportunityForm(BaseModelForm):
    """The fields of a deal; its stage moves on the page or the board, its owner by handing it over."""

    typeahead = ("account", "contact", "owner", "source")
    fieldsets = (
        (gettext_lazy("The deal"), ("name", ("account", "contact"), ("type", "source"))),
        (
            pgettext_lazy("deal", "Value"),
            (("amount", "currency"), "amount_from_lines", ("probability", "expected_close_on")),
        ),
        (gettext_lazy("Notes"), ("description",)),
    )
    amount_from_lines = forms.BooleanField(
        label=gettext_lazy("The amount is the sum of the lines"),
        required=False,
        help_text=gettext_lazy("Untick it to type another amount."),
    )

    class Meta:
        model = Opportunity
        fields = (
            "name",
            "account",
            "contact",
            "type",
            "source",
            "amount",
            "currency",
            "probability",
            "expected_close_on",
            "description",
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "amount" in self.fields:
            self.fields["amount"].required = False
        if self.instance.pk and OpportunityLine.objects.filter(opportunity=self.instance.pk).exists():
            self.initial["amount_from_lines"] = self.instance.amount_from_lines
        else:
            del self.fields["amount_from_lines"]
        if "probability" in self.fields:
            self.fields["probability"].required = False
            self.fields["probability"].help_text = _("Percent. Empty: that of the stage.")
        if "description" in self.fields:
            self.fields["description"].widget.attrs["rows"] = 4

    def clean_amount(self) -> Any:
        """No amount is zero."""
        return self.cleaned_data.get("amount") or 0

    def clean_probability(self) -> Any:
        """Empty is the stage's own."""
        value = self.cleaned_data.get("probability")
        return self.instance.stage.probability if value is None and self.instance.pk else value

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "amount_from_lines" in self.fields:
            self.instance.amount_from_lines = bool(data.get("amount_from_lines"))
        return data


class OpportunityCreateForm(NextStepFields, OpportunityForm):
    """A new deal: in which cycle and stage it starts, and whose it is."""

    fieldsets = (
        (
            gettext_lazy("The deal"),
            ("name", ("account", "contact"), ("cycle", "stage"), ("type", "source"), ("owner", "team")),
        ),
        OpportunityForm.fieldsets[1],
        (gettext_lazy("Next step"), (("next_step", "next_step_at"),)),
        *OpportunityForm.fieldsets[2:],
    )

    class Meta(OpportunityForm.Meta):
        fields = (*OpportunityForm.Meta.fields, "cycle", "stage", "owner", "team")  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["probability"] = None
        if not self.initial.get("amount"):
            self.initial["amount"] = None
        self.fields["stage"].required = False
        self.fields["stage"].empty_label = _("First stage")  # type: ignore[attr-defined]
        cycle = self._cycle()
        if cycle is not None:
            self.initial.setdefault("cycle", cycle.pk)
        stages = Stage.objects.filter(cycle=cycle, kind=StageKind.OPEN, is_active=True)
        self.fields["stage"].queryset = stages.order_by("position", "pk")  # type: ignore[attr-defined]
        self.fields["cycle"].empty_label = None  # type: ignore[attr-defined]
        self.fields["cycle"].widget.attrs |= {
            "hx-get": reverse("opportunities:stage_options"),
            "hx-target": "#id_stage",
            "hx-swap": "innerHTML",
            "hx-trigger": "change",
        }

    def _cycle(self) -> SalesCycle | None:
        """The cycle chosen so far, else the one of the user's team."""
        key = read_key(self.data.get("cycle") if self.is_bound else self.initial.get("cycle"))
        if key is not None:
            found = SalesCycle.objects.filter(pk=key, is_active=True).first()
            if found is not None or self.is_bound:
                return found
        self.initial.pop("cycle", None)
        try:
            return default_cycle(team=self.user.team)
        except DomainError:
            return None
