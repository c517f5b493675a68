"""The timeline on the page of every host."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.forms.notes import NoteForm
from activities.models import Activity
from activities.selectors.timeline import timeline
from activities.selectors.timeline_walk import Key
from activities.timeline_lines import Line, heading, lines
from core import panels, record_actions
from core.policies import allows, can

KINDS = (
    ("", pgettext_lazy("timeline", "All")),
    ("activities", _("Activities")),
    ("notes", _("Notes")),
    ("messages", _("Messages")),
    ("changes", _("Changes")),
)


@panels.register_on_hosts
class TimelinePanel(panels.Panel):
    """Everything that happened to the record and its family, newest first, with a line to write the next note.

    ``?kind=`` and ``?own=1`` filter, ``?before=`` gives the rows of the next page alone.
    """

    slug = "timeline"
    title = _("Timeline")
    icon = "timeline"
    order = 15
    template = "activities/timeline/_panel.html"

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        kind, own, before = request.GET.get("kind", ""), bool(request.GET.get("own")), request.GET.get("before", "")
        page = timeline(user=request.user, obj=obj, kind=kind, only_own=own, before=before)
        told = lines([*page.pinned, *page.items], request.user, obj)
        may_pin = allows(request.user, "change", obj)
        context = {
            "groups": self._groups(told[len(page.pinned) :], before),
            "pinned": told[: len(page.pinned)],
            "older_url": self._with(obj, kind, own, before=page.older) if page.older else "",
            "may_pin": may_pin,
            "pin_url": f"{reverse('activities:timeline_pin', args=self._args(obj))}?{self._query(kind, own)}",
        }
        return context if before else {**context, **self._head(request, obj, kind, own, may_pin)}

    def _head(self, request: HttpRequest, obj: Any, kind: str, own: bool, may_pin: bool) -> dict[str, Any]:
        form = getattr(request, "note_form", None)
        if form is None and can(request.user, "add", Activity):
            form = NoteForm(user=request.user, may_pin=may_pin, auto_id="new-note-%s")
        return {
            "form": form,
            "note_url": reverse("activities:note_add", args=self._args(obj)),
            "filters": [(self._with(obj, word, own), label, word == kind) for word, label in KINDS],
            "own_url": self._with(obj, kind, not own),
            "own": own,
            "quick_actions": [
                replace(one, key="") for one in record_actions.actions_for(request.user, obj) if one.icon != "note"
            ],
        }

    def render(self, request: HttpRequest, obj: models.Model) -> SafeString:
        if "before" not in request.GET:
            return super().render(request, obj)
        context = {"panel": self, "object": obj, "panel_url": self.url(obj), **self.context(request, obj)}
        return render_to_string("activities/timeline/_rows.html", context, request)

    @staticmethod
    def _groups(told: list[Line], before: str) -> list[dict[str, Any]]:
        """Lines under their headings; the first of a further page stays out when it stands on the page before."""
        groups: list[dict[str, Any]] = []
        key = Key.parse(before)
        last = heading(key.moment) if key.moment else ""
        for one in told:
            words = heading(one.item.at)
            if not groups or words != last:
                groups.append({"heading": "" if words == last else words, "lines": []})
            groups[-1]["lines"].append(one)
            last = words
        return groups

    @staticmethod
    def _args(obj: Any) -> list[Any]:
        return [obj._meta.label_lower, obj.pk]

    @staticmethod
    def _query(kind: str, own: bool, **more: str) -> str:
        given = {"kind": kind, "own": "1" if own else "", **more}
        return urlencode({name: value for name, value in given.items() if value})

    def _with(self, obj: Any, kind: str, own: bool, **more: str) -> str:
        query = self._query(kind, own, **more)
        return f"{self.url(obj)}?{query}" if query else self.url(obj)
