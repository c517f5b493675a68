"""The page that makes a customer and a deal of a lead."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.views import FormView, ObjectMixin
from core.views.base import hx_redirect
from leads.choices import LeadStatus
from leads.forms import ConvertForm
from leads.models import Lead
from leads.selectors import Similar, similar_to
from leads.services import lead_convert


class LeadConvertView(ObjectMixin, FormView):
    """Proposes accounts and contacts like the lead; the person chooses, one service does it all."""

    model = Lead
    permission = "convert"
    template_name = "leads/lead_convert.html"
    object: Lead

    def prepare(self) -> None:
        if not hasattr(self, "object"):
            self.object = self.get_object()

    @cached_property
    def similar(self) -> Similar:
        """The proposals."""
        return similar_to(user=self.request.user, lead=self.object)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.prepare()
        if self.object.status == LeadStatus.CONVERTED:
            return self._already()
        return self.render_form(self.get_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.prepare()
        if self.object.status == LeadStatus.CONVERTED:  # the second click of two
            return self._already()
        return super().post(request, *args, **kwargs)

    def get_form(self, data: Any = None, files: Any = None) -> ConvertForm:
        return ConvertForm(data, user=self.request.user, lead=self.object, find_similar=lambda: self.similar)

    def get_title(self) -> str:
        return _("Convert “%(name)s”") % {"name": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            object=self.object,
            similar=self.similar,
            list_url=self.url("list"),
            list_title=Lead._meta.verbose_name_plural,
            cancel_url=self.object.get_absolute_url(),
            **kwargs,
        )

    def save(self, form: ConvertForm) -> HttpResponse:
        data = form.cleaned_data
        result = lead_convert(
            actor=self.request.user,
            lead=self.object,
            account=data["account"],
            contact=data["contact"],
            create_contact=data["create_contact"],
            create_opportunity=bool(data.get("create_opportunity")),
            cycle=data.get("cycle"),
            name=data.get("name", ""),
            amount=data.get("amount"),
            expected_close_on=data.get("expected_close_on"),
        )
        if not result.created:
            return self._already()
        messages.success(self.request, _("“%(name)s” was converted.") % {"name": self.object})
        target = result.opportunity or result.account or self.object
        return hx_redirect(self.request, target.get_absolute_url() or self.object.get_absolute_url())

    def _already(self) -> HttpResponse:
        messages.info(self.request, _("This lead is converted already; here is what it became."))
        return hx_redirect(self.request, self.object.get_absolute_url())
