"""What a report asks: cycle, span, person, team."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.display import current
from core.filter_fields import DateSpan, LocalDateRangeField
from core.forms.typeahead import TypeaheadSelect
from opportunities.models import SalesCycle
from reports.selectors.query import FunnelQuery
from users.models import Team, User

GROUPINGS = (
    ("", _("Automatic period")),
    ("week", _("By week")),
    ("month", _("By month")),
    ("season", _("By season")),
    ("year", _("By year")),
)
DEFAULT_RANGE = "this_year"


class FunnelForm(forms.Form):
    """The filters of the funnel page; everything is optional."""

    cycle = forms.TypedChoiceField(label=_("Sales cycle"), coerce=int, required=False, empty_value=None)
    period = LocalDateRangeField(label=_("Period"))
    by = forms.ChoiceField(label=_("Grouping"), choices=GROUPINGS, required=False)
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, widget=TypeaheadSelect(User)
    )
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, widget=TypeaheadSelect(Team)
    )

    def __init__(self, data: Any, *, user: Any, cycles: list[SalesCycle]):
        values = data.copy()
        if not any(name.startswith("period") for name in values):
            values["period_range"] = DEFAULT_RANGE
        if values.get("period_from") or values.get("period_to"):
            values["period_range"] = ""  # typed days win over the range chosen before
        if cycles and not values.get("cycle"):
            values["cycle"] = str(cycles[0].pk)
        super().__init__(values)
        self.cycles = {cycle.pk: cycle for cycle in cycles}
        self.fields["cycle"].choices = [(cycle.pk, str(cycle)) for cycle in cycles]  # type: ignore[attr-defined]
        self.fields["owner"].queryset = User.objects.for_user(user, "view")  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.for_user(user, "view")  # type: ignore[attr-defined]
        self._style()

    def _style(self) -> None:
        """The classes of the design for the plain controls."""
        span: Any = self.fields["period"].widget
        for widget in (self.fields["cycle"].widget, self.fields["by"].widget, span.widgets[0]):
            widget.attrs["class"] = "form-select"
        for widget in span.widgets[1:]:
            widget.attrs["class"] = f"{widget.attrs.get('class', '')} form-control".strip()

    def query(self) -> FunnelQuery | None:
        """What was asked; of a wrong field its default. None when there is no sales cycle at all."""
        if not self.cycles:
            return None
        self.full_clean()
        values = self.cleaned_data
        cycle = self.cycles.get(values.get("cycle") or 0) or next(iter(self.cycles.values()))
        span: DateSpan | None = values.get("period")
        if "period" in self.errors:
            span = self._default_span()
        owner, team = values.get("owner"), values.get("team")
        return FunnelQuery(
            cycle=cycle,
            start=span.start if span else None,
            end=span.end if span else None,
            owner_id=owner.pk if owner else None,
            team_id=team.pk if team else None,
            calendar=current().calendar,
            grouping=values.get("by") or None,
        )

    def _default_span(self) -> DateSpan:
        field: Any = self.fields["period"]
        span: DateSpan = field.compress([DEFAULT_RANGE, None, None])
        return span

    def period_words(self) -> str:
        """The span in words, for titles and notes."""
        span = self.cleaned_data.get("period")
        field: Any = self.fields["period"]
        return str(field.describe(span)) if span else str(_("any time"))
