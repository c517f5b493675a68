"""The bell: its menu, its live count, and the page of all notifications."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic.base import View

from core import display, notifications
from core.models import Notification
from core.pagination import paginate
from core.parsing import read_key
from core.views.base import MAX_PK, PageView, safe_return_url

NEWS = 3


class NotificationMenuView(LoginRequiredMixin, PageView):
    """The bell's menu: several about one record are one line."""

    template_name = "core/_notification_menu.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data(lines=notifications.bell(request.user)))


class NotificationCountView(LoginRequiredMixin, View):
    """The number on the bell, asked again and again by open pages: one statement, and 304 while nothing is new.

    ``?after=<key>`` asks for the sentences of what came after that notification, a few at most.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        count, newest = notifications.unread_state(request.user)
        etag = f'"{count}-{newest}"'
        if request.headers.get("If-None-Match") == etag:
            response: HttpResponse = HttpResponseNotModified()
        else:
            response = JsonResponse(
                {
                    "count": count,
                    "text": display.format_number(count) if count else "",
                    "label": count_label(count),
                    "newest": newest,
                    "news": self.news(request, newest),
                }
            )
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = "private, no-cache"
        return response

    def news(self, request: HttpRequest, newest: int) -> list[dict[str, str]]:
        """Sentence and address of the unread rows after the one the page knows."""
        after = read_key(request.GET.get("after", ""))
        if after is None or after >= newest:
            return []
        rows = Notification.objects.for_user(request.user).filter(read_at=None, pk__gt=after).order_by("-pk")
        return [{"text": str(row), "url": reverse("notification_open", args=[row.pk])} for row in rows[:NEWS]]


def count_label(count: int) -> str:
    """What a screen reader says of the bell."""
    if not count:
        return _("Notifications")
    text = ngettext("%(count)s unread notification", "%(count)s unread notifications", count)
    return text % {"count": display.format_number(count)}


class NotificationListView(LoginRequiredMixin, PageView):
    """All of one's notifications; a POST marks them read."""

    template_name = "core/notification_list.html"

    def get_title(self) -> str:
        return _("Notifications")

    def get(self, request: HttpRequest) -> HttpResponse:
        page = paginate(Notification.objects.for_user(request.user), ["-created_at", "-pk"], request.GET)
        return self.render_to_response(self.get_context_data(pager=page, lines=notifications.fold(page.rows)))

    def post(self, request: HttpRequest) -> HttpResponse:
        notifications.mark_read(user=request.user)
        return redirect(safe_return_url(request, reverse("notification_list")))


def own(request: HttpRequest, pk: int) -> Notification:
    """The reader's own notification, else 404."""
    row = Notification.objects.for_user(request.user).filter(pk=min(pk, MAX_PK)).first()
    if row is None:
        raise Http404
    return row


class NotificationOpenView(LoginRequiredMixin, View):
    """Mark the line as read and go where it leads."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = own(request, pk)
        notifications.mark_line_read(user=request.user, notification=row)
        return redirect(row.url or reverse("notification_list"))


class NotificationReadView(LoginRequiredMixin, View):
    """Mark the line as read and stay: the menu (HTMX) or the list comes back."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, pk: int) -> Any:
        notifications.mark_line_read(user=request.user, notification=own(request, pk))
        if getattr(request, "htmx", None):
            return NotificationMenuView.as_view()(as_get(request))
        return redirect(safe_return_url(request, reverse("notification_list")))


def as_get(request: HttpRequest) -> HttpRequest:
    """The request again, to be answered with a page."""
    request.method = "GET"
    return request
