"""Leads from public web forms: nobody is signed in, so nothing here trusts what it gets."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import PartyType
from core import audit, events, notifications
from core.errors import DomainError
from core.phones import phone_kind
from core.services import domain_error
from leads.choices import ConsentAnswer
from leads.events import LeadCreated
from leads.models import CaptureForm, Lead
from leads.services.consent import pass_on
from users.models import User

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
FIELDS = ("first_name", "last_name", "company", "mobile", "email", "interest", "heard_about_us", *UTM)
KEY_PREFIX = "web:"


def lead_capture(*, form: CaptureForm, data: dict[str, Any], ip: str = "") -> Lead:
    """Make a lead of what a visitor sent, give it to the form's owner or team, and tell them.

    ``data`` holds cleaned values of ``FIELDS``, ``consent`` (bool) and ``key``, the one-time key of the page: the same
    key always gives the same lead, so a double submit makes one. ``ip`` goes to the history of the lead.
    Raises DomainError when the form is switched off or a value is not acceptable.
    """
    if not form.is_active or form.deleted_at:
        raise DomainError(_("This form no longer takes answers."), code="inactive")
    key = f"{KEY_PREFIX}{data['key']}"
    known = _by_key(key)
    if known is not None:
        return known
    try:
        return _capture(form, data, key, ip)
    except IntegrityError:  # the twin of a double submit was quicker
        known = _by_key(key)
        if known is None:
            raise
        return known


def _by_key(key: str) -> Lead | None:
    return Lead.all_objects.filter(external_key=key).first()


@transaction.atomic
def _capture(form: CaptureForm, data: dict[str, Any], key: str, ip: str) -> Lead:
    owner = form.owner if form.owner is not None and form.owner.is_active else None
    company = data.get("company", "")
    lead = Lead(
        owner=owner,
        team=form.team or (form.owner.team if form.owner else None),
        source=form.source,
        external_key=key,
        party_type=PartyType.ORGANISATION if company else PartyType.PERSON,
        consent=ConsentAnswer.YES if data.get("consent") else ConsentAnswer.NO,
        consent_at=timezone.now(),
        **{name: data[name] for name in FIELDS if data.get(name)},
    )
    if lead.mobile and phone_kind(lead.mobile) == "fixed":
        lead.mobile, lead.phone = "", lead.mobile
    _check(lead)
    params = {"form": str(form), "ip": ip[:45]}
    with audit.action("lead.captured", actor=None, related=[form], params=params) as entry:
        lead.save()
        entry.obj = lead
    if lead.consent == ConsentAnswer.YES:  # an empty box is no refusal of letters about the visitor's own question
        pass_on(lead)
    _tell(form, lead)
    events.publish(LeadCreated(lead_id=lead.pk, form_id=form.pk))
    return lead


def _check(lead: Lead) -> None:
    from django.core.exceptions import ValidationError

    try:
        lead.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise domain_error(error) from error


def _tell(form: CaptureForm, lead: Lead) -> None:
    """The owner hears of it; without one the leader of the team; without that the administrators."""
    recipients: list[Any] = [lead.owner] if lead.owner else []
    if not recipients and lead.team is not None:
        recipients = [lead.team.leader] if lead.team.leader and lead.team.leader.is_active else []
    if not recipients:
        recipients = list(User.objects.filter(is_superuser=True, is_active=True))
    notifications.notify(
        recipients=recipients,
        code="lead.captured",
        url=lead.get_absolute_url(),
        params={"name": str(lead), "form": str(form)},
    )
