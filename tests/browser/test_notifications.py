"""The bell while one works: what is new, folded, read, muted; calling a colleague; following a record."""

import re

import pytest
from playwright.sync_api import expect

from activities.models import Activity, Mention, Watch
from activities.services import activity_log
from core import notifications
from core.models import Notification
from messaging.models import Mute
from tests.browser.conftest import Visit
from tests.browser.world import World


def tell(world: World, name: str, obj=None, person=None) -> None:
    notifications.notify(
        recipients=[person or world.rep],
        code="record.assigned",
        url="/leads/",
        params={"actor": "مهرداد", "name": name},
        obj=obj,
    )


def quiet(*people) -> None:
    """Nothing unread from other tests."""
    Notification.objects.filter(recipient__in=people).delete()


@pytest.mark.parametrize(("language", "width", "three"), [("fa", "desk", "۳"), ("en", "phone", "3")])
def test_the_bell_counts_while_one_works(visit: Visit, world: World, language: str, width: str, three: str) -> None:
    quiet(world.rep)
    page = visit("/leads/", world.rep, language=language, width=width)
    expect(page.locator("#unread")).to_be_hidden()
    place = page.locator("#bell").bounding_box()
    lead = world.new_lead(last_name="کوهستانی")
    quiet(world.rep)
    for name in ("کوهستانی", "کوهستانی", "کوهستانی"):
        tell(world, name, lead)
    page.evaluate("document.dispatchEvent(new Event('bell:ask'))")  # what the clock does every twenty seconds
    expect(page.locator("#unread")).to_have_text(three)
    expect(page).to_have_title(re.compile(rf"^\({three}\) "))
    expect(page.locator(".pv-toast").first).to_contain_text("کوهستانی")
    assert page.locator("#bell").bounding_box() == place

    page.locator("#bell").click()
    lines = page.locator(".pv-bell-menu .pv-notification")
    expect(lines).to_have_count(1)
    expect(lines.first.locator(".badge")).to_contain_text("۲" if language == "fa" else "2")
    lines.first.locator("form").first.locator("button").click()
    expect(page.locator("#unread")).to_be_hidden()
    expect(page).not_to_have_title(re.compile(r"^\("))


def test_a_record_is_muted_from_the_bell_and_let_go_in_the_preferences(visit: Visit, world: World) -> None:
    quiet(world.rep)
    lead = world.new_lead(last_name="ساکتی")
    quiet(world.rep)
    tell(world, "ساکتی", lead)
    page = visit("/leads/", world.rep)
    page.locator("#bell").click()
    page.locator(".pv-bell-menu .pv-notification form").last.locator("button").click()
    expect(page.locator("#unread")).to_be_hidden()
    assert Mute.objects.filter(user=world.rep, object_id=lead.pk).exists()
    tell(world, "ساکتی", lead)
    assert Notification.objects.filter(recipient=world.rep, read_at=None).count() == 0
    page.goto(page.url.replace("/leads/", "/messages/preferences/"))
    page.locator(".pv-muted", has_text="ساکتی").locator("button").click()
    expect(page.locator(".pv-muted")).to_have_count(0)


@pytest.mark.parametrize(("language", "width"), [("fa", "desk"), ("en", "phone")])
def test_a_colleague_is_called_in_a_note_and_comes(visit: Visit, world: World, language: str, width: str) -> None:
    quiet(world.rep, world.manager)
    lead = world.new_lead(last_name=f"خطابی {language}")
    page = visit(lead.get_absolute_url(), world.rep, language=language, width=width)
    page.locator("#panel-timeline").scroll_into_view_if_needed()
    area = page.locator("#panel-timeline textarea")
    area.click()
    area.press_sequentially("نظر شما @مهر")
    option = page.get_by_role("option", name=re.compile("مهرداد پارسا"))
    expect(option).to_be_visible()
    page.keyboard.press("Enter")
    expect(area).to_have_value(re.compile(r"@\[مهرداد پارسا\]"))
    page.locator("#panel-timeline form button[type=submit]").first.click()
    expect(page.locator("#panel-timeline .pv-mention").first).to_have_text("@مهرداد پارسا")
    note = Activity.objects.get(kind="note", text__contains="نظر شما", links__object_id=lead.pk)
    assert Mention.objects.filter(activity=note, user=world.manager, seen_at=None).exists()

    other = visit("/leads/", world.manager, language=language, width=width)
    other.locator("#bell").click()
    other.locator(".pv-bell-menu").get_by_text("نظر شما").first.click()
    other.wait_for_url(f"**{lead.get_absolute_url()}**")
    assert Mention.objects.get(activity=note).seen_at


def test_a_record_is_followed_and_its_changes_are_told(visit: Visit, world: World) -> None:
    quiet(world.manager)
    lead = world.new_lead(last_name="پیگیرزاده")
    page = visit(lead.get_absolute_url(), world.manager)
    page.locator(".pv-head-piece button[value=on]").click()
    expect(page.locator(".pv-head-piece button[value=off]")).to_be_visible()
    assert Watch.objects.filter(user=world.manager, object_id=lead.pk).exists()
    activity_log(actor=world.rep, kind="note", text="قرارداد امضا شد", records=[lead])
    page.evaluate("document.dispatchEvent(new Event('bell:ask'))")
    expect(page.locator(".pv-toast").first).to_contain_text("قرارداد امضا شد")


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_preferences_are_set_on_their_page(visit: Visit, world: World, width: str) -> None:
    page = visit("/messages/preferences/", world.rep, width=width)
    box = page.locator("[name='on-activity.reminder-sms']")
    was = box.is_checked()
    box.click()
    page.locator("[name=quiet_from]").fill("۲۲:۱۵")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator(".pv-toast").first).to_be_visible()
    expect(page.locator("[name='on-activity.reminder-sms']")).to_be_checked(checked=not was)
    page.goto(page.url.replace("/messages/preferences/", "/activities/reminders/"))
    expect(page.locator("table.pv-choices")).to_be_visible()
