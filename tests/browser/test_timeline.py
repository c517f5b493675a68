"""The timeline: a note is written, called colleagues are offered, the story is filtered, pinned and paged."""

import pytest
from playwright.sync_api import expect

from activities.models import Activity, Pin
from activities.services import activity_log
from activities.services.notes import note_add
from tests.browser.conftest import Visit
from tests.browser.watch import check_accessible, check_fits
from tests.browser.world import World


def story(page):
    """The timeline, loaded."""
    panel = page.locator("#panel-timeline")
    panel.scroll_into_view_if_needed()
    expect(panel.locator(".pv-story-filters")).to_be_visible()
    return panel


@pytest.mark.parametrize(("language", "width"), [("fa", "desk"), ("en", "phone")])
def test_a_note_is_written_filtered_and_pinned(visit: Visit, world: World, language: str, width: str) -> None:
    lead = world.new_lead(last_name=f"یادداشت {language}")
    activity_log(actor=world.rep, kind="call", subject="تماس نخست", records=[lead])
    page = visit(lead.get_absolute_url(), world.rep, language=language, width=width)
    panel = story(page)
    panel.locator("textarea[name=text]").fill("قیمت <b>رقیب</b> را پرسید")
    panel.locator(".pv-write button[type=submit]").click()
    item = panel.locator(".pv-item.is-note")
    expect(item).to_contain_text("قیمت <b>رقیب</b> را پرسید")
    expect(panel.locator("textarea[name=text]")).to_have_value("")
    note = Activity.objects.get(text__startswith="قیمت", links__object_id=lead.pk)

    panel.get_by_role("link", name={"fa": "یادداشت‌ها", "en": "Notes"}[language], exact=True).click()
    expect(panel.locator(".pv-item")).to_have_count(1)
    panel.get_by_role("link", name={"fa": "فعالیت‌ها", "en": "Activities"}[language], exact=True).click()
    expect(panel.locator(".pv-item.is-note")).to_have_count(0)
    expect(panel).to_contain_text("تماس نخست")
    panel.get_by_role("link", name={"fa": "همه", "en": "All"}[language], exact=True).click()

    item.hover()
    item.locator("button[name=pinned]").click()
    expect(panel.locator(".pv-item.is-pinned")).to_contain_text("قیمت")
    assert Pin.objects.get(object_id=lead.pk).item == f"activity:{note.pk}"
    expect(panel.locator(".pv-item").first).to_contain_text("قیمت")
    check_fits(page)
    check_accessible(page)


def test_the_story_of_the_family_goes_on_page_by_page(visit: Visit, world: World) -> None:
    for number in range(25):
        note_add(actor=world.rep, record=world.account if number % 2 else world.contact, text=f"نوشتهٔ {number}.")
    page = visit(world.account.get_absolute_url(), world.rep)
    panel = story(page)
    expect(panel.locator(".pv-item")).to_have_count(20)
    panel.locator(".pv-story-older a").click()
    for number in range(25):
        expect(panel.get_by_text(f"نوشتهٔ {number}.", exact=True)).to_have_count(1)
    panel.get_by_role("button", name="فقط همین رکورد").click()
    expect(panel.get_by_text("نوشتهٔ 0.", exact=True)).to_have_count(0)


def test_what_an_edit_changed_is_opened_on_the_timeline(visit: Visit, world: World) -> None:
    from core.services import object_save

    lead = world.new_lead(last_name="تغییر")
    lead.city = "یزد"
    object_save(actor=world.rep, instance=lead)
    page = visit(lead.get_absolute_url(), world.rep)
    panel = story(page)
    panel.locator(".pv-item-changes summary").first.click()
    expect(panel.locator(".pv-changes ins").first).to_have_text("یزد")
