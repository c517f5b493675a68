"""Repetition: what the fields of the form mean, told while they are filled in; and ending it."""

import datetime as dt
from itertools import islice
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from activities.forms.recurrence import KEEP, RepetitionPreviewForm, may_lack, rule_from
from activities.models import Activity
from activities.recurrence import occurrences, sentence
from activities.services.recurrence import recurrence_stop
from core import display
from core.errors import DomainError
from core.views import ObjectActionView

SHOWN = 5
AHEAD = dt.timedelta(days=366 * 12)


class RepetitionPreviewView(LoginRequiredMixin, TemplateView):
    """The repetition in words with its first dates."""

    template_name = "activities/_repetition.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.preview(RepetitionPreviewForm(request.GET)))

    def preview(self, form: RepetitionPreviewForm) -> dict[str, Any]:
        """What the template shows; a mistake is told in its own words, nothing while nothing is chosen."""
        if not form.is_valid():
            return {"waiting": "due_at" in form.errors}
        data = form.cleaned_data
        start = display.localtime(data["due_at"]).date()
        try:
            rule = rule_from(data, start) if data["repeat"] != KEEP else None
        except DomainError as error:
            return {"error": str(error)}
        if rule is None:
            return {}
        moments = occurrences(rule, data["due_at"], display.current().tz, before=data["due_at"] + AHEAD)
        found = list(islice(moments, SHOWN))
        return {
            "sentence": sentence(rule, start),
            "moments": found,
            "may_lack": may_lack(data, start),
            "error": "" if found else _("By this rule it would never come. Choose a day that exists."),
        }


class RepetitionStopView(ObjectActionView):
    """End the repetition with this occurrence; open later ones go."""

    model = Activity
    permission = "change"
    success_message = gettext_lazy("“%(name)s” does not repeat any more.")

    def perform(self, **data: Any) -> str | None:
        recurrence_stop(actor=self.request.user, activity=self.object)
        return None
