"""Lists of accounts and contacts."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.choices import PartyType
from accounts.models import Account, AccountKind, Contact, Employment
from core import display
from core.models import NamedValue
from core.tables import (
    BadgeColumn,
    BooleanColumn,
    CodeColumn,
    Column,
    DateColumn,
    DateTimeColumn,
    EmailColumn,
    MoneyColumn,
    NumberColumn,
    PhoneColumn,
    Table,
)


class NamesColumn(Column):
    """Several names, fetched with the row as an array."""

    def html(self, value: Any, row: Any) -> str:
        return " ".join(f'<span class="badge bg-azure-lt"><bdi>{escape(name)}</bdi></span>' for name in value)

    def text(self, value: Any, row: Any) -> Any:
        return display.listed(value)


class TagsColumn(Column):
    """Words of an array field."""

    def html(self, value: Any, row: Any) -> str:
        return display.comma().join(f"<bdi>{escape(word)}</bdi>" for word in value)

    def text(self, value: Any, row: Any) -> Any:
        return display.listed(value)


class CurrencyOfRevenue(MoneyColumn):
    """The annual revenue in its own currency."""

    def __init__(self, label: Any, **kwargs: Any):
        super().__init__(label, currency="revenue_currency", **kwargs)


class AccountTable(Table):
    """Columns of the list of accounts."""

    default_order = "-created_at"

    name = Column(_("name"), order_by="sort_key", link=True)
    kinds = NamesColumn(_("kinds"), "kind_names", field="kinds")
    stage = Column(_("life-cycle stage"), order_by="stage__position", select=("stage",))
    industry = Column(_("field of activity"), order_by="industry__position", select=("industry",))
    phone = PhoneColumn(_("phone"))
    mobile = PhoneColumn(_("mobile"), default=False)
    city = Column(_("city"), order_by="city")
    owner = Column(_("owner"), order_by=("owner__first_name", "owner__last_name"), select=("owner",))
    created_at = DateColumn(_("created at"), order_by="created_at")
    party_type = BadgeColumn(
        _("type"),
        colours={PartyType.ORGANISATION: "blue", PartyType.PERSON: "teal"},
        order_by="party_type",
        default=False,
    )
    email = EmailColumn(_("email"), order_by="email", default=False)
    fax = PhoneColumn(_("fax"), default=False)
    website = CodeColumn(_("website"), default=False)
    province = Column(_("province"), order_by="province__name_fa", select=("province",), default=False)
    address = Column(_("address"), default=False)
    postal_code = CodeColumn(_("postal code"), default=False)
    team = Column(_("team"), order_by="team__name", select=("team",), default=False)
    source = Column(_("source"), order_by="source__position", select=("source",), default=False)
    parent = Column(_("parent company"), order_by="parent__sort_key", select=("parent",), default=False)
    employees = NumberColumn(_("number of employees"), order_by="employees", default=False)
    annual_revenue = CurrencyOfRevenue(_("annual revenue"), order_by="annual_revenue", default=False)
    national_id = CodeColumn(_("national ID"), default=False)
    registration_number = CodeColumn(_("registration number"), default=False)
    economic_number = CodeColumn(_("economic number"), default=False)
    customer_since = DateColumn(_("customer since"), order_by="customer_since", default=False)
    updated_at = DateTimeColumn(_("last change"), order_by="updated_at", default=False)

    def prepare(self, queryset: models.QuerySet) -> models.QuerySet:
        """The names of the kinds come with the rows: a second query for each page would cost more."""
        queryset = super().prepare(queryset)
        if any(column.key == "kinds" for column in self.columns):
            name = "name_fa" if (get_language() or "fa").startswith("fa") else "name_en"
            kinds = AccountKind.objects.filter(accounts=OuterRef("pk")).values_list(name, flat=True)
            queryset = queryset.annotate(kind_names=ArraySubquery(kinds))
        return queryset


def _job(row: Contact) -> str:
    jobs = row.present_jobs  # type: ignore[attr-defined]
    return str(jobs[0].job_title) if jobs else ""


def _employer(row: Contact) -> Account | None:
    jobs = row.present_jobs  # type: ignore[attr-defined]
    return jobs[0].account if jobs else None


def present_jobs(user: Any) -> models.Prefetch:
    """The jobs a contact has now, at accounts the user may see, the main one first; one query for a whole list."""
    rows = (
        Employment.objects.filter(ends_on=None, account__in=Account.objects.for_user(user, "view"))
        .select_related("account")
        .order_by("-is_primary", "-pk")
    )
    return models.Prefetch("employments", queryset=rows, to_attr="present_jobs")


class ContactTable(Table):
    """Columns of the list of contacts."""

    default_order = "-created_at"

    name = Column(_("full name"), str, order_by="sort_key", link=True, field="last_name")
    employer = Column(_("account"), _employer, field="accounts")
    job_title = Column(_("job title"), _job)
    mobile = PhoneColumn(_("mobile"))
    email = EmailColumn(_("email"), order_by="email")
    city = Column(_("city"), order_by="city")
    owner = Column(_("owner"), order_by=("owner__first_name", "owner__last_name"), select=("owner",))
    created_at = DateColumn(_("created at"), order_by="created_at")
    salutation = Column(_("salutation"), default=False)
    phone = PhoneColumn(_("phone"), default=False)
    fax = PhoneColumn(_("fax"), default=False)
    website = CodeColumn(_("website"), default=False)
    language = BadgeColumn(_("language"), colours={}, default=False)
    specialty = Column(_("specialty"), order_by="specialty", default=False)
    traits = TagsColumn(_("personality traits"), default=False)
    province = Column(_("province"), order_by="province__name_fa", select=("province",), default=False)
    address = Column(_("address"), default=False)
    postal_code = CodeColumn(_("postal code"), default=False)
    national_id = CodeColumn(_("national ID"), default=False)
    gender = BadgeColumn(_("gender"), colours={}, default=False)
    birth_date = DateColumn(_("date of birth"), order_by="birth_date", default=False)
    team = Column(_("team"), order_by="team__name", select=("team",), default=False)
    updated_at = DateTimeColumn(_("last change"), order_by="updated_at", default=False)


class NamedValueTable(Table):
    """Columns of a list of values; a line leads to the page where the value is edited."""

    default_order = "position"
    selectable = False
    user: Any = None

    name_fa = Column(_("Persian name"), link=True)
    name_en = CodeColumn(_("English name"), order_by="name_en")
    code = CodeColumn(_("code"), order_by="code")
    position = NumberColumn(_("order"), order_by="position")
    is_active = BooleanColumn(_("active"), order_by="is_active")

    def body(self, rows: Iterable[Any]) -> SafeString:
        listed = list(rows)
        for row in listed:
            meta = row._meta
            row.get_absolute_url = partial(reverse, f"{meta.app_label}:{meta.model_name}_edit", args=[row.pk])
        return super().body(listed)


def table_for(model: type[NamedValue]) -> type[NamedValueTable]:
    """The table of a list of values; relation types also show their inverse, sources whether they ask who referred."""
    extra: dict[str, Any] = {"__doc__": f"List of {model.__name__}."}
    for field in model._meta.concrete_fields:
        if field.name in {"inverse_fa", "inverse_en"}:
            extra[field.name] = Column(field.verbose_name)
        elif field.name == "needs_referrer":
            extra[field.name] = BooleanColumn(field.verbose_name)
    return type(f"{model.__name__}Table", (NamedValueTable,), extra)
