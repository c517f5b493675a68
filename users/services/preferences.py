"""How a person wants to see things, and the person's own data."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, PermissionRefused
from core.services import domain_error, lock
from users import selectors
from users.models import User

PREFERENCES = ("language", "calendar", "digits", "money_unit", "time_zone", "theme", "density", "first_page")
PROFILE = ("first_name", "last_name", "mobile", "job_title")


@transaction.atomic
def preferences_set(*, actor: Any, **values: str) -> User:
    """Change some of one's own preferences; an unknown name or value is refused."""
    unknown = set(values) - set(PREFERENCES)
    if unknown:
        raise DomainError(_("There is no such preference: %(name)s") % {"name": ", ".join(sorted(unknown))[:80]})
    if "time_zone" in values:
        _check_zone(values["time_zone"])
    if values.get("first_page") and values["first_page"] not in dict(selectors.first_page_choices(user=actor)):
        raise DomainError(_("You cannot begin with that page."), field="first_page")
    return _write(actor, "user.preferences_set", values)


@transaction.atomic
def profile_save(*, actor: Any, **values: str) -> User:
    """Change one's own name, mobile number and job title."""
    if set(values) - set(PROFILE):
        raise PermissionRefused(_("You do not have the right to do this. Ask an administrator if you need it."))
    return _write(actor, "user.profile_saved", values)


@transaction.atomic
def own_page_save(*, actor: Any, **values: str) -> User:
    """Change one's own profile and preferences together, or neither."""
    own = {name: values.pop(name) for name in PROFILE if name in values}
    profile_save(actor=actor, **own)
    return preferences_set(actor=actor, **values)


def _write(actor: Any, code: str, values: dict[str, str]) -> User:
    user = lock(actor)
    changed = [name for name, value in values.items() if getattr(user, name) != value]
    if not changed:
        return user
    for name in changed:
        setattr(user, name, values[name])
    try:
        user.full_clean(exclude=[f.name for f in User._meta.fields if f.name not in changed])
    except ValidationError as error:
        raise domain_error(error) from error
    with audit.action(code, actor=actor, obj=user, params={"names": ", ".join(changed)}):
        user.save(update_fields=changed)
    return user


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise DomainError(_("There is no such time zone."), field="time_zone") from error
