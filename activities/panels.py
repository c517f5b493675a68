"""What activities show on other records, and the parts of an activity's own page."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities import sequence_panel, timeline_panel  # noqa: F401 - they declare panels of their own
from activities.choices import LOGGED_KINDS, PLANNED_KINDS, Answer, Kind, Status
from activities.models import Activity
from activities.selectors.activities import activities_done_last, activities_on, activity_watchers
from activities.selectors.invitations import OPEN, WORDS, guests_of, invitation_state
from activities.services.invitations import invitation_is_stale
from activities.services.watching import can_watch
from core import audit, display, hosts, record_actions
from core.forms.records import reference
from core.panels import Panel, register, register_header, register_on_hosts
from core.policies import allows, can
from core.views.detail import Action

OPEN_LENGTH, DONE_LENGTH, HISTORY_LENGTH = 20, 5, 15
ACTIVITY = "activities.activity"


def plan_url(record: models.Model, kind: str = "") -> str:
    """The dialog that plans something on the record."""
    query = {"record": reference(record), **({"kind": kind} if kind else {})}
    return f"{reverse('activities:activity_plan')}?{urlencode(query)}"


def log_url(record: models.Model, kind: str) -> str:
    """The dialog that records what was done on the record."""
    return f"{reverse('activities:activity_log', args=[kind])}?{urlencode({'record': reference(record)})}"


def offered(user: Any, record: models.Model) -> list[Action]:
    """Plan, record a call and write a note, on each host."""
    if hosts.find(record._meta.label_lower) is None or not can(user, "add", Activity):
        return []
    return [
        Action(pgettext_lazy("an activity", "Plan"), plan_url(record), "calendar-plus", "dialog", key="t"),
        Action(_("Log a call"), log_url(record, Kind.CALL), "phone-call", "dialog"),
        Action(_("Note"), log_url(record, Kind.NOTE), "note", "dialog", key="n"),
    ]


record_actions.register(offered, order=10)
register_header(
    lambda record: reverse("activities:follow", args=[record._meta.label_lower, record.pk]) if can_watch(record) else ""
)


@register_on_hosts
class ActivitiesPanel(Panel):
    """What is to do on the record, then what was done last."""

    slug = "activities"
    title = _("Activities")
    icon = "checkbox"
    order = 5
    template = "activities/_panel_activities.html"
    model = Activity

    def context(self, request: HttpRequest, obj: models.Model) -> dict[str, Any]:
        user: Any = request.user
        rows = activities_on(obj, user=user).exclude(kind=Kind.NOTE).select_related("owner", "outcome")
        rows = rows.prefetch_related("assignments__user")
        to_do = list(rows.filter(status=Status.PLANNED).order_by("due_at", "pk")[: OPEN_LENGTH + 1])
        done = activities_done_last(obj, user=user, count=DONE_LENGTH)
        changeable = _changeable(user, to_do)
        label = display.format_number(min(len(to_do), OPEN_LENGTH)) + ("+" if len(to_do) > OPEN_LENGTH else "")
        return {
            "to_do": [(row, row.pk in changeable) for row in to_do[:OPEN_LENGTH]],
            "done": done,
            "hidden": user.hidden_fields(ACTIVITY),
            "count_label": label if to_do else "",
            "log_urls": [(kind, log_url(obj, kind)) for kind in LOGGED_KINDS if kind != Kind.CALL],
            "may_add": can(user, "add", Activity),
            "plan_url": plan_url(obj),
            "all_url": f"{reverse('activities:activity_list')}?{urlencode({'records': reference(obj)})}",
            "flush": True,
        }


def _changeable(user: Any, rows: list[Activity]) -> set[int]:
    """Which of the rows the user may finish: one query for all."""
    keys = [row.pk for row in rows]
    return set(Activity.objects.for_user(user, "change").filter(pk__in=keys).values_list("pk", flat=True))


class ActivityPanel(Panel):
    """A part of an activity's own page, there at once."""

    host = ACTIVITY
    lazy = False


@register
class ChecklistPanel(ActivityPanel):
    """The checklist: ticked in place."""

    slug = "checklist"
    title = _("Checklist")
    icon = "list-check"
    order = 10
    template = "activities/_panel_checklist.html"

    def visible(self, user: Any, obj: Any) -> bool:
        return bool(obj.kind != Kind.NOTE)

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        items = list(obj.checklist.all())
        done = sum(1 for item in items if item.done_at)
        count = f"{display.format_number(done)}/{display.format_number(len(items))}" if items else ""
        return {"items": items, "count_label": count, "may_change": allows(request.user, "change", obj)}


@register
class PeoplePanel(ActivityPanel):
    """Who does it, how far each is, and who follows it."""

    slug = "people"
    title = pgettext_lazy("of an activity", "People")
    icon = "users"
    order = 20
    template = "activities/_panel_people.html"

    def visible(self, user: Any, obj: Any) -> bool:
        return bool(obj.kind != Kind.NOTE)

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        parts = list(obj.assignments.select_related("user").order_by("pk"))
        return {"parts": parts, "owner": obj.owner, "watchers": activity_watchers(obj), "status": Status}


@register
class GuestsPanel(ActivityPanel):
    """Guests from outside and what they said; a colleague's own answer."""

    slug = "guests"
    title = _("Guests and answers")
    icon = "mail-forward"
    order = 25
    template = "activities/_panel_guests.html"

    def visible(self, user: Any, obj: Any) -> bool:
        return bool(obj.kind in PLANNED_KINDS)

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        user: Any = request.user
        guests, parts = guests_of(obj, user=user), list(obj.assignments.select_related("user").order_by("pk"))
        given = obj.due_at is not None and obj.is_open and obj.owner_id != user.pk
        mine = next((part for part in parts if given and part.user_id == user.pk), None)
        answered = [part for part in parts if part.answer != Answer.NONE]
        may_invite = obj.is_open and invitation_state(obj) == OPEN and allows(user, "change", obj)
        names = ((Answer.ACCEPTED, "check"), (Answer.TENTATIVE, "help"), (Answer.DECLINED, "x"))
        invitation = getattr(obj, "invitation", None)
        return {
            "guests": guests,
            "answered_parts": answered,
            "my_part": mine,
            "said": WORDS.get(Answer(mine.answer), "") if mine else "",
            "buttons": [
                (value, WORDS[value], icon, reverse("activities:activity_answer", args=[obj.pk, value.value]))
                for value, icon in names
            ],
            "waiting": bool(guests and invitation and invitation.changed_at and invitation_is_stale(obj, invitation)),
            "count_label": display.format_number(len(guests)) if guests else "",
            "add_url": reverse("activities:activity_invite", args=[obj.pk]) if may_invite else "",
            "add_label": _("Invite"),
            "add_dialog": True,
            "is_empty": not (guests or answered or mine),
            "empty_hint": _("Nobody from outside is invited."),
        }


@register
class HistoryPanel(ActivityPanel):
    """The last things that happened to the activity."""

    slug = "history"
    title = _("History")
    icon = "history"
    order = 90
    template = "activities/_panel_history.html"
    lazy = True

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        entries = list(audit.entries_of(obj)[: HISTORY_LENGTH + 1])
        more = reverse("history", args=[ACTIVITY, obj.pk]) if len(entries) > HISTORY_LENGTH else ""
        told = [(entry, audit.told_to(request.user, entry)) for entry in entries[:HISTORY_LENGTH]]
        return {"entries": told, "is_empty": not entries, "all_url": more, "flush": True}
