"""The usual pages, filters and columns."""

import pytest

from activities.models import Activity
from core.testing.contracts import CrudContract, FilterContract, TableContract
from tests.activities.factories import ActivityFactory

pytestmark = pytest.mark.django_db


class TestActivity(CrudContract, FilterContract, TableContract):
    model = Activity
    factory = ActivityFactory
    values = {"kind": "call", "subject": "تماس با مشتری", "due_at": "1405/09/05 10:00", "checklist": "یک\nدو"}
    changed = {"subject": "جلسه با مدیر خرید", "location": "دفتر"}
    exempt = ("external_key", "uid", "occurrence", "step", "reminder_choice", "closed_with")
