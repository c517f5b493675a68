"""What the lists of channels, of consent and of the outbox can be filtered by."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.filters import ContainsFilter
from core.filter_fields import LocalDateRangeFilter
from core.filters import FilterSet, SearchFilter
from core.text import to_ascii_digits
from messaging.choices import Channel, ConsentState, Purpose, State
from messaging.models import ChannelAccount, Consent, Message

SHOWN = {
    "trouble": (State.FAILED, State.UNKNOWN, State.REFUSED),
    "waiting": (State.QUEUED, State.SENDING),
    "done": (State.SENT, State.DELIVERED),
}


def choice(choices: list[tuple[str, str]], label: object) -> django_filters.ChoiceFilter:
    """One of fixed values, or any."""
    return django_filters.ChoiceFilter(choices=choices, label=label, empty_label=_("Any"))


class ChannelAccountFilterSet(FilterSet):
    """Filters of the list of channels."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Search"))
    channel = choice(Channel.choices, _("channel"))
    provider = django_filters.CharFilter(label=_("provider"))
    sender = django_filters.CharFilter(lookup_expr="icontains", label=_("sender"))
    is_default = django_filters.BooleanFilter(label=_("default"))
    is_active = django_filters.BooleanFilter(label=_("active"))
    created_at = LocalDateRangeFilter(label=_("created at"))

    class Meta:
        model = ChannelAccount
        fields: tuple[str, ...] = ()


class ConsentFilterSet(FilterSet):
    """Filters of the list of consent; a number is found written any way."""

    q = django_filters.CharFilter(method="find", label=_("Search"))
    channel = choice(Channel.choices, _("channel"))
    address = ContainsFilter(label=_("address"))
    state = choice(ConsentState.choices, _("consent"))
    source = ContainsFilter(label=_("how we know"))
    at = LocalDateRangeFilter(label=_("since"))
    created_at = LocalDateRangeFilter(label=_("created at"))

    class Meta:
        model = Consent
        fields: tuple[str, ...] = ()

    def find(self, queryset: QuerySet[Consent], name: str, value: str) -> QuerySet[Consent]:
        """By a part of the address: 0912…, +98912… and e-mail addresses alike."""
        text = to_ascii_digits(value).strip().replace(" ", "").lower()
        found = Q(source__icontains=value)
        user = getattr(self.request, "user", None)
        if user is None or "address" not in user.hidden_fields(Consent._meta.label_lower):
            found |= Q(address__contains=text.lstrip("0") if text.lstrip("+").isdigit() else text)
        return queryset.filter(found)


class OpenSearchFilter(SearchFilter):
    """The words of messages the reader may read: those of others are not found by what they say."""

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        return super().filter(qs, value).filter(is_closed=False) if value else qs


class OutboxFilterSet(FilterSet):
    """Filters of the outbox."""

    q = OpenSearchFilter(label=_("Search"))
    show = django_filters.ChoiceFilter(
        method="filter_show",
        label=_("show"),
        empty_label=_("Any"),
        choices=[
            ("trouble", _("needs a decision")),
            ("waiting", pgettext_lazy("messages", "on the way")),
            ("done", pgettext_lazy("messages", "done")),
        ],
    )
    state = choice(State.choices, _("state"))
    channel = choice(Channel.choices, _("channel"))
    purpose = choice(Purpose.choices, _("purpose"))
    account = django_filters.ModelChoiceFilter(
        queryset=ChannelAccount.objects.all(), label=_("sent through"), empty_label=_("Any")
    )
    created_at = LocalDateRangeFilter(label=_("created at"))
    sent_at = LocalDateRangeFilter(label=_("sent at"))

    class Meta:
        model = Message
        fields: tuple[str, ...] = ()

    def filter_show(self, queryset: QuerySet[Message], name: str, value: str) -> QuerySet[Message]:
        """A group of states."""
        return queryset.filter(state__in=SHOWN[value])
