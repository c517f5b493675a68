"""Inviting guests to an activity, and one's own answer to one that one was given."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.forms.invitations import GuestsForm
from activities.selectors.invitations import guests_of
from activities.services import assignment_answer, guests_set
from activities.views.actions import ActivityActionView, done


class ActivityInviteView(ActivityActionView):
    """The list of guests: who is new gets a mail, who is gone too."""

    form_class = GuestsForm
    title = gettext_lazy("Invite guests")

    def get_form_kwargs(self) -> dict[str, Any]:
        present = guests_of(self.object, user=self.request.user)
        return {**super().get_form_kwargs(), "activity": self.object, "present": present}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(submit_label=_("Save and send the mails"), wide=True, **kwargs)

    def save(self, form: GuestsForm) -> HttpResponse:
        guests_set(
            actor=self.request.user,
            activity=self.object,
            guests=form.invited(),
            language=form.cleaned_data["language"],
            message=form.cleaned_data["message"],
        )
        text = _("The list of guests was saved. The mails are on their way.")
        return done(self.request, text, self.get_success_url())


class ActivityAnswerView(ActivityActionView):
    """Say whether one will come to what one was given."""

    permission = "view"
    success_message = gettext_lazy("Your answer was passed on.")

    def perform(self, **data: Any) -> str | None:
        assignment_answer(actor=self.request.user, activity=self.object, answer=self.kwargs["answer"])
        return None
