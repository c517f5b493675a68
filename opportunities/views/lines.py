"""The lines and the people of an opportunity, in dialogs."""

from typing import Any

from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opportunities.forms import LineForm, PersonForm
from opportunities.forms.dialogs import DialogForm
from opportunities.models import OpportunityContact, OpportunityLine
from opportunities.services import line_delete, line_save, opportunity_sum_lines, person_remove, person_save
from opportunities.services.create import list_price
from opportunities.views.actions import OpportunityActionView


class LineMixin(OpportunityActionView):
    """The line named in the address, or a new one."""

    @cached_property
    def line(self) -> OpportunityLine:
        """A line of this very deal; another deal's line answers 404."""
        key = self.kwargs.get("line")
        if key is None:
            return OpportunityLine(opportunity=self.object)
        lines = OpportunityLine.objects.for_user(self.request.user, "change").select_related("product")
        found = lines.filter(opportunity=self.object, pk=min(key, 2**63 - 1)).first()
        if found is None:
            raise Http404
        return found


class LineView(LineMixin):
    """Add or edit a line."""

    form_class = LineForm
    success_message = gettext_lazy("The line was saved.")

    def get_title(self) -> str:
        return _("New line") if self.line._state.adding else _("Edit the line")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "line": self.line}

    def perform(self, **data: Any) -> str | None:
        line = self.line
        line.product, line.quantity, line.discount = data["product"], data["quantity"], data["discount"]
        price = data["unit_price"]
        line.unit_price = list_price(line.product, self.object) if price is None else price
        line_save(actor=self.request.user, line=line)
        return None


class LineDeleteView(LineMixin):
    """Ask, then remove the line."""

    form_class = DialogForm
    success_message = gettext_lazy("The line was removed.")

    def get_title(self) -> str:
        return _("Remove the line of “%(product)s”?") % {"product": self.line.product}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(submit_label=_("Remove"), danger=True, **kwargs)

    def perform(self, **data: Any) -> str | None:
        line_delete(actor=self.request.user, line=self.line)
        return None


class LinesSumView(OpportunityActionView):
    """Make the amount the sum of the lines again."""

    success_message = gettext_lazy("The amount is the sum of the lines now.")

    def perform(self, **data: Any) -> str | None:
        opportunity_sum_lines(actor=self.request.user, opportunity=self.object)
        return None


class PersonMixin(OpportunityActionView):
    """The person named in the address, or a new one."""

    @cached_property
    def person(self) -> OpportunityContact:
        """A person of this very deal; another deal's answers 404."""
        key = self.kwargs.get("person")
        if key is None:
            return OpportunityContact(opportunity=self.object)
        people = OpportunityContact.objects.for_user(self.request.user, "change").select_related("contact", "role")
        found = people.filter(opportunity=self.object, pk=min(key, 2**63 - 1)).first()
        if found is None:
            raise Http404
        return found


class PersonView(PersonMixin):
    """Add a contact to the purchase or change his or her part."""

    form_class = PersonForm
    success_message = gettext_lazy("The person was saved.")

    def get_title(self) -> str:
        return _("Add a person") if self.person._state.adding else _("Edit the part in the purchase")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "person": self.person}

    def perform(self, **data: Any) -> str | None:
        self.person.contact, self.person.role = data["contact"], data["role"]
        person_save(actor=self.request.user, person=self.person)
        return None


class PersonDeleteView(PersonMixin):
    """Ask, then take the person off."""

    form_class = DialogForm
    success_message = gettext_lazy("The person was taken off this opportunity.")

    def get_title(self) -> str:
        return _("Take “%(contact)s” off this opportunity?") % {"contact": self.person.contact}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(submit_label=_("Remove"), danger=True, **kwargs)

    def perform(self, **data: Any) -> str | None:
        person_remove(actor=self.request.user, person=self.person)
        return None
