"""Sequences and repetition: written in the settings, started on a lead with its dates shown, repeated by the Jalali month."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from activities.models import Activity, Sequence, SequenceRun, SequenceStep
from activities.services import activity_complete, activity_plan, sequence_start
from tests.browser.conftest import Visit
from tests.browser.watch import check_accessible, check_fits
from tests.browser.world import World

LANGUAGES = ("fa", "en")


def sequence(name: str) -> Sequence:
    """A call, a mail two working days later, a call five days after that."""
    row = Sequence.objects.create(name=name, host="leads.lead")
    steps = (("call", "تماس آشنایی", 0), ("email", "فرستادن معرفی", 2), ("call", "پرسیدن نظر", 5))
    for number, (kind, subject, days) in enumerate(steps, start=1):
        SequenceStep.objects.create(sequence=row, position=number * 10, kind=kind, subject=subject, after_days=days)
    return row


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_manager_writes_a_sequence(visit: Visit, world: World, language: str) -> None:
    page = visit("/activities/sequences/add/", world.manager, language=language)
    page.locator("#id_name").fill(f"پیگیری نمایشگاه {language}")
    page.locator(".pv-savebar button[type=submit]").first.click()
    page.wait_for_url("**/steps/add/")
    page.locator("[name=subject]").fill("تماس نخست")
    page.locator("[name=at_time]").fill("10:30")
    page.locator("[name=add_another]").click()
    page.wait_for_url("**/steps/add/")
    page.locator("[name=kind]").select_option("email")
    page.locator("[name=subject]").fill("فرستادن کاتالوگ")
    page.locator(".pv-savebar button[type=submit]").first.click()
    page.wait_for_url("**/sequences/**")
    card = page.locator(".pv-panel", has_text=f"پیگیری نمایشگاه {language}")
    expect(card.locator(".pv-sequence > li")).to_have_count(2)
    card.locator(".pv-sequence > li").nth(1).locator("form button").first.click()
    expect(card.locator(".pv-sequence > li").first).to_contain_text("فرستادن کاتالوگ")
    check_accessible(page, both_themes=False)
    check_fits(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", ["desk", "phone"])
def test_a_rep_starts_one_on_a_lead_and_stops_it(visit: Visit, world: World, language: str, width: str) -> None:
    row = sequence(f"سرنخ تازه {language} {width}")
    lead = world.new_lead(last_name=f"سپهری {language} {width}", mobile="+989125550077")
    page = visit(lead.get_absolute_url(), world.rep, language=language, width=width)
    page.locator(".pv-quick-actions a[href*='/sequences/start/']").click()
    dialog = page.locator("#dialog")
    dialog.locator("[name=sequence]").select_option(str(row.pk))
    expect(dialog.locator(".pv-sequence > li")).to_have_count(3)
    check_accessible(page, both_themes=False)
    check_fits(page)
    dialog.locator("button[type=submit]").click()
    expect(dialog).not_to_be_visible()
    panel = page.locator("#panel-sequences")
    panel.scroll_into_view_if_needed()
    expect(panel.locator(".is-open")).to_contain_text("تماس آشنایی")
    expect(panel.locator(".is-coming")).to_have_count(2)
    run = SequenceRun.objects.get(sequence=row)
    assert Activity.objects.get(run=run).owner == world.rep
    page.on("dialog", lambda question: question.accept())
    panel.locator("form[action*='/stop/'] button").click()
    expect(page.locator(".pv-toast").first).to_be_visible()
    run.refresh_from_db()
    assert run.state == "stopped"


def test_the_next_step_comes_when_one_is_done(visit: Visit, world: World) -> None:
    lead = world.new_lead(last_name="نیک‌پی", mobile="+989125550078")
    run = sequence_start(actor=world.rep, sequence=sequence("گام به گام"), record=lead)
    activity_complete(actor=world.rep, activity=Activity.objects.get(run=run))
    page = visit(lead.get_absolute_url(), world.rep)
    panel = page.locator("#panel-sequences")
    panel.scroll_into_view_if_needed()
    expect(panel.locator(".is-done")).to_contain_text("تماس آشنایی")
    expect(panel.locator(".is-open")).to_contain_text("فرستادن معرفی")
    expect(page.locator(".pv-next-step, .pv-record").first).to_contain_text("فرستادن معرفی")


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_every_fifth_of_the_jalali_month(visit: Visit, world: World, width: str) -> None:
    page = visit("/activities/add/", world.rep, width=width)
    subject = f"پیگیری قسط {width}"
    page.locator("[name=subject]").fill(subject)
    page.locator("[name=due_at]").fill("1440/01/05 10:00")
    expect(page.locator("[name=repeat_day]")).not_to_be_visible()
    page.locator("[name=repeat]").select_option("monthly")
    page.locator("[name=repeat_day]").fill("۵")
    page.locator("[name=repeat_day]").press("Tab")
    words = page.locator(".pv-repetition")
    expect(words).to_contain_text("هر ماه، روز ۵")
    expect(words).to_contain_text("۵ اردیبهشت ۱۴۴۰")
    check_accessible(page, both_themes=False)
    check_fits(page)
    page.locator(".pv-savebar button[type=submit]").first.click()
    expect(page.locator("h1")).to_contain_text(subject)
    expect(page.locator(".pv-facts")).to_contain_text("هر ماه، روز ۵")
    assert Activity.objects.get(subject=subject).recurrence.rule == "FREQ=MONTHLY;BYMONTHDAY=5"


def test_the_last_day_of_esfand_asks_what_a_common_year_does(visit: Visit, world: World) -> None:
    page = visit("/activities/add/", world.rep)
    page.locator("[name=due_at]").fill("1441/12/30 09:00")
    page.locator("[name=repeat]").select_option("yearly")
    skip = page.locator("[name=repeat_skip]")
    expect(skip).to_be_visible()
    skip.select_option("BACKWARD")
    expect(page.locator(".pv-repetition")).to_contain_text("۲۹ اسفند ۱۴۴۲")


def test_english_words_and_gregorian_days(visit: Visit, world: World) -> None:
    page = visit("/activities/add/", world.rep, language="en")
    page.locator("[name=due_at]").fill("2060-03-08 09:00")
    page.locator("[name=repeat]").select_option("monthly_weekday")
    expect(page.locator(".pv-repetition")).to_contain_text("Every month, the second Monday")


def test_a_repeating_activity_stops(visit: Visit, world: World) -> None:
    from activities.recurrence import parse_rule
    from activities.services import recurrence_create

    activity = activity_plan(
        actor=world.rep, kind="call", subject="تماس هفتگی", due_at=timezone.now() + dt.timedelta(days=1)
    )
    recurrence_create(actor=world.rep, activity=activity, rule=parse_rule("FREQ=WEEKLY"))
    page = visit(activity.get_absolute_url(), world.rep)
    page.on("dialog", lambda question: question.accept())
    page.get_by_role("button", name="بیشتر").or_(
        page.locator(".pv-record .dropdown-toggle, .pv-record [data-bs-toggle=dropdown]")
    ).first.click()
    page.get_by_text("پایان تکرار").click()
    expect(page.locator(".pv-toast").first).to_be_visible()
    assert not Activity.objects.filter(subject="تماس هفتگی").exclude(pk=activity.pk).exists()
