"""Filters of the lists of the app."""

import datetime as dt
from typing import Any

import django_filters
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import PartyType
from accounts.models import Account, Contact, Industry, Province, Source
from catalog.models import Product
from core import text
from core.filter_fields import LocalDateRangeFilter, MoneyRangeFilter
from core.filters import FilterSet, SearchFilter, TypeaheadFilter, TypeaheadMultipleFilter
from leads.choices import OPEN_STATUSES, UTM_LABELS, ConsentAnswer, LeadStatus
from leads.models import CaptureForm, DisqualifyReason, Lead
from leads.selectors import stored_phones
from opportunities.models import Opportunity
from users.models import Team, User

STALE_DAYS = 14
STATES = (("open", pgettext_lazy("lead", "open")), ("closed", pgettext_lazy("lead", "closed")))
NEXT_STEPS = (("none", _("none planned")), ("late", _("late")), ("planned", _("planned")))


class TextFilter(django_filters.CharFilter):
    """Part of a text, in any writing of the letters."""

    def filter(self, qs: models.QuerySet, value: str) -> models.QuerySet:
        words = text.clean(value or "")[: text.MAX_QUERY_LENGTH]
        return qs.filter(**{f"{self.field_name}__icontains": words}) if words else qs


class PhoneFilter(django_filters.CharFilter):
    """A phone number in any writing, or some of its digits."""

    def filter(self, qs: models.QuerySet, value: str) -> models.QuerySet:
        if not value:
            return qs
        numbers = stored_phones([value])
        if numbers:
            return qs.filter(**{f"{self.field_name}__in": numbers})
        digits = "".join(c for c in text.to_ascii_digits(value) if c.isdigit())
        return qs.filter(**{f"{self.field_name}__contains": digits.lstrip("0")}) if digits else qs.none()


class LeadFilterSet(FilterSet):
    """Every field of a lead, and a few questions people ask every day."""

    q = SearchFilter(label=_("Search"))
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=LeadStatus.choices)
    state = django_filters.ChoiceFilter(label=_("Open or closed"), choices=STATES, method="filter_state")
    owner = TypeaheadMultipleFilter(label=_("Owner"), model=User)
    unassigned = django_filters.BooleanFilter(label=_("Without owner"), field_name="owner", lookup_expr="isnull")
    team = TypeaheadMultipleFilter(label=_("Team"), model=Team)
    source = TypeaheadMultipleFilter(label=_("Lead source"), model=Source)
    created_at = LocalDateRangeFilter(label=_("Created at"))
    next = django_filters.ChoiceFilter(label=_("Next step"), choices=NEXT_STEPS, method="filter_next")
    next_step_at = LocalDateRangeFilter(label=_("Date of the next step"))
    next_step = TextFilter(label=_("Text of the next step"))
    stale = django_filters.BooleanFilter(label=_("Untouched for two weeks"), method="filter_stale")
    estimated_value = MoneyRangeFilter(label=_("Estimated amount"))
    currency = django_filters.CharFilter(label=_("Currency"), lookup_expr="iexact")
    products = TypeaheadMultipleFilter(
        label=_("Products of interest"), model=Product, distinct=False, method="filter_products"
    )
    interest = TextFilter(label=_("Interest"))
    party_type = django_filters.ChoiceFilter(label=_("Type"), choices=PartyType.choices)
    first_name = TextFilter(label=_("First name"))
    last_name = TextFilter(label=_("Last name"))
    company = TextFilter(label=_("Company"))
    job_title = TextFilter(label=_("Job title"))
    mobile = PhoneFilter(label=_("Mobile"))
    phone = PhoneFilter(label=_("Phone"))
    email = django_filters.CharFilter(label=_("Email"), lookup_expr="icontains")
    website = django_filters.CharFilter(label=_("Website"), lookup_expr="icontains")
    industry = TypeaheadMultipleFilter(label=_("Field of activity"), model=Industry)
    province = TypeaheadMultipleFilter(label=_("Province"), model=Province)
    city = TextFilter(label=_("City"))
    address = TextFilter(label=_("Address"))
    description = TextFilter(label=_("Description"))
    heard_about_us = TextFilter(label=_("How did you hear about us"))
    referrer_account = TypeaheadFilter(label=_("Referring customer"), model=Account)
    referrer_contact = TypeaheadFilter(label=_("Referring person"), model=Contact)
    consent = django_filters.ChoiceFilter(label=_("Consent to messages"), choices=ConsentAnswer.choices)
    consent_at = LocalDateRangeFilter(label=_("Consent given at"))
    status_at = LocalDateRangeFilter(label=_("In this status since"))
    disqualify_reason = TypeaheadMultipleFilter(label=_("Reason for disqualifying"), model=DisqualifyReason)
    disqualify_note = TextFilter(label=_("Explanation"))
    converted_at = LocalDateRangeFilter(label=_("Converted at"))
    converted_by = TypeaheadFilter(label=_("Converted by"), model=User)
    account = TypeaheadFilter(label=_("Account it became"), model=Account)
    contact = TypeaheadFilter(label=_("Contact it became"), model=Contact)
    opportunity = TypeaheadFilter(label=_("Opportunity it became"), model=Opportunity)
    created_by = TypeaheadFilter(label=_("Created by"), model=User)
    updated_at = LocalDateRangeFilter(label=_("Last change"))
    is_sample = django_filters.BooleanFilter(label=_("Sample data"))
    utm_source = django_filters.CharFilter(label=UTM_LABELS["utm_source"], lookup_expr="icontains")
    utm_medium = django_filters.CharFilter(label=UTM_LABELS["utm_medium"], lookup_expr="icontains")
    utm_campaign = django_filters.CharFilter(label=UTM_LABELS["utm_campaign"], lookup_expr="icontains")
    utm_term = django_filters.CharFilter(label=UTM_LABELS["utm_term"], lookup_expr="icontains")
    utm_content = django_filters.CharFilter(label=UTM_LABELS["utm_content"], lookup_expr="icontains")

    class Meta:
        model = Lead
        fields: list[str] = []

    def filter_state(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        """Leads somebody still works on, or those that are done with."""
        condition = Q(status__in=[*OPEN_STATUSES])
        return queryset.filter(condition if value == "open" else ~condition)

    def filter_next(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        """Open leads by their next step."""
        now = timezone.now()
        conditions = {
            "none": Q(next_step_at=None),
            "late": Q(next_step_at__lt=now),
            "planned": Q(next_step_at__gte=now),
        }
        return queryset.filter(conditions[value], status__in=[*OPEN_STATUSES])

    def filter_stale(self, queryset: models.QuerySet, name: str, value: bool) -> models.QuerySet:
        """Open leads nobody touched for ``STALE_DAYS`` days, and for which nothing is planned."""
        now = timezone.now()
        old = Q(updated_at__lt=now - dt.timedelta(days=STALE_DAYS), status__in=[*OPEN_STATUSES])
        stale = old & (Q(next_step_at=None) | Q(next_step_at__lt=now))
        return queryset.filter(stale if value else ~stale)

    def filter_products(self, queryset: models.QuerySet, name: str, value: Any) -> models.QuerySet:
        """Leads interested in any of the products, without a join that would double them."""
        if not value:
            return queryset
        links = Lead.products.through.objects.filter(product__in=[p.pk for p in value])
        return queryset.filter(pk__in=links.values("lead"))


class CaptureFormFilterSet(FilterSet):
    """Filters of the web forms."""

    name = django_filters.CharFilter(label=_("Title"), method="filter_name")
    source = TypeaheadMultipleFilter(label=_("Lead source"), model=Source)
    owner = TypeaheadMultipleFilter(label=_("Owner of its leads"), model=User)
    team = TypeaheadMultipleFilter(label=_("Team of its leads"), model=Team)
    is_active = django_filters.BooleanFilter(label=_("Active"))
    created_at = LocalDateRangeFilter(label=_("Created at"))

    class Meta:
        model = CaptureForm
        fields: list[str] = []

    def filter_name(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        """Part of either title."""
        words = text.clean(value)
        return queryset.filter(Q(name_fa__icontains=words) | Q(name_en__icontains=words))
