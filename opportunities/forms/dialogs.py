"""Forms of the dialogs on an opportunity."""

from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import BuyingRole, Contact
from catalog.models import Product
from core.display import current
from core.forms.fields import CleanCharField, LocalDateField, LocalDecimalField, MoneyFormField
from core.forms.typeahead import TypeaheadSelect
from opportunities.choices import StageKind, Status
from opportunities.models import CloseReason, Opportunity, OpportunityContact, OpportunityLine, SalesCycle, Stage
from opportunities.selectors import close_reasons
from users.models import User


class DialogForm(forms.Form):
    """A plain form in a dialog about one opportunity."""

    def __init__(self, *args: Any, user: Any, opportunity: Opportunity, **kwargs: Any):
        self.user, self.opportunity = user, opportunity
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def choose(self, name: str, queryset: Any) -> None:
        """Give a choice field its rows."""
        self.fields[name].queryset = queryset  # type: ignore[attr-defined]


class WinForm(DialogForm):
    """When the deal was won, and why."""

    closed_on = LocalDateField(label=gettext_lazy("Won on"))
    reason = forms.ModelChoiceField(CloseReason.objects.none(), label=gettext_lazy("Win reason"), required=False)
    note = CleanCharField(label=gettext_lazy("Explanation"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.choose("reason", close_reasons(Status.WON))
        self.fields["closed_on"].initial = current().today()


class LoseForm(DialogForm):
    """Why the deal was lost, and to whom."""

    reason = forms.ModelChoiceField(
        CloseReason.objects.none(),
        label=gettext_lazy("Loss reason"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": gettext_lazy("Say why the deal was lost.")},
    )
    competitor = CleanCharField(label=gettext_lazy("Lost to competitor"), max_length=120, required=False)
    note = CleanCharField(label=gettext_lazy("Explanation"), max_length=300, required=False)
    closed_on = LocalDateField(label=gettext_lazy("Lost on"))
    stage = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.choose("reason", close_reasons(Status.LOST))
        self.fields["closed_on"].initial = current().today()

    def clean_stage(self) -> Stage | None:
        """The lost stage the card was dropped on."""
        value = self.cleaned_data.get("stage")
        return Stage.objects.filter(pk=value, cycle=self.opportunity.cycle_id).first() if value else None


class ReopenForm(DialogForm):
    """Where a closed deal goes on."""

    stage = forms.ModelChoiceField(
        Stage.objects.none(), label=gettext_lazy("Stage"), required=False, empty_label=gettext_lazy("Where it was")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        stages = Stage.objects.filter(cycle=self.opportunity.cycle_id, kind=StageKind.OPEN, is_active=True)
        self.choose("stage", stages.order_by("position", "pk"))


class AssignForm(DialogForm):
    """Who takes the deal over."""

    owner = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("New owner"), widget=TypeaheadSelect(User))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.choose("owner", User.objects.for_user(self.user, "view").filter(is_active=True))


class ChangeCycleForm(DialogForm):
    """The stage of another cycle in which the deal goes on; the stage tells the cycle."""

    stage = forms.ModelChoiceField(Stage.objects.none(), label=gettext_lazy("Sales cycle and stage"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        cycles = SalesCycle.objects.filter(is_active=True).exclude(pk=self.opportunity.cycle_id)
        stages = Stage.objects.filter(cycle__in=cycles, kind=StageKind.OPEN, is_active=True).select_related("cycle")
        self.choose("stage", stages.order_by("cycle__position", "cycle", "position", "pk"))
        self.fields["stage"].label_from_instance = lambda stage: f"{stage.cycle} › {stage}"  # type: ignore[attr-defined]


class LineForm(DialogForm):
    """A product, how many, at what price."""

    product = forms.ModelChoiceField(
        Product.objects.none(), label=gettext_lazy("Product"), widget=TypeaheadSelect(Product)
    )
    quantity = LocalDecimalField(label=gettext_lazy("Quantity"), max_digits=12, decimal_places=3, min_value=0)
    unit_price = MoneyFormField(
        label=gettext_lazy("Unit price"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("Empty: the price of the product."),
    )
    discount = LocalDecimalField(
        label=gettext_lazy("Discount"),
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=100,
        required=False,
        help_text=gettext_lazy("Percent."),
    )

    def __init__(self, *args: Any, line: OpportunityLine, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.line = line
        kept = [line.product_id] if line.product_id else []
        products = Product.objects.for_user(self.user, "view")
        self.choose("product", products.filter(is_active=True) | products.filter(pk__in=kept))
        self.fields["unit_price"].currency = self.opportunity.currency  # type: ignore[attr-defined]
        self.initial.setdefault("quantity", line.quantity)
        if not line._state.adding:
            values = {"product": line.product_id, "unit_price": line.unit_price, "discount": line.discount}
            self.initial |= values

    def clean_discount(self) -> Decimal:
        """No discount is none."""
        return self.cleaned_data.get("discount") or Decimal(0)


class PersonForm(DialogForm):
    """A contact and his or her part in the purchase."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=gettext_lazy("Contact"), widget=TypeaheadSelect(Contact)
    )
    role = forms.ModelChoiceField(BuyingRole.objects.none(), label=gettext_lazy("Buying role"), required=False)

    def __init__(self, *args: Any, person: OpportunityContact, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.person = person
        self.choose("contact", Contact.objects.for_user(self.user, "view"))
        roles = BuyingRole.objects.filter(is_active=True) | BuyingRole.objects.filter(pk=person.role_id)
        self.choose("role", roles)
        if not person._state.adding:
            self.initial |= {"contact": person.contact_id, "role": person.role_id}
