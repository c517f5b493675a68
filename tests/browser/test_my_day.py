"""My day: done and planned next by keys, put off, from one call to the next, on a phone, in both languages."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from activities.choices import Kind, Status
from activities.models import Activity
from activities.services import activity_log, activity_plan
from leads.models import Lead
from tests.browser.conftest import Visit
from tests.browser.watch import check_accessible, check_fits
from tests.browser.world import World

LANGUAGES = ("fa", "en")
WORDS = {"fa": ("شروع", "تماس مانده", "آخرین تماس"), "en": ("Start", "calls left", "The last call")}


def call(world: World, name: str, hours: float) -> tuple[Lead, Activity]:
    """A call of the rep on a lead of its own, so many hours ago."""
    lead = world.new_lead(last_name=name, mobile="+989125550077")
    at = timezone.now() - dt.timedelta(hours=hours)
    return lead, activity_plan(actor=world.rep, kind=Kind.CALL, subject=f"تماس با {name}", due_at=at, records=[lead])


def clear(world: World) -> None:
    """Nothing to do for the rep: the tests of this file share a company."""
    Activity.objects.filter(owner=world.rep, status=Status.PLANNED).update(status=Status.CANCELLED)


def row(page: Page, activity: Activity) -> object:
    """The line of the activity."""
    return page.locator(f"[data-day-row='{activity.pk}']")


def test_two_keystrokes_finish_and_the_place_is_kept(visit: Visit, world: World) -> None:
    clear(world)
    (_lead, first), (_other, second), (_last, third) = (call(world, n, h) for n, h in (("آ", 9), ("ب", 8), ("پ", 7)))
    page = visit("/my-day/", world.rep)
    page.keyboard.press("j")
    expect(row(page, first)).to_be_focused()
    page.keyboard.press("j")
    expect(row(page, second)).to_be_focused()
    page.keyboard.press("d")
    expect(page.locator("#dialog button[type=submit]")).to_be_visible()
    page.keyboard.press("Enter")
    expect(row(page, second)).to_have_count(0)
    expect(row(page, third)).to_be_focused()
    second.refresh_from_db()
    assert second.status == Status.DONE


def test_the_next_step_is_planned_in_the_same_dialog(visit: Visit, world: World) -> None:
    clear(world)
    lead, activity = call(world, "ت", 5)
    page = visit("/my-day/", world.rep)
    row(page, activity).locator("[data-day-done]").click()
    dialog = page.locator("#dialog")
    dialog.locator("label", has=page.locator("[name=next_kind][value=follow_up]")).click()
    dialog.locator("[name=next_subject]").fill("ارسال پیش‌فاکتور")
    dialog.locator(".pv-times button").last.click()
    dialog.locator("button[type=submit]").click()
    expect(row(page, activity)).to_have_count(0)
    lead.refresh_from_db()
    assert lead.next_step == "ارسال پیش‌فاکتور"


def test_put_off_by_a_key(visit: Visit, world: World) -> None:
    clear(world)
    _lead, activity = call(world, "ث", 5)
    page = visit("/my-day/", world.rep)
    page.keyboard.press("j")
    page.keyboard.press("s")
    page.locator("#dialog button[value=week]").click()
    expect(page.locator("#group-late")).to_have_count(0)
    activity.refresh_from_db()
    assert activity.due_at > timezone.now()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", ["desk", "phone"])
def test_from_one_call_to_the_next(visit: Visit, world: World, language: str, width: str) -> None:
    clear(world)
    (lead, first), (_other, second) = call(world, f"یکم {language}", 4), call(world, f"دوم {language}", 3)
    activity_log(actor=world.rep, kind=Kind.NOTE, text="صبح‌ها پاسخ می‌دهد.", records=[lead])
    start, left, last = WORDS[language]
    page = visit("/my-day/", world.rep, language=language, width=width)
    page.get_by_role("link", name=start).click()
    expect(page.locator(".pv-walk")).to_contain_text(left)
    expect(page.locator(".pv-walk-number a[href='tel:+989125550077']")).to_be_visible()
    expect(page.locator(".pv-walk-story")).to_contain_text("صبح‌ها پاسخ می‌دهد.")
    check_accessible(page, both_themes=False)
    check_fits(page)
    page.locator(".pv-pills label", has=page.locator("[name=outcome]")).first.click()
    page.locator("[name=note]").fill("قیمت را پسندید")
    page.locator(".pv-walk-foot button[type=submit]").click()
    expect(page.locator("#walk-name")).to_contain_text(str(second))
    expect(page.locator(".pv-walk-left")).to_contain_text(last)
    first.refresh_from_db()
    assert (first.status, first.outcome_note) == (Status.DONE, "قیمت را پسندید")
    page.locator(".pv-walk-foot button[type=submit]").click()
    expect(page.locator(".pv-walk")).to_have_count(0)
    expect(page.locator(".pv-empty")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_day_fits_a_phone(visit: Visit, world: World, language: str) -> None:
    clear(world)
    _lead, activity = call(world, "شرکت بازرگانی و مهندسی نوآوران پارس زاگرس جنوب", 30)
    page = visit("/my-day/", world.rep, language=language, width="phone")
    check_fits(page)
    check_accessible(page)
    row(page, activity).locator("[data-day-done]").click()
    expect(page.locator("#dialog")).to_be_visible()
    check_fits(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_manager_opens_the_list_behind_a_number(visit: Visit, world: World, language: str) -> None:
    clear(world)
    _lead, activity = call(world, "ج", 6)
    page = visit("/my-day/team/", world.manager, language=language)
    check_accessible(page)
    line = page.locator("tr", has=page.get_by_role("rowheader", name=str(world.rep)))
    line.locator("td a").first.click()
    expect(page.locator("#results")).to_contain_text(str(activity))
