"""Settings of the web forms."""

from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.views import (
    Badge,
    ObjectCreateView,
    ObjectDeleteView,
    ObjectDetailView,
    ObjectListView,
    ObjectUpdateView,
)
from leads.filters import CaptureFormFilterSet
from leads.forms import CaptureFormForm
from leads.models import CaptureForm
from leads.tables import CaptureFormTable


def snippet(form: CaptureForm, public_url: str) -> str:
    """The lines that put the form on another site."""
    title = escape(form.name_fa)
    attributes = 'width="100%" height="720" style="border:0" loading="lazy"'
    return f'<iframe src="{public_url}?embed=1&amp;lang=fa" title="{title}" {attributes}></iframe>'


class CaptureFormListView(ObjectListView):
    """All web forms."""

    model = CaptureForm
    title = gettext_lazy("Web forms")
    table_class = CaptureFormTable
    filterset_class = CaptureFormFilterSet
    empty_hint = gettext_lazy("A web form on your site turns visitors into leads and tells their owner at once.")


class CaptureFormDetailView(ObjectDetailView):
    """A web form with its public address and the lines to put on a site."""

    model = CaptureForm
    template_name = "leads/captureform_detail.html"
    icon = "forms"
    select = ("source", "owner", "team")
    field_groups = (
        (gettext_lazy("Who gets its leads"), ("source", "owner", "team")),
        (gettext_lazy("What visitors read"), ("name_fa", "name_en", "intro_fa", "intro_en", "thanks_fa", "thanks_en")),
        (gettext_lazy("What it asks besides name and phone"), ("ask_company", "ask_email", "ask_heard")),
    )

    def get_badges(self) -> list[Badge]:
        return [Badge(_("active"), "green") if self.object.is_active else Badge(_("switched off"), "secondary")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        public_url = self.request.build_absolute_uri(self.object.get_public_url())
        return super().get_context_data(
            public_url=public_url,
            public_urls=[("fa", f"{public_url}?lang=fa"), ("en", f"{public_url}?lang=en")],
            snippet=snippet(self.object, public_url),
            **kwargs,
        )


class CaptureFormCreateView(ObjectCreateView):
    """A new web form."""

    model = CaptureForm
    form_class = CaptureFormForm

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "owner": self.request.user.pk}


class CaptureFormUpdateView(ObjectUpdateView):
    """Change a web form; its address stays."""

    model = CaptureForm
    form_class = CaptureFormForm


class CaptureFormDeleteView(ObjectDeleteView):
    """To the bin; its address then answers 404."""

    model = CaptureForm
