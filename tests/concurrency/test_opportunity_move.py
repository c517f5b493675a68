"""Two people move one card at the same moment: one wins, the other is told."""

import threading

import pytest
from django.db import close_old_connections, connection

from core.errors import DomainError, StaleRecord
from opportunities.models import Opportunity, StageVisit
from opportunities.services import line_save, opportunity_move, opportunity_win
from tests.opportunities.factories import CycleFactory, OpportunityFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    """Run the works in threads that start together; what each returned or raised, in order."""
    start, results = threading.Barrier(len(works)), [None] * len(works)

    def run(number):
        close_old_connections()
        try:
            start.wait(timeout=10)
            results[number] = works[number]()
        except DomainError as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def test_one_move_wins_and_the_other_is_told(rep, manager):
    cycle = CycleFactory()
    deal = OpportunityFactory(cycle=cycle, owner=rep)
    two, three = cycle.stages.get(code="two"), cycle.stages.get(code="three")

    def move(actor, stage):
        row = Opportunity.objects.get(pk=deal.pk)
        return lambda: opportunity_move(actor=actor, opportunity=row, stage=stage, expected_version=row.version)

    results = at_once(move(rep, two), move(manager, three))
    told = [result for result in results if isinstance(result, StaleRecord)]
    assert len(told) == 1
    won = next(result for result in results if isinstance(result, Opportunity))
    assert told[0].data["current"].stage == won.stage
    deal.refresh_from_db()
    assert deal.stage == won.stage
    assert StageVisit.objects.filter(opportunity=deal, left_at=None).count() == 1
    assert StageVisit.objects.filter(opportunity=deal).count() == 2


def test_a_deal_is_won_once(rep, manager):
    deal = OpportunityFactory(cycle=CycleFactory(), owner=rep)
    rows = [Opportunity.objects.get(pk=deal.pk) for _ in range(2)]
    results = at_once(
        lambda: opportunity_win(actor=rep, opportunity=rows[0]),
        lambda: opportunity_win(actor=manager, opportunity=rows[1]),
    )
    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert StageVisit.objects.filter(opportunity=deal).count() == 2


def test_two_lines_at_once_are_both_in_the_amount(rep):
    from catalog.models import Product
    from opportunities.models import OpportunityLine

    deal = OpportunityFactory(cycle=CycleFactory(), owner=rep, amount=0)
    product = Product.objects.create(code="P1", name_fa="کالا", price=100)

    def add(price):
        line = OpportunityLine(opportunity=deal, product=product, unit_price=price)
        return lambda: line_save(actor=rep, line=line)

    at_once(add(100), add(20))
    deal.refresh_from_db()
    assert deal.amount == 120
