"""Filters of the lists of the settings."""

from typing import Any

import django_filters
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import text
from core.calendar.jalali import from_jalali, to_jalali
from core.filter_fields import LocalDateRangeFilter
from core.filters import FilterSet, TypeaheadFilter
from core.models import Currency, Holiday
from users.models import Branch, Role, Team, User


class WordsFilter(django_filters.CharFilter):
    """Rows with each of the words in one of the columns (short tables without a search column)."""

    def __init__(self, *columns: str, **kwargs: Any):
        self.columns = columns
        super().__init__(**kwargs)

    def filter(self, qs: models.QuerySet, value: str) -> models.QuerySet:
        for word in text.clean(value or "").split()[:5]:
            condition = Q(pk__in=[])
            for column in self.columns:
                condition |= Q(**{f"{column}__icontains": word})
            qs = qs.filter(condition)
        return qs


class RoleChoiceFilter(django_filters.ModelChoiceFilter):
    """People with a role."""

    def filter(self, qs: models.QuerySet, value: Role | None) -> models.QuerySet:
        return qs.filter(groups=value.group_id) if value else qs


class UserFilterSet(FilterSet):
    """People by name, place, role and access."""

    q = WordsFilter("first_name", "last_name", "email", "mobile")
    team = TypeaheadFilter(model=Team, label=_("team"))
    branch = TypeaheadFilter(model=Branch, label=_("branch"))
    role = RoleChoiceFilter(queryset=Role.objects.all(), label=_("role"), field_name="groups")
    is_active = django_filters.BooleanFilter(label=_("active"))
    is_staff = django_filters.BooleanFilter(label=_("administrators"), field_name="is_superuser")
    job_title = django_filters.CharFilter(label=_("job title"), lookup_expr="icontains")
    language = django_filters.ChoiceFilter(label=_("language"), choices=User.Language.choices)
    last_login = LocalDateRangeFilter(label=_("last sign-in"))
    date_joined = LocalDateRangeFilter(label=_("joined"))

    class Meta:
        model = User
        fields: tuple[str, ...] = ()


class TeamFilterSet(FilterSet):
    """Teams."""

    q = WordsFilter("name", "leader__first_name", "leader__last_name")
    name = django_filters.CharFilter(label=_("name"), lookup_expr="icontains")
    parent = TypeaheadFilter(model=Team, label=_("part of"))
    branch = TypeaheadFilter(model=Branch, label=_("branch"))
    leader = TypeaheadFilter(model=User, label=_("leader"))
    is_active = django_filters.BooleanFilter(label=_("active"))

    class Meta:
        model = Team
        fields: tuple[str, ...] = ()


class BranchFilterSet(FilterSet):
    """Offices."""

    q = WordsFilter("name", "city")
    name = django_filters.CharFilter(label=_("name"), lookup_expr="icontains")
    city = django_filters.CharFilter(label=_("city"), lookup_expr="icontains")
    is_active = django_filters.BooleanFilter(label=_("active"))

    class Meta:
        model = Branch
        fields: tuple[str, ...] = ()


class RoleFilterSet(FilterSet):
    """Roles."""

    q = WordsFilter("name_fa", "name_en", "code")
    mfa_required = django_filters.BooleanFilter(label=_("requires two-step sign-in"))

    class Meta:
        model = Role
        fields: tuple[str, ...] = ()


def jalali_years() -> list[tuple[str, str]]:
    """The Jalali years there are holidays of, newest first."""
    ends = Holiday.objects.aggregate(first=models.Min("date"), last=models.Max("date"))
    if not ends["first"]:
        return []
    years = range(to_jalali(ends["last"])[0], to_jalali(ends["first"])[0] - 1, -1)
    return [(str(year), str(year)) for year in years]


class JalaliYearFilter(django_filters.ChoiceFilter):
    """Dates of one Jalali year."""

    def filter(self, qs: models.QuerySet, value: str) -> models.QuerySet:
        if not value:
            return qs
        year = int(value)
        return qs.filter(date__gte=from_jalali(year, 1, 1), date__lt=from_jalali(year + 1, 1, 1))


class HolidayFilterSet(FilterSet):
    """Days off."""

    q = WordsFilter("name")
    name = django_filters.CharFilter(label=_("name"), lookup_expr="icontains")
    year = JalaliYearFilter(label=_("Jalali year"), choices=jalali_years)
    date = LocalDateRangeFilter(label=_("date"))
    is_estimated = django_filters.BooleanFilter(label=_("estimated"))

    class Meta:
        model = Holiday
        fields: tuple[str, ...] = ()


class CurrencyFilterSet(FilterSet):
    """Currencies."""

    q = WordsFilter("code", "name_fa", "name_en")
    is_active = django_filters.BooleanFilter(label=_("active"))

    class Meta:
        model = Currency
        fields: tuple[str, ...] = ()
