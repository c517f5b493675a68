"""The calendar: its pages, an event's summary, and moving events by hand, by keyboard and back again."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.calendar.marks import when
from activities.calendar.page import CalendarPage
from activities.calendar.state import State, read
from activities.choices import ICONS
from activities.forms.calendar import CalendarsForm, DropForm, MoveForm
from activities.models import Activity
from activities.selectors.activities import activity_records, doers
from activities.selectors.rooms import rooms_of
from activities.services import activity_move
from activities.services.undo import activity_undo, picture, undo_token
from core import display
from core.errors import DomainError, PermissionRefused, StaleRecord
from core.hiding import blanked_for
from core.policies import can
from core.views.base import MAX_PK, ModelMixin, PageView

COOKIE = "calendar_view"
COOKIE_AGE = 365 * 24 * 3600


class CalendarBase(ModelMixin, PageView):
    """The page the address asks for, whole or only its part."""

    model = Activity
    title = gettext_lazy("Calendar")
    template_name = "activities/calendar.html"

    @cached_property
    def state(self) -> State:
        """What is to be shown."""
        shown, request = display.current(), self.request
        small = "Mobi" in request.headers.get("User-Agent", "")
        default = request.COOKIES.get(COOKIE) or ("day" if small else "week")
        return read(request.GET, today=shown.today(), calendar=shown.calendar, default=default)

    def page_context(self) -> dict[str, Any]:
        """What the part of the page needs."""
        page = CalendarPage(user=self.request.user, state=self.state)
        return {
            **page.context(),
            "may_add": can(self.request.user, "add", Activity),
            "calendars_form": CalendarsForm.of(page),
            "view_chosen": "view" in self.request.GET,
            "urls": {name: reverse(f"activities:calendar_{name}", args=[0]) for name in ("event", "move")},
        }

    def part(self) -> str:
        """The calendar alone."""
        return render_to_string("activities/calendar/_calendar.html", self.page_context(), self.request)


class CalendarView(CalendarBase):
    """Month, week, day or agenda; HTMX gets only the calendar."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        htmx = getattr(request, "htmx", None)
        if htmx and htmx.target == "calendar" and not htmx.history_restore_request:
            response: HttpResponseBase = HttpResponse(self.part())
        else:
            response = self.render_to_response(self.get_context_data(**self.page_context()))
        if request.GET.get("view") == self.state.view != request.COOKIES.get(COOKIE):
            response.set_cookie(  # type: ignore[attr-defined]
                COOKIE, self.state.view, max_age=COOKIE_AGE, httponly=True, samesite="Lax", secure=request.is_secure()
            )
        return response


class EventMixin(CalendarBase):
    """One activity of the calendar."""

    kwargs: dict[str, Any]

    @cached_property
    def activity(self) -> Activity:
        """The activity; one the user may not do this with answers 404."""
        rows = Activity.objects.for_user(self.request.user, self.permission).select_related("owner", "outcome")
        row = rows.filter(pk=min(self.kwargs["pk"], MAX_PK)).first()
        if row is None:
            raise Http404
        return row


class EventView(EventMixin):
    """What an event is, in a dialog over the calendar."""

    template_name = "activities/calendar/event.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user: Any = request.user
        row = blanked_for(user, [self.activity])[0]
        may_change = Activity.objects.for_user(user, "change").filter(pk=row.pk).exists()
        context = {
            "view_title": str(row) or row.get_kind_display(),
            "activity": row,
            "icon": ICONS[row.kind],
            "when": when(row) if row.due_at else "",
            "day": display.localtime(row.due_at).date() if row.due_at else None,
            "people": doers(row),
            "records": activity_records(row, user=user),
            "rooms": rooms_of(row),
            "may_change": may_change,
            "move_url": reverse("activities:calendar_move", args=[pk]) if may_change and row.is_open else "",
        }
        return self.render_to_response(context)


class MoveView(EventMixin):
    """Another time for an event: dropped by hand (JSON), or typed into a dialog."""

    permission = "change"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.activity
        return self._dialog(MoveForm(activity=row, initial={"version": row.version}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if "date" in request.POST:
            return self._drop()
        form = MoveForm(request.POST, activity=self.activity)
        if not form.is_valid():
            return self._dialog(form, status=422)
        try:
            toast = self._move(form.times(), form.cleaned_data["version"])
        except StaleRecord:
            form.add_error(None, _("Somebody else changed it a moment ago. Close this and look again."))
            return self._dialog(form, status=409)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self._dialog(form, status=422)
        trigger = {"dialog:close": True, "calendar:changed": True, **({"toast": toast} if toast else {})}
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(trigger)})

    def _dialog(self, form: MoveForm, status: int = 200) -> HttpResponse:
        context = {
            "view_title": _("Move “%(name)s”") % {"name": self.activity},
            "form": form,
            "submit_label": _("Move"),
        }
        return HttpResponse(render_to_string("generic/_dialog.html", context, self.request), status=status)

    def _drop(self) -> HttpResponse:
        form = DropForm(self.request.POST, activity=self.activity)
        if not form.is_valid():
            return self._refused(_("It cannot be put there."), 422)
        try:
            toast = self._move(form.times(), form.cleaned_data["version"])
        except StaleRecord:
            return self._refused(_("Somebody else changed it a moment ago. It is shown as it is now."), 409)
        except PermissionRefused as error:
            return self._refused(str(error), 403)
        except DomainError as error:
            return self._refused(str(error), 422)
        return JsonResponse({"html": self.part(), "pk": self.activity.pk, **({"toast": toast} if toast else {})})

    def _refused(self, message: str, status: int) -> JsonResponse:
        return JsonResponse({"message": message, "html": self.part()}, status=status)

    def _move(self, times: dict[str, Any], version: int | None) -> dict[str, Any] | None:
        before = picture(self.activity)
        after = activity_move(actor=self.request.user, activity=self.activity, expected_version=version, **times)
        token = undo_token(before, after, self.request.user)
        if not token:
            return None
        undo = reverse("activities:calendar_undo", args=[after.pk])
        text = _("“%(name)s” is now on %(when)s.") % {"name": after, "when": when(after)}
        return {"text": text, "level": "success", "undo": f"{undo}?{self.state.query()}&token={token}"}


class MoveUndoView(EventMixin):
    """Takes one's own last move back. The calendar gets JSON, a plain form a redirect."""

    permission = "change"
    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        status, message = 200, ""
        try:
            row = activity_undo(actor=request.user, activity=self.activity, token=request.GET.get("token", ""))
            text = _("“%(name)s” is back in its place.") % {"name": row}
        except StaleRecord:
            status, message = 409, _("It changed since, so the move was not taken back.")
        except DomainError as error:
            status, message = 422, str(error)
        if not request.headers.get("HX-Request"):
            (messages.error if message else messages.success)(request, message or text)
            return redirect(f"{reverse('activities:calendar')}?{self.state.query()}")
        if message:
            return JsonResponse({"message": message, "html": self.part()}, status=status)
        return JsonResponse({"html": self.part(), "pk": pk, "toast": {"text": text, "level": "success", "undo": ""}})
