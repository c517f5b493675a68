"""Pages of accounts."""

from typing import Any, ClassVar

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import selectors, services
from accounts.choices import PartyType
from accounts.filters import AccountFilterSet
from accounts.forms import AccountForm, AccountQuickForm
from accounts.models import Account
from accounts.tables import AccountTable
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
from core.views.list import QuickFilter


class AccountListView(PartyListView):
    """All accounts one may see."""

    model = Account
    title = gettext_lazy("Accounts")
    table_class = AccountTable
    mine_label = gettext_lazy("My accounts")
    filterset_class = AccountFilterSet
    empty_hint = gettext_lazy(
        "Organisations and persons you deal with: customers, suppliers, partners… Add the first one."
    )

    def get_quick_filters(self) -> list[QuickFilter]:
        return [
            *super().get_quick_filters(),
            self.quick(_("Customers"), kinds="customer"),
            self.quick(_("Prospects"), kinds="prospect"),
            self.quick(_("Suppliers"), kinds="supplier"),
            self.quick(_("Persons"), party_type=PartyType.PERSON),
        ]


class AccountDetailView(PartyDetailView):
    """The 360 page of an account."""

    model = Account
    icon = "building"
    select = ("owner", "team", "stage", "industry", "source", "parent", "province")
    field_groups = (
        (gettext_lazy("How to reach it"), ("phone", "mobile", "fax", "email", "website", "province", "city", "address", "postal_code")),
        (gettext_lazy("Needs and preferences"), ("needs", "preferences", "description")),
        (
            gettext_lazy("Identity"),
            ("industry", "parent", "national_id", "registration_number", "economic_number", "founded_year", "employees",
             "annual_revenue", "gender", "birth_date", "education", "income_band"),
        ),
        (gettext_lazy("About this record"), ("source", "customer_since", "owner", "team", "created_at", "updated_at")),
    )  # fmt: skip

    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related("kinds")

    def get_subtitle(self) -> str:
        account = self.object
        return " · ".join(str(part) for part in (account.industry, account.city or account.province) if part)

    def get_badges(self) -> list[Badge]:
        account = self.object
        badges = [Badge(kind, "azure") for kind in account.kinds.all()]
        if account.stage:
            badges.append(Badge(account.stage, "teal"))
        return badges

    def get_header_facts(self) -> list[Fact]:
        account = self.object
        facts = [
            Fact(_("Phone"), self.first_html("phone", "mobile")),
            Fact(_("Email"), self.first_html("email")),
            Fact(_("Owner"), link(account.owner)),
            Fact(_("Parent company"), link(account.parent) if self._sees_parent() else ""),
            *self.header_facts_of(("customer_since",)),
        ]
        return [fact for fact in facts if fact.html]

    def fact(self, name: str) -> Fact | None:
        """The parent is named only when it may be seen; the revenue has its own currency."""
        if name == "parent" and not self._sees_parent():
            return None
        if name == "annual_revenue" and self.object.annual_revenue is not None:
            from core.display import format_money

            amount = format_money(self.object.annual_revenue, self.object.revenue_currency)
            return Fact(capfirst(str(self.object._meta.get_field(name).verbose_name)), amount)
        return super().fact(name)

    def _sees_parent(self) -> bool:
        parent = self.object.parent
        if parent is None or parent.deleted_at:
            return False
        if not hasattr(self, "_parent_seen"):
            self._parent_seen = Account.objects.for_user(self.request.user, "view").filter(pk=parent.pk).exists()
        return self._parent_seen


class AccountFormMixin:
    """The form of an account with the switch between organisation and person."""

    template_name: ClassVar[Any] = "accounts/account_form.html"
    request: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        form = context["form"]
        context["party_types"] = [
            {"value": value, "label": label, "icon": icon, "active": form.party_type == value}
            for value, label, icon in (
                (PartyType.ORGANISATION, _("Organisation"), "building"),
                (PartyType.PERSON, _("Person"), "user"),
            )
        ]
        return context

    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_initial()  # type: ignore[misc]
        kinds = self.request.GET.getlist("kinds")
        if kinds:
            initial["kinds"] = kinds
        return initial


class AccountCreateView(AccountFormMixin, PartyCreateView):
    """A new account."""

    model = Account
    form_class = AccountForm

    def get_initial(self) -> dict[str, Any]:
        from accounts.models import AccountKind

        initial = super().get_initial()
        if "kinds" not in initial:
            kinds = AccountKind.objects.for_user(self.request.user, "view").filter(code=services.FIRST_KIND)
            initial["kinds"] = list(kinds.values_list("pk", flat=True))
        return initial

    def save_object(self, form: Any) -> models.Model:
        return services.account_create(actor=self.request.user, **form.cleaned_data)


class AccountUpdateView(AccountFormMixin, PartyUpdateView):
    """Change an account; ``?party_type=person`` turns its form into that of a person."""

    model = Account
    form_class = AccountForm

    def get_initial(self) -> dict[str, Any]:
        names = set(self.form_class.base_fields)
        given = {name: value for name, value in self.request.GET.items() if name in names}
        return {**super().get_initial(), **{k: v for k, v in given.items() if k != "kinds"}}


class AccountDeleteView(ObjectDeleteView):
    """To the bin."""

    model = Account


class AccountQuickView(ObjectCreateView):
    """A new account with the least it needs, in a dialog."""

    model = Account
    form_class = AccountQuickForm
    title = gettext_lazy("Quick account")

    def save_object(self, form: Any) -> models.Model:
        return services.account_create(actor=self.request.user, **form.cleaned_data)


class AccountAssignView(PartyAssignView):
    """Hand an account over."""

    model = Account


class AccountDuplicatesView(DuplicatesView):
    """Accounts like the one being typed."""

    model = Account

    def find(self) -> list[Account]:
        return selectors.similar_accounts(
            user=self.request.user,
            name=self.typed("name"),
            phones=self.phones(),
            email=self.typed("email"),
            national_id=self.typed("national_id"),
        )
