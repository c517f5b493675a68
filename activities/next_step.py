"""The strip on top of a record's page: what is to do next, and the buttons that do it."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.models import Activity
from activities.panels import plan_url
from core import display, hosts
from core.policies import can
from core.views import Action


def next_step_url(user: Any, record: models.Model) -> str:
    """Where the next step is planned; "" when the user may not, or the record is closed."""
    return plan_url(record) if hosts.host_of(record).is_open(record) and can(user, "add", Activity) else ""


def next_step_of(user: Any, record: Any) -> dict[str, Any] | None:
    """Context of ``generic/_next_step.html``: text, time, state and, for who may change the activity, its buttons.

    One query, for the activity; none when nothing is planned.
    """
    if not record.next_step_at or not hosts.host_of(record).is_open(record):
        return None
    step: Activity | None = Activity.objects.for_user(user, "change").filter(pk=record.next_activity_id).first()
    return {
        "text": record.next_step,
        "icon": step.icon if step else "flag",
        "when_html": _when(record, step),
        "late": step.is_late() if step else record.next_step_state() == "late",
        "url": step.get_absolute_url() if step else "",
        "actions": _actions(step) if step else [],
    }


def _when(record: Any, step: Activity | None) -> str:
    """The day, and the time of the day unless the whole day is meant."""
    day = display.relative_day(record.next_step_at)
    return f"{day} {display.format_time(record.next_step_at)}" if step and not step.all_day else day


def _actions(step: Activity) -> list[Action]:
    complete = reverse("activities:activity_complete", args=[step.pk])
    snooze = reverse("activities:activity_snooze", args=[step.pk])
    return [
        Action(_("Done"), complete, "check", method="dialog", primary=True, key="d"),
        Action(_("Snooze"), snooze, "zzz", method="dialog", key="s"),
    ]
