"""The usual pages, filters and columns."""

import pytest

from core.testing.contracts import CrudContract, FilterContract, TableContract
from leads.models import CaptureForm, Lead
from tests.leads.factories import CaptureFormFactory, LeadFactory, SourceFactory

pytestmark = pytest.mark.django_db


class TestLead(CrudContract, FilterContract, TableContract):
    model = Lead
    factory = LeadFactory
    values = {"last_name": "کریمی", "company": "پارس", "mobile": "۰۹۱۲ ۱۲۳ ۴۵۶۷"}
    changed = {"last_name": "موسوی", "city": "شیراز"}
    exempt = ("external_key",)


class TestCaptureForm(CrudContract, TableContract):
    model = CaptureForm
    factory = CaptureFormFactory
    seer = "admin"
    foreigner = ""
    changed = {"name_en": "Another name"}
    owned = False

    @pytest.fixture(autouse=True)
    def _values(self, admin) -> None:
        self.values = {"name_fa": "نمونه", "name_en": "Sample", "source": SourceFactory().pk, "owner": admin.pk}

    def make(self, owner=None, **values):
        return CaptureFormFactory(owner=owner, **values)
