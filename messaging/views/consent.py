"""The list of consent."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.views import ObjectCreateView, ObjectListView, ObjectUpdateView, QuickFilter
from core.views.base import hx_redirect
from messaging import services
from messaging.choices import ConsentState
from messaging.filters.channels import ConsentFilterSet
from messaging.forms.channels import ConsentForm
from messaging.models import Consent
from messaging.tables.channels import ConsentTable


class ConsentListView(ObjectListView):
    """What the owners of addresses said."""

    model = Consent
    title = gettext_lazy("Consent to messages")
    table_class = ConsentTable
    filterset_class = ConsentFilterSet
    empty_hint = gettext_lazy(
        "Who answers an SMS with 11, or stops mails by their link, stands here by itself. "
        "Record here what people told you otherwise."
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        data = super().get_context_data(**kwargs)
        return {**data, "create_url": self.url("add") if self.may("change") else "", "trash_url": ""}

    def get_quick_filters(self) -> list[QuickFilter]:
        return [self.quick(_("All")), *(self.quick(label, state=value) for value, label in ConsentState.choices)]


class _ConsentFormMixin:
    """Both forms save by the one service."""

    def save_object(self: Any, form: Any) -> Consent:
        wanted = form.cleaned_data
        return services.consent_set(
            actor=self.request.user,
            channel=wanted["channel"],
            address=wanted["address"],
            state=wanted["state"],
            source=wanted["source"],
        )

    def save(self: Any, form: Any) -> HttpResponse:
        super().save(form)  # type: ignore[misc]
        return hx_redirect(self.request, self.url("list"))


class ConsentCreateView(_ConsentFormMixin, ObjectCreateView):
    """Record what somebody said; of an address that is known already, it is the new word."""

    model = Consent
    permission = "change"
    form_class = ConsentForm
    title = gettext_lazy("Record consent")


class ConsentUpdateView(_ConsentFormMixin, ObjectUpdateView):
    """Change it, with the reason."""

    model = Consent
    form_class = ConsentForm
