"""How many records the list behind a link holds."""

import html
from urllib.parse import parse_qsl, urlsplit

from django.http import QueryDict
from django.urls import reverse

from activities.filters import ActivityFilterSet
from activities.models import Activity
from leads.filters import LeadFilterSet
from leads.models import Lead
from opportunities.filters import OpportunityFilterSet
from opportunities.models import Opportunity

LISTS = {
    "leads:lead_list": (Lead, LeadFilterSet),
    "opportunities:opportunity_list": (Opportunity, OpportunityFilterSet),
    "activities:activity_list": (Activity, ActivityFilterSet),
}


class Asked:
    """Enough of a request for a filter set."""

    def __init__(self, user):
        self.user = user


def count(url, user):
    """Refuses an address with filters the list does not know."""
    parts = urlsplit(html.unescape(url))
    query = QueryDict(mutable=True)
    for name, value in parse_qsl(parts.query):
        query.appendlist(name, value)
    model, kind = next(found for name, found in LISTS.items() if reverse(name) == parts.path)
    filterset = kind(query, model.objects.for_user(user, "view"), request=Asked(user))
    assert filterset.form.is_valid(), filterset.form.errors
    unknown = {name for name in query if name not in filterset.form.fields and name != "sort"}
    unknown = {n for n in unknown if not n.startswith(tuple(f"{field}_" for field in filterset.form.fields))}
    assert not unknown
    return filterset.qs.count()
