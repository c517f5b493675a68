"""Dialogs and buttons of activities: plan, record, finish, put off, hand over, cancel."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.choices import Kind
from activities.forms.dialogs import (
    LOG_KINDS,
    CancelForm,
    CompleteForm,
    HandOverForm,
    LogForm,
    NoteDialogForm,
    QuickActivityForm,
    SnoozeForm,
)
from activities.models import Activity, SequenceStep
from activities.selectors.sequences import following_step, template_values, templates_for
from activities.services import (
    activity_cancel,
    activity_complete,
    activity_hand_over,
    activity_log,
    activity_plan,
    activity_reopen,
    activity_snooze,
)
from activities.services.undo import picture, undo_token
from activities.services.working_time import snooze_targets
from core import hosts
from core.display import current, format_datetime
from core.forms.records import reference
from core.forms.records import resolve as resolve_records
from core.forms.widgets import LocalDateTimeInput
from core.parsing import read_keys
from core.views import FormView, ObjectActionView
from core.views.base import ModelMixin, hx_redirect, safe_return_url

FORM_PAGES = ("add", "edit", "convert", "import")


def done(request: HttpRequest, text: str, url: str, undo: str = "") -> HttpResponse:
    """After a dialog: tell it, and show the page behind anew, unless somebody is writing in a form there."""
    if not getattr(request, "htmx", None):
        messages.success(request, text, extra_tags=f"undo:{undo}" if undo else "")
        return hx_redirect(request, safe_return_url(request, url))
    behind = urlsplit(request.headers.get("HX-Current-URL", "")).path
    if any(f"/{name}/" in behind for name in FORM_PAGES):
        told = {"dialog:close": True, "toast": {"text": text, "level": "success", "undo": undo}}
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(told)})
    messages.success(request, text, extra_tags=f"undo:{undo}" if undo else "")
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


def undo_url(token: str) -> str:
    """Where the note is sent to take something back; "" without one."""
    return f"{reverse('activities:activity_undo')}?{urlencode({'token': token})}" if token else ""


def record_behind(request: HttpRequest) -> list[str]:
    """The reference of the record whose page is behind the dialog, if there is one."""
    path = urlsplit(request.headers.get("HX-Current-URL", "")).path
    try:
        match = resolve(path)
    except Resolver404:
        return []
    name, suffix, _rest = match.url_name.partition("_detail") if match.url_name else ("", "", "")
    label = f"{match.namespace}.{name}"
    return [f"{label}:{match.kwargs['pk']}"] if suffix and hosts.find(label) and "pk" in match.kwargs else []


class _DialogView(ModelMixin, FormView):
    """A dialog that makes an activity."""

    model = Activity
    permission = "add"

    def records(self) -> list[models.Model]:
        """The records it begins with: those of the address, else the page behind."""
        given = self.request.GET.getlist("record") or record_behind(self.request)
        return resolve_records(given, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            list_url=self.url("list"),
            list_label=Activity._meta.verbose_name_plural,
            cancel_url=self.url("list"),
            form_action=self.request.get_full_path(),
            quick_times=quick_times(),
            **kwargs,
        )


def quick_times() -> list[tuple[str, str, str]]:
    """Moments offered with one click: label, the value as it is typed, and in words."""
    targets = snooze_targets(current().now(), current().tz)
    shown = LocalDateTimeInput()
    return [(str(t.label), str(shown.format_value(t.moment)), format_datetime(t.moment)) for t in targets]


def length(text: str) -> int | None:
    """Minutes an address gives, None when it gives none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


class ActivityPlanView(_DialogView):
    """Quick planning: over any page, about the record one is on."""

    dialog_template_name = "activities/_plan_dialog.html"
    title = gettext_lazy("Plan an activity")

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        wanted = self.request.GET.get("kind", "")
        initial = {
            "kind": wanted if wanted in Kind.values else Kind.CALL,
            "records": self.records(),
            "due_at": self.request.GET.get("due_at", ""),
            "duration": length(self.request.GET.get("duration", "")),
            "subject": self.request.GET.get("subject", ""),
            "assignees": read_keys(self.request.GET.getlist("assignee")),
        }
        chosen = next((row for row in self.templates if str(row.pk) == self.request.GET.get("template")), None)
        if chosen is not None:
            initial |= template_values(chosen, current().tz)
        return QuickActivityForm(data, user=self.request.user, initial=initial)

    @cached_property
    def templates(self) -> list[SequenceStep]:
        """The templates for the records it begins with."""
        return templates_for({record._meta.label_lower for record in self.records()})

    def template_links(self) -> list[tuple[str, str]]:
        """Name and address of the dialog filled from each template."""
        query = self.request.GET.copy()
        query.setlist("record", [reference(record) for record in self.records()])
        links = []
        for row in self.templates:
            query["template"] = str(row.pk)
            links.append((str(row.sequence), f"{self.request.path}?{query.urlencode()}"))
        return links

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            submit_label=_("Plan"), full_url=self.url("add"), templates=self.template_links(), **kwargs
        )

    def save(self, form: Any) -> HttpResponse:
        activity = activity_plan(actor=self.request.user, **form.cleaned_data)
        text = _("“%(name)s” was planned.") % {"name": activity}
        return done(self.request, text, activity.get_absolute_url())


class ActivityLogView(_DialogView):
    """What was done just now, or a note."""

    dialog_template_name = "activities/_log_dialog.html"
    TITLES = {
        Kind.CALL: gettext_lazy("Log a call"),
        Kind.MEETING: gettext_lazy("Log a meeting"),
        Kind.EMAIL: gettext_lazy("Log an e-mail"),
        Kind.SMS: gettext_lazy("Log a text message"),
        Kind.LETTER: gettext_lazy("Log a letter"),
        Kind.CHAT: gettext_lazy("Log a chat"),
        Kind.FAX: gettext_lazy("Log a fax"),
        Kind.NOTE: gettext_lazy("Write a note"),
    }

    def prepare(self) -> None:
        self.kind = self.kwargs["kind"]
        if self.kind not in {*LOG_KINDS, Kind.NOTE}:
            raise Http404

    def get_title(self) -> str:
        return str(self.TITLES[self.kind])

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        initial = {"records": self.records()}
        if self.kind == Kind.NOTE:
            return NoteDialogForm(data, user=self.request.user, initial=initial)
        return LogForm(data, user=self.request.user, kind=self.kind, initial=initial)

    def save(self, form: Any) -> HttpResponse:
        activity = activity_log(actor=self.request.user, kind=self.kind, **form.cleaned_data)
        records = form.cleaned_data["records"]
        back = records[0].get_absolute_url() if records else activity.get_absolute_url()
        text = (
            _("The note was saved.") if self.kind == Kind.NOTE else _("“%(name)s” was recorded.") % {"name": activity}
        )
        return done(self.request, text, back)


class ActivityActionView(ObjectActionView):
    """An action on an activity one may change."""

    model = Activity
    permission = "change"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = self.object.get_absolute_url()
        return super().get_context_data(cancel_url=url, form_action=self.request.path, **kwargs)

    def save(self, form: Any) -> HttpResponse:
        data = form.cleaned_data if form is not None else {}
        undo = self.perform(**data) or ""
        text = str(self.success_message) % {"name": self.object}
        if self.leaves_page():
            messages.success(self.request, text, extra_tags=f"undo:{undo}" if undo else "")
            return hx_redirect(self.request, self.get_success_url())
        return done(self.request, text, self.get_success_url(), undo)

    def leaves_page(self) -> bool:
        """Whether the page behind the dialog can no longer be shown."""
        return False


class ActivityCompleteView(ActivityActionView):
    """Done: what came of it, and what comes next, in one dialog."""

    form_class = CompleteForm
    dialog_template_name = "activities/_complete_dialog.html"

    def get_title(self) -> str:
        return _("Done: %(name)s") % {"name": self.object}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.request.user, "activity": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        following = following_step(self.object)
        return super().get_context_data(
            submit_label=_("Done"), quick_times=quick_times(), following=following, **kwargs
        )

    def save(self, form: Any) -> HttpResponse:
        data, user = form.cleaned_data, self.request.user
        before = picture(self.object)
        result = activity_complete(
            actor=user,
            activity=self.object,
            outcome=data.get("outcome"),
            note=data.get("note", ""),
            next_step=form.next_step(),
            for_everyone=bool(data.get("for_everyone")),
        )
        undo = undo_url(undo_token(before, result.activity, user, result.next))
        if result.next is None:
            return done(self.request, _("“%(name)s” is done.") % {"name": self.object}, self.get_success_url(), undo)
        params = {"name": self.object, "next": result.next}
        text = _("“%(name)s” is done. Next: “%(next)s”.") % params
        return done(self.request, text, self.get_success_url(), undo)


class ActivityReopenView(ActivityActionView):
    """Take up again."""

    success_message = gettext_lazy("“%(name)s” is to do again.")

    def perform(self, **data: Any) -> str | None:
        activity_reopen(actor=self.request.user, activity=self.object)
        return None


class ActivityCancelView(ActivityActionView):
    """Say that it will not be done."""

    form_class = CancelForm
    title = gettext_lazy("Will not be done")
    success_message = gettext_lazy("“%(name)s” was cancelled.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(submit_label=_("Will not be done"), danger=True, **kwargs)

    def perform(self, **data: Any) -> str | None:
        before = picture(self.object)
        after = activity_cancel(actor=self.request.user, activity=self.object, reason=data["reason"])
        return undo_url(undo_token(before, after, self.request.user))


class ActivitySnoozeView(ActivityActionView):
    """Put it off."""

    form_class = SnoozeForm
    dialog_template_name = "activities/_snooze_dialog.html"
    title = gettext_lazy("Put off until")
    success_message = gettext_lazy("“%(name)s” was put off.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(submit_label=_("Put off"), **kwargs)

    def perform(self, **data: Any) -> str | None:
        before = picture(self.object)
        after = activity_snooze(actor=self.request.user, activity=self.object, until=data["until"])
        return undo_url(undo_token(before, after, self.request.user))


class ActivityHandOverView(ActivityActionView):
    """Give it to a colleague."""

    permission = "assign"
    form_class = HandOverForm
    title = gettext_lazy("Hand over")
    success_message = gettext_lazy("“%(name)s” was handed over.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(submit_label=_("Hand over"), **kwargs)

    def perform(self, **data: Any) -> str | None:
        before = picture(self.object)
        after = activity_hand_over(actor=self.request.user, activity=self.object, user=data["user"])
        return undo_url(undo_token(before, after, self.request.user))

    def get_success_url(self) -> str:
        """The activity, or the list when one no longer sees it."""
        return super().get_success_url() if self.still_seen() else self.url("list")

    def still_seen(self) -> bool:
        """Whether the activity is still the user's to see."""
        return Activity.objects.for_user(self.request.user, "view").filter(pk=self.object.pk).exists()

    def leaves_page(self) -> bool:
        """The page behind is the activity's own, and it is not to be seen any more."""
        behind = urlsplit(self.request.headers.get("HX-Current-URL", "")).path
        return behind == self.object.get_absolute_url() and not self.still_seen()
