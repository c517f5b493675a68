"""Sample work: next steps, calls, meetings, tasks and notes of the past, of today and of the coming weeks."""

import datetime as dt
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse

from accounts.models import Account, Contact
from activities.choices import Kind, Status
from activities.models import Activity, ActivityOutcome, Booking, ChecklistItem, Mention, Resource
from activities.services import Draft, activities_write
from core import rich_text
from core.bulk import copy_rows
from core.models import Notification
from demo import tasks, words
from demo.calendar import TEHRAN, Days
from demo.company import Company
from demo.guests import make_guests
from demo.parties import Party
from leads.models import Lead
from opportunities.models import Opportunity

TOLD_LEADS, TOLD_DEALS = 500, 300  # records whose past is told; a bench needs their number, not their stories
HOURS = ((9, 0), (9, 30), (10, 0), (11, 0), (11, 30), (13, 30), (14, 0), (15, 0), (16, 0))

_STEPS = """
INSERT INTO activities_activity (
    id, created_at, updated_at, version, is_sample, created_by_id, owner_id, team_id, kind, subject, text, status,
    priority, direction, due_at, all_day, location, is_private, outcome_note, uid, external_key
)
SELECT next_activity_id, updated_at, updated_at, 1, true, created_by_id, owner_id, team_id,
       CASE WHEN next_step LIKE 'تماس%%' THEN 'call' ELSE 'follow_up' END, next_step, '', 'planned',
       2, '', next_step_at, false, '', false, '', '', ''
FROM {table} WHERE is_sample AND next_activity_id IS NOT NULL ORDER BY id
"""
_LINKS = """
INSERT INTO activities_activitylink (activity_id, content_type_id, object_id, position, at)
SELECT next_activity_id, %s, id, 0, next_step_at
FROM {table} WHERE is_sample AND next_activity_id IS NOT NULL ORDER BY id
"""


def write_steps() -> None:
    """The activities behind the next steps that the sample leads and deals were written with."""
    with connection.cursor() as cursor:
        for model in (Lead, Opportunity):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(_STEPS.format(table=table))
            cursor.execute(_LINKS.format(table=table), [ContentType.objects.get_for_model(model).pk])


class WorkMaker:
    """Makes what people did and will do, on records that are there."""

    def __init__(self, company: Company, days: Days, rng: random.Random):
        self.company, self.days, self.rng = company, days, rng
        self.now = dt.datetime.combine(days.today, dt.time(8), TEHRAN)
        rows = ActivityOutcome.objects.order_by("position", "pk").values_list("kind", "pk")
        self.outcomes: dict[str, list[int]] = {}
        for kind, pk in rows:
            self.outcomes.setdefault(kind, []).append(pk)
        self.leads = self._sample(Lead, TOLD_LEADS, "created_at", "status_at", "status")
        self.deals = self._sample(
            Opportunity, TOLD_DEALS, "created_at", "stage_entered_at", "status", "account_id", "contact_id"
        )

    def _sample(self, model: Any, count: int, *fields: str) -> list[dict[str, Any]]:
        """The newest sample records with an owner: those people look at."""
        rows = model.objects.filter(is_sample=True, owner__isnull=False).order_by("-created_at", "-pk")
        return list(rows.values("pk", "owner_id", "team_id", *fields)[:count])

    def make(self, parties: Sequence[Party]) -> None:
        """Everything, in one order, so that the same seed makes the same work."""
        activities_write(actor=None, drafts=[*self._past(), *self._notes(parties), *self._today(), *self._private()])
        self._tasks(parties)
        self._meetings()
        make_guests(self.rng, self.now)
        self._mentions()

    def _draft(self, record: tuple[Any, int] | None, owner: int, team: int | None, **values: Any) -> Draft:
        at = values.get("done_at") or self.now - dt.timedelta(days=self.rng.randrange(1, 9))
        stamp = {"created_at": at, "updated_at": at, "created_by_id": owner, "owner_id": owner, "team_id": team}
        return Draft({"is_sample": True, **stamp, **values}, [record] if record else [])

    def _past(self) -> Iterator[Draft]:
        for model, rows, entered in ((Lead, self.leads, "status_at"), (Opportunity, self.deals, "stage_entered_at")):
            for row in rows:
                last = min(self.now - dt.timedelta(hours=1), row[entered] + dt.timedelta(days=3))
                for _number in range(self.rng.choice((0, 1, 1, 2, 3) if model is Lead else (1, 2, 2, 3, 4))):
                    at = row["created_at"] + (last - row["created_at"]) * self.rng.random()
                    at = at.astimezone(TEHRAN).replace(hour=self.rng.randrange(9, 17), minute=self.rng.randrange(60))
                    yield self._done(model, row, min(max(at, row["created_at"]), last))

    def _done(self, model: type[models.Model], row: dict[str, Any], at: dt.datetime) -> Draft:
        rng = self.rng
        kinds = ("call", "email", "meeting", "chat", "sms", "task", "letter", "fax")
        kind = rng.choices(kinds, (20, 8, 6, 5, 4, 4, 2, 1))[0]
        subject, said = rng.choice(tasks.DONE[kind])
        outcomes = self.outcomes.get(kind) or self.outcomes.get("") or [None]
        draft = self._draft(
            (model, row["pk"]),
            row["owner_id"],
            row["team_id"],
            kind=kind,
            subject=subject,
            outcome_note=said,
            status=Status.DONE,
            done_at=at,
            done_by_id=row["owner_id"],
            due_at=at,
            direction=rng.choice(("out", "out", "in")) if kind in {"call", "chat", "letter", "fax"} else "",
            duration=rng.choice((5, 10, 15)) if kind == "call" else 60 if kind == "meeting" else None,
            outcome_id=rng.choice(outcomes) if kind in {"call", "meeting", "task"} else None,
        )
        if row.get("contact_id") and kind == "meeting":
            draft.records = [*draft.records, (Contact, row["contact_id"])]
        return draft

    def _notes(self, parties: Sequence[Party]) -> Iterator[Draft]:
        for party in self.rng.sample(list(parties), min(180, len(parties))):
            at = self.now - dt.timedelta(days=self.rng.uniform(2, 200))
            yield self._note((Account, party.account_id), party.seller.user, self.rng.choice(words.NOTES), at)

    def _note(self, record: tuple[Any, int], author: Any, text: str, at: dt.datetime) -> Draft:
        return self._draft(
            record,
            author.pk,
            author.team_id,
            kind=Kind.NOTE,
            text=text,
            status=Status.DONE,
            done_at=at,
            done_by_id=author.pk,
        )

    def _today(self) -> Iterator[Draft]:
        """Four calls and a few other things for each seller today and tomorrow, on open records of his or her own."""
        for seller in self.company.sellers:
            mine = [
                (Lead, r) for r in self.leads if r["owner_id"] == seller.user.pk and r["status"] in tasks.OPEN_LEADS
            ]
            mine += [(Opportunity, r) for r in self.deals if r["owner_id"] == seller.user.pk and r["status"] == "open"]
            chosen = self.rng.sample(mine, min(7, len(mine)))
            for number, (model, row) in enumerate(chosen):
                kind, subject = tasks.TODAY[number % len(tasks.TODAY)]
                yield self._draft(
                    (model, row["pk"]),
                    seller.user.pk,
                    seller.user.team_id,
                    kind=kind,
                    subject=subject,
                    due_at=self._moment(number // 5, number * 2),
                    priority=3 if number == 1 else 2,
                )

    def _moment(self, days: int, slot: int) -> dt.datetime:
        hour, minute = HOURS[slot % len(HOURS)]
        day = self.days.today + dt.timedelta(days=days)
        return dt.datetime.combine(day, dt.time(hour, minute), TEHRAN)

    def _private(self) -> Iterator[Draft]:
        for seller in self.company.sellers[1::3]:
            yield self._draft(
                None,
                seller.user.pk,
                seller.user.team_id,
                kind=Kind.TASK,
                subject=tasks.PRIVATE,
                due_at=self._moment(1, 8),
                is_private=True,
            )

    def _tasks(self, parties: Sequence[Party]) -> None:
        """Tasks with a checklist that a leader gave to a seller, and deadlines on deals."""
        leader = self._leader()
        drafts = []
        for number, seller in enumerate(self.company.sellers[1:]):
            party = next((p for p in parties if p.seller.user.pk == seller.user.pk), parties[number])
            kind, subject = tasks.GIVEN[number % len(tasks.GIVEN)]
            draft = self._draft(
                (Account, party.account_id),
                leader.pk,
                leader.team_id,
                kind=kind,
                subject=subject,
                due_at=self._moment(number % 6 - 2, number),
                priority=3,
            )
            draft.assignees = [seller.user.pk]
            drafts.append(draft)
        keys = activities_write(actor=None, drafts=drafts)
        stamp = {"created_at": self.now, "updated_at": self.now}
        kind = ContentType.objects.get_for_model(Activity).pk
        copy_rows(
            Notification,
            [
                {
                    **stamp,
                    "recipient_id": draft.assignees[0],
                    "code": "activity.assigned",
                    "params": json.dumps({"actor": str(leader), "subject": draft.values["subject"]}),
                    "url": reverse("activities:activity_detail", args=[key]),
                    "content_type_id": kind,
                    "object_id": key,
                }
                for key, draft in zip(keys, drafts, strict=True)
            ],
        )
        copy_rows(
            ChecklistItem,
            [
                {**stamp, "activity_id": key, "text": line, "position": place}
                for key in keys
                for place, line in enumerate(tasks.CHECKLIST)
            ],
        )

    def _meetings(self) -> None:
        """Meetings of the coming two weeks with customers, in rooms, and the weekly one of the team."""
        rooms = [
            Resource.objects.get_or_create(
                code=code, defaults={"name_fa": fa, "name_en": en, "capacity": seats, "place": place}
            )[0]
            for code, fa, en, seats, place in tasks.ROOMS
        ]
        open_deals = [row for row in self.deals if row["status"] == "open"]
        drafts = []
        for number, row in enumerate(self.rng.sample(open_deals, min(36, len(open_deals)))):
            begins = self._moment(number // 4 + 1, (number % 4) * 2 + 1)
            drafts.append(
                self._draft(
                    (Opportunity, row["pk"]),
                    row["owner_id"],
                    row["team_id"],
                    kind=Kind.MEETING,
                    subject=self.rng.choice(tasks.MEETINGS),
                    due_at=begins,
                    ends_at=begins + dt.timedelta(minutes=60),
                    duration=60,
                    location="" if number % 2 else self.rng.choice(tasks.PLACES),
                )
            )
        drafts += self._weekly()
        keys = activities_write(actor=None, drafts=drafts)
        stamp = {"created_at": self.now, "updated_at": self.now}
        for number, (key, draft) in enumerate(zip(keys, drafts, strict=True)):
            if not draft.values.get("location"):
                span = DateTimeTZRange(draft.values["due_at"], draft.values["ends_at"])
                room = rooms[number // 2 % 2 if number < len(drafts) - 2 else 2]
                Booking.objects.create(activity_id=key, resource=room, span=span)
        copy_rows(ChecklistItem, ({**stamp, "activity_id": keys[0], "text": t} for t in tasks.CHECKLIST[:2]))

    def _weekly(self) -> list[Draft]:
        leader = self._leader()
        drafts = []
        for week in range(2):
            saturday = (5 - self.days.today.weekday()) % 7 + 7 * week
            begins = self._moment(saturday, 0)
            draft = self._draft(
                None,
                leader.pk,
                leader.team_id,
                kind=Kind.MEETING,
                subject=tasks.WEEKLY,
                due_at=begins,
                ends_at=begins + dt.timedelta(minutes=90),
                duration=90,
            )
            draft.assignees = [leader.pk, *(s.user.pk for s in self.company.sellers[1:5])]
            drafts.append(draft)
        return drafts

    def _mentions(self) -> None:
        """Notes in which the leader asks sellers something about their deals; they wait for an answer."""
        author = self._leader()
        drafts, asked = [], []
        for number, person in enumerate(s.user for s in self.company.sellers if s.user != author):
            row = next((r for r in self.deals if r["owner_id"] == person.pk), None)
            if row is None:
                continue
            called = rich_text.mention(str(person), person.pk)
            text = f"{called} {tasks.QUESTIONS[number % len(tasks.QUESTIONS)]}"
            at = self.now - dt.timedelta(hours=3 + number)
            drafts.append(self._note((Opportunity, row["pk"]), author, text, at))
            asked.append((person.pk, author.pk, at))
        keys = activities_write(actor=None, drafts=drafts)
        copy_rows(
            Mention,
            [
                {"activity_id": key, "user_id": user, "by_id": by, "created_at": at, "updated_at": at}
                for key, (user, by, at) in zip(keys, asked, strict=True)
            ],
        )

    def _leader(self) -> Any:
        return next(s.user for s in self.company.sellers if s.user.email.startswith("manager@"))


def remove_rooms() -> int:
    """Take the sample rooms away that nobody has booked meanwhile; says how many."""
    rooms = Resource.objects.filter(code__in=[row[0] for row in tasks.ROOMS], bookings=None)
    return int(rooms.delete()[0])
