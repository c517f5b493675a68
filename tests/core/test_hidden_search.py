"""What a role may not read cannot be found by it: list search, palette and typeahead alike."""

import pytest
from django.urls import reverse

from core import display, search
from leads.models import Lead
from tests.leads.factories import LeadFactory
from users.models import FieldRule, Role

pytestmark = pytest.mark.django_db
MOBILE = "+989121234567"


@pytest.fixture
def lead(rep) -> Lead:
    return LeadFactory(owner=rep, last_name="کریمی", company="فولاد", mobile=MOBILE, phone="", email="", city="")


@pytest.fixture
def mobile_is_hidden():
    FieldRule.objects.create(
        role=Role.objects.get(code="sales-rep"), model="leads.lead", field="mobile", access="hidden"
    )


def found(client, rep, query):
    client.force_login(rep)
    page = client.get(reverse("leads:lead_list"), {"q": query}).content.decode()
    palette = client.get(reverse("palette"), {"q": query}).content.decode()
    typeahead = client.get(reverse("typeahead", args=["leads.lead"]), {"q": query}).json()["results"]
    return "فولاد" in page, "کریمی" in palette, bool(typeahead)


def test_an_open_field_is_found_by_everywhere(client, rep, lead):
    assert found(client, rep, "09121234567") == (True, True, True)


def test_a_number_keeps_its_order_beside_a_name(rep, lead):
    """In a line that begins with a Persian name its groups would stand the wrong way round."""
    with display.use(rep.display):
        (hit,) = [hit for group in search.find(rep, "کریمی") for hit in group.items]
    assert "\u2068فولاد\u2069 · \u2068۰۹۱۲ ۱۲۳ ۴۵۶۷\u2069" in hit.hint


@pytest.mark.usefixtures("mobile_is_hidden")
def test_a_hidden_field_finds_nothing_anywhere(client, rep, lead):
    assert found(client, rep, "09121234567") == (False, False, False)
    assert found(client, rep, "کریمی") == (True, True, True)


@pytest.mark.usefixtures("mobile_is_hidden")
def test_the_palette_does_not_hint_at_a_hidden_field(rep, lead):
    hints = [hit.hint for group in search.find(rep, "کریمی") for hit in group.items]
    assert hints
    assert not any("1234567" in hint or "۱۲۳۴۵۶۷" in hint for hint in hints)
