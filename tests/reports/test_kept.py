"""Figures that look at every deal are kept for a while where there are very many, and say so."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.display import format_time, use
from opportunities.models import OpportunityLine, StageVisit
from reports.selectors import kept as keeping
from reports.selectors.funnel import funnel_of
from reports.selectors.kept import kept
from reports.selectors.query import FunnelQuery
from reports.selectors.results import results_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(monkeypatch, pipeline):
    """A company that has very many deals: two are enough for this test."""
    monkeypatch.setattr(keeping, "MANY", 2)
    return pipeline


def days(user, cycle):
    return funnel_of(user=user, query=FunnelQuery(cycle)).steps[0].visits


def products(user, cycle):
    return [
        (figure.count, figure.value) for figure in results_of(user=user, query=FunnelQuery(cycle)).won_by["product"]
    ]


def test_the_figures_stay_and_tell_their_time(many, cycle, admin, executive):
    before = timezone.now()
    assert (days(admin, cycle), products(admin, cycle)) == (5, [(1, 1000), (1, 500)])
    StageVisit.objects.filter(opportunity=many.a).delete()
    OpportunityLine.objects.filter(opportunity=many.a).delete()
    assert (days(executive, cycle), products(executive, cycle)) == (5, [(1, 1000), (1, 500)])
    at = funnel_of(user=admin, query=FunnelQuery(cycle)).days_at
    assert before <= at <= timezone.now()
    assert results_of(user=admin, query=FunnelQuery(cycle)).products_at >= at


def test_the_system_and_those_who_see_a_part_are_told_the_newest(many, cycle, admin, rep):
    days(admin, cycle)
    StageVisit.objects.filter(opportunity=many.a).delete()
    assert days(None, cycle) == 4
    assert funnel_of(user=None, query=FunnelQuery(cycle)).days_at is None
    assert days(rep, cycle) == 2
    assert days(admin, cycle) == 5


def test_another_question_is_another_figure(many, cycle, admin, rep):
    assert days(admin, cycle) == 5
    asked = FunnelQuery(cycle, owner_id=rep.pk)
    assert funnel_of(user=admin, query=asked).days_at is None
    spring = FunnelQuery(cycle, start=many.a.opened_on, end=many.a.opened_on)
    StageVisit.objects.filter(opportunity=many.a).delete()
    assert funnel_of(user=admin, query=spring).steps[0].visits == 4


def test_few_deals_are_looked_at_each_time(pipeline, cycle, admin):
    assert days(admin, cycle) == 5
    StageVisit.objects.filter(opportunity=pipeline.a).delete()
    assert days(admin, cycle) == 4
    assert funnel_of(user=admin, query=FunnelQuery(cycle)).days_at is None


def test_without_a_cache_it_is_counted(many, cycle, admin, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    numbers = iter((1, 2))
    found = [kept("x", user=admin, query=FunnelQuery(cycle), deals=9, count=lambda: next(numbers)) for _ in range(2)]
    assert [one.value for one in found] == [1, 2]


def test_the_page_says_when(many, cycle, admin, client):
    admin.language, admin.digits = "en", "latin"
    admin.save()
    client.force_login(admin)
    span = {"period_from": "2025-03-21", "period_to": "2025-12-31"}
    page = client.get(reverse("reports:funnel"), {"cycle": cycle.pk, **span})
    with use(admin.display):
        said = f"As counted at {format_time(page.context['funnel'].days_at)};"
    assert page.content.decode().count(said) == 2
