"""Something done to many activities at once: shown first, then done to those the person may change."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.choices import Status
from activities.filters import ActivityFilterSet
from activities.forms.dialogs import BulkDoneForm, HandOverForm, SnoozeForm
from activities.models import Activity
from activities.services import activity_complete, activity_hand_over, activity_snooze
from activities.services.undo import picture, undo_keep, undo_token
from core import display
from core.errors import DomainError
from core.parsing import read_keys
from core.views.base import ModelMixin, PageView

MOST = 200
SHOWN = 10


def finish(actor: Any, activity: Activity, data: dict[str, Any]) -> Activity:
    """Done, with the same words for all."""
    return activity_complete(actor=actor, activity=activity, note=data["note"]).activity


def put_off(actor: Any, activity: Activity, data: dict[str, Any]) -> Activity:
    """All to the same moment."""
    return activity_snooze(actor=actor, activity=activity, until=data["until"])


def hand_over(actor: Any, activity: Activity, data: dict[str, Any]) -> Activity:
    """All to the same colleague."""
    return activity_hand_over(actor=actor, activity=activity, user=data["user"])


Work = Callable[[Any, Activity, dict[str, Any]], Activity]
ACTIONS: dict[str, tuple[Any, Any, Any, Work]] = {
    "done": (gettext_lazy("Finish activities"), gettext_lazy("Done"), BulkDoneForm, finish),
    "snooze": (gettext_lazy("Put activities off"), gettext_lazy("Put off"), SnoozeForm, put_off),
    "hand-over": (gettext_lazy("Hand activities over"), gettext_lazy("Hand over"), HandOverForm, hand_over),
}


class ActivityBulkView(ModelMixin, PageView):
    """Selected rows of the list, or all that match its filters: what would be touched, and then the deed."""

    model = Activity
    permission = "change"
    template_name = "activities/bulk.html"
    http_method_names = ("post",)

    @cached_property
    def action(self) -> tuple[Any, Any, Any, Work]:
        """Title, button, form and service of the action in the address."""
        if self.kwargs["action"] not in ACTIONS:
            raise Http404
        return ACTIONS[self.kwargs["action"]]

    def get_title(self) -> str:
        return str(self.action[0])

    def rows(self) -> Any:
        """The open activities that were selected, at most one more than may be done at once."""
        rows = self.get_queryset().filter(status=Status.PLANNED)
        if self.request.POST.get("all_matching"):
            data = QueryDict(self.request.POST.get("query", "")[:4000])
            rows = ActivityFilterSet(data, rows, request=self.request, only_asked=True).qs
        else:
            keys = read_keys(self.request.POST.getlist("pk"))
            rows = rows.filter(pk__in=keys[: MOST + 1])
        return rows.order_by("due_at", "pk")[: MOST + 1]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form_class, rows = self.action[2], list(self.rows())
        if not rows or len(rows) > MOST:
            text = _("Select open activities first.") if not rows else _("Select %(most)s activities at most.")
            messages.warning(request, text % {"most": display.format_number(MOST)})
            return redirect(self.back())
        if "go" not in request.POST:
            return self.render(form_class(user=request.user), rows)
        form = form_class(request.POST, user=request.user)
        if not form.is_valid():
            return self.render(form, rows, status=422)
        self.perform(rows, form.cleaned_data)
        return redirect(self.back())

    def perform(self, rows: list[Activity], data: dict[str, Any]) -> None:
        """Do it to each; one that is refused stays as it was, and the message says how many."""
        user = self.request.user
        touched: list[Activity] = []
        tokens: list[str] = []
        refusals: list[str] = []
        for activity in rows:
            try:
                with transaction.atomic():
                    before = picture(activity)
                    after = self.action[3](user, activity, data)
                    tokens.append(undo_token(before, after, user))
                touched.append(activity)
            except DomainError as error:
                refusals.append(str(error))
        if touched:
            text = ngettext("%(count)s activity was changed.", "%(count)s activities were changed.", len(touched))
            undo = self.undo_url([token for token in tokens if token])
            said = text % {"count": display.format_number(len(touched))}
            messages.success(self.request, said, extra_tags=f"undo:{undo}" if undo else "")
        if refusals:
            text = ngettext(
                "%(count)s stayed as it was: %(why)s", "%(count)s stayed as they were: %(why)s", len(refusals)
            )
            messages.warning(self.request, text % {"count": display.format_number(len(refusals)), "why": refusals[0]})

    def undo_url(self, tokens: list[str]) -> str:
        """Where it is taken back."""
        kept = urlencode({"kept": undo_keep(tokens, self.request.user)}) if tokens else ""
        return f"{reverse('activities:activity_undo')}?{kept}" if kept else ""

    def back(self) -> str:
        """The list as it was."""
        query = self.request.POST.get("query", "")
        return f"{self.url('list')}?{query}" if query else self.url("list")

    def render(self, form: Any, rows: list[Activity], status: int = 200) -> HttpResponse:
        """What would be touched, and the question."""
        posted = self.request.POST
        kept = [(name, value) for name in ("pk", "all_matching", "query") for value in posted.getlist(name)]
        context = self.get_context_data(
            form=form,
            rows=rows[:SHOWN],
            more=display.format_number(max(0, len(rows) - SHOWN)) if len(rows) > SHOWN else "",
            count=display.format_number(len(rows)),
            kept=kept,
            submit_label=self.action[1],
            back_url=self.back(),
            list_url=self.url("list"),
        )
        return self.response_class(self.request, [self.template_name], context, status=status, using=None)
