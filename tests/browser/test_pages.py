"""Every kind of page: usable by everybody (axe-core), at home on a phone, free of errors, in both directions and themes."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS, Visit
from tests.browser.watch import check_accessible, check_fits
from tests.browser.world import World

LANGUAGES = ("fa", "en")
PAGES = {
    "list": "/leads/",
    "list-empty": "/leads/?q=هیچ‌کس‌هیچ‌جا",
    "list-filtered": "/leads/?status=new&status=contacted&q=محمدی",
    "board": "/opportunities/board/",
    "lead": "/leads/{lead}/",
    "account": "/accounts/{account}/",
    "contact": "/accounts/contacts/{contact}/",
    "deal": "/opportunities/{deal}/",
    "form": "/leads/{lead}/edit/",
    "form-party": "/accounts/{account}/edit/",
    "form-deal": "/opportunities/{deal}/edit/",
    "confirm": "/leads/{lead}/delete/",
    "convert": "/leads/{lead}/convert/",
    "products": "/catalog/products/",
    "history": "/history/leads.lead/{lead}/",
    "access": "/access/leads.lead/{lead}/",
    "search": "/search/?q=محمدی",
    "notifications": "/notifications/",
    "jobs": "/jobs/",
    "bin": "/bin/leads.lead/",
    "security": "/auth/2fa/",
    "sessions": "/auth/sessions/",
    "preferences": "/preferences/",
    "notification-settings": "/messages/preferences/",
    "reminders": "/activities/reminders/",
    "messages": "/messages/",
    "feeds": "/activities/feeds/",
    "calendar-file": "/activities/calendar-file/",
    "compose": "/messages/compose/email/leads.lead/{lead}/",
}
ADMIN_PAGES = {
    "cycles": "/opportunities/cycles/",
    "values": "/accounts/settings/",
    "web-form": "/leads/forms/{form}/",
    "sample-data": "/settings/sample-data/",
    "settings": "/settings/",
    "organisation": "/settings/organisation/",
    "users": "/settings/users/",
    "user": "/settings/users/{user}/",
    "role-rights": "/settings/roles/{role}/rights/",
    "who-sees-what": "/settings/access/",
    "holidays": "/settings/holidays/",
    "templates": "/messages/templates/",
    "template": "/messages/templates/add/",
}
ALL = {**PAGES, **ADMIN_PAGES}


def scroll_through(page: Page) -> Page:
    """Let every lazy panel come into sight and load."""
    for panel in page.locator("[data-panel]").all():
        panel.scroll_into_view_if_needed()
        expect(panel.locator(".pv-skeleton")).to_have_count(0)
    page.evaluate("() => window.scrollTo(0, 0)")
    return page


def opened(visit: Visit, world: World, name: str, **how: str) -> Page:
    """The page as somebody who may open it, with everything loaded."""
    return scroll_through(visit(world.fill(ALL[name]), world.admin if name in ADMIN_PAGES else world.manager, **how))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ALL)
def test_a_page_is_usable_by_everybody_and_fits_a_phone(visit: Visit, world: World, name: str, language: str) -> None:
    page = opened(visit, world, name, language=language)
    assert page.locator("html").get_attribute("dir") == {"fa": "rtl", "en": "ltr"}[language]
    check_accessible(page)
    wide, high = WIDTHS["phone"]
    page.set_viewport_size({"width": wide, "height": high})
    check_fits(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_opens_over_a_page_is_usable(visit: Visit, world: World, language: str) -> None:
    page = visit("/leads/", world.manager, language=language)
    page.keyboard.press("Control+k")
    page.locator("#palette-q").fill("محمدی")
    expect(page.locator("#palette-list [role=option]").first).to_be_visible()
    check_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    check_accessible(page, both_themes=False)
    page.keyboard.press("Escape")
    page.locator("#open-filters").click()
    expect(page.locator("#panel form")).to_be_visible()
    check_accessible(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_date_is_picked(visit: Visit, world: World, language: str) -> None:
    page = visit(f"{world.deals[0].get_absolute_url()}edit/", world.rep, language=language)
    box = page.locator("[name=expected_close_on]")
    before = box.input_value()
    field = page.locator(".pv-date", has=box)
    field.locator(".pv-date-open").click()
    picker = field.locator(".pv-calendar")
    expect(picker).to_be_visible()
    check_accessible(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(picker).not_to_be_visible()
    assert box.input_value() != before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dialog_is_usable(visit: Visit, world: World, language: str) -> None:
    page = visit(world.leads[1].get_absolute_url(), world.rep, language=language)
    page.locator("[hx-get$='/disqualify/'], [href$='/disqualify/']").first.click()
    expect(page.locator("#dialog form")).to_be_visible()
    check_accessible(page)


def test_the_public_form_fits_and_is_usable(visit: Visit, world: World) -> None:
    page = visit(world.form.get_public_url(), width="phone")
    check_fits(page)
    check_accessible(page)
