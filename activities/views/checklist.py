"""The checklist of an activity: add a line, tick it, take it away."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse

from activities.forms.dialogs import LineForm
from activities.models import Activity, ChecklistItem
from activities.services import checklist_add, checklist_remove, checklist_tick
from core import panels
from core.errors import DomainError
from core.views.base import ObjectMixin, View, hx_redirect


class ChecklistAddView(ObjectMixin, View):
    """A new line; the answer is the panel."""

    model = Activity
    permission = "change"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        activity = self.get_object()
        form = LineForm(request.POST, user=request.user)
        error = "" if form.is_valid() else str(next(iter(form.errors.values()))[0])
        if not error:
            try:
                checklist_add(actor=request.user, activity=activity, text=form.cleaned_data["text"])
            except DomainError as refusal:
                error = str(refusal)
        return checklist(request, activity, error)


class ChecklistItemView(ObjectMixin, View):
    """A tick, or the end of a line; the answer is the panel."""

    model = ChecklistItem
    permission = "change"
    http_method_names = ("post",)

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("activity")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        item = self.get_object()
        error = ""
        try:
            if "remove" in request.POST:
                checklist_remove(actor=request.user, item=item)
            else:
                checklist_tick(actor=request.user, item=item, done=request.POST.get("done") == "1")
        except DomainError as refusal:
            error = str(refusal)
        return checklist(request, item.activity, error)


def checklist(request: HttpRequest, activity: Activity, error: str) -> HttpResponse:
    """The checklist panel as it is now; without HTMX back to the activity."""
    if not getattr(request, "htmx", None):
        if error:
            messages.error(request, error)
        return hx_redirect(request, activity.get_absolute_url())
    panel = panels.find("activities.activity", "checklist")
    if panel is None:
        raise Http404
    request.checklist_error = error  # type: ignore[attr-defined]
    return HttpResponse(panel.render(request, activity), status=422 if error else 200)
