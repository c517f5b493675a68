"""Pages by the key of the last row: every row once in every order, and from where the page before ended."""

import datetime as dt

import pytest
from django.db import connection
from django.http import QueryDict

from core.pagination import decode_cursor, encode_cursor, paginate
from opportunities.models import Opportunity
from tests.opportunities.factories import CycleFactory, OpportunityFactory

pytestmark = pytest.mark.django_db
SIZE = 25
MAY = dt.date(2026, 5, 1)


@pytest.fixture
def deals(db):
    """More than two pages, with equal values and missing ones."""
    cycle = CycleFactory()
    days = (None, MAY, MAY, MAY + dt.timedelta(days=1))
    return [OpportunityFactory(cycle=cycle, amount=n // 3, expected_close_on=days[n % 4]) for n in range(60)]


@pytest.mark.parametrize(
    "ordering",
    [
        ["-created_at", "-pk"],
        ["created_at", "pk"],
        ["amount", "-pk"],
        ["-amount", "pk"],
        ["expected_close_on", "pk"],
        ["-expected_close_on", "-pk"],
        ["expected_close_on", "-amount", "pk"],
        ["sort_key", "pk"],
        ["account__name", "pk"],
        ["-pk"],
        ["pk"],
    ],
)
def test_walking_by_key_gives_every_row_once_and_in_order(deals, ordering):
    rows = Opportunity.objects.all()
    seen, query = [], QueryDict("")
    while True:
        page = paginate(rows, ordering, query)
        seen += [row.pk for row in page.rows]
        if not page.has_next:
            break
        query = QueryDict(page.next_url.removeprefix("?"))
    assert seen == list(rows.order_by(*ordering).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("ordering", "bound"), [(["-created_at", "-pk"], "created_at <="), (["sort_key", "pk"], "sort_key >=")]
)
def test_a_page_far_down_begins_in_the_index_where_the_one_before_ended(deals, ordering, bound):
    after = decode_cursor(encode_cursor(deals[30], ordering), ordering, Opportunity)
    rows = Opportunity.objects.filter(after).order_by(*ordering)[:SIZE]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = rows.explain()
    assert f"Index Cond: ({bound} " in plan
