"""Finding things: palette, lists, filters, exports."""

import csv
import io
import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.world import World

ROW = "#results tbody tr"


@pytest.fixture(scope="module")
def persian_lead(world: World):
    """A lead whose company is written with Persian letters and a joiner."""
    return world.new_lead(first_name="شیما", last_name="یزدانی", company="شرکت نرم‌افزاری کیان", mobile="+989133334455")


@pytest.mark.parametrize("typed", ["شركت نرم افزاري كيان", "نرمافزاری", "يزداني", "۰۹۱۳ ۳۳۳ ۴۴۵۵", "+98 913 333 4455"])
def test_the_palette_finds_however_it_is_typed(visit: Visit, world: World, persian_lead, typed: str) -> None:
    page = visit("/leads/", world.rep)
    page.keyboard.press("Control+k")
    page.locator("#palette-q").fill(typed)
    expect(page.locator("#palette-list [role=option]").filter(has_text="یزدانی").first).to_be_visible()


def test_the_palette_opens_a_record_by_keyboard_and_by_number(visit: Visit, world: World, persian_lead) -> None:
    page = visit("/leads/", world.rep, language="en")
    page.keyboard.press("Control+k")
    page.locator("#palette-q").fill(f"#{persian_lead.pk}")
    expect(page.locator("#palette-list [role=option]").filter(has_text="یزدانی")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{persian_lead.get_absolute_url()}")


def test_the_palette_keeps_what_one_may_not_see(visit: Visit, world: World) -> None:
    world.new_lead(last_name="پنهان‌خانی", owner=None, mobile="+989133334466")
    from leads.models import Lead

    Lead.objects.filter(last_name="پنهان‌خانی").update(owner=world.admin, team=None)
    page = visit("/leads/", world.rep)
    page.keyboard.press("Control+k")
    page.locator("#palette-q").fill("پنهان‌خانی")
    expect(page.locator("#palette-list .pv-empty")).to_be_visible()


def test_a_list_finds_arabic_letters_while_one_types(visit: Visit, world: World, persian_lead) -> None:
    page = visit("/leads/", world.rep)
    page.locator("#list-q").press_sequentially("شركت نرم", delay=20)
    expect(page.locator(ROW)).to_have_count(1)
    expect(page.locator(ROW)).to_contain_text("یزدانی")
    assert "q=" in page.url
    page.reload()
    expect(page.locator(ROW)).to_have_count(1)


def test_nothing_found_says_so_and_offers_the_way_back(visit: Visit, world: World) -> None:
    page = visit("/leads/?q=هیچ‌کس‌هیچ‌جا", world.rep)
    expect(page.locator("#results .pv-empty")).to_be_visible()
    page.locator("#results .pv-empty a").first.click()
    expect(page.locator(ROW).first).to_be_visible()


def filter_status(page: Page, status: str) -> None:
    """Choose a status in the panel of filters."""
    page.locator("#open-filters").click()
    panel = page.locator("#panel")
    expect(panel.locator("form")).to_be_visible()
    box = panel.locator("select[name=status]")
    if box.count():
        box.evaluate(
            """(one, value) => { for (const option of one.options) option.selected = option.value === value;
                one.tomselect?.sync(); one.dispatchEvent(new Event('change', {bubbles: true})); }""",
            status,
        )
    else:
        panel.locator(f"input[name=status][value={status}]").check()
    panel.locator("button[type=submit]").first.click()


def test_a_filter_becomes_a_chip_and_is_taken_off(visit: Visit, world: World) -> None:
    world.new_lead(last_name="صادقی", mobile="+989133330001")
    page = visit("/leads/", world.rep)
    filter_status(page, "converted")
    expect(page.locator("#results .pv-empty")).to_be_visible()
    chip = page.locator(".pv-chip").first
    expect(chip).to_be_visible()
    page.locator(".pv-chip a, a.pv-chip").first.click()
    expect(page.locator(ROW).first).to_be_visible()
    expect(page.locator("#panel")).not_to_be_visible()


def download(page: Page, kind: str) -> bytes:
    """The file behind an entry of the list's menu."""
    page.locator(".pv-head-actions .dropdown > button").last.click()
    with page.expect_download() as waiting:
        page.locator(f"[data-export={kind}]").click()
    return waiting.value.path().read_bytes()


def test_the_export_holds_exactly_the_filtered_rows(visit: Visit, world: World, persian_lead) -> None:
    page = visit("/leads/?q=یزدانی", world.manager)
    content = download(page, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert "شیما یزدانی" in rows[1]
    sheet = zipfile.ZipFile(io.BytesIO(download(page, "xlsx")))
    strings = "".join(sheet.read(name).decode() for name in sheet.namelist() if name.endswith(".xml"))
    assert "شرکت نرم‌افزاری کیان" in strings
    assert "rightToLeft" in strings


def test_who_may_not_export_is_not_offered_it(visit: Visit, world: World) -> None:
    page = visit("/leads/", world.rep)
    assert page.locator("[data-export]").count() == 0


def test_a_column_sorts_by_the_persian_alphabet_and_pages_turn(visit: Visit, world: World) -> None:
    page = visit("/leads/?sort=name", world.rep, language="en")
    expect(page.locator(ROW)).to_have_count(25)
    first = page.locator(f"{ROW} .row-link").first.inner_text()
    page.locator(".pv-pager a[rel=next], a[rel=next]").first.click()
    expect(page.locator(f"{ROW} .row-link").first).not_to_have_text(first)
    assert re.search(r"(page=2|after=)", page.url)


def test_the_list_is_walked_by_keyboard(visit: Visit, world: World) -> None:
    page = visit("/leads/", world.rep)
    expect(page.locator(".row-select")).to_have_count(0)  # nothing is done to many leads at once
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/leads/\d+/"))
