"""What lists of accounts and contacts can be filtered by: every field."""

from typing import Any, ClassVar, Final

import django_filters
from django import forms
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django_filters.fields import RangeField

from accounts.choices import Education, Gender, IncomeBand, Language, PartyType
from accounts.models import (
    Account,
    AccountKind,
    BuyingRole,
    Contact,
    Employment,
    Industry,
    LifecycleStage,
    Province,
    Source,
)
from core import money, text
from core.display import format_number
from core.filter_fields import LocalDateRangeFilter, MoneyRangeFilter
from core.filters import SEARCH_LIMIT, FilterSet, SearchFilter, TypeaheadFilter
from core.forms.fields import LocalIntegerField
from core.models import NamedValue
from core.parsing import InputError
from core.phones import parse_phone
from users.models import Team, User

INDEXED: Final = frozenset({"name", "national_id", "economic_number", "email", "city"})  # parts of search_key


class ContainsFilter(django_filters.CharFilter):
    """Part of a text, in any case; where the text is part of the search column, its index finds rare words.

    Words that many rows have are looked for while the list's own order is walked, which meets them soon.
    """

    def filter(self, qs: models.QuerySet, value: str) -> models.QuerySet:
        value = text.clean(text.to_ascii_digits(value or "")[: text.MAX_QUERY_LENGTH])
        if not value:
            return qs
        # Persian has no case, and without it PostgreSQL knows how common the text is.
        lookup = "icontains" if value.lower() != value.upper() else "contains"
        condition = Q(**{f"{self.field_name}__{lookup}": value})
        key = text.tight(value)
        if self.field_name not in INDEXED or not key:
            return qs.filter(condition)
        rows = qs.model.all_objects.filter(condition, search_key__contains=key).order_by()
        found = list(rows.values_list("pk", flat=True)[: SEARCH_LIMIT + 1])
        return qs.filter(pk__in=found) if len(found) <= SEARCH_LIMIT else qs.filter(condition)


class PhoneFilter(django_filters.CharFilter):
    """A phone number in any writing, or part of one."""

    def filter(self, qs: models.QuerySet, value: str) -> models.QuerySet:
        if not value:
            return qs
        try:
            return qs.filter(**{f"{self.field_name}__startswith": parse_phone(value).number})
        except InputError:
            digits = "".join(filter(str.isdigit, text.to_ascii_digits(value)))[:15].lstrip("0")
            return qs.filter(**{f"{self.field_name}__contains": digits}) if digits else qs.none()


class CountField(RangeField):
    """A smallest and a largest whole number in any digits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        fields = tuple(LocalIntegerField(required=False, min_value=0, max_value=2**31 - 1) for _n in range(2))
        super().__init__(fields, *args, **kwargs)
        for widget in self.widget.widgets:
            widget.attrs.update(inputmode="numeric", dir="ltr")

    def describe(self, value: slice) -> str:
        """The filter in words."""
        low, high = format_number(value.start), format_number(value.stop)
        if low and high:
            return _("%(from)s to %(to)s") % {"from": low, "to": high}
        return _("from %(from)s") % {"from": low} if low else _("to %(to)s") % {"to": high}


class CountFilter(django_filters.RangeFilter):
    """Rows whose whole number lies in a range."""

    field_class = CountField


class TagFilter(django_filters.CharFilter):
    """Rows whose array field has the word."""

    def filter(self, qs: models.QuerySet, value: str) -> models.QuerySet:
        return qs.filter(**{f"{self.field_name}__contains": [text.clean(value)]}) if value else qs


def value_filter(
    model: type[NamedValue] | type[Province], label: Any, **kwargs: Any
) -> django_filters.ModelMultipleChoiceFilter:
    """Any of some values of a list; the list itself is only in the filter panel."""
    return django_filters.ModelMultipleChoiceFilter(
        queryset=lambda request: model.objects.for_user(request.user, "view") if request else model.objects.none(),
        label=label,
        widget=forms.SelectMultiple({"data-behavior": "typeahead"}),
        distinct=False,
        **kwargs,
    )


class PartyFilterSet(FilterSet):
    """Filters that accounts and contacts share."""

    first: ClassVar[tuple[str, ...]] = ()

    q = SearchFilter(label=_("Search"))
    owner = TypeaheadFilter(model=User, label=_("owner"))
    team = TypeaheadFilter(model=Team, label=_("team"))
    phone = PhoneFilter(label=_("phone"))
    mobile = PhoneFilter(label=_("mobile"))
    fax = PhoneFilter(label=_("fax"))
    email = ContainsFilter(label=_("email"))
    website = ContainsFilter(label=_("website"))
    province = value_filter(Province, _("province"))
    city = ContainsFilter(label=_("city"))
    address = ContainsFilter(label=_("address"))
    postal_code = ContainsFilter(label=_("postal code"))
    national_id = ContainsFilter(label=_("national ID"))
    gender = django_filters.MultipleChoiceFilter(choices=Gender.choices, label=_("gender"))
    birth_date = LocalDateRangeFilter(label=_("date of birth"))
    education = django_filters.MultipleChoiceFilter(choices=Education.choices, label=_("education"))
    income_band = django_filters.MultipleChoiceFilter(choices=IncomeBand.choices, label=_("income band"))
    description = ContainsFilter(label=_("description"))
    external_key = django_filters.CharFilter(label=_("key in another system"))
    created_at = LocalDateRangeFilter(label=_("created at"))
    updated_at = LocalDateRangeFilter(label=_("last change"))
    created_by = TypeaheadFilter(model=User, label=_("created by"))

    @classmethod
    def get_filters(cls) -> dict[str, Any]:
        """What people ask for most comes first in the panel."""
        filters = super().get_filters()
        return {name: filters[name] for name in dict.fromkeys((*cls.first, *filters)) if name in filters}


class AccountFilterSet(PartyFilterSet):
    """Filters of the list of accounts."""

    first = ("q", "name", "party_type", "kinds", "stage", "industry", "owner", "team", "source", "customer_since")

    party_type = django_filters.ChoiceFilter(choices=PartyType.choices, label=_("type"), empty_label=_("Any"))
    name = ContainsFilter(label=_("name"))
    kinds = value_filter(AccountKind, _("kinds"), to_field_name="code", method="filter_kinds")
    stage = value_filter(LifecycleStage, _("life-cycle stage"))
    source = value_filter(Source, _("source"))
    industry = value_filter(Industry, _("field of activity"))
    parent = TypeaheadFilter(model=Account, label=_("parent company"))
    employees = CountFilter(label=_("number of employees"))
    founded_year = CountFilter(label=_("founded in"))
    annual_revenue = MoneyRangeFilter(label=_("annual revenue"))
    revenue_currency = django_filters.ChoiceFilter(
        choices=money.currency_choices, label=_("currency of the revenue"), empty_label=_("Any")
    )
    registration_number = ContainsFilter(label=_("registration number"))
    economic_number = ContainsFilter(label=_("economic number"))
    customer_since = LocalDateRangeFilter(label=_("customer since"))
    needs = ContainsFilter(label=_("needs"))
    preferences = ContainsFilter(label=_("preferences"))

    class Meta:
        model = Account
        fields: tuple[str, ...] = ()

    def filter_kinds(self, qs: models.QuerySet, name: str, value: Any) -> models.QuerySet:
        """Accounts with any of the kinds, without a join that would repeat rows."""
        if not value:
            return qs
        links = Account.kinds.through.objects.filter(
            account=OuterRef("pk"), accountkind__in=[kind.pk for kind in value]
        )
        return qs.filter(Exists(links))


class ContactFilterSet(PartyFilterSet):
    """Filters of the list of contacts."""

    first = ("q", "first_name", "last_name", "account", "job_title", "buying_role", "owner", "team", "mobile", "email")

    account = TypeaheadFilter(model=Account, label=_("account"), method="filter_account")
    first_name = ContainsFilter(label=_("first name"))
    last_name = ContainsFilter(label=_("last name"))
    salutation = ContainsFilter(label=_("salutation"))
    job_title = django_filters.CharFilter(label=_("job title"), method="filter_job_title")
    buying_role = value_filter(BuyingRole, _("buying role"), method="filter_buying_role")
    specialty = ContainsFilter(label=_("specialty"))
    traits = TagFilter(label=_("personality traits"))
    language = django_filters.MultipleChoiceFilter(choices=Language.choices, label=_("language"))

    class Meta:
        model = Contact
        fields: tuple[str, ...] = ()

    def filter_account(self, qs: models.QuerySet, name: str, value: Account | None) -> models.QuerySet:
        """Contacts who work or worked at the account."""
        return qs.filter(pk__in=Employment.objects.filter(account=value).values("contact")) if value else qs

    def filter_job_title(self, qs: models.QuerySet, name: str, value: str) -> models.QuerySet:
        """Contacts with the words in the title of a job."""
        return self._by_job(qs, Q(job_title__icontains=text.clean(value))) if value else qs

    def filter_buying_role(self, qs: models.QuerySet, name: str, value: Any) -> models.QuerySet:
        """Contacts with any of the roles."""
        return self._by_job(qs, Q(buying_role__in=[role.pk for role in value])) if value else qs

    def _by_job(self, qs: models.QuerySet, condition: Q) -> models.QuerySet:
        # A job counts only where its account may be seen: a filter must not tell what the page hides.
        accounts = Account.objects.for_user(self.request.user, "view")
        return qs.filter(Exists(Employment.objects.filter(condition, contact=OuterRef("pk"), account__in=accounts)))


class NamedValueFilterSet(FilterSet):
    """Filters of a list of values."""

    q = django_filters.CharFilter(method="filter_name", label=_("Search"))
    is_active = django_filters.BooleanFilter(label=_("active"))

    def filter_name(self, qs: models.QuerySet, name: str, value: str) -> models.QuerySet:
        """The words in either name or in the code."""
        value = text.clean(value or "")
        either = Q(name_fa__icontains=value) | Q(name_en__icontains=value) | Q(code__icontains=value)
        return qs.filter(either) if value else qs


def filterset_for(model_: type[NamedValue]) -> type[NamedValueFilterSet]:
    """The filter set of a list of values."""
    meta = type("Meta", (), {"model": model_, "fields": ()})
    doc = f"Filters of {model_.__name__}."
    return type(f"{model_.__name__}FilterSet", (NamedValueFilterSet,), {"Meta": meta, "__doc__": doc})
