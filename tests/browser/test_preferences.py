"""Language, calendar, digits, money and theme: changed from the menu, seen at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, ready
from tests.browser.world import World
from users.models import User


def switch(page: Page, name: str, value: str) -> None:
    """Press a switch of the user's menu."""
    page.locator(".pv-avatar").first.click()
    with page.expect_navigation():
        page.locator(f"form.pv-switch:has([value={name}]) button[value={value}]").click()
    ready(page)


def test_the_language_turns_the_page_round(visit: Visit, world: World) -> None:
    page = visit("/leads/", world.rep)
    html = page.locator("html")
    expect(page.get_by_role("heading", level=1)).to_have_text("سرنخ‌ها")
    switch(page, "language", "en")
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == ("en", "ltr")
    expect(page.get_by_role("heading", level=1)).to_have_text("Leads")
    assert page.url.endswith("/leads/")
    switch(page, "language", "fa")
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == ("fa", "rtl")


def test_calendar_digits_and_money_change_by_themselves(visit: Visit, world: World) -> None:
    deal = world.deals[0]
    page = visit(deal.get_absolute_url(), world.rep)
    record = page.locator(".pv-record")
    expect(record).to_contain_text("۱٬۰۰۰٬۰۰۰٬۰۰۰ تومان")
    expect(page.locator("main")).to_contain_text(re.compile("۱۴[۰-۹]{2}/"))
    switch(page, "calendar", "gregorian")
    expect(page.locator("main")).to_contain_text(re.compile("۲۰[۰-۹]{2}/"))
    switch(page, "digits", "latin")
    expect(page.locator("main")).to_contain_text(re.compile("20[0-9]{2}/"))
    switch(page, "money_unit", "IRR")
    expect(page.locator(".pv-record")).to_contain_text(re.compile("10.000.000.000 ریال"))


def test_the_theme_is_dark_and_stays_dark(visit: Visit, world: World) -> None:
    page = visit("/leads/", world.rep)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    switch(page, "theme", "dark")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    ready(page).goto("/opportunities/board/")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"


def test_the_automatic_theme_follows_the_device(visit: Visit, world: World) -> None:
    page = visit("/leads/", world.rep, theme="auto")
    page.emulate_media(color_scheme="dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_page_of_preferences_saves(visit: Visit, world: World, language: str) -> None:
    page = visit("/preferences/", world.manager, language=language)
    page.locator("[name=density]").first.select_option("compact")
    page.locator("main form.pv-form button[type=submit]").first.click()
    expect(page.locator("html")).to_have_attribute("data-density", "compact")
    assert User.objects.get(pk=world.manager.pk).density == "compact"


def test_a_visitor_chooses_a_language(visit: Visit) -> None:
    page = visit("/auth/login/", language="fa")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/auth/login/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
