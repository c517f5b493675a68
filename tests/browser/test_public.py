"""Pages everybody may open: sign-in and the product's own error pages."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.watch import check_accessible, check_fits
from tests.browser.world import World

LANGUAGES = ("fa", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sign_in_page_speaks_the_visitors_language(visit: Visit, language: str) -> None:
    page = visit("/auth/login/", language=language, width="phone")
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("html").get_attribute("dir") == {"fa": "rtl", "en": "ltr"}[language]
    check_fits(page)
    check_accessible(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_address_has_a_page_of_the_product(visit: Visit, world: World, language: str) -> None:
    page = visit("/leads/", world.rep, language=language)
    page.watch.allowed.add("404")
    page.goto("/nowhere/at/all/")
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("main a").is_visible()
    check_accessible(page)
