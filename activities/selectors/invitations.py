"""What guests are told of an activity: when it is, in both calendars, and whether answering still makes sense."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Contact
from activities.choices import Answer, Status
from activities.models import Activity, Guest, Invitation
from core import display

OPEN, OVER, CANCELLED = "open", "over", "cancelled"
DAY = dt.timedelta(days=1)
HOME_ZONE = "Asia/Tehran"
WORDS = {
    Answer.ACCEPTED: gettext_lazy("I will come"),
    Answer.TENTATIVE: gettext_lazy("Maybe"),
    Answer.DECLINED: gettext_lazy("I cannot come"),
}


@dataclass(frozen=True)
class When:
    """The time of an activity in words: in the reader's calendar, and the day in the other one."""

    text: str
    other: str
    zone: str


def guest_language(guest: Guest, invitation: Invitation | None) -> str:
    """The language a guest reads: the contact's own, else that of the invitation; empty when neither is known."""
    own = guest.contact.language if guest.contact else ""
    return own or (invitation.language if invitation else "")


def guest_display(language: str, zone: ZoneInfo) -> display.Display:
    """How a guest of that language reads dates and figures, in the time zone of the invitation."""
    if language == "fa":
        return display.Display(language="fa", timezone=str(zone))
    return display.Display(language="en", calendar="gregorian", digits="latin", timezone=str(zone))


def invitation_state(activity: Activity, now: dt.datetime | None = None) -> str:
    """OPEN while guests may answer, OVER when its time has passed, CANCELLED when it will not take place."""
    if activity.deleted_at or activity.status == Status.CANCELLED:
        return CANCELLED
    end = last_moment(activity)
    return OVER if end is None or end < (now or timezone.now()) else OPEN


def last_moment(activity: Activity) -> dt.datetime | None:
    """When it is over: its end, for a whole day the next midnight; None for one without a time."""
    if activity.due_at is None:
        return None
    return activity.ends_at or (activity.due_at + DAY if activity.all_day else activity.due_at)


def when(activity: Activity) -> When:
    """The time in words, as the current display reads it."""
    now = display.current()
    other = display.Display(
        language=now.language,
        calendar="gregorian" if now.calendar == "jalali" else "jalali",
        digits=now.digits,
        timezone=now.timezone,
    )
    text = span_words(activity)
    with display.use(other):
        translated = _day_words(activity)
    return When(text, translated, "" if activity.all_day else zone_words(activity))


def zone_words(activity: Activity) -> str:
    """The time zone of what is shown."""
    zone = display.current().tz
    if str(zone) == HOME_ZONE:
        return _("Tehran time")
    offset = (activity.due_at or timezone.now()).astimezone(zone).strftime("%z")
    return f"{str(zone).replace('_', ' ')} (UTC{offset[:3]}:{offset[3:]})"


def _days(activity: Activity) -> tuple[dt.date, dt.date]:
    start = display.localtime(activity.due_at or timezone.now())
    end = display.localtime(activity.ends_at) if activity.ends_at else start
    last = end.date() - DAY if activity.all_day and activity.ends_at else end.date()
    return start.date(), max(start.date(), last)


def _day_words(activity: Activity) -> str:
    first, last = _days(activity)
    if first == last:
        return display.format_date(first, "full")
    return _("%(first)s to %(last)s") % {
        "first": display.format_date(first, "full"),
        "last": display.format_date(last, "full"),
    }


def span_words(activity: Activity) -> str:
    """Day and hours in words: "Monday, 23 Nov 2026, 10:00 to 11:00"."""
    first, last = _days(activity)
    if activity.all_day or activity.due_at is None:
        return _("%(day)s, all day") % {"day": _day_words(activity)}
    begin = display.format_time(activity.due_at)
    if not activity.ends_at or activity.ends_at == activity.due_at:
        return _("%(day)s, at %(time)s") % {"day": _day_words(activity), "time": begin}
    hours = {"begin": begin, "end": display.format_time(activity.ends_at)}
    if first == last:
        return _("%(day)s, %(begin)s to %(end)s") % {"day": display.format_date(first, "full"), **hours}
    return _("%(first)s, %(begin)s to %(last)s, %(end)s") % {
        "first": display.format_date(first, "full"),
        "last": display.format_date(last, "full"),
        **hours,
    }


def guest_by_token(token: str) -> tuple[Guest, Activity] | None:
    """The guest with that secret and the activity, in the bin or not; whoever has the mail may read the invitation."""
    guest = Guest.objects.select_related("contact").filter(token=token).first()
    if guest is None:
        return None
    return guest, Activity.all_objects.select_related("owner", "invitation").get(pk=guest.activity_id)


def guests_of(activity: Activity, *, user: Any) -> list[Guest]:
    """The guests with their answers; nothing for somebody who may not see the activity.

    Who is a contact the reader may not see comes without name, address and words, and addresses are left out where they
    are hidden from the reader; these rows are never saved.
    """
    guests = list(Guest.objects.for_user(user, "view").filter(activity=activity).order_by("name", "email"))
    closed, hidden = closed_guests(guests, user=user), user.hidden_fields(Guest._meta.label_lower)
    for guest in guests:
        if guest.pk in closed:
            guest.name, guest.email, guest.note, guest.contact_id = _("A guest"), "", "", None
        elif "email" in hidden:
            guest.name, guest.email = guest.name or _("A guest"), ""
    return guests


def closed_guests(guests: Iterable[Guest], *, user: Any) -> set[int]:
    """The keys of those guests who are contacts the user may not see; one query where there are contacts."""
    known = {guest.pk: guest.contact_id for guest in guests if guest.contact_id}
    seen = Contact.objects.for_user(user, "view").filter(pk__in=known.values()) if known else Contact.objects.none()
    keys = set(seen.values_list("pk", flat=True))
    return {pk for pk, contact in known.items() if contact not in keys}
