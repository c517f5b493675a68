"""The panel and the button of sequences on leads and opportunities."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.choices import ICONS, RunState
from activities.selectors.sequences import runs_on
from core import hosts, record_actions
from core.panels import Panel, register_on_hosts
from core.policies import allows, policy_for
from core.views.detail import Action

STATE_COLOURS = {RunState.RUNNING: "blue", RunState.DONE: "green", RunState.STOPPED: "secondary"}


def _host_of(obj: models.Model) -> hosts.Host | None:
    host = hosts.find(obj._meta.label_lower)
    return host if host is not None and host.has_next_step else None


def start_url(obj: models.Model) -> str:
    """Where a sequence is started on the record."""
    return reverse("activities:sequence_start", args=[obj._meta.label_lower, obj.pk])


@register_on_hosts
class SequencePanel(Panel):
    """The sequences on the record with what became of each step."""

    slug = "sequences"
    title = _("Sequences")
    icon = "playlist-add"
    order = 8
    template = "activities/sequences/_panel.html"

    def visible(self, user: Any, obj: models.Model) -> bool:
        return _host_of(obj) is not None

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        found, host = runs_on(obj, user=request.user), _host_of(obj)
        may_change = allows(request.user, "change", obj)
        return {
            "runs": [
                {"progress": progress, "colour": STATE_COLOURS[RunState(progress.run.state)], "steps": _rows(progress)}
                for progress in found
            ],
            "is_empty": not found,
            "empty_hint": _("A sequence plans one step after the other: a call, two days later a mail, and so on."),
            "may_change": may_change,
            "add_url": start_url(obj) if may_change and host is not None and host.is_open(obj) else "",
            "add_label": _("Start a sequence"),
            "add_dialog": True,
            "flush": True,
        }


def _rows(progress: Any) -> list[dict[str, Any]]:
    return [{"step": step, "icon": ICONS.get(step.kind, "checkbox")} for step in progress.steps]


def offered(user: Any, obj: models.Model) -> list[Action]:
    """The button on the head of an open lead or opportunity."""
    host = _host_of(obj)
    if host is None or not host.is_open(obj) or not policy_for(host.model).can(user, "change"):
        return []
    return [Action(_("Sequence"), start_url(obj), "playlist-add", "dialog")]


record_actions.register(offered, order=90)
