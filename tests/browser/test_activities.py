"""Activities: planned from a record, finished with the next step in two keystrokes, ticked, put off, on a phone."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from activities.choices import Kind, Status
from activities.models import Activity
from activities.selectors.activities import activities_on, activity_records
from activities.services import activity_plan
from leads.models import Lead
from tests.browser.conftest import Visit
from tests.browser.watch import check_accessible, check_fits
from tests.browser.world import World

LANGUAGES = ("fa", "en")


def planned(world: World, lead: Lead, subject: str = "تماس برای قیمت", **values) -> Activity:
    """A call of the rep on the lead."""
    values.setdefault("due_at", timezone.now() + dt.timedelta(hours=3))
    return activity_plan(actor=world.rep, kind=Kind.CALL, subject=subject, records=[lead], **values)


def settled(page: Page) -> None:
    """The dialog is gone and the page behind is there again."""
    expect(page.locator("#dialog")).not_to_be_visible()
    expect(page.locator(".pv-toast").first).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", ["desk", "phone"])
def test_a_call_is_planned_on_a_record(visit: Visit, world: World, language: str, width: str) -> None:
    lead = world.new_lead(last_name=f"افشار {language} {width}", mobile="+989125550011")
    page = visit(lead.get_absolute_url(), world.rep, language=language, width=width)
    page.locator(".pv-quick-actions a").first.click()
    dialog = page.locator("#dialog")
    expect(dialog.locator("[name=subject]")).to_be_visible()
    check_accessible(page, both_themes=False)
    check_fits(page)
    dialog.locator("[name=subject]").fill("زنگ به مدیر خرید")
    dialog.locator(".pv-times button").last.click()
    dialog.locator("[name=subject]").press("Enter")
    settled(page)
    panel = page.locator("#panel-activities")
    panel.scroll_into_view_if_needed()
    expect(panel.get_by_text("زنگ به مدیر خرید")).to_be_visible()
    activity = activities_on(lead, user=world.rep).get()
    assert (activity.kind, activity.owner) == (Kind.CALL, world.rep)
    assert activity.due_at > timezone.now()
    lead.refresh_from_db()
    assert lead.next_step == "زنگ به مدیر خرید"


def test_a_row_is_chosen_by_key_where_something_can_be_done_with_it(visit: Visit, world: World) -> None:
    planned(world, world.new_lead(last_name="صادقی", mobile="+989125550037"))
    page = visit("/activities/", world.rep)
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#results .row-select:checked")).to_have_count(1)
    expect(page.locator(".pv-bulkbar")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_fields_go_on_with_what_was_typed(visit: Visit, world: World, language: str) -> None:
    lead = world.new_lead(last_name=f"مرادی {language}", mobile="+989125550028")
    page = visit(lead.get_absolute_url(), world.rep, language=language)
    page.locator(".pv-quick-actions a").first.click()
    dialog = page.locator("#dialog")
    dialog.locator("[name=subject]").fill("جلسهٔ هفتگی با مدیر خرید")
    dialog.locator("label:has([name=kind][value=meeting])").click()
    dialog.locator(".pv-times button").last.click()
    dialog.locator("[name=text]").fill("نمونه‌ها را ببریم")
    dialog.locator("button[name=continue]").click()
    expect(page.locator("main form [name=subject]")).to_have_value("جلسهٔ هفتگی با مدیر خرید")
    expect(page.locator("main form [name=due_at]")).not_to_have_value("")
    expect(page.locator("main form [name=text]")).to_have_value("نمونه‌ها را ببریم")
    expect(page.locator("main form [name=kind]")).to_have_value("meeting")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator(".pv-toast.is-success")).to_be_visible()
    activity = activities_on(lead, user=world.rep).get()
    assert (activity.kind, activity.text) == (Kind.MEETING, "نمونه‌ها را ببریم")
    assert activity.due_at > timezone.now() + dt.timedelta(days=20)


def test_two_keystrokes_finish(visit: Visit, world: World) -> None:
    activity = planned(world, world.new_lead(last_name="بهرامی", mobile="+989125550012"))
    page = visit(activity.get_absolute_url(), world.rep)
    page.keyboard.press("d")
    expect(page.locator("#dialog form")).to_be_visible()
    page.keyboard.press("Enter")
    settled(page)
    activity.refresh_from_db()
    assert activity.status == Status.DONE


@pytest.mark.parametrize("language", LANGUAGES)
def test_done_and_next_in_one_dialog_and_undone(visit: Visit, world: World, language: str) -> None:
    lead = world.new_lead(last_name=f"کیانی {language}", mobile="+989125550013")
    activity = planned(world, lead)
    page = visit(lead.get_absolute_url(), world.rep, language=language)
    page.locator("#panel-activities .pv-act-check").first.click()
    dialog = page.locator("#dialog")
    expect(dialog.locator(".pv-next-fields")).not_to_be_visible()
    dialog.locator(".pv-pills label:has([name=outcome])").first.click()
    dialog.locator("[name=note]").fill("گفت قیمت را بفرستیم")
    dialog.locator(".pv-pills label:has([name=next_kind][value=follow_up])").click()
    dialog.locator("[name=next_subject]").fill("ارسال قیمت")
    check_accessible(page, both_themes=False)
    dialog.locator(".pv-times button").last.click()
    dialog.locator("[name=note]").press("Control+Enter")
    settled(page)
    activity.refresh_from_db()
    following = Activity.objects.get(subject="ارسال قیمت")
    assert (activity.status, activity.outcome_note) == (Status.DONE, "گفت قیمت را بفرستیم")
    assert activity_records(following, user=world.rep) == [lead]
    page.locator(".pv-toast form button").first.click()
    expect(page.locator(".pv-toast").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    activity.refresh_from_db()
    assert activity.is_open
    assert not Activity.objects.filter(subject="ارسال قیمت").exists()


def test_a_next_step_without_a_time_says_so_and_keeps_what_was_typed(visit: Visit, world: World) -> None:
    activity = planned(world, world.new_lead(last_name="راستی", mobile="+989125550014"))
    page = visit(activity.get_absolute_url(), world.rep)
    page.keyboard.press("d")
    dialog = page.locator("#dialog")
    dialog.locator(".pv-pills label:has([name=next_kind][value=call])").click()
    dialog.locator("[name=next_subject]").fill("تماس دوم")
    dialog.locator(".pv-dialog-foot button[type=submit]").click()
    expect(dialog.locator(".invalid-feedback").first).to_be_visible()
    assert dialog.locator("[name=next_subject]").input_value() == "تماس دوم"
    activity.refresh_from_db()
    assert activity.is_open


def test_a_checklist_is_ticked_in_place(visit: Visit, world: World) -> None:
    lead = world.new_lead(last_name="سهرابی", mobile="+989125550015")
    activity = planned(world, lead, checklist=["کاتالوگ", "فهرست قیمت"])
    page = visit(activity.get_absolute_url(), world.rep, width="phone")
    panel = page.locator("#panel-checklist")
    panel.get_by_role("checkbox", name="کاتالوگ").click()
    expect(panel.get_by_role("checkbox", name="کاتالوگ")).to_have_attribute("aria-checked", "true")
    panel.locator("[name=text]").fill("نمونهٔ کالا")
    panel.locator("[name=text]").press("Enter")
    expect(panel.get_by_role("checkbox", name="نمونهٔ کالا")).to_be_visible()
    assert activity.checklist.filter(done_at=None).count() == 2


def test_an_activity_is_put_off_with_one_click(visit: Visit, world: World) -> None:
    activity = planned(world, world.new_lead(last_name="نوری", mobile="+989125550016"))
    before = activity.due_at
    page = visit(activity.get_absolute_url(), world.rep, width="phone")
    page.locator("[hx-get$='/snooze/']").first.click()
    page.locator("#dialog .pv-snooze button").last.click()
    settled(page)
    activity.refresh_from_db()
    assert activity.due_at > before + dt.timedelta(days=20)


@pytest.mark.parametrize("language", LANGUAGES)
def test_putting_off_and_cancelling_are_undone_where_one_is(visit: Visit, world: World, language: str) -> None:
    lead = world.new_lead(last_name=f"یگانه {language}", mobile="+989125550026")
    activity = planned(world, lead)
    page = visit(lead.get_absolute_url(), world.rep, language=language)
    page.locator("#panel-activities [hx-get$='/snooze/']").first.click()
    page.locator("#dialog .pv-snooze button").last.click()
    settled(page)
    page.locator(".pv-toast form button").click()
    expect(page.locator(".pv-toast form")).to_have_count(0)
    expect(page.locator(".pv-toast.is-success")).to_be_visible()
    assert page.url.endswith(lead.get_absolute_url())
    due_at = activity.due_at
    activity.refresh_from_db()
    assert activity.due_at == due_at
    page = visit(f"{activity.get_absolute_url()}cancel/", world.rep, language=language)
    page.locator("main form button[type=submit]").first.click()
    page.locator(".pv-toast form button").click()
    expect(page.locator(".pv-toast form")).to_have_count(0)
    expect(page.locator(".pv-toast.is-success")).to_be_visible()
    activity.refresh_from_db()
    assert activity.is_open


def test_an_undo_on_the_calendar_of_something_else_comes_back_to_it(visit: Visit, world: World) -> None:
    activity = planned(world, world.new_lead(last_name="زمانی", mobile="+989125550027"))
    day = timezone.localtime(activity.due_at).date().isoformat()
    page = visit(f"/activities/calendar/?view=agenda&date={day}", world.rep)
    page.locator(f"[data-pk='{activity.pk}']").first.click()
    page.locator("#dialog [hx-get$='/done/']").click()
    page.locator("#dialog .pv-dialog-foot button[type=submit]").click()
    settled(page)
    page.locator(".pv-toast form button").click()
    expect(page.locator(".pv-toast form")).to_have_count(0)
    expect(page.locator(".pv-toast.is-success")).to_be_visible()
    assert "/activities/calendar/?view=agenda" in page.url
    activity.refresh_from_db()
    assert activity.is_open


def test_a_call_is_logged_and_a_note_is_written(visit: Visit, world: World) -> None:
    lead = world.new_lead(last_name="ملکی", mobile="+989125550017")
    page = visit(lead.get_absolute_url(), world.rep)
    page.locator(".pv-quick-actions a").nth(1).click()
    dialog = page.locator("#dialog")
    dialog.locator("[name=outcome_note]").fill("پاسخ نداد")
    dialog.locator(".pv-dialog-foot button[type=submit]").click()
    settled(page)
    page.locator(".pv-quick-actions a").nth(2).click()
    dialog.locator("[name=text]").fill("<b>فقط</b> عصرها پاسخ می‌دهد")
    dialog.locator("[name=text]").press("Control+Enter")
    settled(page)
    rows = activities_on(lead, user=world.rep)
    assert set(rows.values_list("kind", flat=True)) == {Kind.CALL, Kind.NOTE}
    expect(page.get_by_text("<b>فقط</b>").first).to_be_visible()


def test_the_full_form_takes_people_and_records(visit: Visit, world: World) -> None:
    page = visit("/activities/add/", world.rep)
    page.locator("[name=kind]").select_option("meeting")
    page.locator("[name=subject]").fill("جلسه با هر دو")
    page.locator("[name=due_at]").fill("1410/01/20 10:00")
    page.locator("#id_assignees-ts-control").fill("مهرداد")
    page.locator(".ts-dropdown .option", has_text="مهرداد").click()
    page.locator("#id_records-ts-control").fill("پارس")
    page.locator(".ts-dropdown .option", has_text="پارس سیستم").click()
    page.locator("[name=subject]").press("Control+Enter")
    page.wait_for_url("**/activities/*/")
    activity = Activity.objects.get(subject="جلسه با هر دو")
    assert activity_records(activity, user=world.rep) == [world.account]
    assert [part.user for part in activity.assignments.all()] == [world.manager]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["/activities/", "/activities/add/", ""])
def test_the_pages_are_usable_and_fit_a_phone(visit: Visit, world: World, address: str, language: str) -> None:
    lead = world.new_lead(last_name=f"فلاحی {language}", mobile="+989125550018")
    activity = planned(world, lead, checklist=["کاتالوگ"], assignees=[world.rep, world.manager])
    page = visit(address or activity.get_absolute_url(), world.rep, language=language)
    check_accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    check_fits(page)
