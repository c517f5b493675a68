"""Signing in: e-mail in any case, lock-out, reset by mail, TOTP and recovery codes, sessions, roles that demand MFA."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse

from core.models import AuditEntry
from tests.users.factories import PASSWORD, UserFactory
from users.models import Role, User

LOGIN = "/auth/login/"


def sign_in(client: Client, email: str, password: str = PASSWORD, **data: str):
    return client.post(LOGIN, {"login": email, "password": password, **data})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def with_totp(user: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


@pytest.mark.parametrize("email", ["rep@example.com", "Rep@Example.COM", " rep@example.com "])
def test_signing_in_with_the_address_in_any_case(client, rep, email):
    response = sign_in(client, email)
    assert response.status_code == 302
    assert is_signed_in(client)
    assert AuditEntry.objects.filter(code="user.signed_in", actor=rep).exists()


def test_a_wrong_password_is_refused_without_saying_which_was_wrong(client, rep):
    wrong = sign_in(client, "rep@example.com", "not-the-password")
    unknown = sign_in(client, "stranger@example.com", "not-the-password")
    assert wrong.status_code == unknown.status_code
    assert not is_signed_in(client)
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_five_wrong_tries_lock_the_address_even_for_the_right_password(client, rep):
    for _ in range(5):
        sign_in(client, "rep@example.com", "not-the-password")
    response = sign_in(client, "rep@example.com")
    assert not is_signed_in(client)
    assert response.context["form"].errors


def test_somebody_whose_access_is_closed_cannot_sign_in(client, rep):
    User.objects.filter(pk=rep.pk).update(is_active=False)
    sign_in(client, "rep@example.com")
    assert not is_signed_in(client)


def test_the_public_cannot_sign_up(client, db):
    url = reverse("account_signup")
    assert "password1" not in client.get(url).content.decode()
    client.post(url, {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.filter(email="new@example.com").exists()


def test_the_first_page_chosen_is_where_one_lands(client, rep):
    User.objects.filter(pk=rep.pk).update(first_page="access")
    assert sign_in(client, "rep@example.com")["Location"] == "/"
    client.logout()
    leader = UserFactory(email="boss@example.com", is_superuser=True, first_page="holidays")
    assert sign_in(client, leader.email)["Location"] == reverse("core:holiday_list")


def reset_link() -> str:
    return re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[-1].body).group(1)


def test_resetting_the_password_by_mail(client, rep):
    client.post(reverse("account_reset_password"), {"email": "REP@example.com"})
    assert mail.outbox[-1].to == ["rep@example.com"]
    page = client.get(reset_link(), follow=True)
    new = "another-good-password-7"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert not is_signed_in(client)
    sign_in(client, "rep@example.com", new)
    assert is_signed_in(client)
    assert AuditEntry.objects.filter(code="user.password_reset", actor=rep).exists()


def test_a_reset_link_works_once(client, rep):
    client.post(reverse("account_reset_password"), {"email": "rep@example.com"})
    link = reset_link()
    page = client.get(link, follow=True)
    new = "another-good-password-7"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    again = Client().get(link, follow=True)
    assert "password1" not in again.content.decode()


def test_a_reset_for_a_stranger_says_the_same_and_mails_nobody(client, db):
    response = client.post(reverse("account_reset_password"), {"email": "nobody-here@example.com"})
    assert response.status_code == 302
    assert not mail.outbox


@pytest.mark.parametrize("password", ["short", "1234567890123", "password12"])
def test_weak_passwords_are_refused(client, rep, password):
    client.post(reverse("account_reset_password"), {"email": "rep@example.com"})
    page = client.get(reset_link(), follow=True)
    response = client.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})
    assert response.status_code == 200
    rep.refresh_from_db()
    assert rep.check_password(PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_setting_up_two_steps_and_signing_in_with_them(client, rep):
    sign_in(client, "rep@example.com")
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert Authenticator.objects.filter(user=rep, type=Authenticator.Type.TOTP).exists()
    assert AuditEntry.objects.filter(code="user.second_step_added").exists()

    other = Client()
    assert sign_in(other, "rep@example.com")["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(other)
    other.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_signed_in(other)


def test_the_code_of_the_app_signs_in_once(client, rep):
    secret = with_totp(rep)
    sign_in(client, "rep@example.com")
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert is_signed_in(client)
    replay = Client()
    sign_in(replay, "rep@example.com")
    replay.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert not is_signed_in(replay)


def test_a_recovery_code_signs_in_once(client, rep):
    with_totp(rep)
    code = RecoveryCodes.activate(rep).get_unused_codes()[0]
    sign_in(client, "rep@example.com")
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert is_signed_in(client)
    again = Client()
    sign_in(again, "rep@example.com")
    again.post(reverse("mfa_authenticate"), {"code": code})
    assert not is_signed_in(again)


def demand_second_step(code: str) -> None:
    Role.objects.filter(code=code).update(mfa_required=True)


def test_a_role_that_demands_two_steps_sends_to_the_set_up(client, rep):
    demand_second_step("sales-rep")
    sign_in(client, "rep@example.com")
    response = client.get(reverse("preferences"))
    assert response["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    htmx = client.get(reverse("preferences"), headers={"HX-Request": "true"})
    assert htmx.headers["HX-Redirect"] == reverse("mfa_activate_totp")


def test_with_the_second_step_the_demand_is_met(client, rep):
    demand_second_step("sales-rep")
    secret = with_totp(rep)
    sign_in(client, "rep@example.com")
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert client.get(reverse("preferences")).status_code == 200


def test_a_demanded_second_step_cannot_be_switched_off(client, rep):
    demand_second_step("sales-rep")
    secret = with_totp(rep)
    sign_in(client, "rep@example.com")
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=rep, type=Authenticator.Type.TOTP).exists()


def test_setting_up_two_steps_asks_for_the_password_again(client, rep):
    client.force_login(rep)
    response = client.get(reverse("mfa_activate_totp"))
    assert reverse("account_reauthenticate") in response["Location"]
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_changing_the_password_needs_the_old_one(client, rep):
    client.force_login(rep)
    new = "another-good-password-7"
    client.post(reverse("account_change_password"), {"oldpassword": "wrong", "password1": new, "password2": new})
    rep.refresh_from_db()
    assert rep.check_password(PASSWORD)
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    rep.refresh_from_db()
    assert rep.check_password(new)


def test_the_list_of_sessions_and_signing_out_everywhere_else(rep):
    here, there = Client(), Client()
    sign_in(here, "rep@example.com")
    sign_in(there, "rep@example.com")
    page = here.get(reverse("usersessions_list"))
    assert page.context["session_count"] == 2
    here.post(reverse("usersessions_list"))
    assert here.get(reverse("preferences")).status_code == 200
    assert there.get(reverse("preferences")).status_code == 302
    assert UserSession.objects.filter(user=rep).count() == 1


def test_adding_addresses_of_ones_own_is_closed(client, rep):
    client.force_login(rep)
    client.post(reverse("account_email"), {"action_add": "", "email": "second@example.com"})
    assert not sign_in(Client(), "second@example.com").wsgi_request.user.is_authenticated
    from allauth.account.models import EmailAddress

    assert not EmailAddress.objects.filter(email="second@example.com").exists()
