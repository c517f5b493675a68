"""The usual pages, filters and columns."""

import pytest

from core.testing.contracts import CrudContract, FilterContract, TableContract
from opportunities.models import CloseReason, Opportunity, SalesCycle
from tests.opportunities.factories import CycleFactory, OpportunityFactory, ReasonFactory

pytestmark = pytest.mark.django_db


class TestOpportunity(CrudContract, FilterContract, TableContract):
    model = Opportunity
    values = {"name": "تجهیز مرکز داده", "amount": "۱٬۲۵۰٬۰۰۰"}
    changed = {"name": "نام تازه", "description": "متن"}
    exempt = ("exchange_rate", "amount_from_lines")

    @staticmethod
    def factory(**values):
        cycle = SalesCycle.objects.get(code="b2b")
        return OpportunityFactory(cycle=cycle, **values)


class TestCloseReason(CrudContract, FilterContract, TableContract):
    model = CloseReason
    factory = ReasonFactory
    seer = "admin"
    foreigner = ""
    values = {"name_fa": "دلیل", "name_en": "Reason", "code": "a-reason", "outcome": "lost", "position": "5"}
    changed = {"name_en": "Another name"}
    exempt = ("created_at", "name_fa", "name_en", "position")


class TestSalesCycle(CrudContract):
    model = SalesCycle
    factory = CycleFactory
    seer = "admin"
    foreigner = ""
    values = {"name_fa": "نو", "name_en": "New", "code": "new-cycle", "position": "30"}
    changed = {"name_en": "Another name"}

    def listed(self, client):
        """The cycles are shown whole, without pages."""
        response = client.get(self.url("list"))
        return [cycle.pk for cycle in response.context["cycles"]]

    def test_the_export_is_a_right_of_its_own(self):
        """There is nothing to export: the page is no list of rows."""

    def test_the_list_answers_nonsense_politely(self, admin):
        """What is no filter here is left out."""
        assert self.signed_in(admin).get(self.url("list"), {"page": "x", "nonsense": "1"}).status_code == 200
