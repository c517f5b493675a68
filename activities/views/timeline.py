"""Notes, pins and details of a record's timeline."""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.choices import Kind
from activities.forms.notes import NoteForm
from activities.models import Activity
from activities.selectors.activities import activity_records
from activities.selectors.timeline import entry_changes, timeline_item
from activities.services.base import may_edit
from activities.services.notes import note_add, note_delete, note_edit
from activities.services.pins import timeline_pin
from core import panels
from core.errors import DomainError, PermissionRefused, StaleRecord
from core.policies import allows
from core.views.base import MAX_PK, ModelMixin, ObjectMixin, PageView, close_dialog, hx_redirect
from core.views.edit import FormView
from core.views.system import visible_host

PANEL = "panel-timeline"


def panel_html(request: HttpRequest, record: Any, status: int = 200) -> HttpResponse:
    """The timeline as it stands now."""
    panel = panels.find(record._meta.label_lower, "timeline")
    return HttpResponse(panel.render(request, record) if panel else "", status=status)


class NoteCreateView(ModelMixin, FormView):
    """Write a note, on the line above the timeline or on a page of its own."""

    model = Activity
    permission = "add"
    title = gettext_lazy("Note")
    record: Any

    def prepare(self) -> None:
        self.record = visible_host(self.request, self.kwargs["label"], self.kwargs["pk"])

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        may_pin = allows(self.request.user, "change", self.record)
        return NoteForm(data, user=self.request.user, may_pin=may_pin, auto_id="new-note-%s")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = self.record.get_absolute_url()
        return super().get_context_data(object=self.record, object_url=url, cancel_url=url, **kwargs)

    def save(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        note_add(actor=self.request.user, record=self.record, text=data["text"], pinned=data.get("pinned", False))
        if self._on_line():
            return panel_html(self.request, self.record)
        return close_dialog(self.request, self.record.get_absolute_url(), _("The note was added."), refresh=f"#{PANEL}")

    def render_form(self, form: Any, status: int = 200, **context: Any) -> HttpResponse:
        """A refused line comes back in the panel with what was typed."""
        if not self._on_line() or not form.is_bound:
            return super().render_form(form, status, **context)
        self.request.note_form = form  # type: ignore[attr-defined]
        return panel_html(self.request, self.record, status)

    def _on_line(self) -> bool:
        return self.request.headers.get("HX-Target") == PANEL


class NoteView(ObjectMixin):
    """One's own note; another's answers 403."""

    model = Activity
    request: HttpRequest
    title = gettext_lazy("Note")
    object: Any

    def prepare(self) -> None:
        self.object = self.get_object()
        if not may_edit(self.request.user, self.object):
            raise PermissionDenied(_("Only the author may change a note."))
        records = activity_records(self.object, user=self.request.user)
        self.back = records[0].get_absolute_url() if records else self.object.get_absolute_url()

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(kind=Kind.NOTE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(cancel_url=self.back, **kwargs)  # type: ignore[misc]
        return context


class NoteUpdateView(NoteView, FormView):
    """Change one's own note."""

    permission = "change"

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        return NoteForm(data, user=self.request.user, instance=self.object)

    def save(self, form: Any) -> HttpResponse:
        text, version = form.cleaned_data["text"], form.expected_version
        note_edit(actor=self.request.user, note=self.object, text=text, expected_version=version)
        return close_dialog(self.request, self.back, _("Saved."), refresh=f"#{PANEL}")

    def conflict(self, form: Any, error: StaleRecord) -> dict[str, Any]:
        """Say what the note says now; what was typed stays in the field, and saving again keeps it."""
        current = error.data["current"]
        form.add_error("text", _("The note was changed meanwhile. It now says: “%(text)s”") % {"text": current.text})
        form.data = {**form.data.dict(), "_version": current.version}
        return {}

    def render_form(self, form: Any, status: int = 200, **context: Any) -> HttpResponse:
        """A dialog takes 422 for a form that comes back."""
        return super().render_form(form, 422 if status == 409 and self.is_dialog else status, **context)


class NoteDeleteView(NoteView, PageView):
    """Ask, then move one's own note to the bin."""

    permission = "delete"
    template_name = "generic/confirm.html"
    dialog_template_name: ClassVar[str] = "generic/_dialog.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.prepare()
        question = _("Remove “%(name)s”?") % {"name": str(self.object)[:80]}
        context = self.get_context_data(
            question=question, intro=_("It goes to the bin, from where it can be restored."), danger=True
        )
        context |= {"view_title": question, "submit_label": _("Remove"), "confirm_label": _("Remove")}
        template = self.dialog_template_name if getattr(request, "htmx", None) else self.template_name
        return self.response_class(request, [template], context, using=self.template_engine)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.prepare()
        note_delete(actor=request.user, note=self.object)
        return close_dialog(request, self.back, _("Removed."), refresh=f"#{PANEL}")


class TimelinePinView(LoginRequiredMixin, PageView):
    """Put an item on top of the record's timeline, or take it down; answers with the timeline."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, label: str, pk: int) -> HttpResponseBase:
        record = visible_host(request, label, pk, "change")
        pinned = request.POST.get("pinned") != "0"
        try:
            timeline_pin(actor=request.user, record=record, item=request.POST.get("item", "")[:60], pinned=pinned)
        except PermissionRefused as error:
            raise PermissionDenied(str(error)) from error
        except DomainError as error:
            messages.error(request, str(error))
        if getattr(request, "htmx", None):
            return panel_html(request, record)
        return hx_redirect(request, record.get_absolute_url())


class TimelineChangesView(LoginRequiredMixin, PageView):
    """What changed under one entry of the record's timeline, field by field."""

    template_name = "activities/timeline/_changes.html"

    def get(self, request: HttpRequest, label: str, pk: int, entry: int) -> HttpResponseBase:
        record = visible_host(request, label, pk)
        item = timeline_item(user=request.user, obj=record, item=f"entry:{min(entry, MAX_PK)}")
        if item is None:
            raise Http404
        return self.render_to_response({"changes": entry_changes(user=request.user, entry=item.row)})
