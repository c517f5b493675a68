"""Pages of contacts."""

from typing import Any

from django.db import models
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import selectors, services
from accounts.filters import ContactFilterSet
from accounts.forms import ContactCreateForm, ContactForm, ContactQuickForm
from accounts.models import Contact
from accounts.tables import ContactTable, present_jobs
from accounts.views.parties import (
    DuplicatesView,
    PartyAssignView,
    PartyCreateView,
    PartyDetailView,
    PartyListView,
    PartyUpdateView,
)
from core.views import ObjectCreateView, ObjectDeleteView
from core.views.detail import Badge, Fact, link


class ContactListView(PartyListView):
    """All contacts one may see."""

    model = Contact
    title = gettext_lazy("Contacts")
    table_class = ContactTable
    mine_label = gettext_lazy("My contacts")
    filterset_class = ContactFilterSet
    empty_hint = gettext_lazy("The people you talk to, wherever they work. Add the first one.")

    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related(present_jobs(self.request.user))


class ContactDetailView(PartyDetailView):
    """The page of a contact."""

    model = Contact
    icon = "user"
    select = ("owner", "team", "province")
    field_groups = (
        (
            gettext_lazy("How to reach the person"),
            ("mobile", "phone", "fax", "email", "website", "language", "province", "city", "address", "postal_code"),
        ),
        (
            gettext_lazy("About the person"),
            (
                "salutation",
                "specialty",
                "traits",
                "gender",
                "birth_date",
                "education",
                "income_band",
                "national_id",
                "description",
            ),
        ),
        (gettext_lazy("About this record"), ("owner", "team", "created_at", "updated_at")),
    )

    def get_object(self) -> Any:
        contact = super().get_object()
        prefetch_related_objects([contact], present_jobs(self.request.user))
        return contact

    def get_subtitle(self) -> str:
        jobs = self.object.present_jobs
        return " · ".join(part for part in (jobs[0].job_title, str(jobs[0].account)) if part) if jobs else ""

    def get_badges(self) -> list[Badge]:
        return [Badge(self.object.specialty, "purple")] if self.object.specialty else []

    def get_header_facts(self) -> list[Fact]:
        jobs = self.object.present_jobs
        facts = [
            Fact(_("Phone"), self.first_html("mobile", "phone")),
            Fact(_("Email"), self.first_html("email")),
            Fact(_("Account"), link(jobs[0].account) if jobs else ""),
            Fact(_("Owner"), link(self.object.owner)),
        ]
        return [fact for fact in facts if fact.html]


class ContactCreateView(PartyCreateView):
    """A new contact, with its job."""

    model = Contact
    form_class = ContactCreateForm

    def get_initial(self) -> dict[str, Any]:
        initial = super().get_initial()
        return {**initial, **{k: v for k in ("account",) if (v := self.request.GET.get(k))}}

    def save_object(self, form: Any) -> models.Model:
        return services.contact_create(actor=self.request.user, **form.cleaned_data)


class ContactUpdateView(PartyUpdateView):
    """Change a contact."""

    model = Contact
    form_class = ContactForm


class ContactDeleteView(ObjectDeleteView):
    """To the bin."""

    model = Contact


class ContactQuickView(ObjectCreateView):
    """A new contact with the least it needs, in a dialog; ``?account=`` says where the person works."""

    model = Contact
    form_class = ContactQuickForm
    title = gettext_lazy("Quick contact")

    def get_initial(self) -> dict[str, Any]:
        return {k: v for k in ("account",) if (v := self.request.GET.get(k))}

    def save_object(self, form: Any) -> models.Model:
        return services.contact_create(actor=self.request.user, **form.cleaned_data)


class ContactAssignView(PartyAssignView):
    """Hand a contact over."""

    model = Contact


class ContactDuplicatesView(DuplicatesView):
    """Contacts like the one being typed."""

    model = Contact

    def find(self) -> list[Contact]:
        return selectors.similar_contacts(
            user=self.request.user,
            first_name=self.typed("first_name"),
            last_name=self.typed("last_name"),
            phones=self.phones(),
            email=self.typed("email"),
        )
