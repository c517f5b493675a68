"""Settings: sequences with their steps. On a record: starting and stopping one."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.forms.sequences import SequenceForm, SequenceStartForm, StepForm
from activities.models import Sequence, SequenceRun, SequenceStep
from activities.selectors.sequences import run_of_record, sequences_overview, steps_of, steps_planned
from activities.services.runs import sequence_start, sequence_stop
from activities.services.sequences import sequence_delete, sequence_save, step_delete, step_save, step_shift
from core import hosts
from core.errors import DomainError
from core.policies import policy_for
from core.views import (
    ObjectActionView,
    ObjectCreateView,
    ObjectDeleteView,
    ObjectUpdateView,
    PageView,
)
from core.views.base import MAX_PK, AccessMixin, ModelMixin, hx_redirect
from core.views.edit import FormView
from core.views.system import visible_host


class SequenceListView(ModelMixin, PageView):
    """All sequences with their steps in order."""

    model = Sequence
    template_name = "activities/sequences/list.html"
    title = gettext_lazy("Sequences")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            sequences=sequences_overview(),
            create_url=self.url("add") if self.may("add") else "",
            may_change=self.may("change"),
            may_delete=self.may("delete"),
            **kwargs,
        )


def card(sequence_id: int) -> str:
    """The place of a sequence on the page of all."""
    return f"{reverse('activities:sequence_list')}#sequence-{sequence_id}"


class SequenceCreateView(ObjectCreateView):
    """A new sequence; its steps follow."""

    model = Sequence
    form_class = SequenceForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"can_add_another": False}

    def save(self, form: Any) -> HttpResponse:
        sequence = sequence_save(actor=self.request.user, sequence=form.save(commit=False))
        messages.success(self.request, _("“%(name)s” was saved. Now add its first step.") % {"name": sequence})
        return hx_redirect(self.request, reverse("activities:step_add", args=[sequence.pk]))


class SequenceUpdateView(ObjectUpdateView):
    """Name and kind of record."""

    model = Sequence
    form_class = SequenceForm

    def save_object(self, form: Any) -> models.Model:
        return sequence_save(
            actor=self.request.user, sequence=form.save(commit=False), expected_version=form.expected_version
        )


class SequenceDeleteView(ObjectDeleteView):
    """Asks first; a sequence at work stays."""

    model = Sequence

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sequence = self.get_object()
        try:
            sequence_delete(actor=request.user, sequence=sequence)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            undo = reverse("restore", args=["activities.sequence", sequence.pk])
            text = _("“%(name)s” was moved to the bin.") % {"name": sequence}
            messages.success(request, text, extra_tags=f"undo:{undo}")
        return hx_redirect(request, self.url("list"))


class StepCreateView(ObjectCreateView):
    """A new step behind the others."""

    model = SequenceStep
    form_class = StepForm

    @cached_property
    def sequence(self) -> Sequence:
        """The sequence named in the address."""
        found = Sequence.objects.for_user(self.request.user, "view").filter(pk=min(self.kwargs["sequence"], MAX_PK))
        sequence = found.first()
        if sequence is None:
            raise Http404
        return sequence

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        step = SequenceStep(sequence=self.sequence, after_days=2 if steps_of(self.sequence).exists() else 0)
        return self.form_class(data, files, instance=step, user=self.request.user)

    def get_title(self) -> str:
        return _("New step of “%(sequence)s”") % {"sequence": self.sequence}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"cancel_url": card(self.sequence.pk), **listing()}

    def save_object(self, form: Any) -> models.Model:
        return step_save(actor=self.request.user, step=form.save(commit=False))

    def url(self, name: str, *args: Any) -> str:
        """Steps have no list of their own: back to the sequence."""
        return card(self.sequence.pk) if name == "list" else super().url(name, *args)


def listing() -> dict[str, Any]:
    """The way back in the crumbs."""
    return {"list_url": reverse("activities:sequence_list"), "list_label": _("Sequences")}


class StepUpdateView(ObjectUpdateView):
    """A step."""

    model = SequenceStep
    form_class = StepForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"cancel_url": card(self.object.sequence_id), **listing()}

    def save_object(self, form: Any) -> models.Model:
        return step_save(actor=self.request.user, step=form.save(commit=False))

    def url(self, name: str, *args: Any) -> str:
        """Steps have no list of their own: back to the sequence."""
        return card(self.object.sequence_id) if name == "list" else super().url(name, *args)


class StepDeleteView(ObjectDeleteView):
    """Asks first."""

    model = SequenceStep

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step = self.get_object()
        step_delete(actor=request.user, step=step)
        messages.success(request, _("“%(name)s” was deleted.") % {"name": step})
        return hx_redirect(request, card(step.sequence_id))


class StepShiftView(ObjectActionView):
    """One place up or down."""

    model = SequenceStep
    permission = "change"

    def perform(self, **data: Any) -> str | None:
        step_shift(actor=self.request.user, step=self.object, by=-1 if self.kwargs["way"] == "up" else 1)
        return None

    def get_success_url(self) -> str:
        return card(self.object.sequence_id)


class RecordAccessMixin(AccessMixin):
    """The record named in the address, of a kind sequences work on, which the user may change."""

    permission = "change"
    kwargs: dict[str, Any]

    def has_permission(self) -> bool:
        host = hosts.find(self.kwargs["label"])
        if host is None or not host.has_next_step:
            raise Http404
        self.model = host.model  # type: ignore[misc]
        return policy_for(host.model).can(self.request.user, self.permission)

    @cached_property
    def record(self) -> Any:
        """The record; a foreign or deleted one answers 404."""
        return visible_host(self.request, self.kwargs["label"], self.kwargs["pk"], self.permission)


class SequenceStartView(RecordAccessMixin, FormView):
    """Start a sequence on a record; the dates of its steps are shown before."""

    dialog_template_name = "activities/sequences/_start_dialog.html"
    title = gettext_lazy("Start a sequence")

    def prepare(self) -> None:
        _record = self.record

    def get_form(self, data: Any = None, files: Any = None) -> SequenceStartForm:
        return SequenceStartForm(data, user=self.request.user, record=self.record)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label, pk = self.kwargs["label"], self.record.pk
        return super().get_context_data(
            form_action=self.request.get_full_path(),
            dates_url=reverse("activities:sequence_dates", args=[label, pk]),
            planned=planned_steps(kwargs["form"], self.request.user),
            has_sequences=kwargs["form"].fields["sequence"].queryset.exists(),
            settings_url=reverse("activities:sequence_list")
            if policy_for(Sequence).can(self.request.user, "change")
            else "",
            submit_label=_("Start"),
            cancel_url=self.record.get_absolute_url(),
            **kwargs,
        )

    def save(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        sequence = data["sequence"]
        sequence_start(
            actor=self.request.user,
            sequence=sequence,
            record=self.record,
            owner=data.get("owner"),
            start=data["start"],
        )
        messages.success(self.request, _("“%(name)s” was started.") % {"name": sequence})
        return hx_redirect(self.request, self.record.get_absolute_url())


def planned_steps(form: SequenceStartForm, user: Any) -> list[Any]:
    """The steps of the chosen sequence (the first one while nothing is chosen) with their dates."""
    if form.is_bound and not form.is_valid():
        return []
    data = form.cleaned_data if form.is_bound else {}
    sequence = data.get("sequence") or form.fields["sequence"].queryset.first()  # type: ignore[attr-defined]
    if sequence is None:
        return []
    owner = data.get("owner") or user
    return steps_planned(
        steps_of(sequence), data.get("start") or form.fields["start"].initial, ZoneInfo(owner.time_zone)
    )


class SequenceDatesView(RecordAccessMixin, PageView):
    """The dates of a sequence's steps, while it is being chosen."""

    template_name = "activities/sequences/_dates.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SequenceStartForm(request.GET or None, user=request.user, record=self.record)
        return self.render_to_response(self.get_context_data(planned=planned_steps(form, request.user), form=form))


class SequenceStopView(AccessMixin, PageView):
    """Stop a running sequence."""

    model = SequenceRun
    http_method_names = ("post",)

    def has_permission(self) -> bool:
        """Decided by the record, which the run is reached through."""
        return self.request.user.is_authenticated

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = run_of_record(request.user, min(pk, MAX_PK))
        if found is None:
            raise Http404
        run, record = found
        try:
            sequence_stop(actor=request.user, run=run)
        except DomainError as error:
            raise PermissionDenied(str(error)) from error
        messages.success(request, _("“%(name)s” was stopped.") % {"name": run.sequence})
        return hx_redirect(request, record.get_absolute_url())  # type: ignore[attr-defined]
