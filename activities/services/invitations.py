"""Inviting people from outside: the list of guests, and telling each of them every revision once."""

import datetime as dt
import hashlib
import logging
import secrets
from collections.abc import Collection, Iterable
from itertools import islice
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Contact
from activities.choices import Answer, Status
from activities.models import Activity, Guest, Invitation
from activities.selectors.invitations import CANCELLED, OPEN, closed_guests, invitation_state
from activities.services import guest_mail
from activities.services.base import locked, title
from core import audit, text
from core.errors import DomainError
from core.rounds import carry_on
from core.services import require
from messaging.choices import Channel
from messaging.models import Message
from messaging.services import messages_queue, normalise_address

logger = logging.getLogger(__name__)

MAX_GUESTS = 200
MAX_A_DAY = 2_000  # invitations one person may send within a day: an account that was taken over is no mail cannon
TOLD_AFTER = dt.timedelta(seconds=60)  # a move that is taken back at once troubles nobody
BATCH = 100
MESSAGE_LENGTH = 5_000


class Invited(NamedTuple):
    """Somebody to invite: a contact, or an address with a name."""

    email: str = ""
    name: str = ""
    contact: Contact | None = None


@transaction.atomic
def guests_set(
    *, actor: Any, activity: Activity, guests: Iterable[Invited], language: str = "fa", message: str = ""
) -> Invitation:
    """Make these the guests: new ones are invited, those left out are told so, and a change is told to all. Contacts the
    actor may not see stay invited.

    ``language`` is that of the mail, ``message`` what it says beside time and place. Raises PermissionRefused, or
    DomainError for a meeting that is over, an address no mail reaches, more than MAX_GUESTS people, or MAX_A_DAY mails a
    day: then nothing is saved and nobody gets a mail.
    """
    wanted = _checked(actor, guests)
    current = locked(actor, activity)
    require(actor, "add", Message)
    if current.due_at is None:
        raise DomainError(_("Say when it is before you invite people."), code="no_time")
    if not current.is_open or invitation_state(current) != OPEN:
        raise DomainError(_("It is over or cancelled; nobody can be invited any more."), code="over")
    if len(message) > MESSAGE_LENGTH:
        raise DomainError(_("The text is too long: %(limit)s letters at most.") % {"limit": MESSAGE_LENGTH})
    invitation, _made = Invitation.objects.get_or_create(activity=current)
    invitation.language, invitation.message = language, text.clean(message, multiline=True)
    invitation.save(update_fields=["language", "message", "updated_at"])
    present = {guest.email: guest for guest in current.guests.select_related("contact")}
    kept = _unseen(present.values(), actor)
    gone = [guest for email, guest in present.items() if email not in wanted and guest.pk not in kept]
    new = [one for email, one in wanted.items() if email not in present]
    _check_day(actor, len(new))
    params = {"subject": title(current), "count": len(wanted)}
    with audit.action("activity.guests_set", actor=actor, obj=current, params=params):
        _part_from(invitation, current, gone, actor)
        for one in new:
            Guest.objects.create(activity=current, token=secrets.token_urlsafe(32), **one._asdict())
        _tell(invitation, current, actor)
    return invitation


def _check_day(actor: Any, more: int) -> None:
    """Refuse more invitations than a person sends within a day."""
    since = timezone.now() - dt.timedelta(days=1)
    sent = Message.objects.filter(created_by=actor, created_at__gt=since, idempotency_key__startswith="invitation:")
    if more and sent.count() + more > MAX_A_DAY:
        text = _("You sent %(limit)s invitations within a day. Wait until tomorrow, or make a campaign.")
        raise DomainError(text % {"limit": MAX_A_DAY}, field="guests", code="too_many_today")


def _unseen(guests: Collection[Guest], actor: Any) -> set[int]:
    """Those the actor cannot have left out by choice: not shown in the list, or without their address."""
    typed = {guest.pk for guest in guests if guest.contact_id is None}
    hides = "email" in actor.hidden_fields(Guest._meta.label_lower)
    return closed_guests(guests, user=actor) | (typed if hides else set())


def _checked(actor: Any, guests: Iterable[Invited]) -> dict[str, Invited]:
    """The people by address, each once. The count is looked at first, so that ten thousand cost nothing."""
    people = list(islice(guests, MAX_GUESTS + 1))
    if len(people) > MAX_GUESTS:
        raise DomainError(
            _("Invite %(limit)s people at most; for more, make a campaign.") % {"limit": MAX_GUESTS},
            field="guests",
            code="too_many",
        )
    keys = [one.contact.pk for one in people if one.contact is not None]
    seen = set(Contact.objects.for_user(actor, "view").filter(pk__in=keys).values_list("pk", flat=True))
    wanted: dict[str, Invited] = {}
    for one in people:
        if one.contact is not None and one.contact.pk not in seen:
            raise DomainError(_("One of the records is not there, or you may not see it."), field="guests")
        name = text.clean(one.name or (str(one.contact) if one.contact else ""))[:200]
        address = one.email or (one.contact.email if one.contact else "")
        if not address:
            raise DomainError(_("%(name)s has no e-mail address.") % {"name": name}, field="guests", code="no_address")
        try:
            email = normalise_address(Channel.EMAIL, address)
        except DomainError as error:
            raise DomainError(
                _("“%(address)s” is not an e-mail address.") % {"address": address[:100]}, field="guests"
            ) from error
        wanted.setdefault(email, Invited(email, name, one.contact))
    return wanted


def _part_from(invitation: Invitation, activity: Activity, gone: list[Guest], actor: Any) -> None:
    """Tell those who heard of it that they are not expected any more, and take them off the list."""
    told = [guest for guest in gone if guest.sent_revision is not None]
    _queue(invitation, activity, told, guest_mail.CANCELLED, invitation.revision + 1, actor)
    Guest.objects.filter(pk__in=[guest.pk for guest in gone]).delete()


def fingerprint(activity: Activity, invitation: Invitation) -> str:
    """A fingerprint of what guests are told: the time, a colon, everything else."""
    times = (activity.due_at, activity.ends_at, activity.all_day)
    rest = (activity.subject, activity.location, invitation.message, invitation_state(activity) == CANCELLED)
    return ":".join(hashlib.sha256(repr(part).encode()).hexdigest()[:31] for part in (times, rest))


def _tell(invitation: Invitation, activity: Activity, actor: Any) -> int:
    """Raise the revision when there is something new, and queue a mail to each guest who has not heard of it."""
    now_told = fingerprint(activity, invitation)
    cancelled = invitation_state(activity) == CANCELLED
    if invitation.told and invitation.told != now_told:
        invitation.revision += 1
        if invitation.told.split(":")[0] != now_told.split(":")[0]:
            activity.guests.update(answer=Answer.NONE, answered_at=None)
    invitation.told, invitation.is_cancelled, invitation.changed_at = now_told, cancelled, None
    invitation.save(update_fields=["told", "revision", "is_cancelled", "changed_at", "updated_at"])
    unaware = activity.guests.exclude(sent_revision=invitation.revision).select_related("contact").order_by("pk")
    guests = [guest for guest in unaware if guest.sent_revision is not None or not cancelled]
    for what in (guest_mail.CANCELLED,) if cancelled else (guest_mail.NEW, guest_mail.CHANGED):
        some = [g for g in guests if cancelled or (g.sent_revision is None) == (what == guest_mail.NEW)]
        _queue(invitation, activity, some, what, invitation.revision, actor)
    Guest.objects.filter(pk__in=[guest.pk for guest in guests]).update(sent_revision=invitation.revision)
    return len(guests)


def _queue(
    invitation: Invitation, activity: Activity, guests: list[Guest], what: str, revision: int, actor: Any
) -> None:
    rows = [guest_mail.mail(guest, invitation, activity, what, revision) for guest in guests]
    if rows:
        messages_queue(rows=rows, actor=actor or activity.owner)


def invitation_is_stale(activity: Activity, invitation: Invitation) -> bool:
    """Whether guests know something else than what holds now."""
    return invitation.told != fingerprint(activity, invitation)


def invitation_touched(activity_id: int) -> None:
    """Note that an activity changed; its guests are told in a while, if it still differs then."""
    Invitation.objects.filter(activity=activity_id).update(changed_at=timezone.now())


def changed_invitations_tell(*, now: dt.datetime | None = None) -> int:
    """Tell the guests of activities that changed a while ago; called by beat. Returns how many mails were queued."""
    before = (now or timezone.now()) - TOLD_AFTER
    keys = Invitation.objects.filter(changed_at__lte=before).order_by("changed_at").values_list("pk", flat=True)
    told = 0
    for pk in list(keys[:BATCH]):
        with carry_on(logger, "guests could not be told", invitation=pk):
            told += invitation_tell(pk=pk, before=before)
    return told


@transaction.atomic
def invitation_tell(*, pk: int, before: dt.datetime) -> int:
    """Tell one invitation's guests of its change, unless another worker is at it or it changed again since.

    What is over, or was done ahead of its time, is told to nobody. Returns the number of mails queued.
    """
    rows = Invitation.objects.select_for_update(of=("self",), skip_locked=True)
    invitation = rows.filter(pk=pk, changed_at__lte=before).first()
    if invitation is None:
        return 0
    activity = Activity.all_objects.select_related("owner").get(pk=invitation.activity_id)
    state = invitation_state(activity)
    if (
        state not in {OPEN, CANCELLED}
        or activity.status == Status.DONE
        or fingerprint(activity, invitation) == invitation.told
    ):
        Invitation.objects.filter(pk=pk).update(changed_at=None)
        return 0
    with audit.action("activity.guests_told", actor=None, obj=activity, params={"subject": title(activity)}):
        return _tell(invitation, activity, None)
