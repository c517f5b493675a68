"""The list of activities, an activity's page and its full form."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.choices import Kind, Priority
from activities.filters import ActivityFilterSet
from activities.forms.activities import ActivityForm
from activities.forms.dialogs import QuickActivityForm
from activities.models import Activity
from activities.selectors.activities import activity_records
from activities.selectors.sequences import message_template_of
from activities.services import activity_delete, activity_plan, activity_update
from activities.tables import PRIORITY_COLOURS, STATUS_COLOURS, ActivityTable
from activities.views.bulk import ACTIONS
from core import display, hosts
from core.policies import allows, can
from core.tables import Table
from core.views import (
    Action,
    Badge,
    BulkAction,
    Fact,
    ObjectCreateView,
    ObjectDeleteView,
    ObjectDetailView,
    ObjectListView,
    ObjectUpdateView,
    QuickFilter,
)
from core.views.detail import link
from messaging.choices import Channel
from messaging.models import Message
from messaging.selectors.reach import addresses_for

DAY = dt.timedelta(days=1)
MOST_NUMBERS = 3


class ActivityListView(ObjectListView):
    """All activities the user may see."""

    model = Activity
    title = gettext_lazy("Activities")
    table_class = ActivityTable
    filterset_class = ActivityFilterSet
    template_name = "activities/activity_list.html"
    empty_hint = gettext_lazy(
        "An activity is a task, a call, a meeting, a follow-up or a deadline. Plan the first one, here or on a record."
    )

    @cached_property
    def table(self) -> Table:
        """The table, which leaves out records the reader may not see."""
        table = super().table
        table.user = self.request.user  # type: ignore[attr-defined]
        return table

    def get_quick_filters(self) -> list[QuickFilter]:
        user: Any = self.request.user
        me = str(user.pk)
        filters = [
            self.sorted_quick(_("Mine to do"), "due_at", mine=me),
            self.sorted_quick(_("Late"), "due_at", mine=me, state="late"),
            self.sorted_quick(_("Today"), "due_at", mine=me, state="today"),
            self.sorted_quick(_("Next seven days"), "due_at", mine=me, state="week"),
            self.sorted_quick(_("Done"), "-done_at", done_by=me, status="done"),
        ]
        if user.team_id:
            filters.append(self.sorted_quick(_("My team"), "due_at", team=str(user.team_id), state="open"))
        filters += [
            self.sorted_quick(_("I gave to others"), "due_at", owner=me, state="open"),
            self.sorted_quick(_("Calls"), "due_at", mine=me, kind="call"),
            self.sorted_quick(_("Meetings"), "due_at", mine=me, kind="meeting"),
            self.sorted_quick(_("All"), "-created_at"),
        ]
        return filters

    def get_bulk_actions(self) -> list[BulkAction]:
        if not self.may("change"):
            return []
        signs = {"done": "check", "snooze": "zzz", "hand-over": "user-check"}
        return [
            BulkAction(str(ACTIONS[name][1]), reverse("activities:activity_bulk", args=[name]), sign)
            for name, sign in signs.items()
            if name != "hand-over" or self.may("assign")
        ]

    def sorted_quick(self, label: Any, sort: str, **params: str) -> QuickFilter:
        """A quick filter with an order of its own."""
        query = QueryDict(mutable=True)
        query.update({**params, "sort": sort})
        return QuickFilter(str(label), query.urlencode(), dict(self.filter_data.items()) == params)


class ActivityDetailView(ObjectDetailView):
    """An activity: what, when, who, about what, and how far it is."""

    model = Activity
    select = ("owner", "outcome", "done_by", "recurrence", "run__sequence", "invitation")
    field_groups = (
        (gettext_lazy("What"), ("text", "location", "duration", "direction")),
        (gettext_lazy("What came of it"), ("outcome", "outcome_note", "done_at", "done_by")),
        (gettext_lazy("More"), ("run", "created_at", "created_by")),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.icon = self.object.icon  # type: ignore[misc]
        return super().get_context_data(**kwargs)

    def get_subtitle(self) -> str:
        return capfirst(str(self.object.get_kind_display()))

    def get_badges(self) -> list[Badge]:
        activity = self.object
        badges = [Badge(activity.get_status_display(), STATUS_COLOURS[activity.status])]
        if activity.is_late():
            badges = [Badge(_("late"), "red")]
        if activity.priority != Priority.NORMAL:
            badges.append(Badge(activity.get_priority_display(), PRIORITY_COLOURS[activity.priority]))
        if activity.is_private:
            badges.append(Badge(_("private"), "purple"))
        return badges

    def get_header_facts(self) -> list[Fact]:
        activity = self.object
        user: Any = self.request.user
        hidden = user.hidden_fields("activities.activity")
        facts = [Fact(_("When"), when_html(activity))] if activity.due_at and "due_at" not in hidden else []
        records = activity_records(activity, user=self.request.user)
        if records:
            facts.append(
                Fact(_("About"), format_html_join(display.comma(), "{}", ((link(record),) for record in records)))
            )
        if activity.kind == Kind.CALL and activity.is_open:
            numbers = numbers_to_call(self.request.user, records)
            if numbers:
                facts.append(Fact(_("Number to call"), numbers))
        if activity.owner and "owner" not in hidden:
            facts.append(Fact(_("Owner"), link(activity.owner)))
        if activity.repeats:
            facts.append(Fact(_("Repeats"), link(activity.recurrence)))
        return facts

    def get_actions(self) -> list[Action]:
        activity, user = self.object, self.request.user
        may_change = allows(user, "change", activity)
        actions: list[Action] = []
        if may_change and activity.is_open:
            actions += [
                Action(_("Done"), self.url("complete", activity.pk), "check", "dialog", primary=True, key="d"),
                Action(_("Snooze"), self.url("snooze", activity.pk), "zzz", "dialog", key="s"),
            ]
            actions += _message_actions(user, activity)
        elif may_change and activity.kind != Kind.NOTE:
            actions.append(
                Action(_("Take up again"), self.url("reopen", activity.pk), "arrow-back-up", "post", menu=True)
            )
        if activity.is_open and allows(user, "assign", activity):
            url = self.url("handover", activity.pk)
            actions.append(Action(_("Hand over"), url, "user-check", "dialog", menu=True))
        if may_change and activity.repeats:
            url = reverse("activities:repetition_stop", args=[activity.pk])
            question = _("End the repetition? Open activities after this one go.")
            actions.append(Action(_("Stop repeating"), url, "calendar-repeat", "post", confirm=question, menu=True))
        if may_change and activity.is_open:
            url = self.url("cancel", activity.pk)
            actions.append(Action(_("Will not be done"), url, "ban", "dialog", menu=True))
        return [*actions, *super().get_actions()]


def numbers_to_call(user: Any, records: list[Any]) -> str:
    """Up to three numbers of the records as safe HTML; none for a role from which numbers are hidden."""
    hidden = {field for host in hosts.all_hosts() for field in user.hidden_fields(host.label)}
    found: dict[str, str] = {}
    for record in records:
        for reach in addresses_for(user=user, obj=record, channel=Channel.SMS) if "mobile" not in hidden else ():
            found.setdefault(reach.value, reach.name)
        fixed = "" if "phone" in hidden else str(getattr(record, "phone", ""))
        if fixed:
            found.setdefault(fixed, str(record))
    rows = ((value, name, display.format_phone(value)) for value, name in list(found.items())[:MOST_NUMBERS])
    return format_html_join(display.comma(), '<a href="tel:{}" title="{}"><bdi dir="ltr">{}</bdi></a>', rows)


def _message_actions(user: Any, activity: Activity) -> list[Action]:
    """For an e-mail or SMS to write: the message to its record, begun with the template of its step."""
    if activity.kind not in Channel.values or not can(user, "add", Message):
        return []
    record = next(iter(activity_records(activity, user=user)), None)
    if record is None:
        return []
    url = reverse("messaging:compose", args=[activity.kind, record._meta.label_lower, record.pk])
    query = {"subject": activity.subject, "template": message_template_of(activity) or ""}
    return [Action(_("Write the message"), f"{url}?{urlencode(query)}", "send", "dialog")]


def when_html(activity: Activity) -> str:
    """The time or span as safe HTML."""
    if activity.all_day:
        last = activity.ends_at - DAY if activity.ends_at else None
        days = [display.format_date(activity.due_at, "long"), display.format_date(last, "long")]
        return format_html_join(" – ", "<bdi>{}</bdi>", ((day,) for day in days if day))
    begins = display.format_datetime(activity.due_at, "long")
    if activity.ends_at is None or activity.due_at is None:
        return format_html("<bdi>{}</bdi>", begins)
    same_day = display.localtime(activity.due_at).date() == display.localtime(activity.ends_at).date()
    ends = display.format_time(activity.ends_at) if same_day else display.format_datetime(activity.ends_at, "long")
    return format_html("<bdi>{}</bdi> – <bdi>{}</bdi>", begins, ends)


class ActivityCreateView(ObjectCreateView):
    """The full form of a new activity."""

    model = Activity
    form_class = ActivityForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.get(request) if self.continues else super().post(request, *args, **kwargs)

    @property
    def continues(self) -> bool:
        """Whether the dialog of quick planning hands over what was typed there."""
        return "continue" in self.request.POST

    def get_initial(self) -> dict[str, Any]:
        given = super().get_initial()
        given["records"] = self.request.GET.getlist("record")
        given["assignees"] = self.request.GET.getlist("assignee")
        if self.continues:
            given |= QuickActivityForm(self.request.POST, user=self.request.user).typed()
        return given

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(is_unsaved=self.continues, **kwargs)

    def save_object(self, form: Any) -> Activity:
        data = form.cleaned_data
        values = {"kind": Kind.TASK, "subject": str(Kind.TASK.label)}  # for a role from which they are hidden
        with transaction.atomic():
            activity = activity_plan(
                actor=self.request.user,
                **{**values, **{name: data[name] for name in ActivityForm.Meta.fields if name in data}},
                records=data["records"],
                assignees=data["assignees"],
                watchers=data["watchers"],
                checklist=form.lines(),
                **form.arguments(),
            )
            for part in form.parts:
                part.saved(self.request.user, activity, data)
        return activity


class ActivityUpdateView(ObjectUpdateView):
    """The full form of an activity that is there."""

    model = Activity
    form_class = ActivityForm

    def save_object(self, form: Any) -> Activity:
        data = form.cleaned_data
        instance = form.save(commit=False)
        with transaction.atomic():
            for part in form.parts:
                part.saving(self.request.user, instance, data)
            activity = activity_update(
                actor=self.request.user,
                instance=instance,
                records=data["records"],
                assignees=data["assignees"],
                watchers=data["watchers"],
                checklist=form.lines(),
                expected_version=self.expected_version(form),
                **form.arguments(),
            )
            for part in form.parts:
                part.saved(self.request.user, activity, data)
        return activity


class ActivityDeleteView(ObjectDeleteView):
    """To the bin."""

    model = Activity

    def delete(self, obj: Any) -> None:
        activity_delete(actor=self.request.user, activity=obj)
