"""Calendar feeds: the page of one's own addresses, and the feed itself that programs read."""

import hashlib
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import View

from activities.choices import TasksInFeed
from activities.models import FeedToken
from activities.selectors.feeds import feed_by_digest, feed_file, feeds_of
from activities.services import feed_create, feed_read, feed_revoke
from activities.services.feeds import digest_of
from core import links
from core.forms.fields import CleanCharField
from core.limits import count_over, visitor_address
from core.views import FormView
from core.views.base import MAX_PK

PER_FEED = (120, 3600)  # readings, seconds: programs ask every few minutes at most
PER_ADDRESS = (600, 3600)  # an office behind one address has many calendars
MONTH = 31 * 24 * 3600


class FeedForm(forms.Form):
    """A name to tell addresses apart, and what becomes of tasks."""

    name = CleanCharField(
        label=gettext_lazy("name"), max_length=80, required=False, help_text=gettext_lazy("For instance: my phone.")
    )
    tasks = forms.ChoiceField(
        label=gettext_lazy("tasks and deadlines"), choices=TasksInFeed.choices, initial=TasksInFeed.EVENTS
    )


class FeedListView(LoginRequiredMixin, FormView):
    """One's feeds, and a form for a new one, whose address is shown this once."""

    template_name = "activities/feeds.html"

    def get_title(self) -> str:
        return _("Calendar feeds")

    def get_form(self, data: Any = None, files: Any = None) -> FeedForm:
        return FeedForm(data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(feeds=feeds_of(self.request.user), **kwargs)

    def save(self, form: FeedForm) -> HttpResponse:
        feed, token = feed_create(actor=self.request.user, **form.cleaned_data)
        address = links.absolute(reverse("calendar_feed", args=[token]))
        webcal = f"webcal:{address.partition(':')[2]}"
        response = self.render_form(self.get_form(), made=feed, address=address, webcal=webcal)
        response.headers["Cache-Control"] = "no-store"
        return response


class FeedRevokeView(LoginRequiredMixin, View):
    """Make an address useless."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        feed = FeedToken.objects.for_user(request.user, "change").filter(pk=min(pk, MAX_PK)).first()
        if feed is None:
            raise Http404
        feed_revoke(actor=request.user, feed=feed)
        messages.success(request, _("The address of “%(name)s” works no more.") % {"name": feed})
        return redirect("activities:feed_list")


class CalendarFeedView(View):
    """The feed as calendar programs read it: GET or HEAD with the secret, 304 when nothing changed."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        digest = digest_of(token)
        over = count_over(f"feed:{digest}", *PER_FEED)
        if over or count_over(f"feed-address:{visitor_address(request)}", *PER_ADDRESS):
            return HttpResponse(status=429, headers={"Retry-After": "3600"})
        feed = feed_by_digest(digest)
        if feed is None:
            raise Http404
        feed_read(feed)
        content = feed_file(feed)
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        changed = _changed_at(feed, etag)
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["ETag"] = etag
        response.headers["Last-Modified"] = http_date(changed)
        return get_conditional_response(request, etag, changed, response) or response


def _changed_at(feed: FeedToken, etag: str) -> int:
    """Since when the content is as it is, in seconds since 1970: what is deleted leaves no date behind."""
    known, since = cache.get(f"feed-content:{feed.pk}") or ("", 0)
    if known != etag:
        since = int(timezone.now().timestamp())
        cache.set(f"feed-content:{feed.pk}", (etag, since), MONTH)
    return int(since)
