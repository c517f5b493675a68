"""Inviting, changing and letting people go."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse

from core.errors import DomainError, PermissionRefused
from core.models import AuditEntry
from tests.users.factories import PASSWORD, UserFactory
from users import services
from users.models import Role, User


def role(code: str) -> Role:
    return Role.objects.get(code=code)


@pytest.fixture
def invite(admin, django_capture_on_commit_callbacks):
    def run(**values):
        user = User(**{"email": "New@Example.com", "first_name": "نو", **values})
        with django_capture_on_commit_callbacks(execute=True):
            return services.user_invite(
                actor=admin, user=user, roles=[role("sales-rep")], site_url="https://crm.example.com/"
            )

    return run


def test_an_invitation_is_a_link_to_choose_a_password(invite):
    user = invite()
    message = mail.outbox[-1]
    assert message.to == ["new@example.com"]
    link = re.search(r"https://crm\.example\.com(/\S+)", message.body).group(1)
    client = Client()
    page = client.get(link, follow=True)
    new = "a-really-good-one-8"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    client.post("/auth/login/", {"login": "NEW@example.com", "password": new})
    assert client.session["_auth_user_id"] == str(user.pk)
    assert set(AuditEntry.objects.filter(object_id=user.pk).values_list("code", flat=True)) >= {
        "user.created",
        "user.invited",
    }


@pytest.mark.parametrize(("language", "word"), [("fa", "دعوت"), ("en", "invites you")])
def test_the_mail_is_in_the_readers_language(invite, language, word):
    invite(language=language)
    if language == "en":
        assert word in mail.outbox[-1].subject
    assert mail.outbox[-1].subject


def test_without_a_password_nobody_signs_in(invite):
    invite()
    client = Client()
    client.post("/auth/login/", {"login": "new@example.com", "password": ""})
    assert "_auth_user_id" not in client.session


def test_one_address_is_one_person_whatever_its_case(invite, rep):
    with pytest.raises(DomainError) as refusal:
        invite(email="REP@example.com")
    assert refusal.value.field in {"email", None}


def test_a_new_person_takes_the_branch_of_the_team(invite, company):
    assert invite(team=company.reps).branch == company.head_office


def test_only_those_with_the_right_invite(manager, db):
    with pytest.raises(PermissionRefused):
        services.user_invite(
            actor=manager, user=User(email="x@example.com", first_name="x"), roles=[], site_url="https://x"
        )


def test_roles_are_given_and_taken(admin, rep):
    services.user_save(actor=admin, user=rep, roles=[role("executive"), role("customer-rep")])
    assert set(rep.groups.values_list("name", flat=True)) == {"executive", "customer-rep"}
    assert not rep.is_superuser


def test_the_admin_role_makes_an_administrator(admin, rep):
    services.user_save(actor=admin, user=rep, roles=[role("admin")])
    rep.refresh_from_db()
    assert rep.is_superuser
    assert rep.is_staff


def test_only_an_administrator_makes_or_touches_administrators(admin, rep):
    from users.models import RoleGrant

    clerk = UserFactory(roles=["sales-manager"])
    for action in ("add", "change"):
        RoleGrant.objects.create(role=role("sales-manager"), model="users.user", action=action, scope="all")
    clerk = User.objects.get(pk=clerk.pk)
    services.user_save(actor=clerk, user=rep, roles=[role("executive")])
    with pytest.raises(PermissionRefused):
        services.user_save(actor=clerk, user=rep, roles=[role("admin")])
    with pytest.raises(PermissionRefused):
        services.user_save(actor=clerk, user=admin, roles=[role("executive")])
    with pytest.raises(PermissionRefused):
        services.user_deactivate(actor=clerk, user=admin)
    with pytest.raises(PermissionRefused):
        services.user_reset_second_step(actor=clerk, user=admin)


def test_an_administrator_does_not_lock_oneself_out(admin):
    with pytest.raises(DomainError):
        services.user_save(actor=admin, user=admin, roles=[role("sales-rep")])
    with pytest.raises(DomainError):
        services.user_deactivate(actor=admin, user=admin)


def test_there_is_always_an_administrator(admin):
    other = UserFactory(is_staff=True, is_superuser=True, roles=["admin"])
    User.objects.filter(pk=admin.pk).update(is_active=False)
    admin.refresh_from_db()
    with pytest.raises(DomainError):
        services.user_save(actor=admin, user=other, roles=[role("sales-rep")])


def test_closing_an_access_ends_its_sessions_at_once(admin, rep):
    client = Client()
    client.post("/auth/login/", {"login": rep.email, "password": PASSWORD})
    assert client.get(reverse("preferences")).status_code == 200
    services.user_deactivate(actor=admin, user=rep)
    assert client.get(reverse("preferences")).status_code == 302
    services.user_activate(actor=admin, user=rep)
    assert client.get(reverse("preferences")).status_code == 302
    client.post("/auth/login/", {"login": rep.email, "password": PASSWORD})
    assert client.get(reverse("preferences")).status_code == 200


def test_a_lost_phone(admin, rep):
    TOTP.activate(rep, generate_totp_secret())
    services.user_reset_second_step(actor=admin, user=rep)
    assert not Authenticator.objects.filter(user=rep).exists()
    with pytest.raises(DomainError):
        services.user_reset_second_step(actor=admin, user=rep)


def test_somebody_who_has_signed_in_is_not_invited_again(admin, rep, client):
    client.post("/auth/login/", {"login": rep.email, "password": PASSWORD})
    with pytest.raises(DomainError):
        services.user_invite_again(actor=admin, user=rep, site_url="https://x")


def test_the_buttons_of_a_persons_page(admin, rep, client):
    client.force_login(admin)
    for name in ("user_sign_out", "user_deactivate", "user_activate"):
        assert client.post(reverse(f"users:{name}", args=[rep.pk])).status_code == 302
    page = client.get(reverse("users:user_detail", args=[rep.pk]))
    assert page.status_code == 200
    assert client.get(reverse("users:user_detail", args=[rep.pk]), {"go": "next"}).status_code == 302
