"""From one call to the next: the day's calls, one at a time."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.forms.dialogs import CompleteForm
from activities.models import Activity
from activities.services import activity_complete
from activities.services.undo import picture, undo_token
from activities.views.actions import quick_times, undo_url
from core.parsing import read_key
from core.policies import allows
from core.views import FormView
from core.views.base import AccessMixin, hx_redirect
from core.views.detail import Fact, field_html
from reports.selectors.work import CallWalk, call_at_hand, next_call

NUMBERS = ("mobile", "phone")


class CallWalkView(AccessMixin, FormView):
    """The next call of the day with its number, what was said last, and the form that ends it.

    Saving opens the next one; ``?after=<key>`` skips to the one after that activity.
    """

    model = Activity
    template_name = "reports/walk.html"
    title = gettext_lazy("Calls of today")

    @cached_property
    def walk(self) -> CallWalk:
        """The call at hand: the one being saved, else the next one."""
        user = self.request.user
        saved = self._activity(self.request.POST.get("activity", ""))
        if saved is not None:
            return call_at_hand(user=user, call=saved)
        return next_call(user=user, after=self._activity(self.request.GET.get("after", "")))

    def _activity(self, key: str) -> Activity | None:
        pk = read_key(key)
        rows = Activity.objects.for_user(self.request.user, "view")
        found: Activity | None = rows.filter(pk=pk).first() if pk is not None else None
        return found

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        if self.walk.call is None:
            return None
        return CompleteForm(data, user=self.request.user, activity=self.walk.call)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        return self.render_to_response(self.get_context_data(form=None)) if form is None else self.render_form(form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self._activity(request.POST.get("activity", "")) is None:
            messages.info(request, _("This call is no longer there; here is the next one."))
            return hx_redirect(request, reverse("reports:calls"))
        return super().post(request, *args, **kwargs)

    def save(self, form: Any) -> HttpResponse:
        data, call = form.cleaned_data, self.walk.call
        if call is None:  # told apart in post
            return hx_redirect(self.request, reverse("reports:calls"))
        before = picture(call)
        result = activity_complete(
            actor=self.request.user,
            activity=call,
            outcome=data.get("outcome"),
            note=data.get("note", ""),
            next_step=form.next_step(),
            for_everyone=bool(data.get("for_everyone")),
        )
        undo = undo_url(undo_token(before, result.activity, self.request.user, result.next))
        tags = f"undo:{undo}" if undo else ""
        messages.success(self.request, _("“%(name)s” is done.") % {"name": call}, extra_tags=tags)
        after = f"?after={call.pk}" if "after" in self.request.GET else ""
        return hx_redirect(self.request, reverse("reports:calls") + after)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        walk = self.walk
        call = walk.call
        return super().get_context_data(
            walk=walk,
            hides_text="text" in self.request.user.hidden_fields("activities.activity"),
            numbers=numbers_of(self.request.user, walk.records),
            quick_times=quick_times(),
            skip_url=f"{reverse('reports:calls')}?after={call.pk}" if call else "",
            snooze_url=reverse("activities:activity_snooze", args=[call.pk]) if call else "",
            **kwargs,
        )


def numbers_of(user: Any, records: Any) -> list[Fact]:
    """The phone numbers of the records and of the people and companies they name, as links that dial; each once."""
    facts: dict[str, Fact] = {}
    for record in _reachable(user, records):
        hidden = user.hidden_fields(record._meta.label_lower)
        for name in NUMBERS:
            value = getattr(record, name, "")
            if value and name not in hidden:
                facts.setdefault(value, Fact(str(record), field_html(record, record._meta.get_field(name))))
    return list(facts.values())


def _reachable(user: Any, records: Any) -> list[models.Model]:
    """The records, then contact and account of those that have them, as far as the user sees them."""
    around = [getattr(record, name, None) for record in records for name in ("contact", "account")]
    return [*records, *(row for row in around if row is not None and allows(user, "view", row))]
