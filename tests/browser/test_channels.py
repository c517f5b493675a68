"""A channel is set up and tried out; what failed is sent again from the outbox."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from messaging.models import ChannelAccount, Message
from tests.browser.conftest import Visit, ready
from tests.browser.world import World
from tests.messaging.factories import MessageFactory
from tests.messaging.sink import Mails, mail_server

WORDS = {
    "fa": {"smtp": "سرور ایمیل", "test": "ارسال پیام آزمایشی", "sent": "ارسال‌شده", "again": "ارسال دوباره"},
    "en": {"smtp": "Mail server", "test": "Send a test message", "sent": "Sent", "again": "Send again"},
}


@pytest.fixture
def server() -> Iterator[Mails]:
    with mail_server() as running:
        yield running


def save(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form.pv-form button[type=submit]").first.click()
    ready(page)


@pytest.mark.parametrize(("language", "width"), [("fa", "desk"), ("en", "phone")])
def test_a_channel_is_added_and_a_test_message_arrives(
    visit: Visit, world: World, server: Mails, language: str, width: str
) -> None:
    words = WORDS[language]
    page = visit("/messages/channels/add/", world.admin, language=language, width=width)
    page.get_by_role("link", name=re.compile(words["smtp"])).click()
    ready(page)
    page.locator("[name=sender]").fill("sales@example.com")
    page.locator("[name=option_host]").fill("127.0.0.1")
    page.locator("[name=option_port]").fill(str(server.port))
    page.locator("[name=option_security]").select_option("none")
    save(page)
    page.get_by_role("link", name=words["test"]).or_(page.get_by_role("button", name=words["test"])).first.click()
    dialog = page.locator("#dialog")
    expect(dialog.locator("[name=to_address]")).to_have_value(world.admin.email)
    dialog.locator("button[type=submit]").click()
    expect(page.locator(".pv-sent-list")).to_contain_text(words["sent"])
    expect(page.locator(".pv-sent-list")).to_contain_text(world.admin.email)
    assert server.recipients == [world.admin.email]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ChannelAccount.objects.update(is_active=False, is_default=False)


@pytest.mark.parametrize(("language", "width"), [("fa", "desk"), ("en", "phone")])
def test_what_failed_is_sent_again_from_the_outbox(visit: Visit, world: World, language: str, width: str) -> None:
    row = MessageFactory(created_by=world.rep, state="failed", error="credit")
    page = visit("/messages/outbox/?show=trouble", world.manager, language=language, width=width)
    line = page.locator(f"tr[data-pk='{row.pk}']")
    expect(line.locator(".pv-why")).not_to_be_empty()
    line.locator(".row-select").check()
    page.on("dialog", lambda dialog: dialog.accept())
    with page.expect_navigation():
        page.locator(".pv-bulkbar").get_by_role("button", name=WORDS[language]["again"]).click()
    expect(page.locator(f"tr[data-pk='{row.pk}']")).to_have_count(0)
    assert Message.objects.get(pk=row.pk).state in {"queued", "sent"}
