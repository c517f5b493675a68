"""Signing in: password, second step set up and used, recovery code, forgotten password, sign-out everywhere."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.watch import check_accessible, check_fits
from tests.browser.world import World
from tests.users.factories import PASSWORD, UserFactory
from users.models import User

STEP = 30  # seconds a code lives


def code(secret: str, steps: int = 0) -> str:
    """The code a phone shows now (or some steps later)."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // STEP + steps))


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill and send the sign-in form."""
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("main form button[type=submit]").last.click()


@pytest.fixture
def newcomer(db: None) -> User:
    """Somebody of the sales team for one test alone."""
    return UserFactory(roles=["sales-rep"], language="fa")


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_second_step_is_set_up_and_then_asked(visit: Visit, world: World, newcomer: User, language: str) -> None:
    User.objects.filter(pk=newcomer.pk).update(language=language)
    page = visit("/leads/", language=language)
    page.wait_for_url("**/auth/login/**")
    sign_in(page, newcomer.email)
    page.wait_for_url("**/leads/")

    page.goto("/auth/2fa/totp/activate/")
    if page.locator("[name=password]").count():
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_url("**/totp/activate/**")
    secret = page.locator("#authenticator_secret, [name=secret]").first.input_value()
    check_accessible(page)
    page.locator("[name=code]").fill(code(secret))
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/auth/2fa/"))
    assert newcomer.authenticator_set.filter(type="totp").exists()

    again = visit("/auth/login/", language=language)
    sign_in(again, newcomer.email)
    again.wait_for_url("**/auth/2fa/authenticate/**")
    check_accessible(again)
    check_fits(again)
    again.locator("[name=code]").first.fill("000000")
    again.locator("main form button[type=submit]").first.click()
    expect(again.locator(".invalid-feedback, .alert-danger, .errorlist").first).to_be_visible()
    again.locator("[name=code]").first.fill(code(secret, steps=1))
    again.locator("main form button[type=submit]").first.click()
    again.wait_for_url(lambda url: "/auth/" not in url)


def test_a_wrong_password_is_refused_and_then_locked_out(visit: Visit, newcomer: User) -> None:
    page = visit("/auth/login/")
    for _ in range(5):
        sign_in(page, newcomer.email, "not-the-password")
        expect(page.locator(".alert, .invalid-feedback").first).to_be_visible()
    said = page.locator("main").inner_text()
    sign_in(page, newcomer.email, "not-the-password")
    expect(page.locator("main")).not_to_have_text(said)
    sign_in(page, newcomer.email)
    assert "/auth/login/" in page.url


def test_a_forgotten_password_comes_by_mail(visit: Visit, newcomer: User) -> None:
    mail.outbox.clear()
    page = visit("/auth/login/")
    page.get_by_role("link", name=re.compile("گذرواژه")).click()
    page.locator("[name=email]").fill(newcomer.email)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/reset/done/")
    link = re.search(r"https?://[^\s]+(/auth/password/reset/key/[^\s]+)", mail.outbox[0].body)
    assert link
    page.goto(link.group(1))
    for name in ("password1", "password2"):
        page.locator(f"[name={name}]").fill("یک-گذرواژه-تازه-1405")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/key/" not in url or "done" in url)
    assert User.objects.get(pk=newcomer.pk).check_password("یک-گذرواژه-تازه-1405")


def test_one_signs_out_and_sees_where_one_is_signed_in(visit: Visit, newcomer: User) -> None:
    other, page = visit("/auth/login/"), visit("/auth/login/")
    for one in (other, page):
        sign_in(one, newcomer.email)
        one.wait_for_url(lambda url: "/auth/" not in url)
    page.goto("/auth/sessions/")
    expect(page.locator("main tbody tr")).to_have_count(2)
    check_accessible(page)
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("main tbody tr")).to_have_count(1)
    other.goto("/leads/")
    other.wait_for_url("**/auth/login/**")
    page.locator(".pv-avatar").first.click()
    page.get_by_role("banner").get_by_role("button", name="خروج").click()
    page.wait_for_url("**/auth/login/**")
    page.goto("/leads/")
    page.wait_for_url("**/auth/login/**")
