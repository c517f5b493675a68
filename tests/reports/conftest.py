"""A small pipeline whose figures are computed by hand.

Opened 2025-04-01 (12 Farvardin 1404) in a cycle one → two → three → won:
  A won 1000 on 2025-04-11, B won 500 on 2025-05-01, C lost in two 300 on 2025-04-21, D lost in one 200 on 2025-05-31,
  E open in three 400 (70 %), F open in one 100 (10 %).
Opened 2025-08-01: G open in two 50 (40 %). Without an opening day: H open in one 10.
"""

from types import SimpleNamespace

import pytest

from accounts.models import Source
from catalog.models import Product
from opportunities.models import CloseReason
from tests.reports.factories import CycleFactory, deal


@pytest.fixture
def cycle(db):
    return CycleFactory(is_default=False)


@pytest.fixture
def things(db):
    return SimpleNamespace(
        web=Source.objects.create(code="test-web", name_fa="وب", name_en="Web test"),
        price=CloseReason.objects.create(code="test-price", name_fa="قیمت", name_en="Price test", outcome="lost"),
        server=Product.objects.create(code="SRV", name_fa="سرور", name_en="Server"),
        switch=Product.objects.create(code="SWI", name_fa="سوئیچ", name_en="Switch"),
    )


@pytest.fixture
def pipeline(cycle, things, rep, teammate, outsider):
    mine = {"owner": rep, "team": rep.team}
    theirs = {"owner": teammate, "team": teammate.team}
    away = {"owner": outsider, "team": outsider.team}
    path = (("one", 2), ("two", 4), ("three", 4))
    return SimpleNamespace(
        a=deal(
            cycle, "won", closed="2025-04-11", amount=1000, stays=path, product=things.server, source=things.web, **mine
        ),
        b=deal(
            cycle,
            "won",
            closed="2025-05-01",
            amount=500,
            stays=(("one", 10), ("three", 20)),
            product=things.switch,
            **away,
        ),
        c=deal(
            cycle,
            "lost",
            closed="2025-04-21",
            amount=300,
            furthest="two",
            stays=(("one", 6), ("two", 14)),
            close_reason=things.price,
            **mine,
        ),
        d=deal(cycle, "lost", closed="2025-05-31", amount=200, furthest="one", stays=(("one", 60),), **theirs),
        e=deal(cycle, "three", amount=400, stays=(("one", 1), ("two", 1)), **mine),
        f=deal(cycle, "one", amount=100, **away),
        g=deal(cycle, "two", opened="2025-08-01", amount=50, **mine),
        h=deal(cycle, "one", opened=None, amount=10, **mine),
    )
