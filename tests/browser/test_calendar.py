"""The calendar by hand: events dragged and stretched, taken back, moved by keyboard, planned on empty time, on a phone."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from activities.models import Activity, Booking, Resource
from activities.services import activity_move, activity_plan
from core.calendar.jalali import from_jalali
from tests.browser.conftest import WIDTHS, Visit
from tests.browser.watch import check_accessible, check_fits
from tests.browser.world import World

URL = "/activities/calendar/"
ESFAND = from_jalali(1405, 12, 26)  # a Wednesday of the last week of the year; Nowruz is the Sunday after
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def at(date: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """A time of the day in the company's zone."""
    return dt.datetime.combine(date, dt.time(hour, minute), tzinfo=timezone.get_default_timezone())


def plan(world: World, subject: str, begins: dt.datetime, hours: float = 1, **values: object) -> Activity:
    """A meeting of the rep."""
    ends = begins + dt.timedelta(hours=hours)
    return activity_plan(actor=world.rep, kind="meeting", subject=subject, due_at=begins, ends_at=ends, **values)


def event(page: Page, activity: Activity) -> Locator:
    """The event on the page."""
    return page.locator(f".pv-ev[data-pk='{activity.pk}']").first


def open_page(visit: Visit, world: World, view: str, date: dt.date, **options: str) -> Page:
    """A page of the calendar."""
    return visit(f"{URL}?view={view}&date={date.isoformat()}", world.rep, **options)


def drag(page: Page, what: Locator, x: float, y: float, *, grip: float = 8) -> None:
    """Drag as a hand does: press near the top, move in steps, let go."""
    what.scroll_into_view_if_needed()
    box = what.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + grip)
    page.mouse.down()
    page.mouse.move(x, y, steps=12)
    with page.expect_response(lambda answer: "/move/" in answer.url):
        page.mouse.up()


def cell(page: Page, date: dt.date) -> dict[str, float]:
    """Where a day of the month stands."""
    box = page.locator(f".pv-month .pv-cell[data-date='{date}']").bounding_box()
    assert box
    return dict(box)


def column(page: Page, date: dt.date) -> dict[str, float]:
    """Where the hours of a day stand."""
    box = page.locator(f".pv-hourcol[data-date='{date}']").bounding_box()
    assert box
    return dict(box)


def when(activity: Activity) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Its present times."""
    activity.refresh_from_db()
    return activity.due_at, activity.ends_at


def undo(page: Page, language: str) -> None:
    """Press the toast's button and wait for the answer."""
    with page.expect_response(lambda answer: "/undo/" in answer.url):
        page.get_by_role("button", name={"fa": "بازگردانی", "en": "Undo"}[language]).last.click()


@pytest.mark.parametrize("language", ["fa", "en"])
def test_an_event_is_dragged_through_the_month_and_taken_back(visit: Visit, world: World, language: str) -> None:
    activity = plan(world, f"ماه {language}", at(ESFAND, 10))
    page = open_page(visit, world, "month", ESFAND, language=language)
    target = cell(page, ESFAND + DAY)
    drag(page, event(page, activity), target["x"] + target["width"] / 2, target["y"] + target["height"] - 8)
    expect(event(page, activity)).to_have_class(re.compile("is-new"))
    assert when(activity) == (at(ESFAND + DAY, 10), at(ESFAND + DAY, 11))
    undo(page, language)
    expect(event(page, activity)).to_have_attribute("data-first", ESFAND.isoformat())
    assert when(activity) == (at(ESFAND, 10), at(ESFAND, 11))


@pytest.mark.parametrize("language", ["fa", "en"])
def test_an_event_is_dragged_and_stretched_in_the_week(visit: Visit, world: World, language: str) -> None:
    date = ESFAND - 8 * DAY
    activity = plan(world, f"هفته {language}", at(date, 10))
    page = open_page(visit, world, "week", date, language=language)
    event(page, activity).scroll_into_view_if_needed()
    box, target = event(page, activity).bounding_box(), column(page, date + DAY)
    assert box
    hour = target["height"] / 24
    drag(page, event(page, activity), target["x"] + target["width"] / 2, box["y"] + 8 + 2 * hour)
    expect(event(page, activity)).to_have_attribute("data-first", (date + DAY).isoformat())
    assert when(activity) == (at(date + DAY, 12), at(date + DAY, 13))
    handle = event(page, activity).locator("[data-stretch]")
    grip = handle.bounding_box()
    assert grip
    drag(page, handle, grip["x"] + grip["width"] / 2, grip["y"] + 3 + hour, grip=3)
    expect(page.locator(".pv-toast").last).to_be_visible()
    assert when(activity) == (at(date + DAY, 12), at(date + DAY, 14))
    undo(page, language)
    expect(event(page, activity)).to_have_attribute("data-dh", "1")
    assert when(activity) == (at(date + DAY, 12), at(date + DAY, 13))


def test_in_persian_the_week_runs_from_right_to_left(visit: Visit, world: World) -> None:
    page = open_page(visit, world, "week", ESFAND)
    first, second = column(page, ESFAND - 4 * DAY), column(page, ESFAND - 3 * DAY)  # Saturday, Sunday
    assert first["x"] > second["x"]
    page = open_page(visit, world, "week", ESFAND, language="en")
    monday, tuesday = column(page, ESFAND - 2 * DAY), column(page, ESFAND - DAY)
    assert monday["x"] < tuesday["x"]


def test_two_hands_on_one_event_lose_nothing(visit: Visit, world: World) -> None:
    activity = plan(world, "دو دست", at(ESFAND, 15))
    page = open_page(visit, world, "month", ESFAND)
    page.watch.allowed.add(409)  # type: ignore[attr-defined]
    activity_move(actor=world.manager, activity=activity, due_at=at(ESFAND - DAY, 16))
    target = cell(page, ESFAND + DAY)
    drag(page, event(page, activity), target["x"] + target["width"] / 2, target["y"] + target["height"] - 8)
    expect(event(page, activity)).to_have_attribute("data-first", (ESFAND - DAY).isoformat())
    expect(page.locator(".pv-toast.is-error")).to_be_visible()
    assert when(activity)[0] == at(ESFAND - DAY, 16)


def test_all_of_it_by_keyboard(visit: Visit, world: World) -> None:
    activity = plan(world, "با صفحه‌کلید", at(ESFAND, 9))
    page = open_page(visit, world, "month", ESFAND)
    event(page, activity).focus()
    page.keyboard.press("Enter")
    dialog = page.locator("#dialog")
    expect(dialog).to_contain_text("با صفحه‌کلید")
    dialog.locator("a[hx-get*='/move/']").press("Enter")
    expect(dialog.locator("[name=time]")).to_be_visible()
    dialog.locator("[name=time]").fill("۱۷:۱۵")
    dialog.locator("[name=until_time]").fill("18:00")
    dialog.locator("[name=until_time]").press("Enter")
    expect(dialog).not_to_be_visible()
    expect(event(page, activity)).to_contain_text("۱۷:۱۵")
    assert when(activity) == (at(ESFAND, 17, 15), at(ESFAND, 18))


@pytest.mark.parametrize(("language", "forward"), [("fa", "ArrowLeft"), ("en", "ArrowRight")])
def test_keys_turn_pages_and_change_views(visit: Visit, world: World, language: str, forward: str) -> None:
    page = open_page(visit, world, "month", ESFAND, language=language)
    calendar = page.locator("#calendar")
    title = page.locator("#calendar-title")
    before = title.inner_text()
    page.keyboard.press(forward)
    expect(title).not_to_have_text(before)
    for key, view in (("w", "week"), ("d", "day"), ("a", "agenda"), ("m", "month")):
        page.keyboard.press(key)
        expect(calendar).to_have_attribute("data-view", view)
    page.keyboard.press("t")
    today = timezone.localdate()
    number = page.locator(f"[data-day='{today}']")
    expect(number).to_have_attribute("aria-current", "date")
    number.focus()
    page.keyboard.press(forward)
    expect(page.locator(f"[data-day='{today + DAY}']")).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator("#dialog [name=due_at]")).to_be_visible()


def test_empty_time_is_drawn_and_planned(visit: Visit, world: World) -> None:
    date = ESFAND - 15 * DAY
    page = open_page(visit, world, "week", date)
    page.locator(".pv-hours-frame").evaluate("frame => { frame.scrollTop = 300; }")
    box, frame = column(page, date), page.locator(".pv-hours-frame").bounding_box()
    assert frame
    hour = box["height"] / 24
    top = box["y"] + 10 * hour + 2
    x = box["x"] + box["width"] / 2
    page.mouse.move(x, top)
    page.mouse.down()
    page.mouse.move(x, top + 1.5 * hour, steps=8)
    page.mouse.up()
    dialog = page.locator("#dialog")
    expect(dialog.locator("[name=due_at]")).to_have_value(re.compile("۱۰:۰۰"))
    dialog.locator("[name=subject]").fill("کشیده بر هفته")
    dialog.locator("button[type=submit]").click()
    expect(page.locator(".pv-ev", has_text="کشیده بر هفته")).to_be_visible()
    made = Activity.objects.get(subject="کشیده بر هفته")
    assert (made.due_at, made.ends_at) == (at(date, 10), at(date, 11, 30))


def test_a_room_is_chosen_where_it_is_free(visit: Visit, world: World) -> None:
    from activities.services import bookings_sync

    room = Resource.objects.create(code="b1", name_fa="اتاق شیشه‌ای", name_en="Glass room")
    bookings_sync(actor=world.rep, activity=plan(world, "پیش از ما", at(ESFAND - 20 * DAY, 10)), resources=[room])
    page = visit("/activities/add/?kind=meeting&due_at=1405/12/06 10:30", world.rep)
    rooms = page.locator(".pv-rooms")
    expect(rooms.locator(".bg-red-lt")).to_contain_text("پیش از ما")
    page.locator("[name=subject]").fill("جلسه در اتاق")
    page.locator("[name=due_at]").fill("1405/12/06 11:00")
    page.locator("[name=due_at]").press("Tab")
    expect(rooms.locator(".bg-green-lt")).to_be_visible()
    rooms.get_by_role("checkbox").check()
    page.locator(".pv-savebar button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/activities/(\d+/)?$"))
    assert Booking.objects.filter(activity__subject="جلسه در اتاق", resource=room).exists()


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_phone_begins_with_the_day_and_never_scrolls_sideways(visit: Visit, world: World, language: str) -> None:
    activity = plan(world, f"گوشی {language}", at(timezone.localdate(), 12))
    page = visit(URL, world.rep, language=language, width="phone")
    expect(page.locator("#calendar")).to_have_attribute("data-view", "day")
    expect(event(page, activity)).to_be_visible()
    for view in ("month", "week", "agenda", "day"):
        page.goto(f"{URL}?view={view}")
        expect(page.locator("#calendar")).to_have_attribute("data-view", view)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_finger_rests_and_then_drags(visit: Visit, world: World) -> None:
    date = ESFAND - 22 * DAY
    activity = plan(world, "با انگشت", at(date, 10))
    page = open_page(visit, world, "day", date, width="phone")
    event(page, activity).scroll_into_view_if_needed()
    box = event(page, activity).bounding_box()
    assert box
    hour = column(page, date)["height"] / 24
    x, y = box["x"] + box["width"] / 2, box["y"] + 10
    touch = page.context.new_cdp_session(page)

    def finger(kind: str, points: list[dict[str, float]]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    finger("touchStart", [{"x": x, "y": y}])
    expect(event(page, activity)).to_have_class(re.compile("is-dragged"))
    for step in range(1, 9):
        finger("touchMove", [{"x": x, "y": y + hour * step / 8}])
    with page.expect_response(lambda answer: "/move/" in answer.url):
        finger("touchEnd", [])
    expect(event(page, activity)).to_have_attribute("data-h", "11")
    assert when(activity)[0] == at(date, 11)


def test_colleagues_are_laid_over_and_say_no_more_than_they_may(visit: Visit, world: World) -> None:
    activity_plan(
        actor=world.manager,
        kind="meeting",
        subject="پنهان",
        is_private=True,
        due_at=at(ESFAND, 13),
        ends_at=at(ESFAND, 14),
    )
    page = open_page(visit, world, "day", ESFAND)
    page.locator(".pv-cal-bar .dropdown > button").click()
    page.locator(".pv-cal-choose .ts-control input").fill("مهرداد")
    page.locator(".ts-dropdown .option", has_text="مهرداد").click()
    page.locator(".pv-cal-choose button[type=submit]").click()
    page.wait_for_url(re.compile("people="))
    expect(page.locator(".pv-ev.is-busy")).to_have_count(1)
    expect(page.locator("#calendar")).not_to_contain_text("پنهان")


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("view", ["month", "week", "day", "agenda"])
def test_each_view_is_usable_by_everybody(visit: Visit, world: World, view: str, language: str) -> None:
    date = ESFAND - DAY * (30 + 3 * ["month", "week", "day", "agenda"].index(view) + 15 * ["fa", "en"].index(language))
    early, late, whole = (f"دسترسی {view} {language} {number}" for number in range(3))
    plan(world, early, at(date, 10))
    plan(world, late, at(date, 10, 30))
    plan(world, whole, at(date, 0), 48, all_day=True)
    query = f"view={view}&date={date.isoformat()}&people={world.rep.pk}&people={world.manager.pk}"
    page = visit(f"{URL}?{query}", world.rep, language=language)
    check_accessible(page)
    page.locator(".pv-ev[data-pk]", has_text=early).first.click()
    expect(page.locator("#dialog")).to_contain_text(early)
    check_accessible(page, both_themes=False)
    page.keyboard.press("Escape")
    wide, high = WIDTHS["phone"]
    page.set_viewport_size({"width": wide, "height": high})
    check_fits(page)
