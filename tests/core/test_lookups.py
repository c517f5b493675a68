"""``pk__any_of``: keys as one array, given or read from a query."""

import pytest
from django.db.models import Q

from leads.models import Lead
from tests.leads.factories import LeadFactory

pytestmark = pytest.mark.django_db


def found(condition):
    return set(Lead.objects.filter(condition).values_list("pk", flat=True))


@pytest.fixture
def leads(rep, teammate):
    return [LeadFactory(owner=owner) for owner in (rep, rep, teammate)]


def test_keys_of_a_list(leads):
    keys = [lead.pk for lead in leads]
    assert found(Q(pk__any_of=keys[:2])) == set(keys[:2])
    assert found(Q(pk__any_of=[])) == set()


def test_keys_of_a_query_read_with_it(leads, rep, teammate, django_assert_num_queries):
    own, other = Lead.objects.filter(owner=rep).values("pk"), Lead.objects.filter(owner=teammate).values("pk")
    with django_assert_num_queries(3):
        assert found(Q(pk__any_of=own)) == {leads[0].pk, leads[1].pk}
        assert found(Q(pk__any_of=own) | Q(owner=teammate)) == {lead.pk for lead in leads}
        assert found(Q(pk__any_of=own.union(other)) & ~Q(pk__any_of=own)) == {leads[2].pk}
    assert found(Q(pk__any_of=own.none())) == set()


def test_only_keys_are_let_in(leads):
    with pytest.raises(ValueError, match="invalid literal"):
        found(Q(pk__any_of=["1}'; --"]))
