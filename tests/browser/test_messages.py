"""Messages: written from a record, counted, kept after a mistake, told on the timeline; templates with a preview."""

import pytest
from playwright.sync_api import expect

from messaging.models import Message, MessageTemplate
from tests.browser.conftest import Visit
from tests.browser.test_timeline import story
from tests.browser.watch import check_accessible, check_fits
from tests.browser.world import World


@pytest.mark.parametrize(("language", "width"), [("fa", "desk"), ("en", "phone")])
def test_an_email_is_written_from_a_record_and_told_there(
    visit: Visit, world: World, language: str, width: str
) -> None:
    address = f"buyer-{language}@example.com"
    lead = world.new_lead(first_name="نگار", last_name="خریدار", email=address)
    page = visit(lead.get_absolute_url(), world.rep, language=language, width=width)
    panel = story(page)
    page.locator(".pv-quick-actions").get_by_role("button", name={"fa": "ایمیل", "en": "E-mail"}[language]).click()
    dialog = page.locator("#dialog")
    expect(dialog.locator("[name=to]")).to_have_value(address)
    dialog.locator("[name=template]").select_option(label="آشنایی با سرنخ تازه")
    expect(dialog.locator("[name=subject]")).not_to_have_value("")
    assert "نگار" in dialog.locator("[name=body]").input_value()
    dialog.locator("[name=subject]").fill("")
    dialog.locator("button[type=submit]").click()
    expect(dialog.locator(".invalid-feedback").first).to_be_visible()
    assert "نگار" in dialog.locator("[name=body]").input_value()
    check_fits(page)
    dialog.locator("[name=subject]").fill("پیشنهاد ما")
    dialog.locator("button[type=submit]").dblclick()
    expect(dialog).not_to_be_visible()
    item = panel.locator(".pv-item.is-message")
    expect(item).to_contain_text("پیشنهاد ما")
    expect(item.locator(".badge")).to_be_visible()
    message = Message.objects.get(to_address=address)
    assert (message.channel, message.subject) == ("email", "پیشنهاد ما")

    item.get_by_role("link", name="پیشنهاد ما").click()
    page.wait_for_url(f"**{message.get_absolute_url()}")
    expect(page.locator("h1")).to_contain_text("پیشنهاد ما")
    check_accessible(page)


def test_an_sms_counts_its_parts_as_the_server_does(visit: Visit, world: World) -> None:
    lead = world.new_lead(last_name="پیامکی", mobile="+989121230099")
    page = visit(f"/messages/compose/sms/leads.lead/{lead.pk}/", world.rep)
    body, sign = page.locator("[name=body]"), page.locator("[data-count]")
    for words, parts in (("سلام", "۱"), ("س" * 70, "۱"), ("س" * 71, "۲"), ("a" * 160, "۱"), ("a" * 161, "۲")):
        body.fill(words)
        expect(sign).to_contain_text(f"{parts} ·")
    body.fill("س" * 66 + "😀")
    expect(sign).to_contain_text("۱ ·")
    page.locator(".pv-savebar button[type=submit]").click()
    page.wait_for_url(f"**{lead.get_absolute_url()}")
    assert Message.objects.get(to_address="+989121230099").parts == 1


def test_a_template_is_written_with_a_preview(visit: Visit, world: World) -> None:
    page = visit("/messages/templates/add/", world.manager)
    page.locator("#id_name").fill("قالب مرورگر")
    page.locator("[name=host]").select_option("accounts.account")
    page.locator("[name=channel]").select_option("email")
    page.locator("[name=subject_fa]").fill("برای ")
    page.locator("[name=body_fa]").fill("سلام ")
    page.locator("[data-kind='accounts.account'] .dropdown button[data-bs-toggle]").first.click()
    page.locator(".dropdown-menu.show [data-place=name]").click()
    expect(page.locator("[name=body_fa]")).to_have_value("سلام {{ name }}")
    page.locator(".ts-control input").last.fill(world.account.name)
    page.locator(".ts-dropdown .option").filter(has_text=world.account.name).filter(has_text="حساب").first.click()
    expect(page.locator("#preview")).to_contain_text(f"سلام {world.account.name}")
    page.locator("[name=body_fa]").fill("{% for x in name %}")
    expect(page.locator("#preview .alert-danger")).to_be_visible()
    page.locator(".pv-savebar button[type=submit]").click()
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    page.locator("[name=body_fa]").fill("سلام {{ نام }}")
    page.locator(".pv-savebar button[type=submit]").click()
    page.wait_for_url(lambda url: "/add/" not in url)
    assert MessageTemplate.objects.get(name="قالب مرورگر").body_fa == "سلام {{ نام }}"
    check_accessible(page)
