"""Running totals stay exact while people write and the janitor settles and counts anew at the same moment."""

import pytest
from django.db.models import Sum

from opportunities.models import Opportunity, Tally
from opportunities.services import totals_rebuild, totals_settle
from tests.concurrency.test_opportunity_move import at_once
from tests.opportunities.factories import CycleFactory, OpportunityFactory

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 15


@pytest.mark.parametrize("janitor", [totals_settle, totals_rebuild])
def test_nothing_is_lost_or_counted_twice(janitor):
    cycle = CycleFactory()
    deals = [OpportunityFactory(cycle=cycle) for _ in range(3)]

    def write(number):
        def work():
            for amount in range(ROUNDS):
                Opportunity.objects.filter(pk=deals[number].pk).update(amount=100 * number + amount)

        return work

    def clean():
        for _ in range(ROUNDS):
            janitor()

    at_once(write(0), write(1), write(2), clean, clean)
    expected = Opportunity.objects.aggregate(Sum("base_amount"))["base_amount__sum"]
    board = Tally.objects.filter(kind="board", cycle=cycle)
    assert board.aggregate(Sum("deals"), Sum("amount")) == {"deals__sum": 3, "amount__sum": expected}
    totals_settle()
    assert board.count() == 1
    assert board.aggregate(Sum("deals"), Sum("amount")) == {"deals__sum": 3, "amount__sum": expected}
