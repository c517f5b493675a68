"""The board: totals of whole columns, lazy columns, moves, undo, others' moves, scope, and a fixed number of queries."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from opportunities import services
from opportunities.models import Opportunity
from opportunities.views.board import OpportunityBoardView
from tests.opportunities.factories import CycleFactory, OpportunityFactory

pytestmark = pytest.mark.django_db
BOARD = reverse("opportunities:opportunity_board")
AJAX = {"HX-Request": "true"}


@pytest.fixture
def browser(client, boss):
    client.force_login(boss)
    return client


def columns(response):
    return {column.label: column for column in response.context["columns"]}


def titles(column):
    return [card["title"] for card in column.cards]


def move(browser, deal, stage, *, version=None, query=""):
    url = reverse("opportunities:opportunity_move", args=[deal.pk])
    data = {"stage": getattr(stage, "pk", stage), "version": deal.version if version is None else version}
    return browser.post(f"{url}{query}", data, headers=AJAX)


def test_columns_tell_the_whole_of_themselves(browser, cycle, stages, monkeypatch):
    monkeypatch.setattr(OpportunityBoardView, "column_size", 2)
    for number in range(5):
        OpportunityFactory(cycle=cycle, name=f"deal {number}", amount=100, stage=stages.two)
    found = columns(browser.get(BOARD, {"cycle": cycle.pk}))
    two = found["Two"]
    assert two.count_label == "5"
    assert "500 rial" in two.sum_html
    assert "200 rial" in two.weighted_html
    assert titles(two) == ["deal 4", "deal 3"]
    assert found["One"].count_label == "0"

    more = browser.get(two.more_url)
    assert "deal 2" in more.content.decode()
    assert "deal 1" in more.content.decode()
    last = browser.get(more.context["more_url"])
    assert [card["title"] for card in last.context["cards"]] == ["deal 0"]
    assert last.context["more_url"] == ""


def test_the_default_cycle_and_the_one_asked_for(browser, cycle):
    assert "Upcoming prospect" in columns(browser.get(BOARD))
    assert "One" in columns(browser.get(BOARD, {"cycle": cycle.pk}))
    for nonsense in ("x", "999999999", "-1", "9" * 40):
        assert browser.get(BOARD, {"cycle": nonsense}).status_code == 404


def test_filters_of_the_list_narrow_cards_and_totals(browser, cycle, stages, boss):
    OpportunityFactory(cycle=cycle, name="mine", owner=boss)
    OpportunityFactory(cycle=cycle, name="other")
    found = columns(browser.get(BOARD, {"cycle": cycle.pk, "owner": boss.pk}))
    assert titles(found["One"]) == ["mine"]
    assert found["One"].count_label == "1"
    found = columns(browser.get(BOARD, {"cycle": cycle.pk, "q": "othe"}))
    assert titles(found["One"]) == ["other"]


def test_moving_a_card(browser, deal, stages, cycle):
    response = move(browser, deal, stages.two, query=f"?cycle={cycle.pk}")
    data = response.json()
    assert response.status_code == 200
    [card] = data["moved"]
    assert (card["pk"], card["column"]) == (deal.pk, str(stages.two.pk))
    assert 'data-version="2"' in card["html"]
    assert data["totals"][str(stages.two.pk)]["count"] == "1"
    assert data["totals"][str(stages.one.pk)]["count"] == "0"
    undone = browser.post(data["toast"]["undo"], headers=AJAX)
    assert undone.json()["moved"][0]["column"] == str(stages.one.pk)
    again = browser.post(data["toast"]["undo"], headers=AJAX)
    assert again.status_code == 422
    assert again.json()["message"]


def test_a_card_that_leaves_the_filter_is_gone(browser, deal, stages, cycle):
    response = move(browser, deal, stages.won, query=f"?cycle={cycle.pk}&status=open")
    assert response.json()["gone"] == [deal.pk]
    assert response.json()["moved"] == []


def test_a_stale_card_is_shown_as_it_is(browser, deal, stages, boss):
    services.opportunity_move(actor=boss, opportunity=deal, stage=stages.three)
    response = move(browser, deal, stages.two, version=1)
    assert response.status_code == 409
    assert response.json()["moved"][0]["column"] == str(stages.three.pk)
    assert response.json()["message"]


@pytest.mark.parametrize("stage", ["nonsense", "", str(2**63), "-1", "999999"])
def test_a_stage_that_is_none_is_refused(browser, deal, stage):
    response = move(browser, deal, stage)
    assert response.status_code == 422
    deal.refresh_from_db()
    assert deal.stage.code == "one"


def test_a_stage_of_another_cycle_is_refused(browser, deal):
    response = move(browser, deal, CycleFactory().stages.first())
    assert response.status_code == 422
    assert "another sales cycle" in response.json()["message"]


def test_lost_asks_its_reason_in_a_dialog(browser, deal, stages, price, cycle):
    response = move(browser, deal, stages.lost, query=f"?cycle={cycle.pk}")
    assert response.status_code == 422
    assert "text/html" in response["Content-Type"]
    page = response.content.decode()
    action = page.split('hx-post="')[1].split('"')[0].replace("&amp;", "&")
    data = {"stage": stages.lost.pk, "version": deal.version, "closed_on": str(timezone.localdate())}
    headers = {**AJAX, "HX-Target": "dialog"}
    assert browser.post(action, data, headers=headers).status_code == 422
    done = browser.post(action, {**data, "reason": price.pk, "competitor": "رقیب"}, headers=headers)
    assert done.status_code == 204
    trigger = json.loads(done["HX-Trigger"])
    assert trigger["dialog:close"] is True
    assert trigger["board:changed"]["moved"][0]["column"] == str(stages.lost.pk)
    deal.refresh_from_db()
    assert (deal.status, deal.close_reason, deal.competitor) == ("lost", price, "رقیب")
    assert browser.post(trigger["toast"]["undo"], headers=AJAX).status_code == 200
    deal.refresh_from_db()
    assert (deal.status, deal.competitor) == ("open", "")


def test_others_moves_appear(browser, deal, stages, boss, cycle):
    cursor = browser.get(BOARD, {"cycle": cycle.pk}).context["cursor"]
    gone = OpportunityFactory(cycle=cycle)
    services.opportunity_move(actor=boss, opportunity=deal, stage=stages.two)
    Opportunity.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
    data = browser.get(BOARD, {"cycle": cycle.pk, "since": cursor}).json()
    assert [(card["pk"], card["column"]) for card in data["moved"]] == [(deal.pk, str(stages.two.pk))]
    assert data["gone"] == [gone.pk]
    assert data["totals"][str(stages.two.pk)]["count"] == "1"
    later = (timezone.now() + dt.timedelta(minutes=1)).isoformat()
    assert set(browser.get(BOARD, {"cycle": cycle.pk, "since": later}).json()) == {"cursor"}


@pytest.mark.parametrize("cursor", ["", "nonsense", "2026-11-22", "9999-99-99T00:00", "0001-01-01T00:00:00+00:00"])
def test_a_cursor_that_is_none_tells_nothing(browser, deal, cursor):
    assert set(browser.get(BOARD, {"since": cursor}).json()) == {"cursor"}


def test_unknown_columns_and_keys(browser, cycle, stages, deal):
    assert browser.get(BOARD, {"cycle": cycle.pk, "column": "999999"}).status_code == 404
    response = browser.get(BOARD, {"cycle": cycle.pk, "column": stages.one.pk, "after": "@@nonsense"})
    assert response.status_code == 200
    assert deal.name in response.content.decode()


def test_expected_value_is_amount_times_probability(browser, cycle, stages):
    OpportunityFactory(cycle=cycle, stage=stages.two, amount=Decimal(250), probability=20)
    assert "50 rial" in columns(browser.get(BOARD, {"cycle": cycle.pk}))["Two"].weighted_html


def test_a_rep_sees_and_moves_own_cards_only(client, rep, outsider, cycle, stages):
    own, foreign = OpportunityFactory(cycle=cycle, owner=rep), OpportunityFactory(cycle=cycle, owner=outsider)
    client.force_login(rep)
    page = client.get(BOARD, {"cycle": cycle.pk})
    cards = [card["pk"] for column in page.context["columns"] for card in column.cards]
    assert cards == [own.pk]
    assert (
        sum(int(c.count_label.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))) for c in page.context["columns"])
        == 1
    )
    assert move(client, foreign, stages.two).status_code == 404
    assert move(client, own, stages.two).status_code == 200
    data = client.get(BOARD, {"cycle": cycle.pk, "since": timezone.now().isoformat()}).json()
    assert foreign.pk not in [card["pk"] for card in data.get("moved", [])]


def test_without_the_right_there_is_no_board(client, nobody, deal, stages):
    client.force_login(nobody)
    assert client.get(BOARD).status_code == 403
    assert move(client, deal, stages.two).status_code == 403


def test_the_board_costs_the_same_with_ten_times_the_cards(browser, cycle, stages):
    def count():
        browser.get(BOARD, {"cycle": cycle.pk})
        with CaptureQueriesContext(connection) as queries:
            browser.get(BOARD, {"cycle": cycle.pk})
        return len(queries)

    for number in range(3):
        OpportunityFactory(cycle=cycle, stage=[stages.one, stages.two, stages.three][number % 3])
    few = count()
    for number in range(27):
        OpportunityFactory(cycle=cycle, stage=[stages.one, stages.two, stages.three][number % 3])
    assert count() == few
    assert few <= 8


def test_a_hidden_amount_is_nowhere_on_the_board(client, rep, cycle):
    from users.models import FieldRule, Role

    OpportunityFactory(cycle=cycle, owner=rep, amount=Decimal(7_654_321))
    for role in Role.objects.filter(group__user=rep):
        FieldRule.objects.create(role=role, model="opportunities.opportunity", field="amount", access="hidden")
    client.force_login(rep)
    page = client.get(BOARD, {"cycle": cycle.pk})
    one = page.context["columns"][0]
    assert (one.sum_html, one.weighted_html, one.cards[0]["amount_html"]) == ("", "", "")


def test_sums_are_in_the_base_currency(browser, cycle):
    from core.models import Organisation

    Organisation.objects.update(base_currency="USD")
    OpportunityFactory(cycle=cycle, amount=Decimal(1200), currency="USD")
    assert "1.2K USD" in columns(browser.get(BOARD, {"cycle": cycle.pk}))["One"].sum_html
    browser.post(reverse("opportunities:opportunity_list"), {"column": ["name", "expected_value"]})
    page = browser.get(reverse("opportunities:opportunity_list")).content.decode()
    assert "120 USD" in page


def test_polling_names_no_deal_one_never_saw(client, cycle, rep, outsider):
    mine, theirs = OpportunityFactory(cycle=cycle, owner=rep), OpportunityFactory(cycle=cycle, owner=outsider)
    client.force_login(rep)
    cursor = client.get(BOARD, {"cycle": cycle.pk}).context["cursor"]
    Opportunity.objects.filter(pk=theirs.pk).update(name="تغییر", updated_at=timezone.now())
    assert theirs.pk not in client.get(BOARD, {"cycle": cycle.pk, "since": cursor}).json().get("gone", [])
    Opportunity.objects.filter(pk=mine.pk).update(owner=outsider, updated_at=timezone.now())
    assert client.get(BOARD, {"cycle": cycle.pk, "since": cursor}).json()["gone"] == [mine.pk]


def test_an_empty_column_is_not_looked_through(browser, cycle, stages):
    OpportunityFactory(cycle=cycle)
    OpportunityFactory(cycle=cycle, stage=stages.won, status="won", closed_on=timezone.localdate())
    with CaptureQueriesContext(connection) as asked:
        found = columns(browser.get(BOARD, {"cycle": cycle.pk, "status": "open"}))
    assert (found["One"].count_label, found["Won"].count_label, found["Won"].cards) == ("1", "0", [])
    statements = " ".join(query["sql"] for query in asked.captured_queries)
    assert f'"stage_id" = {stages.one.pk}' in statements
    assert f'"stage_id" = {stages.won.pk}' not in statements
