"""Settings: sales cycles with their stages, and reasons for closing."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from core.views import (
    ObjectActionView,
    ObjectCreateView,
    ObjectDeleteView,
    ObjectListView,
    ObjectUpdateView,
    PageView,
)
from core.views.base import ModelMixin, hx_redirect
from opportunities.filters import ReasonFilterSet
from opportunities.forms import CycleForm, ReasonForm, StageForm
from opportunities.models import CloseReason, SalesCycle, Stage
from opportunities.selectors import cycles_overview
from opportunities.services import cycle_make_default, cycle_save, stage_delete, stage_save, stage_shift
from opportunities.tables import ReasonTable


class SalesCycleListView(ModelMixin, PageView):
    """All cycles with their stages in order."""

    model = SalesCycle
    template_name = "opportunities/cycle_list.html"
    title = gettext_lazy("Sales cycles")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            cycles=cycles_overview(),
            create_url=self.url("add") if self.may("add") else "",
            may_change=self.may("change"),
            may_delete=self.may("delete"),
            **kwargs,
        )


class SalesCycleCreateView(ObjectCreateView):
    """A new cycle, with a first, a won and a lost stage."""

    model = SalesCycle
    form_class = CycleForm

    def save_object(self, form: Any) -> models.Model:
        cycle = form.save(commit=False)
        return cycle_save(actor=self.request.user, cycle=cycle, save_m2m=form.save_m2m)


class SalesCycleUpdateView(ObjectUpdateView):
    """Names and uses of a cycle."""

    model = SalesCycle
    form_class = CycleForm

    def save_object(self, form: Any) -> models.Model:
        cycle = form.save(commit=False)
        return cycle_save(actor=self.request.user, cycle=cycle, save_m2m=form.save_m2m)


class SalesCycleDeleteView(ObjectDeleteView):
    """Asks first; a cycle with opportunities stays."""

    model = SalesCycle


class CycleDefaultView(ObjectActionView):
    """Make the cycle the default one."""

    model = SalesCycle
    permission = "change"
    success_message = gettext_lazy("“%(name)s” is the default sales cycle now.")

    def perform(self, **data: Any) -> str | None:
        cycle_make_default(actor=self.request.user, cycle=self.object)
        return None

    def get_success_url(self) -> str:
        return self.url("list")


class StageCreateView(ObjectCreateView):
    """A new stage of a cycle, placed after the others of its kind."""

    model = Stage
    form_class = StageForm

    @cached_property
    def cycle(self) -> SalesCycle:
        """The cycle named in the address."""
        found = SalesCycle.objects.for_user(self.request.user, "view").filter(pk=self.kwargs["cycle"]).first()
        if found is None:
            raise Http404
        return found

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        return self.form_class(data, files, instance=Stage(cycle=self.cycle), user=self.request.user)

    def get_title(self) -> str:
        return _("New stage of “%(cycle)s”") % {"cycle": self.cycle}

    def save_object(self, form: Any) -> models.Model:
        return stage_save(actor=self.request.user, stage=form.save(commit=False))


class StageUpdateView(ObjectUpdateView):
    """A stage."""

    model = Stage
    form_class = StageForm

    def save_object(self, form: Any) -> models.Model:
        return stage_save(actor=self.request.user, stage=form.save(commit=False))


class StageDeleteView(ObjectDeleteView):
    """Asks first; a stage in use stays."""

    model = Stage

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        stage = self.get_object()
        try:
            stage_delete(actor=request.user, stage=stage)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("“%(name)s” was deleted.") % {"name": stage})
        return hx_redirect(request, reverse("opportunities:salescycle_list"))


class StageShiftView(ObjectActionView):
    """One place up or down."""

    model = Stage
    permission = "change"

    def perform(self, **data: Any) -> str | None:
        stage_shift(actor=self.request.user, stage=self.object, step=-1 if self.kwargs["way"] == "up" else 1)
        return None

    def get_success_url(self) -> str:
        return f"{reverse('opportunities:salescycle_list')}#cycle-{self.object.cycle_id}"


class CloseReasonListView(ObjectListView):
    """Why deals are won and lost."""

    model = CloseReason
    table_class = ReasonTable
    filterset_class = ReasonFilterSet


class CloseReasonCreateView(ObjectCreateView):
    """A new reason."""

    model = CloseReason
    form_class = ReasonForm


class CloseReasonUpdateView(ObjectUpdateView):
    """A reason."""

    model = CloseReason
    form_class = ReasonForm


class CloseReasonDeleteView(ObjectDeleteView):
    """Asks first; a reason in use stays."""

    model = CloseReason
