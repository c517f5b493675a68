"""Answers to invitations: of guests by their own page, of colleagues in the product."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.choices import Answer
from activities.models import Activity, Assignment, Guest
from activities.selectors.invitations import OPEN, invitation_state
from activities.services.base import locked, title
from core import audit, notifications, text
from core.errors import DomainError

GIVEN = frozenset({Answer.ACCEPTED, Answer.TENTATIVE, Answer.DECLINED})
NOTE_LENGTH = 300


@transaction.atomic
def guest_answer(*, token: str, answer: str, note: str = "") -> Guest:
    """Write down what a guest says; whoever has the secret of the mail is the guest. The organiser is told of news.

    Raises DomainError when there is nothing to answer any more. Nobody signed in: the entry has no actor.
    """
    guest = Guest.objects.select_for_update(of=("self",)).filter(token=token).first()
    if guest is None:
        raise DomainError(_("This invitation does not exist any more."), code="gone")
    activity = Activity.all_objects.select_related("owner").get(pk=guest.activity_id)
    _check(activity, answer)
    note = text.clean(note)[:NOTE_LENGTH]
    if (guest.answer, guest.note) == (answer, note):
        return guest
    guest.answer, guest.note, guest.answered_at = answer, note, timezone.now()
    params = {"name": str(guest), "subject": title(activity)}
    with audit.action(f"activity.guest_{answer}", actor=None, obj=activity, params=params):
        guest.save(update_fields=["answer", "note", "answered_at", "updated_at"])
    _tell_owner(activity, answer, str(guest), None)
    return guest


@transaction.atomic
def assignment_answer(*, actor: Any, activity: Activity, answer: str) -> Assignment:
    """Say whether one will do one's part in an activity one was given. Raises DomainError for somebody without a part."""
    current = locked(actor, activity, "view")
    part = Assignment.objects.select_for_update(of=("self",)).filter(activity=current, user=actor.pk).first()
    if part is None:
        raise DomainError(_("You have no part in this activity."), code="no_part")
    _check(current, answer)
    if part.answer == answer:
        return part
    part.answer = answer
    params = {"name": str(actor), "subject": title(current)}
    with audit.action(f"activity.part_{answer}", actor=actor, obj=current, params=params):
        part.save(update_fields=["answer", "updated_at"])
    _tell_owner(current, answer, str(actor), actor)
    return part


def _check(activity: Activity, answer: str) -> None:
    if answer not in GIVEN:
        raise DomainError(_("Choose one of the three answers."), field="answer")
    if not activity.is_open or invitation_state(activity) != OPEN:
        raise DomainError(_("It is over or cancelled, so there is nothing to answer any more."), code="over")


def _tell_owner(activity: Activity, answer: str, name: str, actor: Any) -> None:
    people = [activity.owner] if activity.owner and activity.owner != actor else []
    notifications.notify(
        recipients=people,
        code=f"activity.guest_{answer}",
        url=activity.get_absolute_url(),
        params={"name": name, "subject": title(activity)},
        obj=activity,
    )
