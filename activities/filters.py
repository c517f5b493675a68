"""Filters of the lists of the app."""

import datetime as dt
from typing import Any

import django_filters
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.choices import Direction, Kind, Priority, Status
from activities.models import Activity, ActivityLink, ActivityOutcome, Assignment
from activities.selectors.mine import late_q, part_of_day_q, to_do_q, waiting_q
from core import display, text
from core.calendar.periods import midnight
from core.display import current
from core.filter_fields import LocalDateRangeFilter
from core.filters import FilterSet, SearchFilter, TypeaheadFilter, TypeaheadMultipleFilter
from core.forms.records import RecordsField
from users.models import Team, User

STATES = (
    ("open", pgettext_lazy("activity", "to do")),
    ("late", pgettext_lazy("activity", "late")),
    ("today", pgettext_lazy("activity", "today, and late")),
    ("rest", pgettext_lazy("activity", "rest of today")),
    ("week", pgettext_lazy("activity", "in the next seven days")),
    ("ahead", pgettext_lazy("activity", "after today, within seven days")),
    ("undated", pgettext_lazy("activity", "without a time")),
)
WAITS = (
    ("mentions", pgettext_lazy("activity", "mentions me")),
    ("handed_over", pgettext_lazy("activity", "handed over to me, not looked at")),
    ("invitations", pgettext_lazy("activity", "invitation without an answer")),
)
WEEK = dt.timedelta(days=7)


class TextFilter(django_filters.CharFilter):
    """Part of a text, in any writing of the letters."""

    def filter(self, qs: models.QuerySet, value: str) -> models.QuerySet:
        words = text.clean(value or "")[: text.MAX_QUERY_LENGTH]
        return qs.filter(**{f"{self.field_name}__icontains": words}) if words else qs


class _RecordsFilterField(RecordsField):
    """Records in the filter panel; the filter gives the user."""

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user

    def describe(self, value: Any) -> str:
        """The chosen records in words."""
        return display.listed(value)


class RecordsFilter(django_filters.Filter):
    """Activities about any of the records."""

    field_class = _RecordsFilterField

    @property
    def field(self) -> Any:
        field = super().field
        request = getattr(self.parent, "request", None)
        field.user = getattr(request, "user", None)
        return field

    def filter(self, qs: models.QuerySet, value: Any) -> models.QuerySet:
        if not value:
            return qs
        found = Q(pk__in=[])
        for record in value:
            links = ActivityLink.objects.filter(
                content_type=ContentType.objects.get_for_model(record), object_id=record.pk
            )
            found |= Q(pk__in=links.values("activity"))
        return qs.filter(found)


class ActivityFilterSet(FilterSet):
    """Every field of an activity, and the questions people ask every day."""

    q = SearchFilter(label=_("Search"))
    state = django_filters.ChoiceFilter(label=_("To do"), choices=STATES, method="filter_state")
    mine = TypeaheadFilter(label=_("To do by"), model=User, method="filter_mine")
    waiting = django_filters.ChoiceFilter(label=_("Waits for me"), choices=WAITS, method="filter_waiting")
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=Kind.choices)
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=Status.choices)
    due_at = LocalDateRangeFilter(label=_("When"))
    records = RecordsFilter(label=_("About"))
    owner = TypeaheadMultipleFilter(label=_("Owner"), model=User)
    team = TypeaheadMultipleFilter(label=_("Team"), model=Team)
    assignee = TypeaheadMultipleFilter(label=_("Assignees"), model=User, method="filter_assignee")
    priority = django_filters.MultipleChoiceFilter(label=_("Priority"), choices=Priority.choices)
    outcome = TypeaheadMultipleFilter(label=_("Outcome"), model=ActivityOutcome)
    outcome_note = TextFilter(label=_("What was said"))
    done_at = LocalDateRangeFilter(label=_("Done at"))
    done_by = TypeaheadMultipleFilter(label=_("Done by"), model=User)
    subject = TextFilter(label=_("Subject"))
    text = TextFilter(label=_("Text"))
    location = TextFilter(label=_("Place"))
    direction = django_filters.ChoiceFilter(label=pgettext_lazy("of a call", "Direction"), choices=Direction.choices)
    all_day = django_filters.BooleanFilter(label=_("All day"))
    ends_at = LocalDateRangeFilter(label=_("Until"))
    duration = django_filters.NumberFilter(
        label=_("Lasts at least (minutes)"), lookup_expr="gte", max_value=2**31 - 1, min_value=0
    )
    is_private = django_filters.BooleanFilter(label=_("Private"))
    recurrence = django_filters.BooleanFilter(label=_("Repeats"), lookup_expr="isnull", exclude=True)
    run = django_filters.BooleanFilter(label=_("From a sequence"), lookup_expr="isnull", exclude=True)
    created_at = LocalDateRangeFilter(label=_("Created at"))
    created_by = TypeaheadFilter(label=_("Created by"), model=User)
    updated_at = LocalDateRangeFilter(label=_("Last change"))
    is_sample = django_filters.BooleanFilter(label=_("Sample data"))

    class Meta:
        model = Activity
        fields: list[str] = []

    def filter_state(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        """Open ones by their time, in the reader's day."""
        rows = queryset.filter(status=Status.PLANNED)
        today = midnight(current().today(), current().tz)
        conditions = {
            "open": Q(),
            "late": late_q(),
            "today": Q(due_at__lt=today + dt.timedelta(days=1)),
            "rest": part_of_day_q("rest", today),
            "ahead": part_of_day_q("ahead", today),
            "week": Q(due_at__gte=today, due_at__lt=today + WEEK),
            "undated": Q(due_at=None),
        }
        return rows.filter(conditions[value])

    def filter_mine(self, queryset: models.QuerySet, name: str, value: User) -> models.QuerySet:
        """What the person has to do: assigned with the own part open, or owned and assigned to nobody."""
        return queryset.filter(to_do_q(value))

    def filter_waiting(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        """What waits for the reader."""
        return queryset.filter(waiting_q(self.request.user, value)) if self.request is not None else queryset

    def filter_assignee(self, queryset: models.QuerySet, name: str, value: Any) -> models.QuerySet:
        """Activities one of the people does, done or not."""
        if not value:
            return queryset
        return queryset.filter(pk__in=Assignment.objects.filter(user__in=value).values("activity"))
