"""People who log in: invite, change, let go."""

from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from core import audit, display
from core.errors import DomainError, PermissionRefused
from core.services import domain_error, lock, require
from users.models import Role, User

ADMIN_ROLE = "admin"


@transaction.atomic
def user_save(*, actor: Any, user: User, roles: Iterable[Role] | None = None) -> User:
    """Create or change a person. The admin role makes a superuser, and only a superuser may give or take it.

    The last administrator cannot be lost, and nobody takes the role from oneself.
    """
    adding = user._state.adding
    require(actor, "add" if adding else "change", User)
    current = None if adding else lock(user)
    _guard_privilege(actor, current, roles)
    if user.team_id and not user.branch_id and user.team is not None:
        user.branch_id = user.team.branch_id
    if adding and not user.password:
        user.set_unusable_password()
    _clean(user)
    with audit.action("user.created" if adding else "user.changed", actor=actor, obj=None if adding else user) as entry:
        if roles is not None:
            chosen = list(roles)
            user.is_superuser = user.is_staff = any(role.code == ADMIN_ROLE for role in chosen)
        user.save()
        if roles is not None:
            _set_roles(user, chosen, entry)
        entry.obj = user
    return user


def _clean(user: User) -> None:
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise domain_error(error) from error


def _guard_privilege(actor: Any, current: User | None, roles: Iterable[Role] | None) -> None:
    """Only administrators touch administrators, and one cannot stop being one oneself."""
    if current is not None and current.is_superuser and not actor.is_superuser:
        raise PermissionRefused(_("Only an administrator changes another administrator."))
    if roles is None:
        return
    wanted = any(role.code == ADMIN_ROLE for role in roles)
    was = current is not None and current.is_superuser
    if wanted and not actor.is_superuser:
        raise PermissionRefused(_("Only an administrator makes somebody an administrator."))
    if was and not wanted:
        if current == actor:
            raise DomainError(_("You cannot take the administrator's role from yourself."), field="roles")
        _keep_an_administrator(current)


def _keep_an_administrator(leaving: User | None) -> None:
    others = User.objects.filter(is_superuser=True, is_active=True)
    if leaving is not None:
        others = others.exclude(pk=leaving.pk)
    if not others.select_for_update(of=("self",)).exists():
        raise DomainError(_("There must be at least one administrator."))


def _set_roles(user: User, roles: list[Role], entry: Any) -> None:
    groups = {role.group_id for role in roles}
    others = set(user.groups.filter(role=None).values_list("pk", flat=True))
    before = set(user.groups.values_list("pk", flat=True))
    if before != groups | others:
        entry.params = {**entry.params, "roles": ", ".join(sorted(role.code for role in roles))}
        user.groups.set(Group.objects.filter(pk__in=groups | others))


@transaction.atomic
def user_invite(*, actor: Any, user: User, roles: Iterable[Role], site_url: str) -> User:
    """Add a person without a password and mail a link to set one; ``site_url`` is the address of this installation."""
    user_save(actor=actor, user=user, roles=roles)
    with audit.action("user.invited", actor=actor, obj=user, params={"email": user.email}):
        _send_invitation(user, actor, site_url)
    return user


@transaction.atomic
def user_invite_again(*, actor: Any, user: User, site_url: str) -> None:
    """Mail a new link to somebody who has not signed in yet."""
    require(actor, "change", User)
    current = lock(user)
    if not current.is_active or current.last_login:
        raise DomainError(_("This person has signed in already. A forgotten password is reset on the sign-in page."))
    with audit.action("user.invited", actor=actor, obj=current, params={"email": current.email}):
        _send_invitation(current, actor, site_url)


def _send_invitation(user: User, actor: Any, site_url: str) -> None:
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    uid, _dash, token = key.partition("-")
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
    context = {"user": user, "actor": actor, "link": f"{site_url.rstrip('/')}{path}", "days": 3}
    with display.use(user.display):
        subject = " ".join(render_to_string("users/mail/invite_subject.txt", context).split())
        body = render_to_string("users/mail/invite_body.txt", context)
    sender = get_adapter().get_from_email()
    transaction.on_commit(lambda: send_mail(subject, body, sender, [user.email]))


@transaction.atomic
def user_deactivate(*, actor: Any, user: User) -> None:
    """Close somebody's access at once: no sign-in, every session ended. The records stay with their owner."""
    require(actor, "change", User)
    current = lock(user)
    if current == actor:
        raise DomainError(_("You cannot close your own access."))
    _guard_privilege(actor, current, None)
    if current.is_superuser:
        _keep_an_administrator(current)
    if not current.is_active:
        return
    with audit.action("user.deactivated", actor=actor, obj=current):
        current.is_active = False
        current.save(update_fields=["is_active"])
        _end_sessions(current)


@transaction.atomic
def user_activate(*, actor: Any, user: User) -> None:
    """Open a closed access again."""
    require(actor, "change", User)
    current = lock(user)
    _guard_privilege(actor, current, None)
    if current.is_active:
        return
    with audit.action("user.activated", actor=actor, obj=current):
        current.is_active = True
        current.save(update_fields=["is_active"])


@transaction.atomic
def user_sign_out_everywhere(*, actor: Any, user: User) -> None:
    """End every session of somebody (a lost laptop)."""
    require(actor, "change", User)
    current = lock(user)
    _guard_privilege(actor, current, None)
    with audit.action("user.signed_out", actor=actor, obj=current):
        _end_sessions(current)


@transaction.atomic
def user_reset_second_step(*, actor: Any, user: User) -> None:
    """Remove somebody's authenticator and recovery codes (a lost phone) and end the sessions."""
    require(actor, "change", User)
    current = lock(user)
    _guard_privilege(actor, current, None)
    rows = Authenticator.objects.filter(user=current)
    if not rows.exists():
        raise DomainError(_("This person has no second step of sign-in."))
    with audit.action("user.second_step_reset", actor=actor, obj=current):
        rows.delete()
        _end_sessions(current)


def _end_sessions(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()
