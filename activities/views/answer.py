"""The page a guest answers on: no sign-in, no cookies. Opening it changes nothing, for mail scanners open every link."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic.base import View

from activities.choices import Answer
from activities.models import Activity, Guest
from activities.selectors.invitations import (
    OPEN,
    WORDS,
    guest_by_token,
    guest_display,
    guest_language,
    invitation_state,
    when,
)
from activities.services import guest_answer
from activities.services.answers import GIVEN, NOTE_LENGTH
from core import display
from core.context_processors import Shell
from core.errors import DomainError
from core.limits import count_over, visitor_address
from core.middleware import visitor_display

PER_ADDRESS = (300, 600)  # openings and answers, seconds: an office behind one address must fit
PER_GUEST = (20, 3600)  # answers
BUTTONS = (
    (Answer.ACCEPTED, "check", "btn-success"),
    (Answer.TENTATIVE, "help", "btn-primary"),
    (Answer.DECLINED, "x", "btn-secondary"),
)


@method_decorator(csrf_exempt, name="dispatch")  # the secret in the address stands for the guest; there is no session
class InvitationView(View):
    """One guest's invitation: what it is, when and where, and three buttons."""

    guest: Guest
    activity: Activity

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if count_over(f"invitation:{visitor_address(request)}", *PER_ADDRESS):
            return HttpResponse(render_to_string("429.html", {}, request), status=429)
        found = guest_by_token(kwargs["token"])
        if found is None:
            raise Http404
        self.guest, self.activity = found
        with display.use(self.reading(request)):
            response = super().dispatch(request, *args, **kwargs)
            response.headers["Content-Language"] = display.current().language
        return response

    def reading(self, request: HttpRequest) -> display.Display:
        """The language asked for, else the guest's, else that of the invitation; times in the zone the invitation named."""
        asked = request.GET.get("lang", "")
        invitation = getattr(self.activity, "invitation", None)
        language = asked if asked in {"fa", "en"} else guest_language(self.guest, invitation)
        return guest_display(language or visitor_display(request).language, self.activity.zone)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        answer, note = request.POST.get("answer", ""), request.POST.get("note", "")[: NOTE_LENGTH * 2]
        if count_over(f"invitation-answer:{self.guest.pk}", *PER_GUEST):
            return self.page(error=_("You answered many times just now. Please try again in an hour."), status=429)
        try:
            guest_answer(token=token, answer=answer, note=note)
        except DomainError as error:
            return self.page(error=str(error), status=422, note=note)
        kept = {name: request.GET[name] for name in ("lang",) if name in request.GET}
        url = reverse("invitation", args=[token])
        return HttpResponseRedirect(f"{url}?{urlencode({**kept, 'saved': 1})}")

    def page(self, *, error: str = "", status: int = 200, note: str | None = None) -> HttpResponse:
        """The page without cookies: nothing of whoever is signed in beside it."""
        request, guest = self.request, self.guest
        shell = Shell(request)
        other = "en" if shell.display.language == "fa" else "fa"
        proposed = request.GET.get("answer", "")
        context = {
            "request": request,
            "shell": shell,
            "csrf_token": "",
            "view_title": str(self.activity),
            "guest": guest,
            "activity": self.activity,
            "invitation": getattr(self.activity, "invitation", None),
            "state": invitation_state(self.activity),
            "may_answer": invitation_state(self.activity) == OPEN and self.activity.is_open,
            "when": when(self.activity) if self.activity.due_at else None,
            "organiser": self.activity.owner,
            "buttons": [(value, WORDS[value], icon, style) for value, icon, style in BUTTONS],
            "said": WORDS.get(Answer(guest.answer), ""),
            "proposed": proposed if proposed in GIVEN else "",
            "note": guest.note if note is None else note,
            "note_length": NOTE_LENGTH,
            "error": error,
            "saved": "saved" in request.GET and guest.answer != Answer.NONE and not error,
            "other_language_url": f"?{urlencode({'lang': other})}",
        }
        response = HttpResponse(render_to_string("activities/invitation.html", context), status=status)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response
