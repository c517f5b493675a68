"""My day and the funnel in a browser: figures lead to their records, charts have tables, in both languages and widths."""

import re

import pytest
from playwright.sync_api import expect

from opportunities.models import Opportunity
from opportunities.services import opportunity_lose, opportunity_move, opportunity_win
from tests.browser.conftest import Visit
from tests.browser.watch import check_accessible, check_fits
from tests.browser.world import World, loss_reason


@pytest.fixture(scope="module")
def closed(world: World) -> World:
    """Two deals won, one lost further on, the rest open."""
    second = world.stages[1]
    for deal in world.deals[:2]:
        opportunity_win(actor=world.rep, opportunity=deal)
    opportunity_move(actor=world.rep, opportunity=world.deals[2], stage=second)
    moved = Opportunity.objects.get(pk=world.deals[2].pk)
    opportunity_lose(actor=world.rep, opportunity=moved, reason=loss_reason())
    return world


@pytest.mark.parametrize("width", ["desk", "phone"])
@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("path", ["/my-day/", "/reports/funnel/"])
def test_the_pages_fit_and_are_usable_by_everybody(
    visit: Visit, closed: World, path: str, language: str, width: str
) -> None:
    page = visit(path, closed.manager, language=language, width=width)
    if path != "/my-day/":
        expect(page.locator(".pv-chart-box canvas").first).to_be_visible()
    check_fits(page)
    check_accessible(page, both_themes=width == "desk")


def test_a_figure_opens_its_records(visit: Visit, closed: World) -> None:
    page = visit("/reports/funnel/", closed.manager, language="en")
    link = page.locator(".pv-steps tbody tr").nth(1).locator("td a").first
    count = int(link.inner_text())
    assert count == 3  # two won and one lost in the second stage
    link.click()
    page.wait_for_url("**/opportunities/?*reached=*")
    expect(page.locator(".pv-table tbody tr")).to_have_count(count)


def test_a_chart_turns_into_its_table_and_a_file(visit: Visit, closed: World) -> None:
    page = visit("/reports/funnel/", closed.manager, language="en")
    chart = page.locator("figure[data-name='won-by-owner']")
    expect(chart.locator("canvas")).to_be_visible()
    chart.locator("[data-toggle-twin]").click()
    expect(chart.locator("table")).to_be_visible()
    expect(chart.locator("tbody tr").first).to_contain_text("سارا کاظمی")
    with page.expect_download() as download:
        chart.locator("[data-csv]").click()
    assert re.fullmatch(r"won-by-owner\.csv", download.value.suggested_filename)


def test_another_period_changes_the_figures(visit: Visit, closed: World) -> None:
    page = visit("/reports/funnel/", closed.manager, language="en")
    page.select_option("select[name=period_range]", "last_year")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**period_range=last_year*")
    expect(page.get_by_text("Nothing matches")).to_be_visible()


def test_a_rep_sees_the_own_day_only(visit: Visit, closed: World) -> None:
    page = visit("/", closed.rep, language="en")
    assert page.url.endswith("/my-day/")
    expect(page.locator(".pv-tile").first).to_contain_text("2 deals")
