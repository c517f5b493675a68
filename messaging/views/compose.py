"""Writing an e-mail or SMS from a record."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core import display, hosts
from core.errors import DomainError
from core.parsing import read_key
from core.views.base import ModelMixin, PageView, close_dialog
from core.views.edit import FormView
from core.views.system import visible_host
from messaging.choices import Channel
from messaging.forms.compose import OTHER, ComposeForm, templates_for
from messaging.language import TemplateProblem
from messaging.merge import fields_of, render
from messaging.models import Message
from messaging.services.compose import message_compose
from messaging.services.consent import rules
from messaging.services.queue import FOOTED


class OnRecord(ModelMixin):
    """A view of a message on a record the user sees."""

    model = Message
    permission = "add"
    request: HttpRequest
    kwargs: dict[str, Any]

    def load(self) -> None:
        """The channel and the record of the address, else 404."""
        self.channel = self.kwargs["channel"]
        if self.channel not in Channel.values:
            raise Http404
        self.record: Any = visible_host(self.request, self.kwargs["label"], self.kwargs["pk"])


class ComposeView(OnRecord, FormView):
    """The message: a dialog on the record's page, a page of its own without JavaScript."""

    template_name = "messaging/compose.html"
    dialog_template_name = "messaging/_compose_dialog.html"
    said: dict[str, Any]

    def prepare(self) -> None:
        self.load()

    def get_title(self) -> str:
        words = _("E-mail about “%(name)s”") if self.channel == Channel.EMAIL else _("SMS about “%(name)s”")
        return words % {"name": self.record}

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        initial = {name: self.request.GET[name] for name in ("to", "subject") if self.request.GET.get(name)}
        form = ComposeForm(
            data, files, user=self.request.user, record=self.record, channel=self.channel, initial=initial
        )
        chosen = self.request.GET.get("template", "") if data is None else ""
        self.said = fill(form, chosen, form.initial["language"]) or {}
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = self.record.get_absolute_url()
        args = [self.channel, self.record._meta.label_lower, self.record.pk]
        return super().get_context_data(
            object=self.record,
            object_url=url,
            cancel_url=url,
            form_action=reverse("messaging:compose", args=args),
            fill_url=reverse("messaging:compose_fill", args=args),
            submit_label=_("Send"),
            wide=True,
            places=fields_of(hosts.host_of(self.record)),
            footer=rules().sms_footer if self.channel == Channel.SMS else "",
            footed=" ".join(FOOTED),
            **self.said,
            **kwargs,
        )

    def save(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        try:
            message = self._compose(form, data)
        except DomainError as error:
            if error.field == "to_address":  # told where it was chosen
                error.field = "to_other" if data["to"] == OTHER else "to"
            raise
        return close_dialog(
            self.request,
            self.record.get_absolute_url(),
            _told(message, later=data["send_at"] is not None),
            refresh="#panel-timeline",
        )

    def _compose(self, form: ComposeForm, data: dict[str, Any]) -> Message:
        address, name = form.recipient()
        return message_compose(
            actor=self.request.user,
            record=self.record,
            channel=self.channel,
            to_address=address,
            to_name=name,
            subject=data.get("subject", ""),
            body=data["body"],
            purpose=data["purpose"],
            language=data["language"],
            template=data["template"],
            attachments=data.get("attachments", ()),
            send_at=data["send_at"],
            key=data["key"],
        )


def _told(message: Message, *, later: bool) -> str:
    if later:
        return _("It will be sent on %(when)s.") % {"when": display.format_datetime(message.not_before, "long")}
    if message.channel == Channel.EMAIL:
        return _("The e-mail is on its way to %(to)s.") % {"to": message.to_name or message.to_address}
    return _("The SMS is on its way to %(to)s.") % {"to": message.to_name or display.format_phone(message.to_address)}


class ComposeFillView(OnRecord, PageView):
    """Subject and text of a template, filled for the record, to be looked over before sending."""

    template_name = "messaging/_compose_text.html"

    def get(self, request: HttpRequest, channel: str, label: str, pk: int) -> HttpResponse:
        self.load()
        form = ComposeForm(user=request.user, record=self.record, channel=self.channel)
        language = "en" if request.GET.get("language") == "en" else "fa"
        said = fill(form, request.GET.get("template", ""), language)
        if said is None:
            return HttpResponse(status=204)
        places = fields_of(hosts.host_of(self.record))
        return self.render_to_response({"form": form, "places": places, **said})


def fill(form: ComposeForm, number: str, language: str) -> dict[str, Any] | None:
    """Begin the form with the template of that key, filled for the record; what is missing in it, None for no template."""
    chosen = templates_for(form.user, form.record, form.channel).filter(pk=read_key(number) or 0).first()
    if chosen is None:
        return None
    try:
        filled = render(chosen, form.record, user=form.user, language=language)
    except TemplateProblem as error:  # its field was taken away since it was written
        return {"missing": [], "problem": str(error)}
    form.initial |= {"template": chosen.pk, "subject": filled.subject, "body": filled.body}
    return {"missing": filled.missing, "problem": ""}
