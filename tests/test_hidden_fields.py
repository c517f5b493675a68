"""What field rules hide from a role is told by no other page: sums, lists of people, days, calendars, filters."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ContactPoint, Employment
from activities.services import activity_complete, activity_plan
from messaging.selectors.reach import addresses_for
from opportunities.models import Opportunity, OpportunityContact
from opportunities.services import opportunity_create
from tests.accounts.factories import AccountFactory, ContactFactory
from tests.leads.factories import LeadFactory
from users.models import FieldRule, Role

pytestmark = pytest.mark.django_db
LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789", ",٬٫./ \u200c")
SECRET = "zqxhidden"
MOBILE = "+989351112244"


@pytest.fixture
def hide():
    def rule(**fields: str) -> None:
        for model, names in fields.items():
            for name in names.split():
                FieldRule.objects.create(
                    role=Role.objects.get(code="sales-rep"),
                    model=model.replace("__", "."),
                    field=name,
                    access="hidden",
                )

    return rule


@pytest.fixture
def deal(rep):
    today = timezone.localdate()
    account = AccountFactory(owner=rep)
    row = opportunity_create(
        actor=rep, name="فروش", account=account, amount=987654321, owner=rep, expected_close_on=today
    )
    Opportunity.objects.filter(pk=row.pk).update(next_step_at=None)
    return row


def read(client, url, data=None):
    response = client.get(url, data or {})
    assert response.status_code == 200, url
    content = b"".join(response) if response.streaming else response.content
    return content.decode()


def tells_amount(page: str) -> bool:
    plain = page.translate(LATIN)
    return "98765" in plain or "988" in plain


def test_my_day_tells_no_sums_of_hidden_amounts(client, rep, deal, hide):
    client.force_login(rep)
    assert tells_amount(read(client, reverse("reports:my_day")))
    hide(opportunities__opportunity="amount")
    page = read(client, reverse("reports:my_day"))
    assert not tells_amount(page)
    assert str(deal) in page


def test_a_managers_day_neither(client, manager, deal):
    client.force_login(manager)
    assert tells_amount(read(client, reverse("reports:my_day")))
    role = Role.objects.get(code="sales-manager")
    FieldRule.objects.create(role=role, model="opportunities.opportunity", field="amount", access="hidden")
    assert not tells_amount(read(client, reverse("reports:my_day")))


def test_the_funnel_is_closed_without_amounts(client, rep, deal, hide):
    client.force_login(rep)
    url = reverse("reports:funnel")
    assert read(client, url)
    hide(opportunities__opportunity="amount")
    assert client.get(url).status_code == 403


@pytest.mark.parametrize("name", ["amount_min", "expected_value_min"])
def test_hidden_amounts_are_not_found_by_guessing(client, rep, deal, hide, name):
    client.force_login(rep)
    url, row = reverse("opportunities:opportunity_list"), f'data-pk="{deal.pk}"'
    assert row not in read(client, url, {name: "999999999999"})
    hide(opportunities__opportunity="amount")
    page = read(client, url, {name: "999999999999", "sort": "-expected_value"})
    assert row in page


def test_the_lines_of_a_deal_are_parts_of_its_amount(rep, hide):
    hide(opportunities__opportunity="amount")
    assert {"unit_price", "quantity", "discount"} <= rep.hidden_fields("opportunities.opportunityline")
    assert {"base_amount", "expected_value", "amount"} <= rep.hidden_fields("opportunities.opportunity")


@pytest.fixture
def person(rep):
    return ContactFactory(owner=rep, mobile=MOBILE, email=f"{SECRET}@example.com")


def test_a_number_hidden_on_contacts_is_hidden_where_they_are_listed(client, rep, deal, person, hide):
    Employment.objects.create(account=deal.account, contact=person)
    OpportunityContact.objects.create(opportunity=deal, contact=person)
    client.force_login(rep)
    urls = [
        reverse("panel", args=["accounts.account", deal.account_id, "contacts"]),
        reverse("panel", args=["opportunities.opportunity", deal.pk, "people"]),
    ]
    assert all("9351112244" in read(client, url) for url in urls)
    hide(accounts__contact="mobile email")
    for url in urls:
        page = read(client, url)
        assert str(person) in page
        assert "9351112244" not in page
        assert SECRET not in page


def test_a_second_number_is_hidden_with_the_first(client, rep, person, hide):
    ContactPoint.objects.create(contact=person, kind="mobile", value="+989361112255")
    ContactPoint.objects.create(contact=person, kind="email", value="second@example.com")
    ContactPoint.objects.create(contact=person, kind="telegram", value="shown_here")
    client.force_login(rep)
    url = reverse("panel", args=["accounts.contact", person.pk, "points"])
    assert "9361112255" in read(client, url)
    hide(accounts__contact="mobile")
    page = read(client, url)
    assert "9361112255" not in page
    assert "second@example.com" in page
    assert "shown_here" in page
    rep = type(rep).objects.get(pk=rep.pk)
    assert not addresses_for(user=rep, obj=person, channel="sms")
    assert len(addresses_for(user=rep, obj=person, channel="email")) == 2


def test_converting_proposes_no_hidden_words(client, rep, hide):
    lead = LeadFactory(owner=rep, interest=SECRET, estimated_value=987654321)
    url = reverse("leads:lead_convert", args=[lead.pk])
    client.force_login(rep)
    page = read(client, url)
    assert SECRET in page
    assert tells_amount(page)
    hide(leads__lead="interest estimated_value")
    page = read(client, url)
    assert SECRET not in page
    assert not tells_amount(page)


@pytest.fixture
def call(rep, manager, deal):
    begin = timezone.now() - dt.timedelta(minutes=5)
    return activity_plan(
        actor=manager,
        kind="call",
        subject="تماس",
        text=SECRET,
        location=SECRET,
        due_at=begin,
        ends_at=begin + dt.timedelta(minutes=30),
        records=[deal],
        assignees=[rep],
    )


def test_the_calendar_tells_no_hidden_place_or_text(client, rep, call, hide):
    client.force_login(rep)
    urls = [f"{reverse('activities:calendar')}?view={view}" for view in ("month", "week", "day", "agenda")]
    event = reverse("activities:calendar_event", args=[call.pk])
    assert all(SECRET in read(client, url) for url in (urls[1], event))
    hide(activities__activity="location text")
    for url in (*urls, event):
        page = read(client, url)
        assert "تماس" in page
        assert SECRET not in page


def test_walking_the_calls_tells_no_hidden_words(client, rep, manager, deal, call, hide):
    before = activity_plan(
        actor=manager, kind="call", subject="پیش", due_at=timezone.now() + dt.timedelta(days=1), records=[deal]
    )
    activity_complete(actor=manager, activity=before, note=SECRET)
    client.force_login(rep)
    url = reverse("reports:calls")
    assert read(client, url).count(SECRET) >= 2
    hide(activities__activity="text outcome_note")
    page = read(client, url)
    assert "پیش" in page
    assert SECRET not in page


def test_a_call_by_name_quotes_no_hidden_text(client, rep, manager, deal, hide):
    hide(activities__activity="text")
    activity_plan(actor=manager, kind="task", subject="ببین", text=f"{SECRET} @[x]({rep.pk})", records=[deal])
    client.force_login(rep)
    for name in ("notification_list", "reports:my_day"):
        page = read(client, reverse(name))
        assert "ببین" in page
        assert SECRET not in page


def test_a_name_cannot_be_hidden(client, admin):
    role = Role.objects.get(code="sales-rep")
    client.force_login(admin)
    page = read(client, reverse("users:role_fields", args=[role.pk]), {"model": "activities.activity"})
    assert 'name="location"' in page
    assert 'name="subject"' not in page
