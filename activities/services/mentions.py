"""Calling a colleague in a text: found when it is written, told to those who may see it, and to the author otherwise."""

import re
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Concat, Trim
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Mention
from activities.selectors.activities import words_for
from core import notifications, rich_text
from core.policies import policy_for
from users.models import User

TYPED: Final = re.compile(
    r"@(?:\[(?P<name>[^\[\]\n]{1,160})\](?:\((?P<pk>\d{1,18})\))?|(?P<email>[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+))"
)
MAX_MENTIONS = 50
WORDS = 120


def mentions_stored(text: str) -> str:
    """The text with each call in the form in which it is kept, under the colleague's present name.

    ``@[Name]`` is what the page writes, ``@somebody@example.com`` what one can type; a name two people share, or nobody
    has, stays as it was typed.
    """
    found = list(TYPED.finditer(text))[:MAX_MENTIONS] if "@" in text else []
    if not found:
        return text
    known = _people(found)
    spans = {match.span(): user for match in found if (user := _meant(match, known)) is not None}

    def stored(match: re.Match[str]) -> str:
        user = spans.get(match.span())
        return rich_text.mention(str(user), user.pk) if user is not None else match[0]

    return TYPED.sub(stored, text)


def _people(found: list[re.Match[str]]) -> list[User]:
    """Everyone who may be meant, in one statement."""
    names = {" ".join(match["name"].split()) for match in found if match["name"]}
    wanted = Q(pk__in={int(match["pk"]) for match in found if match["pk"]})
    wanted |= Q(email__in={_address(match) for match in found if match["email"]})
    rows = User.objects.annotate(whole=Trim(Concat("first_name", Value(" "), "last_name")))
    return list(rows.filter(wanted | Q(whole__in=names), is_active=True))


def _address(match: re.Match[str]) -> str:
    return match["email"].rstrip(".").lower()


def _meant(match: re.Match[str], known: list[User]) -> User | None:
    if match["pk"]:
        fits = [user for user in known if user.pk == int(match["pk"])]
    elif match["email"]:
        fits = [user for user in known if user.email == _address(match)]
    else:
        fits = [user for user in known if str(user) == " ".join(match["name"].split())]
    return fits[0] if len(fits) == 1 else None


@transaction.atomic
def mentions_sync(*, activity_id: int, actor_id: int | None) -> list[User]:
    """Keep who is called in the activity's text; whoever is called for the first time is told, once.

    A colleague who may not see the activity is not told: the author is, with the names. Returns who was told.
    """
    activity = Activity.objects.filter(pk=activity_id).first()
    if activity is None:
        return []
    called = {int(match[2]) for match in rich_text.MENTION.finditer(activity.text)}
    have = set(Mention.objects.filter(activity=activity).values_list("user", flat=True))
    Mention.objects.filter(activity=activity, user__in=have - called, seen_at=None).delete()
    people = User.objects.filter(pk__in=called - have, is_active=True).exclude(pk=actor_id).order_by("pk")
    policy = policy_for(Activity)
    seeing = {person: policy.allows(person, "view", activity) for person in people}
    told = [person for person, sees in seeing.items() if sees]
    rows = Mention.objects.bulk_create(
        [Mention(activity=activity, user=person, by_id=actor_id) for person in told], ignore_conflicts=True
    )
    if rows:
        _tell(activity, told, actor_id)
    missed = [str(person) for person, sees in seeing.items() if not sees]
    if missed and actor_id:
        _tell_author(activity, missed, actor_id)
    return told


def _tell(activity: Activity, people: list[User], actor_id: int | None) -> None:
    by = User.objects.filter(pk=actor_id).first()
    for row in Mention.objects.filter(activity=activity, user__in=people).select_related("user"):
        notifications.notify(
            recipients=[row.user],
            code="mention.called",
            url=reverse("activities:mention", args=[row.pk]),
            params={"actor": str(by or ""), "words": words_for(activity, user=row.user)[:WORDS]},
            obj=activity,
            key=f"mention:{activity.pk}:{row.user_id}",
        )


def _tell_author(activity: Activity, names: list[str], actor_id: int) -> None:
    notifications.notify(
        recipients=User.objects.filter(pk=actor_id),
        code="mention.unseen",
        url=activity.get_absolute_url(),
        params={"names": names, "subject": str(activity)[:WORDS]},
        obj=activity,
    )


def mention_see(*, actor: Any, mention: Mention) -> None:
    """The called person has come to it: it waits no longer."""
    Mention.objects.filter(pk=mention.pk, user=actor.pk, seen_at=None).update(seen_at=timezone.now())


def activity_seen(*, actor: Any, activity: Activity) -> None:
    """The person has the activity before the eyes: a call in it waits no longer."""
    Mention.objects.filter(activity=activity, user=actor.pk, seen_at=None).update(seen_at=timezone.now())
