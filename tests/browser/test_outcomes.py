"""Settings: an outcome is added, offered when a call is finished, and retired."""

import pytest
from playwright.sync_api import expect

from activities.models import ActivityOutcome
from activities.services import activity_plan
from tests.browser.conftest import Visit
from tests.browser.watch import check_accessible, check_fits
from tests.browser.world import World


@pytest.mark.parametrize(("language", "width"), [("fa", "desk"), ("en", "phone")])
def test_an_outcome_is_added_offered_and_retired(visit: Visit, world: World, language: str, width: str) -> None:
    name = {"fa": f"پیش‌فاکتور خواست {width}", "en": f"Asked for a quote {width}"}
    page = visit("/settings/", world.manager, language=language, width=width)
    page.locator("main a[href$='/activities/outcomes/']").click()
    expect(page.locator(".pv-sidebar [aria-current=page]")).to_have_attribute("href", "/settings/")
    check_accessible(page, both_themes=False)
    check_fits(page)
    page.locator("a[href$='/outcomes/add/']").click()
    page.locator("[name=name_fa]").fill(name["fa"])
    page.locator("[name=name_en]").fill(name["en"])
    page.locator("[name=kind]").select_option("call")
    page.locator("[name=position]").fill("1")
    check_accessible(page, both_themes=False)
    check_fits(page)
    page.locator(".pv-savebar button[type=submit]").first.click()
    row = page.locator("tbody").get_by_role("link", name=name[language])
    expect(row).to_be_visible()
    lead = world.new_lead(last_name=f"صالحی {language}", mobile="+989125550029")
    call = activity_plan(actor=world.rep, kind="call", subject="تماس", due_at=lead.created_at, records=[lead])
    finish = visit(f"{call.get_absolute_url()}done/", world.rep, language=language, width=width)
    expect(finish.get_by_text(name[language]).first).to_be_visible()
    page = visit("/activities/outcomes/", world.manager, language=language, width=width)
    page.locator("tbody").get_by_role("link", name=name[language]).click()
    page.locator("[name=is_active]").uncheck()
    page.locator(".pv-savebar button[type=submit]").first.click()
    expect(page.locator(".pv-toast.is-success")).to_be_visible()
    assert not ActivityOutcome.objects.get(name_en=name["en"]).is_active
