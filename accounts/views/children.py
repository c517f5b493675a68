"""Adding, changing and removing what hangs on a party, in dialogs; the panel behind shows the change at once."""

import json
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import forms, services
from accounts.models import ContactPoint, Employment, ImportantDate, Relation
from accounts.services.children import parties_of
from accounts.views.parties import party_of
from core.errors import DomainError, PermissionRefused
from core.views.base import ModelMixin, ObjectMixin, hx_redirect
from core.views.edit import FormView


def answer(request: HttpRequest, party: Any, slug: str, sentence: str) -> HttpResponse:
    """Close the dialog, refresh the panel and say what happened; without HTMX go back to the party's page."""
    if not getattr(request, "htmx", None):
        messages.success(request, sentence)
        return hx_redirect(request, party.get_absolute_url())
    events = {
        "toast": {"text": sentence, "level": "success"},
        "refresh": {"target": f"#panel-{slug}"},
        "dialog:close": True,
    }
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(events)})


class ChildView(ModelMixin):
    """A view of a child: its panel and its party."""

    slugs: ClassVar[dict[str, str]] = {}
    slug: ClassVar[str] = ""
    request: HttpRequest
    kwargs: dict[str, Any]
    party: Any

    def panel_slug(self) -> str:
        """The slug of the panel that lists the children on the party's page."""
        return self.slugs.get(self.party._meta.model_name, self.slug)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = self.party.get_absolute_url()
        context: dict[str, Any] = super().get_context_data(  # type: ignore[misc]
            object=self.party, object_url=url, cancel_url=url, **kwargs
        )
        return context


class ChildCreateView(ChildView, FormView):
    """A new child of the party in the address."""

    permission = "add"
    form_class: ClassVar[Any]
    success: ClassVar[Any] = gettext_lazy("Added.")

    def prepare(self) -> None:
        self.party = party_of(self.request, self.kwargs["party"], self.kwargs["pk"], "change")

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        return self.form_class(data, files, party=self.party, user=self.request.user)

    def save(self, form: Any) -> HttpResponse:
        self.write(form)
        return answer(self.request, self.party, self.panel_slug(), str(self.success))

    def write(self, form: Any) -> None:
        """Call the service."""
        services.child_save(actor=self.request.user, instance=form.save(commit=False))


class ChildUpdateView(ChildView, ObjectMixin, FormView):
    """Change a child of a party the user may change."""

    permission = "change"
    form_class: ClassVar[Any]
    success: ClassVar[Any] = gettext_lazy("Saved.")
    object: Any

    def prepare(self) -> None:
        self.object = self.get_object()
        self.party = self.page_party()

    def page_party(self) -> Any:
        """The party on whose page the user is: the one named by ``?of=contact``, else the first that is seen."""
        wanted = self.request.GET.get("of", "")
        seen = parties_of(self.object)
        return next((party for party in seen if f"{party._meta.model_name}.{party.pk}" == wanted), seen[0])

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        return self.form_class(data, files, party=self.party, user=self.request.user, instance=self.object)

    def save(self, form: Any) -> HttpResponse:
        self.write(form)
        return answer(self.request, self.party, self.panel_slug(), str(self.success))

    def write(self, form: Any) -> None:
        """Call the service."""
        services.child_save(actor=self.request.user, instance=form.save(commit=False))


class ChildDeleteView(ChildUpdateView):
    """Ask, then remove a child."""

    template_name = "generic/confirm.html"
    success = gettext_lazy("Removed.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.prepare()
        question = _("Remove “%(name)s”?") % {"name": str(self.object)[:80]}
        context = self.get_context_data(
            view_title=question, question=question, submit_label=_("Remove"), confirm_label=_("Remove"), danger=True
        )
        template = self.dialog_template_name if getattr(request, "htmx", None) else self.template_name
        return self.response_class(request, [template], context, using=self.template_engine)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = kwargs.pop("view_title", "")
        return {**super().get_context_data(**kwargs), "view_title": title}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.prepare()
        try:
            self.remove()
        except PermissionRefused as error:
            raise PermissionDenied(str(error)) from error
        except DomainError as error:
            messages.error(request, str(error))
            return hx_redirect(request, self.party.get_absolute_url())
        return answer(request, self.party, self.panel_slug(), str(self.success))

    def remove(self) -> None:
        """Call the service."""
        services.child_delete(actor=self.request.user, instance=self.object)


class PointMixin:
    """Ways to reach a party."""

    model: ClassVar[Any] = ContactPoint
    form_class: ClassVar[Any] = forms.ContactPointForm
    slug = "points"
    title = gettext_lazy("Way to reach")


class ContactPointCreateView(PointMixin, ChildCreateView):
    """A new way to reach the party."""


class ContactPointUpdateView(PointMixin, ChildUpdateView):
    """Change a way to reach the party."""


class ContactPointDeleteView(PointMixin, ChildDeleteView):
    """Remove a way to reach the party."""


class DateMixin:
    """Important dates."""

    model: ClassVar[Any] = ImportantDate
    form_class: ClassVar[Any] = forms.ImportantDateForm
    slug = "dates"
    title = gettext_lazy("Important date")


class ImportantDateCreateView(DateMixin, ChildCreateView):
    """A new important date."""


class ImportantDateUpdateView(DateMixin, ChildUpdateView):
    """Change an important date."""


class ImportantDateDeleteView(DateMixin, ChildDeleteView):
    """Remove an important date."""


class RelationMixin:
    """Relations."""

    model: ClassVar[Any] = Relation
    form_class: ClassVar[Any] = forms.RelationForm
    slug = "relations"
    title = gettext_lazy("Relation")


class RelationCreateView(RelationMixin, ChildCreateView):
    """A new relation of the party."""


class RelationUpdateView(RelationMixin, ChildUpdateView):
    """Change the dates or the note of a relation."""


class RelationDeleteView(RelationMixin, ChildDeleteView):
    """Remove a relation."""


class JobMixin:
    """Jobs."""

    model: ClassVar[Any] = Employment
    form_class: ClassVar[Any] = forms.EmploymentForm
    slugs = {"account": "contacts", "contact": "jobs"}
    title = gettext_lazy("Employment")


class EmploymentCreateView(JobMixin, ChildCreateView):
    """A new job: an existing contact for an account, an account for a contact."""


class EmploymentUpdateView(JobMixin, ChildUpdateView):
    """Change a job."""


class EmploymentDeleteView(JobMixin, ChildDeleteView):
    """Remove a job."""
