"""Pictures of the main pages for the user guide, from the sample company: ``make screenshots``.

Works on the database it is given (`make screenshots` gives a scratch one), starts the production server on a free port,
and writes WebP files to ``docs/user/img``. ``--only board`` makes those whose name contains the word.
"""

import argparse
import datetime as dt
import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_project.settings.dev")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from accounts.models import Account, Source  # noqa: E402
from activities.models import Activity, Guest  # noqa: E402
from crm_project.up import browser as chromium  # noqa: E402
from crm_project.up.supervisor import web_command  # noqa: E402
from demo.services import demo_exists  # noqa: E402
from demo.words import EMAIL_DOMAIN  # noqa: E402
from leads.models import CaptureForm, Lead  # noqa: E402
from messaging.models import MessageTemplate  # noqa: E402
from opportunities.models import Opportunity  # noqa: E402
from users.models import User  # noqa: E402

OUT = ROOT / "docs" / "user" / "img"
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
DESK, PHONE = (1440, 900), (390, 844)
QUALITY = 82  # of WebP: letters stay sharp, files stay under 100 kB
FOLLOWS = {
    "fa": {"calendar": "jalali", "digits": "fa", "money_unit": "IRT"},
    "en": {"calendar": "gregorian", "digits": "latin", "money_unit": "IRR"},
}
Act = Callable[[Page], None]


@dataclass(frozen=True)
class Shot:
    """One picture: whose page, in which size and theme, and what is done on it first."""

    name: str
    path: str
    who: str = "rep"
    size: tuple[int, int] = DESK
    theme: str = "light"
    act: Act | None = None
    languages: tuple[str, ...] = ("fa", "en")


def search_for(name: str) -> Act:
    """Search in the palette for a name, typed as on an Arabic keyboard."""

    def act(page: Page) -> None:
        page.keyboard.press("Control+k")
        page.locator("#palette-q").fill(name.replace("ی", "ي").replace("ک", "ك"))
        page.locator("#palette-list [role=option]").filter(has_text=name).first.wait_for()

    return act


def open_dialog(page: Page) -> None:
    """The quick lead, from the menu of new things."""
    page.locator(".pv-topbar .dropdown > button:visible").first.click()
    page.locator(".dropdown-menu.show [hx-get$='/leads/quick/']").click()
    page.locator("#dialog form").wait_for()


def open_date(page: Page) -> None:
    """The calendar of the date of closing."""
    field = page.locator(".pv-date").last
    field.scroll_into_view_if_needed()
    field.locator(".pv-date-open").click()


def open_menu(page: Page) -> None:
    """The user's menu with its switches."""
    page.locator(".pv-avatar").first.click()


def finish_first(page: Page) -> None:
    """The dialog that finishes the first activity of the day, by keys."""
    page.keyboard.press("j")
    page.keyboard.press("d")
    page.locator("#dialog form").wait_for()


def scroll_to_story(page: Page) -> None:
    """The timeline, which loads when it comes into sight."""
    panel = page.locator("#panel-timeline")
    panel.scroll_into_view_if_needed()
    panel.locator("textarea").wait_for()
    panel.evaluate("one => one.scrollIntoView()")
    page.evaluate("() => window.scrollBy(0, -80)")


def working_day(rep: User, deal: Opportunity, account: Account) -> list[Shot]:
    """Activities, calendar, messages and their settings."""
    meeting = Activity.objects.filter(owner=rep, kind="meeting", status="planned", due_at__gt=timezone.now())
    guest, _ = Guest.objects.get_or_create(
        token="guide",  # noqa: S106 - the last part of an address
        defaults={"activity": meeting.order_by("due_at")[0], "name": "مهسا رضایی", "email": "guest@example.com"},
    )
    template = MessageTemplate.objects.filter(channel="email", host="opportunities.opportunity").order_by("pk")[0]
    compose = f"/messages/compose/email/opportunities.opportunity/{deal.pk}/?template={template.pk}"
    return [
        Shot("finish", "/my-day/", act=finish_first),
        Shot("team", "/my-day/team/", who="manager"),
        Shot("activities", f"/activities/?mine={rep.pk}&sort=due_at"),
        Shot("activity", guest.activity.get_absolute_url()),
        Shot("calendar-month", "/activities/calendar/?view=month"),
        Shot("calendar-week", "/activities/calendar/?view=week"),
        Shot("calendar-phone", "/activities/calendar/?view=agenda", size=PHONE, languages=("fa",)),
        Shot("invitation", "/i/guide/", who="", size=(900, 760)),
        Shot("feeds", "/activities/feeds/"),
        Shot("timeline", account.get_absolute_url(), act=scroll_to_story),
        Shot("compose", compose),
        Shot("template", f"/messages/templates/{template.pk}/edit/", who="manager"),
        Shot("messages", "/messages/"),
        Shot("notifications", "/messages/preferences/"),
        Shot("channels", "/messages/channels/add/", who="admin"),
        Shot("sequence", "/activities/sequences/", who="manager"),
    ]


def shots() -> list[Shot]:
    """What is photographed. Records are chosen so that the pages have something to show."""
    rep = User.objects.get(email=f"rep@{EMAIL_DOMAIN}")
    lead = Lead.objects.filter(owner=rep, status="qualified").order_by("-pk")[0]
    deal = Opportunity.objects.filter(owner=rep, status="open", lines__isnull=False).order_by(
        "-stage__position", "-pk"
    )[0]
    account = deal.account or Account.objects.filter(owner=rep).order_by("-pk")[0]
    form, _ = CaptureForm.objects.get_or_create(
        token="guide",  # noqa: S106 - the last part of an address
        defaults={
            "name_fa": "درخواست مشاوره و قیمت",
            "name_en": "Ask for advice and a price",
            "intro_fa": "چند کلمه درباره نیازتان بنویسید؛ همان روز با شما تماس می‌گیریم.",
            "intro_en": "Tell us in a few words what you need; we call you the same day.",
            "source": Source.objects.filter(is_active=True)[0],
            "owner": rep,
        },
    )
    return [
        Shot("my-day", "/my-day/"),
        Shot("leads", "/leads/"),
        Shot("lead", lead.get_absolute_url()),
        Shot("quick-lead", "/leads/", act=open_dialog, languages=("fa",)),
        Shot("convert", f"{lead.get_absolute_url()}convert/"),
        Shot("board", "/opportunities/board/", who="manager"),
        Shot("board-dark", "/opportunities/board/", who="manager", theme="dark", languages=("en",)),
        Shot("board-phone", "/opportunities/board/", who="manager", size=PHONE, languages=("fa",)),
        Shot("deal", deal.get_absolute_url()),
        Shot("date", f"{deal.get_absolute_url()}edit/", act=open_date, languages=("fa",)),
        Shot("account", account.get_absolute_url()),
        Shot("funnel", "/reports/funnel/", who="manager"),
        Shot("funnel-dark", "/reports/funnel/", who="manager", theme="dark", languages=("fa",)),
        Shot("palette", "/my-day/", act=search_for(account.name)),
        Shot("preferences", "/my-day/", act=open_menu),
        Shot("my-day-phone", "/my-day/", size=PHONE, languages=("fa",)),
        Shot("leads-phone", "/leads/", size=PHONE, theme="dark", languages=("en",)),
        Shot("web-form", form.get_public_url(), who="", size=(900, 820)),
        Shot("sign-in", "/auth/login/", who="", size=(900, 640)),
        Shot("rights", "/settings/access/", who="manager"),
        *working_day(rep, deal, account),
    ]


def free_port() -> int:
    """A port nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server() -> Iterator[str]:
    """The web server as people run it; gives its address."""
    port = free_port()
    env = {**os.environ, "WEB_WORKERS": "1", "WEB_THREADS": "2"}
    process = subprocess.Popen(web_command("127.0.0.1", port), env=env, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def cookie_of(who: str, language: str, theme: str) -> str:
    """A session of the person, who now reads that language in that theme."""
    user = User.objects.get(email=f"{who}@{EMAIL_DOMAIN}")
    User.objects.filter(pk=user.pk).update(language=language, theme=theme, **FOLLOWS[language])
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def picture(browser: Browser, base: str, shot: Shot, language: str) -> bytes:
    """The page as PNG."""
    width, height = shot.size
    context = browser.new_context(
        base_url=base,
        viewport={"width": width, "height": height},
        locale={"fa": "fa-IR", "en": "en-GB"}[language],
        reduced_motion="reduce",
    )
    if shot.who:
        value = cookie_of(shot.who, language, shot.theme)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": base}])
    page = context.new_page()
    page.goto(shot.path)
    page.wait_for_load_state("networkidle")
    if shot.act is not None:
        shot.act(page)
        page.wait_for_load_state("networkidle")
    page.evaluate("() => document.fonts.ready")
    png = page.screenshot()
    context.close()
    return png


def save(png: bytes, name: str) -> int:
    """Write the picture as WebP; returns its size in bytes."""
    path = OUT / f"{name}.webp"
    Image.open(io.BytesIO(png)).convert("RGB").save(path, "WEBP", quality=QUALITY, method=6)
    return path.stat().st_size


def main() -> None:
    """Seed the sample company if need be, then photograph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only pictures whose name contains this")
    parser.add_argument("--today", type=dt.date.fromisoformat, help="last day of the sample company's history")
    chosen = parser.parse_args()
    if not demo_exists():
        call_command("demo", today=chosen.today)
    OUT.mkdir(parents=True, exist_ok=True)
    with server() as base, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium.find(), args=ARGS)
        for shot in shots():
            for language in shot.languages:
                name = f"{shot.name}.{language}"
                if chosen.only in name:
                    size = save(picture(browser, base, shot, language), name)
                    sys.stdout.write(f"{name}.webp {size // 1024} kB\n")
        browser.close()


if __name__ == "__main__":
    main()
