"""Invitations: a guest is invited, gets the mail, and answers as a stranger; feeds and the import of a file."""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from activities.models import Activity, FeedToken, Guest
from activities.services import Invited, activity_plan, guests_set
from messaging.models import Message
from tests.browser.conftest import Visit
from tests.browser.watch import check_accessible, check_fits
from tests.browser.world import World

LANGUAGES = ("fa", "en")
WORDS = {"fa": ("می‌آیم", "می‌آیید"), "en": ("I will come", "You are coming")}


def meeting(world: World, subject: str) -> Activity:
    """A meeting of the rep in two days."""
    due = timezone.now() + dt.timedelta(days=2)
    return activity_plan(
        actor=world.rep,
        kind="meeting",
        subject=subject,
        due_at=due,
        ends_at=due + dt.timedelta(hours=1),
        location="تهران",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guest_is_invited_and_accepts_as_a_stranger(visit: Visit, world: World, language: str) -> None:
    activity = meeting(world, f"بازدید انبار {language}")
    address = f"sara.{language}@example.com"
    page = visit(activity.get_absolute_url(), world.rep, language=language)
    page.locator(f'a[href$="/{activity.pk}/invite/"]').click()
    dialog = page.locator("#dialog")
    dialog.locator("[name=guests]").fill(f"سارا کاظمی {address}")
    dialog.locator("[name=message]").fill("کارت شناسایی همراه داشته باشید.")
    check_accessible(page, both_themes=False)
    dialog.locator("button[type=submit]").click()
    expect(page.locator("#panel-guests, .pv-panel").filter(has_text=address)).to_be_visible()
    mail = Message.objects.get(to_address=address)
    link = re.search(r"https?://\S+\?answer=accepted", mail.body)
    assert link is not None
    path = urlsplit(link.group(0))
    stranger = visit(f"{path.path}?{path.query}", language=language, width="phone")
    check_accessible(stranger)
    check_fits(stranger)
    assert Guest.objects.get(email=address).answer == "none"
    expect(stranger.get_by_text("کارت شناسایی همراه داشته باشید.")).to_be_visible()
    stranger.locator("[name=note]").fill("با همکارم می‌آیم")
    stranger.get_by_role("button", name=WORDS[language][0], exact=True).click()
    expect(stranger.locator(".alert-success")).to_contain_text(WORDS[language][1])
    guest = Guest.objects.get(email=address)
    assert (guest.answer, guest.note) == ("accepted", "با همکارم می‌آیم")
    page.reload()
    expect(page.get_by_text("با همکارم می‌آیم")).to_be_visible()
    check_fits(page)


def test_the_page_works_without_scripts(visit: Visit, world: World, site: str) -> None:
    activity = meeting(world, "بی‌اسکریپت")
    guests_set(actor=world.rep, activity=activity, guests=[Invited("noscript@example.com", "نرگس")])
    guest = activity.guests.get()
    context = visit("/auth/login/").context.browser.new_context(java_script_enabled=False, base_url=site)
    page = context.new_page()
    page.goto(f"/i/{guest.token}/")
    page.locator("button[name=answer][value=declined]").click()
    expect(page.locator(".alert-success")).to_be_visible()
    assert Guest.objects.get(pk=guest.pk).answer == "declined"
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_feed_is_made_read_and_revoked(visit: Visit, world: World, language: str) -> None:
    page = visit("/activities/feeds/", world.rep, language=language, width="phone")
    page.locator("#id_name").fill(f"گوشی {language}")
    page.locator(".pv-savebar button").click()
    field = page.locator("#feed-address")
    expect(field).to_be_visible()
    path = urlsplit(field.input_value()).path
    assert Client().get(path).status_code == 200
    check_accessible(page)
    check_fits(page)
    page.locator(".pv-feeds li", has_text=f"گوشی {language}").locator("button").click()
    expect(page.locator(".pv-feeds li", has_text=f"گوشی {language}")).to_have_count(0)
    assert Client().get(path).status_code == 404
    assert FeedToken.objects.get(name=f"گوشی {language}").revoked_at is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_calendar_file_is_looked_at_before_it_is_imported(visit: Visit, world: World, language: str) -> None:
    year = timezone.now().year + 1
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", f"UID:browser-{language}", "SUMMARY:نمایشگاه صنعت"]
    lines += [f"DTSTART:{year}0505T063000Z", "END:VEVENT", "BEGIN:VEVENT", "SUMMARY:بی‌تاریخ", "END:VEVENT"]
    data = "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()
    page = visit("/activities/calendar-file/", world.rep, language=language, width="phone")
    page.locator("[name=file]").set_input_files({"name": "expo.ics", "mimeType": "text/calendar", "buffer": data})
    page.locator(".pv-savebar button").click()
    expect(page.get_by_text("نمایشگاه صنعت")).to_be_visible()
    expect(page.get_by_text("بی‌تاریخ")).to_be_visible()
    check_accessible(page)
    check_fits(page)
    page.locator("form:has([name=token]) button").click()
    expect(page).to_have_url(re.compile(r"/jobs/\d+/"))
