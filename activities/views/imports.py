"""Importing a calendar file: choose it, see what would come of it, let it happen."""

import secrets
from itertools import islice
from typing import Any

from django import forms
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.ics.read import MAX_BYTES
from activities.jobs import CALENDAR_IMPORT, packed, parsed_for
from activities.models import Activity
from activities.selectors.invitations import span_words
from activities.services.calendar_import import CHANGED, LEFT, NEW, SAME, Step, import_plan
from core import jobs
from core.errors import DomainError
from core.views import FormView
from core.views.base import AccessMixin

SHOWN = 100
KEPT = 3600  # seconds between looking at the preview and starting
LABELS = {
    NEW: gettext_lazy("new"),
    CHANGED: gettext_lazy("changed"),
    SAME: gettext_lazy("here already"),
    LEFT: gettext_lazy("left out"),
}
COLOURS = {NEW: "green", CHANGED: "azure", SAME: "secondary", LEFT: "orange"}


class CalendarFileForm(forms.Form):
    """A file of calendar entries."""

    file = forms.FileField(
        label=gettext_lazy("calendar file (.ics)"),
        help_text=gettext_lazy("Up to 2 MB. Google, Outlook, Apple and others export such files."),
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,text/calendar"}),
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is too big before reading it."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MB. Export a shorter time span."))
        return file


class CalendarImportView(AccessMixin, FormView):
    """Upload, preview, and the start of the job."""

    model = Activity
    permission = "add"
    template_name = "activities/calendar_import.html"

    def get_title(self) -> str:
        return _("Import a calendar file")

    def get_form(self, data: Any = None, files: Any = None) -> CalendarFileForm:
        return CalendarFileForm(data, files)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            token = request.POST.get("token", "")
        except SuspiciousOperation:  # more than the server takes at all
            form = self.get_form()
            return self.render_form(form, status=413)
        return self.start(token) if token else super().post(request, *args, **kwargs)

    def save(self, form: CalendarFileForm) -> HttpResponse:
        """Show what would become of the file; it is kept for an hour meanwhile."""
        user: Any = self.request.user
        file = form.cleaned_data["file"]
        data = file.read()
        parsed = parsed_for(user, data)
        steps = import_plan(user=user, parsed=parsed)
        token = secrets.token_urlsafe(16)
        name = str(file.name or "")[:100]
        cache.set(_key(user, token), {"content": packed(data), "file": name}, KEPT)
        counts = {what: sum(step.what == what for step in steps) for what in LABELS}
        return self.render_form(
            self.get_form(),
            file_name=name,
            token=token,
            rows=[_row(user, step) for step in islice(steps, SHOWN)],
            more=max(len(steps) - SHOWN, 0),
            counts=[(LABELS[what], number, COLOURS[what]) for what, number in counts.items()],
            problems=parsed.problems[:SHOWN],
            problem_count=len(parsed.problems),
            wanted=counts[NEW] + counts[CHANGED],
        )

    def start(self, token: str) -> HttpResponse:
        """Hand the file of the preview to a worker."""
        user: Any = self.request.user
        kept = cache.get(_key(user, token))
        if kept is None:
            form = self.get_form()
            text = _("The preview is too old. Nothing was imported; please choose the file again.")
            return self.render_form(form, status=422, error=text)
        cache.delete(_key(user, token))
        title = _("Calendar file: %(file)s") % {"file": kept["file"]}
        try:
            job = jobs.start(actor=user, kind=CALENDAR_IMPORT, title=title[:200], params=kept)
        except DomainError as error:
            return self.render_form(self.get_form(), status=422, error=str(error))
        return redirect(job.get_absolute_url())


def _key(user: Any, token: str) -> str:
    return f"calendar-import:{user.pk}:{token[:40]}"


def _row(user: Any, step: Step) -> dict[str, Any]:
    names = ("due_at", "ends_at", "all_day")
    values = {name: step.values.get(name) for name in names if step.values}
    shown = Activity(owner=user, **values) if values.get("due_at") else None
    return {
        "number": step.item.number,
        "summary": step.item.summary or step.item.text[:80],
        "when": span_words(shown) if shown else "",
        "repeats": step.rule is not None,
        "is_task": step.item.kind == "task",
        "what": LABELS[step.what],
        "colour": COLOURS[step.what],
        "notes": [note for note in (step.reason, *step.item.warnings) if note],
    }
