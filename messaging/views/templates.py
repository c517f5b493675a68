"""Pages of message templates, with a preview on a real record."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import hosts
from core.forms.records import resolve
from core.text import clean
from core.views import (
    Badge,
    ObjectCreateView,
    ObjectDeleteView,
    ObjectDetailView,
    ObjectListView,
    ObjectUpdateView,
    QuickFilter,
)
from core.views.base import ModelMixin, PageView
from messaging import sms
from messaging.choices import Channel
from messaging.filters.messages import MessageTemplateFilterSet
from messaging.forms.templates import MessageTemplateForm
from messaging.language import MAX_LENGTH, TemplateProblem
from messaging.merge import LANGUAGES, fields_of, render
from messaging.models import MessageTemplate
from messaging.tables.channels import CHANNEL_COLOURS
from messaging.tables.messages import MessageTemplateTable, kind_of


class MessageTemplateListView(ObjectListView):
    """All templates."""

    model = MessageTemplate
    title = gettext_lazy("Message templates")
    table_class = MessageTemplateTable
    filterset_class = MessageTemplateFilterSet
    empty_hint = gettext_lazy("Texts you send again and again, in both languages, filled with the record's values.")

    def get_quick_filters(self) -> list[QuickFilter]:
        return [
            self.quick(_("All")),
            self.quick(str(Channel.EMAIL.label), channel=Channel.EMAIL),
            self.quick(str(Channel.SMS.label), channel=Channel.SMS),
        ]


class MessageTemplateDetailView(ObjectDetailView):
    """A template with both texts."""

    model = MessageTemplate
    icon = "template"
    field_groups = (
        (gettext_lazy("Persian"), ("subject_fa", "body_fa")),
        (gettext_lazy("English"), ("subject_en", "body_en")),
        (gettext_lazy("Use"), ("purpose", "is_active", "created_at", "updated_at")),
    )

    def get_subtitle(self) -> str:
        return _("For records of kind: %(kind)s") % {"kind": kind_of(self.object)}

    def get_badges(self) -> list[Badge]:
        row = self.object
        badges = [Badge(row.get_channel_display(), CHANNEL_COLOURS[row.channel])]
        return badges if row.is_active else [*badges, Badge(_("Inactive"), "secondary")]


class WithPlaces:
    """The form with the fields one can name, for each kind of record."""

    template_name = "messaging/template_form.html"
    model = MessageTemplate
    form_class = MessageTemplateForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = [
            (host.label, capfirst(str(host.model._meta.verbose_name)), fields_of(host)) for host in hosts.all_hosts()
        ]
        examples = [
            ("{{ name }}", _("a value")),
            ('{{ name|default:"…" }}', _("a value, or these words where it is missing")),
            (
                "{% if name %}…{% else %}…{% endif %}",
                _("one part for records with the value, another for those without"),
            ),
        ]
        context: dict[str, Any] = super().get_context_data(kinds=kinds, examples=examples, **kwargs)  # type: ignore[misc]
        return context


class MessageTemplateCreateView(WithPlaces, ObjectCreateView):
    """A new template."""


class MessageTemplateUpdateView(WithPlaces, ObjectUpdateView):
    """Change a template."""


class MessageTemplateDeleteView(ObjectDeleteView):
    """To the bin."""

    model = MessageTemplate


class PreviewView(ModelMixin, PageView):
    """What the texts in the form would say about a record the user sees."""

    model = MessageTemplate
    permission = "change"
    http_method_names = ("post", "options")
    template_name = "messaging/_preview.html"

    def has_permission(self) -> bool:
        """For whoever writes templates."""
        return self.may("add") or self.may("change")

    def post(self, request: HttpRequest) -> HttpResponse:
        found = resolve([request.POST.get("record", "")], request.user)
        label = request.POST.get("host", "")
        if not found or found[0]._meta.label_lower != label:
            return self.render_to_response({"asks_record": True})
        is_sms = request.POST.get("channel") == Channel.SMS
        pictures = [self._picture(found[0], language, is_sms=is_sms) for language in LANGUAGES]
        return self.render_to_response({"pictures": [one for one in pictures if one], "record": found[0]})

    def _picture(self, record: Any, language: str, *, is_sms: bool) -> dict[str, Any] | None:
        subject, body = (
            clean(self.request.POST.get(f"{part}_{language}", "")[:MAX_LENGTH], multiline=part == "body")
            for part in ("subject", "body")
        )
        if not body and not subject:
            return None
        picture: dict[str, Any] = {"language": language, "direction": "rtl" if language == "fa" else "ltr"}
        try:
            filled = render(body, record, user=self.request.user, language=language, subject="" if is_sms else subject)
        except TemplateProblem as problem:
            return {**picture, "problem": str(problem)}
        size = sms.measure(filled.body) if is_sms else None
        return {**picture, "filled": filled, "size": size}
