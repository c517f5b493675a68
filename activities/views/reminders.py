"""One's own reminders: when they come, and which ones are next."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.choices import ReminderState
from activities.forms.reminders import RemindersForm
from activities.models import Reminder
from activities.services import reminder_defaults_save
from core.views import FormView
from core.views.base import hx_redirect
from messaging.services import settings_of

NEXT = 20


class RemindersView(LoginRequiredMixin, FormView):
    """How long before each kind of activity, and the next reminders of activities."""

    template_name = "activities/reminders.html"

    def get_title(self) -> str:
        return _("My reminders")

    def get_form(self, data: Any = None, files: Any = None) -> RemindersForm:
        return RemindersForm(data, settings=settings_of(self.request.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Reminder.objects.for_user(self.request.user).filter(state=ReminderState.WAITING)
        coming = rows.exclude(activity=None).select_related("activity").order_by("due_at", "pk")[:NEXT]
        return super().get_context_data(coming=list(coming), **kwargs)

    def save(self, form: RemindersForm) -> HttpResponse:
        reminder_defaults_save(actor=self.request.user, minutes=form.minutes)
        messages.success(self.request, _("Saved. Your coming activities follow."))
        return hx_redirect(self.request, reverse("activities:reminders"))
