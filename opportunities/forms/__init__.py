"""Forms of the opportunities app."""

from opportunities.forms.cycle import CycleForm, ReasonForm, StageForm
from opportunities.forms.dialogs import (
    AssignForm,
    ChangeCycleForm,
    LineForm,
    LoseForm,
    PersonForm,
    ReopenForm,
    WinForm,
)
from opportunities.forms.opportunity import OpportunityCreateForm, OpportunityForm

__all__ = [
    "AssignForm",
    "ChangeCycleForm",
    "CycleForm",
    "LineForm",
    "LoseForm",
    "OpportunityCreateForm",
    "OpportunityForm",
    "PersonForm",
    "ReasonForm",
    "ReopenForm",
    "StageForm",
    "WinForm",
]
