"""Following records, coming to where one was called, and the list of colleagues under a text field."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic.base import View

from activities.models import Activity, Mention
from activities.selectors.activities import activity_records
from activities.selectors.people import colleagues
from activities.services.mentions import activity_seen, mention_see
from activities.services.watching import can_watch, kind_of, record_unwatch, record_watch, watches
from core.views.base import MAX_PK, PageView, safe_return_url
from core.views.system import visible_object
from messaging.services import is_muted, mute_end, mute_set


class FollowView(LoginRequiredMixin, PageView):
    """The button that follows a record: GET shows how it stands, a POST with ``state`` changes it.

    The owner of a record follows it anyway and can only mute it; whoever muted a record hears nothing until unmuted.
    """

    template_name = "activities/follow.html"
    partial_template_name = "activities/_follow.html"

    def get_title(self) -> str:
        return _("Follow the record")

    def get(self, request: HttpRequest, label: str, pk: int) -> HttpResponse:
        record = self.record(request, label, pk)
        if isinstance(record, Activity):  # its page is open: whoever was called in it has come
            activity_seen(actor=request.user, activity=record)
        template = self.partial_template_name if getattr(request, "htmx", None) else self.template_name
        owner = getattr(record, "owner_id", None) == request.user.pk
        context = self.get_context_data(
            record=record,
            label=label,
            is_owner=owner,
            follows=owner or watches(user=request.user, record=record),
            muted=is_muted(user=request.user, record=record),
        )
        return self.response_class(request, [template], context, using=self.template_engine)

    def post(self, request: HttpRequest, label: str, pk: int) -> HttpResponse:
        record = self.record(request, label, pk)
        kind, user = kind_of(record).pk, request.user
        state = request.POST.get("state", "")
        if state == "on":
            record_watch(actor=user, record=record)
            mute_end(actor=user, kind=kind, pk=record.pk)
        elif state == "off":
            record_unwatch(actor=user, record=record)
        elif state == "mute":
            mute_set(actor=user, kind=kind, pk=record.pk)
        elif state == "unmute":
            mute_end(actor=user, kind=kind, pk=record.pk)
        if getattr(request, "htmx", None):
            return self.get(request, label, pk)
        return redirect(safe_return_url(request, record.get_absolute_url() or "/"))

    def record(self, request: HttpRequest, label: str, pk: int) -> Any:
        """A record that can be followed and that the user sees, else 404."""
        record = visible_object(request, label, pk)
        if not can_watch(record):
            raise Http404
        return record


class MentionView(LoginRequiredMixin, View):
    """Come to where one was called: it counts as seen, and the activity or the record of the note opens."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Mention.objects.for_user(request.user, "view").filter(pk=min(pk, MAX_PK), user=request.user.pk)
        row = rows.select_related("activity").first()
        if row is None:
            raise Http404
        mention_see(actor=request.user, mention=row)
        records = activity_records(row.activity, user=request.user)
        places = [row.activity.get_absolute_url(), *(record.get_absolute_url() for record in records)]  # type: ignore[attr-defined]
        if row.activity.kind == "note":
            places.reverse()
        return redirect(next((place for place in places if place), "/"))


class ColleaguesView(LoginRequiredMixin, View):
    """People to call by name: ``?q=`` answers ``{"results": [{"token", "text", "hint"}]}``."""

    def get(self, request: HttpRequest) -> JsonResponse:
        return JsonResponse({"results": colleagues(request.GET.get("q", ""), besides=request.user.pk)})
