"""The figures against those computed by hand (see conftest)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Account
from core.display import Display, use
from opportunities.services import opportunity_win
from reports.selectors.funnel import funnel_of
from reports.selectors.query import FunnelQuery, grouping_of
from reports.selectors.results import results_of, won_accounts
from tests.reports.factories import CycleFactory, deal

pytestmark = pytest.mark.django_db
SPRING = {"start": dt.date(2025, 3, 21), "end": dt.date(2025, 6, 21)}


@pytest.fixture(autouse=True, params=["from the running totals", "deal by deal"])
def way(request, monkeypatch):
    """Both ways to a figure give the same; who sees all deals and asks for all takes the first."""
    if request.param == "deal by deal":
        monkeypatch.setattr(FunnelQuery, "is_whole", lambda _query, _user: False)


def figures(rows):
    return [(row.label, row.count, row.value) for row in rows]


def test_deals_count_up_to_the_furthest_stage_also_lost_ones(pipeline, cycle):
    funnel = funnel_of(user=None, query=FunnelQuery(cycle, **SPRING))
    assert [(step.stage.code, step.reached) for step in funnel.steps] == [
        ("one", 6),
        ("two", 4),
        ("three", 3),
        ("won", 2),
    ]
    assert [step.lost for step in funnel.steps] == [1, 1, 0, 0]
    assert [step.passed for step in funnel.steps] == [4, 3, 2, None]
    assert [step.conversion for step in funnel.steps] == [Decimal(4) / 6, Decimal("0.75"), Decimal(2) / 3, None]
    assert funnel.steps[1].drop == Decimal("0.25")
    assert (funnel.total, funnel.won, funnel.lost, funnel.open) == (6, 2, 2, 2)


def test_open_and_weighted_value_are_of_the_stage_a_deal_stands_in(pipeline, cycle):
    funnel = funnel_of(user=None, query=FunnelQuery(cycle, **SPRING))
    assert [(s.standing, s.open_value, s.weighted) for s in funnel.steps] == [
        (1, Decimal(100), Decimal(10)),
        (0, Decimal(0), Decimal(0)),
        (1, Decimal(400), Decimal(280)),
        (0, Decimal(0), Decimal(0)),
    ]
    assert (funnel.open_value, funnel.weighted) == (Decimal(500), Decimal(290))


def test_mean_and_median_days_of_finished_stays(pipeline, cycle):
    funnel = funnel_of(user=None, query=FunnelQuery(cycle, **SPRING))
    days = {step.stage.code: (step.visits, step.mean_days, step.median_days) for step in funnel.steps}
    # one: 2, 10, 6, 60, 1 → mean 15.8, median 6; two: 4, 14, 1 → 6.33, 4; three: 4, 20 → 12, 12.
    assert days["one"] == (5, pytest.approx(15.8), pytest.approx(6))
    assert days["two"] == (3, pytest.approx(19 / 3), pytest.approx(4))
    assert days["three"] == (2, pytest.approx(12), pytest.approx(12))


def test_without_a_span_deals_without_an_opening_day_count_too(pipeline, cycle):
    assert funnel_of(user=None, query=FunnelQuery(cycle)).total == 8
    assert funnel_of(user=None, query=FunnelQuery(cycle, start=dt.date(2000, 1, 1))).total == 7


def test_won_and_lost_go_by_the_closing_day(pipeline, cycle, rep, outsider):
    results = results_of(user=None, query=FunnelQuery(cycle, **SPRING))
    assert (results.won.count, results.won.value, results.lost.count, results.lost.value) == (2, 1500, 2, 500)
    assert (results.win_rate, results.average) == (Decimal("0.5"), Decimal(750))
    assert (results.won_days, results.lost_days) == (20, 40)
    assert figures(results.won_by["owner"]) == [(str(rep), 1, 1000), (str(outsider), 1, 500)]
    assert figures(results.won_by["team"]) == [(str(rep.team), 1, 1000), (str(outsider.team), 1, 500)]
    assert figures(results.won_by["office"]) == [(str(rep.team.branch), 1, 1000), (str(outsider.team.branch), 1, 500)]
    assert [row[1:] for row in figures(results.won_by["source"])] == [(1, 1000), (1, 500)]
    assert results.won_by["source"][1].key is None
    assert [row[1:] for row in figures(results.won_by["product"])] == [(1, 1000), (1, 500)]
    assert [row[1:] for row in figures(results.lost_by["reason"])] == [(1, 300), (1, 200)]
    assert {(row.label[-3:], row.count) for row in results.lost_by["stage"]} == {("two", 1), ("one", 1)}


def test_months_are_those_of_the_calendar(pipeline, cycle):
    jalali = results_of(user=None, query=FunnelQuery(cycle, **SPRING, grouping="month"))
    # 2025-04-11 is 22 Farvardin, 2025-05-01 is 11 Ordibehesht.
    assert [(p.label("en"), f.count) for p, f in zip(jalali.periods, jalali.won_by["period"], strict=True)] == [
        ("Farvardin 1404", 1),
        ("Ordibehesht 1404", 1),
        ("Khordad 1404", 0),
    ]
    gregorian = results_of(user=None, query=FunnelQuery(cycle, **SPRING, grouping="month", calendar="gregorian"))
    assert [(p.label("en"), f.count) for p, f in zip(gregorian.periods, gregorian.won_by["period"], strict=True)] == [
        ("March 2025", 0),
        ("April 2025", 1),
        ("May 2025", 1),
        ("June 2025", 0),
    ]


@pytest.mark.parametrize(
    ("day", "month"),
    [
        ("2025-03-20", "Esfand 1403"),
        ("2025-03-21", "Farvardin 1404"),
        ("2025-04-20", "Farvardin 1404"),
        ("2025-04-21", "Ordibehesht 1404"),
    ],
)
def test_the_edge_of_a_jalali_month(cycle, day, month):
    deal(cycle, "won", opened="2025-01-01", closed=day)
    results = results_of(user=None, query=FunnelQuery(cycle, grouping="month"))
    assert [period.label("en") for period in results.periods] == [month]


def test_a_deal_won_in_the_evening_is_of_that_day_in_tehran(cycle, admin, monkeypatch):
    """20:40 UTC on 20 March is past midnight, 1 Farvardin, in Tehran."""
    clock = dt.datetime(2025, 3, 20, 20, 40, tzinfo=dt.UTC)
    monkeypatch.setattr(Display, "now", lambda self: clock.astimezone(self.tz))
    row = deal(cycle, "three", opened="2025-01-01")
    with use(Display()):
        opportunity_win(actor=admin, opportunity=row)
    row.refresh_from_db()
    assert row.closed_on == dt.date(2025, 3, 21)
    results = results_of(user=None, query=FunnelQuery(cycle, grouping="month"))
    assert [period.label("en") for period in results.periods] == ["Farvardin 1404"]


def test_everybody_sees_the_figures_of_their_own_scope(pipeline, cycle, rep, manager, outsider, nobody):
    def won(user):
        results = results_of(user=user, query=FunnelQuery(cycle, **SPRING))
        return results.won.count, results.won.value, results.lost.count

    def total(user):
        return funnel_of(user=user, query=FunnelQuery(cycle, **SPRING)).total

    assert (won(rep), total(rep)) == ((1, 1000, 1), 3)
    assert (won(manager), total(manager)) == ((1, 1000, 2), 4)
    assert (won(outsider), total(outsider)) == ((1, 500, 0), 2)
    assert (won(nobody), total(nobody)) == ((0, 0, 0), 0)


def test_one_owner_one_team(pipeline, cycle, rep, outsider):
    query = FunnelQuery(cycle, **SPRING, owner_id=rep.pk)
    assert results_of(user=None, query=query).won.value == 1000
    query = FunnelQuery(cycle, **SPRING, team_id=outsider.team_id)
    assert funnel_of(user=None, query=query).total == 2


def test_amounts_are_in_the_base_currency(cycle):
    deal(cycle, "won", closed="2025-04-11", amount=10, currency="USD", exchange_rate=Decimal(600_000))
    assert results_of(user=None, query=FunnelQuery(cycle)).won.value == 6_000_000


def test_an_empty_cycle_has_no_rates(cycle):
    results = results_of(user=None, query=FunnelQuery(cycle))
    funnel = funnel_of(user=None, query=FunnelQuery(cycle))
    assert (results.win_rate, results.average, funnel.conversion, results.periods) == (None, None, None, [])
    assert [step.conversion for step in funnel.steps] == [None] * 4


def test_best_accounts(pipeline, cycle):
    account = Account.objects.create(name="پارس")
    deal(cycle, "won", closed="2025-04-12", amount=70, account=account)
    assert figures(won_accounts(user=None, query=FunnelQuery(cycle))) == [("پارس", 1, 70)]


def test_few_statements_whatever_the_rows(pipeline, cycle, django_assert_num_queries):
    query = FunnelQuery(cycle, **SPRING)
    with django_assert_num_queries(3):
        funnel_of(user=None, query=query)
    with django_assert_num_queries(4):
        results_of(user=None, query=query)
    for _number in range(10):
        deal(cycle, "won", closed="2025-04-12")
    with django_assert_num_queries(7):
        funnel_of(user=None, query=query)
        results_of(user=None, query=query)


@pytest.mark.parametrize(("days", "kind"), [(30, "week"), (365, "month"), (2000, "season")])
def test_spans_are_cut_into_a_readable_number_of_periods(days, kind):
    start = dt.date(2025, 1, 1)
    assert grouping_of(start, start + dt.timedelta(days=days)) == kind


def test_deals_in_the_bin_do_not_count(pipeline, cycle):
    pipeline.a.deleted_at = timezone.now()
    pipeline.a.save()
    assert results_of(user=None, query=FunnelQuery(cycle, **SPRING)).won.value == 500


def test_two_cycles_do_not_mix(pipeline, cycle):
    other = CycleFactory()
    deal(other, "won", closed="2025-04-12", amount=9999)
    assert results_of(user=None, query=FunnelQuery(cycle, **SPRING)).won.value == 1500
