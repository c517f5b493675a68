"""Filters of the list and the board of opportunities."""

import django_filters
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact, Source
from catalog.models import Product
from core import text
from core.display import current
from core.filter_fields import LocalDateRangeFilter, MoneyRangeFilter
from core.filters import FilterSet, SearchFilter, TypeaheadFilter, TypeaheadMultipleFilter
from core.money import currency_choices
from opportunities.choices import OpportunityType, Status
from opportunities.models import CloseReason, Opportunity, OpportunityContact, OpportunityLine, SalesCycle, Stage
from opportunities.querysets import rotting_q
from users.models import Branch, Team, User

NEXT_STEPS = (("none", _("none planned")), ("late", _("late")), ("planned", _("planned")))

WITHOUT = (
    ("owner", _("Owner")),
    ("team", _("Team")),
    ("branch", _("Branch")),
    ("source", _("Source")),
    ("product", _("Product")),
    ("account", _("Account")),
    ("close_reason", _("Reason")),
    ("lost_stage", _("Lost in stage")),
)


class TextFilter(django_filters.CharFilter):
    """Part of a text."""

    def filter(self, qs: models.QuerySet, value: str) -> models.QuerySet:
        words = text.clean(value or "")[: text.MAX_QUERY_LENGTH]
        return qs.filter(**{f"{self.field_name}__icontains": words}) if words else qs


class OpportunityFilterSet(FilterSet):
    """Every field of an opportunity, and a few questions people ask every day."""

    q = SearchFilter(label=_("Search"))
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=Status.choices)
    cycle = TypeaheadMultipleFilter(label=_("Sales cycle"), model=SalesCycle)
    stage = TypeaheadMultipleFilter(label=_("Stage"), model=Stage)
    owner = TypeaheadMultipleFilter(label=_("Owner"), model=User)
    team = TypeaheadMultipleFilter(label=_("Team"), model=Team)
    branch = TypeaheadMultipleFilter(label=_("Branch"), model=Branch, field_name="team__branch", distinct=False)
    without = django_filters.MultipleChoiceFilter(label=_("Without"), choices=WITHOUT, method="filter_without")
    account = TypeaheadMultipleFilter(label=_("Account"), model=Account)
    contact = TypeaheadMultipleFilter(label=_("Main contact"), model=Contact)
    person = TypeaheadFilter(label=_("Person in the purchase"), model=Contact, method="filter_person")
    product = TypeaheadMultipleFilter(label=_("Product"), model=Product, distinct=False, method="filter_product")
    amount = MoneyRangeFilter(label=_("Amount"), field_name="base_amount")
    expected_value = MoneyRangeFilter(label=_("Expected value"))
    probability = django_filters.NumberFilter(label=_("Probability from"), lookup_expr="gte")
    probability_to = django_filters.NumberFilter(label=_("Probability to"), field_name="probability", lookup_expr="lte")
    currency = django_filters.ChoiceFilter(label=_("Currency"), choices=currency_choices)
    expected_close_on = LocalDateRangeFilter(label=_("Expected close date"))
    overdue = django_filters.BooleanFilter(label=_("Close date has passed"), method="filter_overdue")
    rotting = django_filters.BooleanFilter(label=_("Too long in its stage"), method="filter_rotting")
    next = django_filters.ChoiceFilter(label=_("Next step"), choices=NEXT_STEPS, method="filter_next")
    next_step_at = LocalDateRangeFilter(label=_("Date of the next step"))
    next_step = TextFilter(label=_("Text of the next step"))
    type = django_filters.MultipleChoiceFilter(label=_("Type"), choices=OpportunityType.choices)
    source = TypeaheadMultipleFilter(label=_("Source"), model=Source)
    furthest_stage = TypeaheadMultipleFilter(label=_("Furthest stage"), model=Stage)
    reached = TypeaheadFilter(label=_("Got as far as"), model=Stage, method="filter_reached")
    lost_stage = TypeaheadMultipleFilter(label=_("Lost in stage"), model=Stage)
    close_reason = TypeaheadMultipleFilter(label=_("Reason"), model=CloseReason)
    close_note = TextFilter(label=_("Explanation"))
    competitor = TextFilter(label=_("Lost to competitor"))
    opened_on = LocalDateRangeFilter(label=_("Opened on"))
    closed_on = LocalDateRangeFilter(label=_("Closed on"))
    stage_entered_at = LocalDateRangeFilter(label=_("In this stage since"))
    name = TextFilter(label=_("Name"))
    description = TextFilter(label=_("Description"))
    external_key = django_filters.CharFilter(label=_("Key in another system"), lookup_expr="iexact")
    created_by = TypeaheadFilter(label=_("Created by"), model=User)
    created_at = LocalDateRangeFilter(label=_("Created at"))
    updated_at = LocalDateRangeFilter(label=_("Last change"))
    is_sample = django_filters.BooleanFilter(label=_("Sample data"))

    class Meta:
        model = Opportunity
        fields: list[str] = []

    def filter_overdue(self, queryset: models.QuerySet, name: str, value: bool) -> models.QuerySet:
        """Open deals that should have been closed by now."""
        late = Q(status=Status.OPEN, expected_close_on__lt=current().today())
        return queryset.filter(late) if value else queryset.exclude(late)

    def filter_rotting(self, queryset: models.QuerySet, name: str, value: bool) -> models.QuerySet:
        """Deals that stay too long where they are, with nothing planned."""
        rotting = Opportunity.objects.filter(rotting_q()).order_by().values("pk")
        return queryset.filter(rotting_q()) if value else queryset.exclude(pk__in=rotting)

    def filter_next(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        """Open deals by their next step."""
        now = timezone.now()
        conditions = {
            "none": Q(next_step_at=None),
            "late": Q(next_step_at__lt=now),
            "planned": Q(next_step_at__gte=now),
        }
        return queryset.filter(conditions[value], status=Status.OPEN)

    def filter_reached(self, queryset: models.QuerySet, name: str, value: Stage | None) -> models.QuerySet:
        """Deals that got at least to the stage, wherever they are now: what the funnel counts."""
        if value is None:
            return queryset
        return queryset.filter(
            cycle=value.cycle_id,
            furthest_stage__in=value.cycle.stages.filter(position__gte=value.position).values("pk"),
        )

    def filter_without(self, queryset: models.QuerySet, name: str, value: list[str]) -> models.QuerySet:
        """Deals that have none of these."""
        for word in value:
            if word == "product":
                queryset = queryset.exclude(pk__in=OpportunityLine.objects.order_by().values("opportunity"))
            else:
                queryset = queryset.filter(**{"team__branch" if word == "branch" else word: None})
        return queryset

    def filter_person(self, queryset: models.QuerySet, name: str, value: Contact | None) -> models.QuerySet:
        """Deals in which the contact plays any part."""
        if value is None:
            return queryset
        parts = OpportunityContact.objects.filter(contact=value)
        return queryset.filter(Q(contact=value) | Q(pk__in=parts.values("opportunity")))

    def filter_product(self, queryset: models.QuerySet, name: str, value: list[Product]) -> models.QuerySet:
        """Deals with a line of any of the products, without a join that would double them."""
        if not value:
            return queryset
        lines = OpportunityLine.objects.filter(product__in=[product.pk for product in value])
        return queryset.filter(pk__in=lines.values("opportunity"))


class ReasonFilterSet(FilterSet):
    """Filters of the reasons."""

    name = django_filters.CharFilter(label=_("Name"), method="filter_name")
    outcome = django_filters.ChoiceFilter(
        label=_("Outcome"), choices=[choice for choice in Status.choices if choice[0] != Status.OPEN]
    )
    code = django_filters.CharFilter(label=_("Code"), lookup_expr="icontains")
    is_active = django_filters.BooleanFilter(label=_("Active"))

    class Meta:
        model = CloseReason
        fields: list[str] = []

    def filter_name(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        """Part of either name."""
        words = text.clean(value)
        return queryset.filter(Q(name_fa__icontains=words) | Q(name_en__icontains=words))
