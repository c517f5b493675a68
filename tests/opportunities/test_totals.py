"""The running totals the database keeps: the same as counted anew, whoever writes and however."""

import datetime as dt
from collections import Counter
from types import SimpleNamespace

import pytest
from django.db.models import Count, F, Sum
from django.utils import timezone

from core.models import Currency
from core.services import object_delete
from opportunities import services
from opportunities.models import Opportunity, Tally
from opportunities.selectors import board_totals
from tests.opportunities.factories import CycleFactory, OpportunityFactory

pytestmark = pytest.mark.django_db
SPRING = dt.date(2026, 4, 1)
CELL = (
    "kind",
    "cycle",
    "day",
    "status",
    "stage",
    "furthest_stage",
    "owner",
    "team",
    "source",
    "close_reason",
    "lost_stage",
)
KINDS = {
    "board": (None, ("stage", "owner", "team")),
    "opened": ("opened_on", ("stage", "furthest_stage")),
    "owner": ("closed_on", ("owner", "team")),
    "source": ("closed_on", ("source",)),
    "reason": ("closed_on", ("close_reason",)),
    "lost": ("closed_on", ("lost_stage",)),
}


def kept() -> dict:
    """Cell → what its rows add up to, without the empty ones."""
    sums = [Sum(name) for name in ("deals", "amount", "expected", "days", "dated")]
    rows = Tally.objects.order_by().values_list(*CELL).annotate(*sums)
    return {row[: len(CELL)]: row[len(CELL) :] for row in rows if any(row[len(CELL) :])}


def counted() -> dict:
    """The same, from the deals one by one."""
    found: dict = {}
    for deal in Opportunity.objects.all():
        for kind, (day, names) in KINDS.items():
            on = getattr(deal, day) if day else None
            if day == "closed_on" and on is None:
                continue
            own = {"kind": kind, "cycle": deal.cycle_id, "day": on, "status": deal.status}
            own |= {name: getattr(deal, f"{name}_id") for name in names}
            length = (deal.closed_on - deal.opened_on).days if deal.closed_on and deal.opened_on else None
            parts = (1, deal.base_amount, deal.expected_value, length or 0, int(length is not None))
            cell = tuple(own.get(name) for name in CELL)
            found[cell] = tuple(a + b for a, b in zip(found.get(cell, (0,) * 5), parts, strict=True))
    return found


def lose(at):
    services.opportunity_lose(actor=at.boss, opportunity=at.deal, reason=at.reason)


def reopen(at):
    lose(at)
    at.deal.refresh_from_db()
    services.opportunity_reopen(actor=at.boss, opportunity=at.deal)


def put_in_the_bin_and_back(_at):
    for moment in (timezone.now(), None):
        Opportunity.all_objects.update(deleted_at=moment)


def make_many(at):
    place = {"cycle": at.deal.cycle, "stage": at.stage, "furthest_stage": at.stage}
    Opportunity.objects.bulk_create(Opportunity(name=f"n{n}", amount=n, **place) for n in range(5))


WRITES = {
    "nothing": lambda _at: None,
    "move": lambda at: services.opportunity_move(actor=at.boss, opportunity=at.deal, stage=at.stage),
    "win": lambda at: services.opportunity_win(actor=at.boss, opportunity=at.deal),
    "lose": lose,
    "reopen": reopen,
    "bin": lambda at: object_delete(actor=at.boss, instance=at.deal),
    "restored": put_in_the_bin_and_back,
    "bulk amounts": lambda _at: Opportunity.objects.update(amount=F("amount") * 2),
    "bulk owner": lambda _at: Opportunity.objects.update(owner=None, team=None),
    "rate": lambda _at: Opportunity.objects.update(exchange_rate="3.5"),
    "opening day": lambda _at: Opportunity.objects.update(opened_on=None),
    "many new": make_many,
    "deleted": lambda _at: Opportunity.objects.all().delete(),
    "other column": lambda _at: Opportunity.objects.update(description="x"),
}


@pytest.mark.parametrize("write", WRITES)
def test_every_way_of_writing_is_counted(write, cycle, stages, boss, price, rep):
    deal = OpportunityFactory(cycle=cycle, owner=boss, opened_on=SPRING)
    OpportunityFactory(cycle=cycle, owner=rep, team=rep.team, amount="0.25")
    OpportunityFactory(owner=boss, opened_on=SPRING, currency=Currency.objects.order_by("pk")[0].pk)
    WRITES[write](SimpleNamespace(deal=deal, stage=stages.two, boss=boss, reason=price))
    assert kept() == counted()
    services.totals_settle()
    assert kept() == counted()


def test_a_change_that_touches_no_sum_leaves_no_row(deal):
    rows = Tally.objects.count()
    Opportunity.objects.update(name="another")
    assert Tally.objects.count() == rows


def test_settling_leaves_one_row_for_each_cell_and_none_for_empty_ones(cycle, stages, boss):
    deals = [OpportunityFactory(cycle=cycle, owner=boss, opened_on=SPRING) for _ in range(4)]
    for deal in deals:
        services.opportunity_move(actor=boss, opportunity=deal, stage=stages.two)
    assert services.totals_settle() > 4
    assert Tally.objects.count() == len(counted()) == 2
    assert not Tally.objects.filter(settled=False).exists()
    assert services.totals_settle() == 0
    Opportunity.objects.filter(pk=deals[0].pk).update(amount=5)
    assert services.totals_settle() == 2
    assert kept() == counted()
    assert max(Counter(Tally.objects.values_list(*CELL)).values()) == 1


def test_what_was_written_past_the_triggers_is_counted_anew(deal):
    Tally.objects.all().delete()
    services.totals_rebuild()
    assert kept() == counted()
    assert not Tally.objects.filter(settled=False).exists()


@pytest.mark.parametrize("reader", ["rep", "teammate", "manager", "outsider", "executive", "boss"])
def test_the_board_sums_what_its_reader_may_see(request, reader, cycle, rep, teammate, outsider, boss):
    for number, owner in enumerate((rep, teammate, outsider, boss)):
        OpportunityFactory(cycle=cycle, owner=owner, team=owner.team, amount=10**number)
    for number, team in enumerate((rep.team, outsider.team, None)):
        OpportunityFactory(cycle=cycle, owner=None, team=team, amount=5 * 10**number)
    OpportunityFactory(owner=rep, team=rep.team)
    user = request.getfixturevalue(reader)
    figures = {"count": Count("pk"), "sum": Sum("base_amount"), "weighted": Sum("expected_value")}
    for narrow in ({}, {"owner": [rep, boss]}, {"team": [outsider.team]}, {"status": ["won"]}):
        rows = Opportunity.objects.for_user(user, "view").filter(cycle=cycle)
        rows = rows.filter(**{f"{name}__in": value for name, value in narrow.items()})
        expected = {row.pop("stage_id"): row for row in rows.order_by().values("stage_id").annotate(**figures)}
        assert board_totals(user=user, cycle=cycle, **narrow) == expected


def test_nobody_gets_no_sums(cycle, deal, django_user_model):
    nobody = django_user_model.objects.create(email="none@example.com")
    assert board_totals(user=nobody, cycle=cycle) == {}


def test_a_stage_that_was_deleted_leaves_nothing(boss, deal, stages, cycle):
    services.opportunity_move(actor=boss, opportunity=deal, stage=stages.two)
    Opportunity.objects.update(furthest_stage=stages.three, stage=stages.three)
    deal.visits.all().delete()
    services.stage_delete(actor=boss, stage=stages.two)
    services.totals_settle()
    assert kept() == counted()
    assert stages.two.pk not in Tally.objects.values_list("stage_id", flat=True)


def test_another_cycle_is_another_sum(boss):
    here, there = CycleFactory(), CycleFactory()
    OpportunityFactory(cycle=here)
    assert board_totals(user=boss, cycle=there) == {}
