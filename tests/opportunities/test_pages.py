"""The record, its dialogs, its forms and its panels."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import BuyingRole
from activities.services import step_plan
from catalog.models import Product
from opportunities import services
from opportunities.models import Opportunity, OpportunityLine
from tests.opportunities.factories import (
    AccountFactory,
    ContactFactory,
    CycleFactory,
    OpportunityFactory,
    ReasonFactory,
)

pytestmark = pytest.mark.django_db
DIALOG = {"HX-Request": "true", "HX-Target": "dialog"}


@pytest.fixture
def browser(client, boss):
    client.force_login(boss)
    return client


@pytest.fixture
def server(db):
    return Product.objects.create(code="S1", name_fa="سرور", name_en="Server", price=Decimal(1_500_000))


def url(name, *keys):
    return reverse(f"opportunities:{name}", args=keys)


def panel(browser, label, obj, slug):
    response = browser.get(reverse("panel", args=[label, obj.pk, slug]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_record_shows_its_way_and_its_formula(browser, deal, boss, stages):
    services.opportunity_move(actor=boss, opportunity=deal, stage=stages.two)
    page = browser.get(deal.get_absolute_url())
    assert [(item["step"].stage.code, item["step"].state) for item in page.context["steps"]] == [
        ("one", "past"),
        ("two", "now"),
        ("three", "next"),
    ]
    text = page.content.decode()
    assert "400,000 rial" in text
    assert "1,000,000 rial × 40%" in text


def test_the_arrows_move_without_javascript(browser, deal, stages):
    response = browser.post(url("opportunity_move", deal.pk), {"stage": stages.two.pk, "version": deal.version})
    assert response["Location"] == deal.get_absolute_url()
    deal.refresh_from_db()
    assert deal.stage == stages.two
    response = browser.post(url("opportunity_move", deal.pk), {"stage": stages.three.pk, "version": 1}, follow=True)
    deal.refresh_from_db()
    assert deal.stage == stages.two
    assert [m.level_tag for m in response.context["messages"]][-1:] == ["error"]


def test_won_with_day_and_reason(browser, deal, quality):
    assert browser.get(url("opportunity_win", deal.pk), headers=DIALOG).status_code == 200
    data = {"closed_on": "2026-01-05", "reason": quality.pk, "note": "خوب"}
    Opportunity.objects.filter(pk=deal.pk).update(opened_on=dt.date(2025, 12, 1))
    response = browser.post(url("opportunity_win", deal.pk), data, headers=DIALOG)
    assert response.status_code == 204
    deal.refresh_from_db()
    assert (deal.status, deal.close_reason) == ("won", quality)
    assert browser.post(url("opportunity_win", deal.pk), data, headers=DIALOG).status_code == 422


def test_a_day_before_the_opening_is_a_form_error(browser, deal):
    Opportunity.objects.filter(pk=deal.pk).update(opened_on=timezone.localdate())
    response = browser.post(url("opportunity_win", deal.pk), {"closed_on": "2020-01-05"}, headers=DIALOG)
    assert response.status_code == 422
    assert "closed_on" in response.context["form"].errors


def test_lost_and_reopened(browser, deal, price, stages):
    data = {"closed_on": str(timezone.localdate()), "reason": price.pk, "competitor": "رقیب"}
    assert browser.post(url("opportunity_lose", deal.pk), {}, headers=DIALOG).status_code == 422
    assert browser.post(url("opportunity_lose", deal.pk), data).status_code == 302
    page = browser.get(deal.get_absolute_url()).content.decode()
    assert "رقیب" in page
    assert browser.post(url("opportunity_reopen", deal.pk), {"stage": stages.two.pk}).status_code == 302
    deal.refresh_from_db()
    assert (deal.status, deal.stage) == ("open", stages.two)


def test_a_reason_for_winning_is_no_choice_for_losing(browser, deal, quality):
    data = {"closed_on": str(timezone.localdate()), "reason": quality.pk}
    assert browser.post(url("opportunity_lose", deal.pk), data).status_code == 422


def test_the_next_step(browser, deal, boss):
    html = browser.get(deal.get_absolute_url()).content.decode()
    assert f"{reverse('activities:activity_plan')}?record=opportunities.opportunity" in html
    step = step_plan(actor=boss, record=deal, words="تماس", at=timezone.now() + dt.timedelta(days=1))
    html = browser.get(deal.get_absolute_url()).content.decode()
    for name in ("activity_complete", "activity_snooze"):
        assert reverse(f"activities:{name}", args=[step.pk]) in html


def test_changing_the_cycle(browser, deal):
    stage = CycleFactory().stages.order_by("position").first()
    page = url("opportunity_change_cycle", deal.pk)
    assert browser.post(page, {"stage": deal.stage_id}).status_code == 422
    assert browser.post(page, {"stage": stage.pk}).status_code == 302
    deal.refresh_from_db()
    assert deal.cycle == stage.cycle


def test_handing_over(browser, deal, rep):
    assert browser.get(url("opportunity_assign", deal.pk), headers=DIALOG).status_code == 200
    assert browser.post(url("opportunity_assign", deal.pk), {"owner": rep.pk}).status_code == 302
    deal.refresh_from_db()
    assert deal.owner == rep


def test_lines_in_dialogs(browser, deal, server):
    add = url("line_add", deal.pk)
    assert browser.get(add, headers=DIALOG).status_code == 200
    assert browser.post(add, {"product": server.pk, "quantity": "۲"}).status_code == 302
    line = deal.lines.get()
    assert (line.unit_price, line.quantity) == (Decimal(1_500_000), 2)
    edit = url("line_edit", deal.pk, line.pk)
    assert (
        browser.post(edit, {"product": server.pk, "quantity": "2", "unit_price": "1000", "discount": "10"}).status_code
        == 302
    )
    deal.refresh_from_db()
    assert deal.amount == Decimal(1800)
    assert "1,800 rial" in panel(browser, "opportunities.opportunity", deal, "lines")
    for bad in ({"quantity": "x"}, {"discount": "101"}, {"unit_price": "-1"}, {"product": "99999"}):
        assert browser.post(edit, {"product": server.pk, "quantity": "2", **bad}).status_code == 422
    other = OpportunityFactory(cycle=deal.cycle)
    assert browser.post(url("line_delete", other.pk, line.pk)).status_code == 404
    assert browser.get(url("line_delete", deal.pk, line.pk), headers=DIALOG).status_code == 200
    assert browser.post(url("line_delete", deal.pk, line.pk)).status_code == 302
    assert not deal.lines.exists()


def test_a_typed_amount_and_back_to_the_sum(browser, deal, server, boss):
    services.line_save(actor=boss, line=OpportunityLine(opportunity=deal, product=server, unit_price=Decimal(100)))
    from core.testing import form_data

    page = url("opportunity_edit", deal.pk)
    data = form_data(browser.get(page).context["form"])
    assert data["amount_from_lines"] == "on"
    data.pop("amount_from_lines")
    assert browser.post(page, {**data, "amount": "70"}).status_code == 302
    deal.refresh_from_db()
    assert (deal.amount, deal.amount_from_lines) == (70, False)
    assert browser.post(url("lines_sum", deal.pk)).status_code == 302
    deal.refresh_from_db()
    assert deal.amount == 100


def test_people_and_their_parts(browser, deal):
    contact, role = ContactFactory(), BuyingRole.objects.first()
    add = url("person_add", deal.pk)
    assert browser.post(add, {"contact": contact.pk, "role": role.pk}).status_code == 302
    assert browser.post(add, {"contact": contact.pk}).status_code == 422
    person = deal.people.get()
    assert str(contact) in panel(browser, "opportunities.opportunity", deal, "people")
    assert browser.post(url("person_edit", deal.pk, person.pk), {"contact": contact.pk, "role": ""}).status_code == 302
    assert browser.post(url("person_delete", deal.pk, person.pk)).status_code == 302
    assert not deal.people.exists()
    assert browser.post(url("person_delete", deal.pk, person.pk)).status_code == 404


def test_the_stages_of_the_chosen_cycle(browser, cycle, stages, deal):
    page = browser.get(url("stage_options"), {"cycle": cycle.pk}).content.decode()
    assert f'value="{stages.three.pk}"' in page
    assert f'value="{stages.won.pk}"' not in page
    assert browser.get(url("stage_options"), {"cycle": "x"}).status_code == 200
    add = url("opportunity_add")
    for bad in (CycleFactory().stages.first().pk, stages.won.pk, "x"):
        response = browser.post(add, {"name": "x", "cycle": cycle.pk, "stage": bad, "type": "new", "currency": "IRR"})
        assert response.status_code == 422
        assert "stage" in response.context["form"].errors


@pytest.mark.parametrize("query", ["account=x", "account=99999999", "cycle=x", f"stage={2**63}", "owner=", "amount=x"])
def test_nonsense_first_values_open_the_form(browser, query):
    assert browser.get(f"{url('opportunity_add')}?{query}").status_code == 200


def test_an_impossible_name_is_a_form_error(browser, cycle):
    data = {"cycle": cycle.pk, "type": "new", "currency": "IRR"}
    for name in ("", "x" * 201, "x\x00"):
        assert browser.post(url("opportunity_add"), {**data, "name": name}).status_code == 422


def test_panels_of_an_account(browser, boss, cycle, stages):
    account = AccountFactory()
    won, still, lost = (OpportunityFactory(cycle=cycle, account=account, amount=n) for n in (700, 1000, 50))
    services.opportunity_win(actor=boss, opportunity=won)
    services.opportunity_lose(actor=boss, opportunity=lost, reason=ReasonFactory())
    text = panel(browser, "accounts.account", account, "summary")
    for figure in ("700 rial", "1K rial", "100 rial"):
        assert figure in text
    text = panel(browser, "accounts.account", account, "opportunities")
    assert text.index(still.name) < text.index(won.name)
    assert panel(browser, "accounts.account", AccountFactory(), "summary")


def test_panels_of_a_contact_and_of_the_deal(browser, cycle, boss):
    contact = ContactFactory()
    deal = services.opportunity_create(actor=boss, name="قرارداد", cycle=cycle, contact=contact)
    assert "قرارداد" in panel(browser, "accounts.contact", contact, "opportunities")
    assert "so far" in panel(browser, "opportunities.opportunity", deal, "stages")
    assert "created the opportunity" in panel(browser, "opportunities.opportunity", deal, "timeline")


def test_a_rep_sees_figures_of_own_deals_only(client, rep, outsider, cycle):
    account = AccountFactory(owner=rep)
    OpportunityFactory(cycle=cycle, account=account, owner=rep, amount=Decimal(100))
    OpportunityFactory(cycle=cycle, account=account, owner=outsider, amount=Decimal(9_999))
    from opportunities.selectors import opportunity_figures

    figures = opportunity_figures(user=rep, account=account)
    assert (figures.open, figures.open_count) == (Decimal(100), 1)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=open&owner={boss}", {"mine"}),
        ("overdue=true", {"late"}),
        ("next=none", {"mine", "late", "other"}),
        ("next=planned", {"planned"}),
        ("amount_min=5000", {"big"}),
        ("status=lost", {"big"}),
    ],
)
def test_daily_questions(browser, boss, cycle, stages, query, expected):
    now = timezone.now()
    make = OpportunityFactory
    make(cycle=cycle, name="mine", owner=boss)
    make(cycle=cycle, name="late", expected_close_on=now.date() - dt.timedelta(days=2))
    make(cycle=cycle, name="other")
    make(cycle=cycle, name="planned", next_step="x", next_step_at=now + dt.timedelta(days=1))
    make(cycle=cycle, name="big", amount=9000_000, status="lost", stage=stages.lost, closed_on=now.date())
    query = query.format(boss=boss.pk).replace("5000", "5000000")
    rows = browser.get(f"{url('opportunity_list')}?{query}").context["pager"].rows
    assert {row.name for row in rows} == expected


def test_expected_value_is_sorted(browser, cycle):
    for amount, probability in ((100, 10), (50, 90), (1000, 1)):
        OpportunityFactory(cycle=cycle, amount=amount, probability=probability)
    rows = browser.get(url("opportunity_list"), {"sort": "-expected_value"}).context["pager"].rows
    assert [row.expected_value for row in rows] == [45, 10, 10]
