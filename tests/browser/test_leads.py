"""Leads: noted down quickly, sent by a web form, converted, changed by two people at once."""

import pytest
from playwright.sync_api import expect

from accounts.models import Account
from core.models import Notification
from leads import gate
from leads.models import Lead
from leads.services import lead_update
from tests.browser.conftest import Visit
from tests.browser.world import World, disqualify_reason


def test_a_lead_is_noted_down_from_any_page(visit: Visit, world: World) -> None:
    page = visit("/catalog/products/", world.rep)
    page.get_by_role("button", name="جدید").first.click()
    page.get_by_role("link", name="سرنخ", exact=True).click()
    dialog = page.locator("#dialog")
    dialog.locator("[name=last_name]").fill("ژیان‌پور")
    dialog.locator("[name=company]").fill("بازرگاني كوير")
    dialog.locator("[name=mobile]").fill("۰۹۱۲ ۳۴۵ ۶۷۸۹")
    dialog.locator("button[type=submit]").click()
    expect(page.locator(".pv-toast, .toast").filter(has_text="ژیان‌پور")).to_be_visible()
    expect(dialog).not_to_be_visible()
    lead = Lead.objects.get(last_name="ژیان‌پور")
    assert (lead.company, lead.mobile, lead.owner) == ("بازرگانی کویر", "+989123456789", world.rep)


def test_a_double_is_shown_while_one_types(visit: Visit, world: World) -> None:
    known = world.new_lead(first_name="پگاه", last_name="وثوقی", mobile="+989351112233")
    page = visit("/leads/add/", world.rep)
    page.locator("[name=mobile]").fill("09351112233")
    expect(page.locator("[data-duplicates]").get_by_role("link", name=str(known))).to_be_visible()


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_web_form_makes_a_lead_and_tells_its_owner(
    visit: Visit, world: World, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(gate, "MIN_SECONDS", 0.0)
    name = {"fa": "آذری", "en": "Azari"}[language]
    page = visit(f"{world.form.get_public_url()}?utm_source=newspaper", language=language, width="phone")
    assert page.locator("html").get_attribute("lang") == language
    page.locator("[name=last_name]").fill(name)
    page.locator("[name=mobile]").fill("09121110022")
    page.locator("[name=interest]").fill("یک مرکز تلفن برای ۲۰ نفر")
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/thanks/**")
    lead = Lead.objects.get(last_name=name)
    assert (lead.owner, lead.source, lead.utm_source) == (world.rep, world.form.source, "newspaper")
    assert Notification.objects.filter(recipient=world.rep, code="lead.captured", params__name=name).exists()

    desk = visit("/leads/", world.rep, language=language)
    desk.locator("#bell").click()
    desk.locator(".dropdown-menu.show").get_by_text(name).first.click()
    desk.wait_for_url(f"**{lead.get_absolute_url()}")


def test_a_web_form_says_what_is_missing_and_keeps_what_was_typed(visit: Visit, world: World) -> None:
    page = visit(world.form.get_public_url(), width="phone")
    page.locator("[name=interest]").fill("دو دستگاه سرور")
    page.locator("[name=mobile]").fill("12")
    page.locator("button[type=submit]").click()
    expect(page.locator(".invalid-feedback, .alert").first).to_be_visible()
    assert page.locator("[name=interest]").input_value() == "دو دستگاه سرور"
    assert not Lead.objects.filter(interest="دو دستگاه سرور").exists()


def test_converting_makes_account_contact_and_deal(visit: Visit, world: World) -> None:
    lead = world.new_lead(first_name="الهام", last_name="نیک‌نام", company="صنایع دماوند", mobile="+989124440011")
    page = visit(lead.get_absolute_url(), world.rep)
    page.locator(f"a[href$='/leads/{lead.pk}/convert/']").first.click()
    page.locator("form.pv-convert button[type=submit]").click()
    page.wait_for_url(lambda url: "/convert/" not in url)
    lead.refresh_from_db()
    assert (lead.status, lead.account.name, lead.contact.last_name) == ("converted", "صنایع دماوند", "نیک‌نام")
    assert lead.opportunity.account == lead.account
    page.goto(lead.get_absolute_url())
    page.locator("#panel-became").get_by_role("link", name=lead.account.name).first.click()
    page.wait_for_url(f"**{lead.account.get_absolute_url()}")
    expect(page.get_by_role("link", name=str(lead)).first).to_be_visible()


def test_converting_proposes_the_account_that_is_there(visit: Visit, world: World) -> None:
    lead = world.new_lead(last_name="گلستانی", company="شركت پارس سيستم", mobile="+989124440012")
    page = visit(f"{lead.get_absolute_url()}convert/", world.rep)
    page.locator(f"[name=account_choice][value='{world.account.pk}']").check()
    page.locator("form.pv-convert button[type=submit]").click()
    page.wait_for_url(lambda url: "/convert/" not in url)
    lead.refresh_from_db()
    assert lead.account == world.account
    assert Account.objects.filter(name__contains="پارس سیستم").count() == 1


def test_disqualifying_asks_the_reason_and_can_be_undone(visit: Visit, world: World) -> None:
    lead = world.new_lead(last_name="لطفی", mobile="+989124440013")
    page = visit(lead.get_absolute_url(), world.rep)
    page.locator("[hx-get$='/disqualify/'], [href$='/disqualify/']").first.click()
    dialog = page.locator("#dialog")
    dialog.get_by_label(str(disqualify_reason())).check()
    dialog.locator("button[type=submit]").click()
    undo = page.get_by_role("button", name="بازگردانی")
    expect(undo).to_be_visible()
    lead.refresh_from_db()
    assert lead.status == "disqualified"
    undo.click()
    expect(undo).not_to_be_visible()
    page.reload()
    lead.refresh_from_db()
    assert lead.status != "disqualified"


def test_a_stale_form_shows_both_versions(visit: Visit, world: World) -> None:
    lead = world.new_lead(last_name="هاشمی", company="آرمان", city="قم", mobile="+989124440014")
    page = visit(f"{lead.get_absolute_url()}edit/", world.rep)
    page.locator("[name=city]").fill("یزد")
    theirs = Lead.objects.get(pk=lead.pk)
    theirs.city = "کرمان"
    lead_update(actor=world.manager, lead=theirs, expected_version=theirs.version)
    page.locator("form.pv-form button[type=submit]").first.click()
    conflict = page.locator(".pv-conflict")
    expect(conflict).to_contain_text("کرمان")
    expect(conflict).to_contain_text("یزد")
    assert page.locator("[name=city]").input_value() == "یزد"
    lead.refresh_from_db()
    assert lead.city == "کرمان"
    page.locator("[name=force_version], button[name=force_version]").first.click()
    page.wait_for_url(f"**{lead.get_absolute_url()}")
    lead.refresh_from_db()
    assert lead.city == "یزد"
