"""The board: cards moved by mouse, keyboard and menu; lost asks why; undo; what others do appears."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from opportunities.models import Opportunity, Stage
from opportunities.services import opportunity_move
from tests.browser.conftest import Visit
from tests.browser.world import World, loss_reason

BOARD = "/opportunities/board/"


def column(page: Page, stage: Stage) -> Locator:
    """The column of a stage."""
    return page.locator(f"[data-column='{stage.pk}']")


def card(page: Page, deal: Opportunity) -> Locator:
    """The card of a deal."""
    return page.locator(f"#card-{deal.pk}")


def drag(page: Page, what: Locator, to: Locator) -> None:
    """Drag as a hand does: press, move in steps, let go."""
    what.scroll_into_view_if_needed()
    start, end = what.bounding_box(), to.locator(".pv-column-cards").bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] - 12)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 30, steps=12)
    page.mouse.up()


def stage_of(deal: Opportunity) -> str:
    """The code of the stage the deal is in now."""
    return Opportunity.objects.select_related("stage").get(pk=deal.pk).stage.code


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_card_is_dragged_with_the_mouse_and_taken_back(visit: Visit, world: World, language: str) -> None:
    deal = world.new_deal(f"کشیدن {language}")
    first, second = world.stages[:2]
    page = visit(BOARD, world.rep, language=language)
    count = column(page, second).locator("[data-total=count]")
    before = count.inner_text()
    with page.expect_response(lambda answer: "/move/" in answer.url) as waiting:
        drag(page, card(page, deal), column(page, second))
    assert waiting.value.ok
    expect(column(page, second).locator(f"#card-{deal.pk}")).to_be_visible()
    expect(count).not_to_have_text(before)
    assert stage_of(deal) == second.code
    page.get_by_role("button", name={"fa": "بازگردانی", "en": "Undo"}[language]).click()
    expect(column(page, first).locator(f"#card-{deal.pk}")).to_be_visible()
    expect(count).to_have_text(before)
    assert stage_of(deal) == first.code


@pytest.mark.parametrize(("language", "forward"), [("fa", "ArrowLeft"), ("en", "ArrowRight")])
def test_a_card_is_carried_by_keyboard(visit: Visit, world: World, language: str, forward: str) -> None:
    deal = world.new_deal(f"صفحه‌کلید {language}")
    third = world.stages[2]
    page = visit(BOARD, world.rep, language=language)
    card(page, deal).locator(".pv-card-title").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-announce]")).not_to_be_empty()
    page.keyboard.press(forward)
    page.keyboard.press(forward)
    with page.expect_response(lambda answer: "/move/" in answer.url):
        page.keyboard.press("Space")
    expect(column(page, third).locator(f"#card-{deal.pk}")).to_be_visible()
    assert stage_of(deal) == third.code


def test_a_lifted_card_is_put_back_by_escape(visit: Visit, world: World) -> None:
    deal = world.new_deal("پشیمانی")
    page = visit(BOARD, world.rep)
    card(page, deal).locator(".pv-card-title").focus()
    for key in ("Space", "ArrowLeft", "Escape"):
        page.keyboard.press(key)
    expect(column(page, world.stages[0]).locator(f"#card-{deal.pk}")).to_be_visible()
    assert stage_of(deal) == world.stages[0].code


def test_lost_asks_its_reason(visit: Visit, world: World) -> None:
    deal = world.new_deal("شکست با دلیل")
    lost = world.cycle.stages.get(kind="lost")
    page = visit(BOARD, world.rep)
    menu(page, deal, lost)
    dialog = page.locator("#dialog")
    expect(dialog.locator("form")).to_be_visible()
    dialog.locator("button[type=submit]").click()
    expect(dialog.locator(".invalid-feedback, .alert-danger").first).to_be_visible()
    assert stage_of(deal) != lost.code
    dialog.get_by_label(str(loss_reason())).check()
    dialog.locator("[name=competitor]").fill("رايان تجهيز")
    dialog.locator("button[type=submit]").click()
    expect(dialog).not_to_be_visible()
    deal.refresh_from_db()
    assert (deal.status, deal.close_reason, deal.competitor) == ("lost", loss_reason(), "رایان تجهیز")


def test_a_dialog_that_is_closed_moves_nothing(visit: Visit, world: World) -> None:
    deal = world.new_deal("انصراف از شکست")
    page = visit(BOARD, world.rep)
    menu(page, deal, world.cycle.stages.get(kind="lost"))
    page.locator("#dialog [data-close]").first.click()
    expect(column(page, world.stages[0]).locator(f"#card-{deal.pk}")).to_be_visible()
    assert stage_of(deal) == world.stages[0].code


def menu(page: Page, deal: Opportunity, stage: Stage) -> None:
    """Choose a stage from the card's menu."""
    card(page, deal).get_by_role("button").first.click()
    card(page, deal).locator(f"[data-to='{stage.pk}']").click()


def test_what_others_do_appears_within_seconds(visit: Visit, world: World) -> None:
    deal = world.new_deal("کار همکار")
    second = world.stages[1]
    page = visit(BOARD, world.manager)
    expect(column(page, world.stages[0]).locator(f"#card-{deal.pk}")).to_be_visible()
    opportunity_move(actor=world.rep, opportunity=deal, stage=second)
    expect(column(page, second).locator(f"#card-{deal.pk}")).to_be_visible(timeout=9_000)


def test_two_hands_on_one_card_lose_nothing(visit: Visit, world: World) -> None:
    deal = world.new_deal("دو دست")
    page = visit(BOARD, world.rep)
    card(page, deal).locator(".pv-card-title").focus()
    page.keyboard.press("Space")
    opportunity_move(actor=world.manager, opportunity=deal, stage=world.stages[2])
    page.keyboard.press("ArrowLeft")
    with page.expect_response(lambda answer: "/move/" in answer.url) as waiting:
        page.keyboard.press("Space")
    assert waiting.value.status == 409
    expect(column(page, world.stages[2]).locator(f"#card-{deal.pk}")).to_be_visible()
    assert stage_of(deal) == world.stages[2].code


def test_the_board_works_on_a_phone(visit: Visit, world: World) -> None:
    deal = world.new_deal("روی گوشی")
    second = world.stages[1]
    page = visit(BOARD, world.rep, width="phone")
    with page.expect_response(lambda answer: "/move/" in answer.url):
        menu(page, deal, second)
    expect(column(page, second).locator(f"#card-{deal.pk}")).to_have_count(1)
    assert stage_of(deal) == second.code


def test_the_list_of_the_board_has_the_same_filters(visit: Visit, world: World) -> None:
    page = visit(f"{BOARD}?q=تجهیز", world.rep, language="en")
    expect(page.locator(".pv-card-item").first).to_be_visible()
    page.get_by_role("link", name="List", exact=True).click()
    page.wait_for_url(re.compile(r"/opportunities/\?.*q="))
    expect(page.locator("#results tbody tr").first).to_contain_text("تجهیز")
