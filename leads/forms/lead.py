"""The lead's own form, and the short one."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.forms.steps import NextStepFields
from core.forms.base import BaseModelForm
from core.policies import policy_for
from leads.models import Lead


class NameMixin:
    """A lead has the name of a person or of a company."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}  # type: ignore[misc]
        names = ("first_name", "last_name", "company")
        if not any(data.get(name) for name in names) and not any(name in self.errors for name in names):  # type: ignore[attr-defined]
            self.add_error("last_name", _("Enter the name of a person or of a company."))  # type: ignore[attr-defined]
        return data


class LeadForm(NameMixin, NextStepFields, BaseModelForm):
    """Everything one knows of a lead. Status, owner of an existing lead and conversion have actions of their own."""

    typeahead = ("owner", "products", "referrer_account", "referrer_contact")
    fieldsets = (
        (
            gettext_lazy("Who"),
            (
                ("first_name", "last_name"),
                ("company", "job_title"),
                ("mobile", "phone"),
                ("email", "website"),
                ("party_type", "industry"),
            ),
        ),
        (gettext_lazy("What is wanted"), ("interest", "products", ("estimated_value", "currency"))),
        (
            gettext_lazy("Where it came from"),
            (("source", "heard_about_us"), ("referrer_account", "referrer_contact"), "consent"),
        ),
        (gettext_lazy("Next step and owner"), (("next_step", "next_step_at"), "owner")),
        (gettext_lazy("Address and notes"), (("province", "city"), "address", "description")),
        (
            gettext_lazy("Advertising"),
            (("utm_source", "utm_medium", "utm_campaign"), ("utm_term", "utm_content")),
        ),
    )

    class Meta:
        model = Lead
        fields = (
            "first_name",
            "last_name",
            "company",
            "job_title",
            "mobile",
            "phone",
            "email",
            "website",
            "party_type",
            "industry",
            "interest",
            "products",
            "estimated_value",
            "currency",
            "source",
            "heard_about_us",
            "referrer_account",
            "referrer_contact",
            "consent",
            "owner",
            "province",
            "city",
            "address",
            "description",
            "utm_source",
            "utm_medium",
            "utm_campaign",
            "utm_term",
            "utm_content",
        )
        widgets = {
            "interest": forms.Textarea({"rows": 3}),
            "description": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        may_assign = policy_for(Lead).can(self.user, "assign")
        if "owner" in self.fields and (self.instance.pk or not may_assign):
            del self.fields["owner"]
            self.helper.layout = self._layout()
        if "referrer_account" in self.fields:
            self.fields["referrer_account"].help_text = _("For leads a customer sent us.")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        source = data.get("source")
        asked = {"referrer_account", "referrer_contact"} & set(self.fields)
        if source is not None and source.needs_referrer and asked and not any(data.get(name) for name in asked):
            self.add_error(min(asked), _("Say which customer or person referred this lead."))
        return data


class QuickLeadForm(NameMixin, NextStepFields, BaseModelForm):
    """What one writes down while the phone is still at the ear."""

    fieldsets = (
        (
            None,
            (
                ("first_name", "last_name"),
                ("company", "mobile"),
                ("source", "estimated_value"),
                "interest",
                ("next_step", "next_step_at"),
            ),
        ),
    )

    class Meta:
        model = Lead
        fields = (
            "first_name",
            "last_name",
            "company",
            "mobile",
            "source",
            "estimated_value",
            "interest",
        )
        widgets = {"interest": forms.Textarea({"rows": 2})}
