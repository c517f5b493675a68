"""What the lists of messages and templates can be filtered by."""

from typing import Any

import django_filters
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from core import hosts
from core.filter_fields import LocalDateRangeFilter
from core.filters import FilterSet, SearchFilter, TypeaheadFilter, TypeaheadMultipleFilter
from core.forms.records import resolve
from messaging.choices import Channel, Direction, Purpose, State
from messaging.models import Message, MessageLink, MessageTemplate
from users.models import User


def host_choices() -> list[tuple[str, Any]]:
    """The kinds of record a template can be for."""
    return [(host.label, host.model._meta.verbose_name) for host in hosts.all_hosts()]


class MessageFilterSet(FilterSet):
    """Filters of the list of messages."""

    q = SearchFilter(label=_("Search"))
    channel = django_filters.MultipleChoiceFilter(label=_("Channel"), choices=Channel.choices)
    direction = django_filters.ChoiceFilter(label=_("Direction"), choices=Direction.choices, empty_label=_("Any"))
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=State.choices)
    purpose = django_filters.MultipleChoiceFilter(label=_("Purpose"), choices=Purpose.choices)
    created_by = TypeaheadMultipleFilter(label=_("Written by"), model=User)
    template = TypeaheadFilter(label=_("Template"), model=MessageTemplate)
    created_at = LocalDateRangeFilter(label=_("Written at"))
    sent_at = LocalDateRangeFilter(label=_("Sent at"))
    record = django_filters.CharFilter(label=_("Record"), method="filter_record")

    class Meta:
        model = Message
        fields: tuple[str, ...] = ()

    def filter_record(self, rows: models.QuerySet, _name: str, value: str) -> models.QuerySet:
        """Messages of one record, named as ``leads.lead:5``."""
        found = resolve([value], self.request.user) if self.request is not None else []
        if not found:
            return rows.none()
        kind = ContentType.objects.get_for_model(found[0])
        return rows.filter(
            Exists(MessageLink.objects.filter(message=OuterRef("pk"), content_type=kind, object_id=found[0].pk))
        )


class MessageTemplateFilterSet(FilterSet):
    """Filters of the list of templates."""

    name = django_filters.CharFilter(lookup_expr="icontains", label=_("Name"))
    channel = django_filters.ChoiceFilter(label=_("Channel"), choices=Channel.choices, empty_label=_("Any"))
    host = django_filters.ChoiceFilter(label=_("For records of kind"), choices=host_choices, empty_label=_("Any"))
    purpose = django_filters.ChoiceFilter(label=_("Purpose"), choices=Purpose.choices, empty_label=_("Any"))
    is_active = django_filters.BooleanFilter(label=_("Active"))

    class Meta:
        model = MessageTemplate
        fields: tuple[str, ...] = ()
