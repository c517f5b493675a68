"""A server in threads on the test database, a small company in it, and people with a browser.

The company is committed once per module and flushed after it. A test changes only rows it made itself or that no other
test reads; so the slow part, emptying the database, happens once per file.
"""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from core.testing.seeds import reseed
from tests.browser.watch import Watch
from tests.browser.world import World, build
from users.models import User

WIDTHS = {"desk": (1440, 900), "phone": (390, 844)}
PATIENCE = 8_000
FOLLOWS = {
    "fa": {"calendar": "jalali", "digits": "fa", "money_unit": "IRT"},
    "en": {"calendar": "gregorian", "digits": "latin", "money_unit": "IRR"},
}
Visit = Callable[..., Page]
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives a browser."""
    for item in items:
        if "/tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The company of the module."""
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        assert name.startswith("test_"), f"{name} is not a test database; it would be emptied"
        yield build()
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=False)
        reseed()


@pytest.fixture(scope="module")
def site(world: World) -> Iterator[str]:
    """Address of a running server. It is gone before the company is: emptying the database stands no reader beside it."""
    server = LiveServer("localhost")
    yield server.url
    server.stop()
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(PATIENCE / 1_000)


@pytest.fixture
def db(world: World) -> None:
    """Committed rows instead of a transaction; under this name pytest-django sees that a test database is needed."""


@pytest.fixture
def visit(site: str, world: World, db: None, browser: Browser) -> Iterator[Visit]:
    """Open a page as somebody: ``visit("/leads/", world.rep, language="en", width="phone", theme="dark")``.

    Without a person nobody is signed in. At the end every page must have stayed free of errors; ``page.watch.allowed``
    takes statuses the test provokes.
    """
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def open_page(
        path: str, user: User | None = None, *, language: str = "fa", width: str = "desk", **prefs: str
    ) -> Page:
        context = new_context(browser, site, language, width)
        contexts.append(context)
        if user is not None:
            User.objects.filter(pk=user.pk).update(
                language=language, **{**FOLLOWS[language], "theme": "light", **prefs}
            )
            sign_in(context, site, user)
        page = context.new_page()
        watches.append(Watch(page))
        page.watch = watches[-1]  # type: ignore[attr-defined]
        response = page.goto(path)
        assert response is not None
        assert response.status < 500, f"{response.status} {path}"
        return ready(page) if response.ok else page

    yield open_page
    for context in contexts:
        context.close()
    for watch in watches:
        watch.check()


def ready(page: Page) -> Page:
    """Wait until the page's behaviours listen."""
    page.wait_for_selector("html[data-ready]", state="attached")
    return page


def new_context(browser: Browser, site: str, language: str, width: str) -> BrowserContext:
    """A fresh browser profile of that language and width."""
    wide, high = WIDTHS[width]
    context = browser.new_context(
        base_url=site,
        viewport={"width": wide, "height": high},
        locale={"fa": "fa-IR", "en": "en-GB"}[language],
        reduced_motion="reduce",
        has_touch=width == "phone",
        accept_downloads=True,
    )
    context.set_default_timeout(PATIENCE)
    return context


def sign_in(context: BrowserContext, site: str, user: User) -> None:
    """Give the profile a session of the user, without the sign-in page."""
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    cookie = client.cookies["sessionid"]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
