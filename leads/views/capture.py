"""The public side of a web form: no sign-in, no cookies, made to stand in a frame of another site."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from csp.decorators import csp_replace
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.generic.base import View

from accounts.models import Source
from core import display
from core.context_processors import Shell
from core.errors import DomainError
from core.middleware import visitor_display
from leads import gate
from leads.forms import VisitorForm
from leads.models import CaptureForm
from leads.services import lead_capture
from leads.services.capture import UTM

KEPT = ("lang", "embed")


@method_decorator(csrf_exempt, name="dispatch")  # a signed page token stands in for it: a frame gets no cookies
@method_decorator(xframe_options_exempt, name="dispatch")
@method_decorator(csp_replace({"frame-ancestors": ["*"]}), name="dispatch")
class PublicFormView(View):
    """A page of an active form, in the visitor's language whoever is signed in beside it."""

    capture: CaptureForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = (
            CaptureForm.objects.select_related("source", "team__leader", "owner__team")
            .filter(token=kwargs["token"], is_active=True)
            .first()
        )
        if form is None:
            raise Http404
        self.capture = form
        with display.use(visitor_display(request)):
            response = super().dispatch(request, *args, **kwargs)
            response.headers["Content-Language"] = display.current().language
        return response

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """A page without cookies: no token of the session, no messages of whoever is signed in."""
        shell = Shell(self.request)
        other = "en" if shell.display.language == "fa" else "fa"
        data = {
            "request": self.request,
            "shell": shell,
            "csrf_token": "",
            "capture": self.capture,
            "view_title": str(self.capture),
            "embed": "embed" in self.request.GET,
            "other_language_url": f"?{urlencode({**self.kept(), 'lang': other})}",
            **context,
        }
        response = HttpResponse(render_to_string(template, data), status=status)
        response.headers["Cache-Control"] = "no-store"
        return response

    def kept(self) -> dict[str, str]:
        """What of the address goes from page to page."""
        return {name: self.request.GET[name] for name in (*KEPT, *UTM) if name in self.request.GET}

    def wording(self, name: str) -> str:
        """One of the form's texts in the visitor's language, or in the other one when it is empty."""
        first, second = ("fa", "en") if (get_language() or "fa").startswith("fa") else ("en", "fa")
        return str(getattr(self.capture, f"{name}_{first}") or getattr(self.capture, f"{name}_{second}"))


class CaptureView(PublicFormView):
    """The form. Whatever is wrong, what was typed stays."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        initial = {name: request.GET[name][:100] for name in UTM if name in request.GET}
        return self.show(self.form(initial=initial), gate.issue(self.capture))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            posted = request.POST
        except SuspiciousOperation:  # megabytes, or thousands of fields
            text = _("That was more text than we can take. Please write less, and send it again.")
            return self.show(self.form(), gate.issue(self.capture), error=text, status=413)
        if posted.get(gate.HONEYPOT):  # a person does not see this field
            return self.thank()
        form = self.form(posted)
        page_token = gate.read(self.capture, posted.get("token", "")[:500])
        if page_token is None:
            text = _("This page was open for too long. Nothing you typed is lost: please send it again.")
            return self.show(form, gate.issue(self.capture), error=text, status=422)
        if not form.is_valid():
            return self.show(form, posted["token"], status=422)
        refusal = self._refusal(page_token)
        if refusal:
            return self.show(form, posted["token"], error=refusal, status=429)
        return self._save(form, page_token.key)

    def form(self, data: Any = None, **kwargs: Any) -> VisitorForm:
        """The visitor's form with the organisation's name in the consent."""
        organisation = Shell(self.request).organisation["name"]
        return VisitorForm(data, capture=self.capture, organisation=organisation, **kwargs)

    def _refusal(self, page_token: gate.PageToken) -> str:
        if page_token.is_too_fast:
            return _("That was very quick. Please look over what you wrote and send it again.")
        if gate.too_many(self.capture, self._address()):
            return _("Many forms came from your network just now. Please send it again in a few minutes.")
        return ""

    def _address(self) -> str:
        try:
            return str(get_adapter(self.request).get_client_ip(self.request))
        except PermissionDenied:  # the proxies are not as configured: the lead is worth more than the limit
            return "unknown"

    def _save(self, form: VisitorForm, key: str) -> HttpResponse:
        try:
            lead_capture(form=self.capture, data={**form.cleaned_data, "key": key}, ip=self._address())
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self.show(form, self.request.POST["token"], status=422)
        return self.thank()

    def thank(self) -> HttpResponse:
        """On to the thanks page, so that a reload sends nothing twice."""
        kept = {name: value for name, value in self.kept().items() if name in KEPT}
        url = reverse("capture_thanks", args=[self.capture.token])
        return HttpResponseRedirect(f"{url}?{urlencode(kept)}" if kept else url)

    def show(self, form: VisitorForm, token: str, *, error: str = "", status: int = 200) -> HttpResponse:
        """The form's page."""
        return self.page(
            "leads/capture.html",
            status=status,
            form=form,
            token=token,
            error=error,
            honeypot=gate.HONEYPOT,
            intro=self.wording("intro"),
            sources=list(Source.objects.filter(is_active=True)) if self.capture.ask_heard else [],
        )


class CaptureThanksView(PublicFormView):
    """What a visitor reads afterwards."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.page("leads/capture_thanks.html", thanks=self.wording("thanks"))
