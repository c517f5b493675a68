"""Reminders over random lives: whatever people do to an activity, what waits is what its time, people and state ask for."""

import datetime as dt
import random
from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from activities.choices import REMIND_BEFORE
from activities.models import Activity, Assignment, Reminder
from activities.services import (
    activity_cancel,
    activity_complete,
    activity_delete,
    activity_hand_over,
    activity_move,
    activity_plan,
    activity_reopen,
    activity_snooze,
    activity_update,
    reminder_defaults_save,
    reminders_choose,
)
from core import working_time
from core.errors import DomainError
from messaging.models import NotificationSettings
from tests.activities.factories import restore_from_bin

pytestmark = pytest.mark.django_db
TEHRAN = ZoneInfo("Asia/Tehran")
CHOICES = (None, [], [("app", 30)], [("email", 0), ("sms", 60)], [("app", 100_000 // 2)])


def minutes_of(user, kind):
    chosen = NotificationSettings.objects.filter(user=user).values_list("reminder_minutes", flat=True).first() or {}
    return chosen.get(kind, REMIND_BEFORE.get(kind, ()))


def truth(activity, now):
    """(person, channel, moment) of everything that has to be waiting."""
    if activity.deleted_at or activity.status != "planned" or activity.due_at is None:
        return set()
    start = activity.due_at
    if activity.all_day:
        day = start.astimezone(TEHRAN).date()
        start = dt.datetime.combine(day, working_time.current().starts, tzinfo=TEHRAN)
    parts = list(Assignment.objects.filter(activity=activity).select_related("user"))
    people = [part.user for part in parts if part.done_at is None] if parts else [activity.owner]
    found = set()
    for person in people:
        specs = activity.reminder_choice
        if specs is None:
            specs = [("app", minutes) for minutes in minutes_of(person, activity.kind)]
        moments = {(channel, start - dt.timedelta(minutes=minutes)) for channel, minutes in specs}
        coming = {one for one in moments if one[1] > now}
        if not coming and start > now and specs:
            nearest = min(minutes for _channel, minutes in specs)
            coming = {(channel, start) for channel, minutes in specs if minutes == nearest}
        found |= {(person.pk, *one) for one in coming}
    return found


class World:
    """Some people, their activities, and everything they do to them."""

    def __init__(self, boss, people, seed):
        self.boss, self.people, self.rng = boss, people, random.Random(seed)
        self.steps = [
            *[self.plan] * 3,
            self.move,
            self.move,
            self.snooze,
            self.finish,
            self.finish,
            self.cancel_or_reopen,
            self.cancel_or_reopen,
            self.hand_over,
            self.change_people,
            self.choose,
            self.change_defaults,
            self.bin_or_restore,
        ]

    def moment(self):
        return timezone.now() + dt.timedelta(minutes=self.rng.randrange(-300, 3000) + 0.5)

    def some(self):
        return self.rng.sample(self.people, self.rng.randrange(3))

    def one(self, **wanted):
        rows = list(Activity.objects.filter(**wanted).order_by("pk"))
        return self.rng.choice(rows) if rows else None

    def plan(self):
        activity_plan(
            actor=self.boss,
            owner=self.rng.choice(self.people),
            kind=self.rng.choice(("task", "call", "meeting", "deadline")),
            subject="کار",
            due_at=self.moment(),
            all_day=self.rng.random() < 0.2,
            assignees=self.some(),
            reminders=self.rng.choice(CHOICES),
        )

    def move(self):
        if activity := self.one(status="planned"):
            activity_move(actor=self.boss, activity=activity, due_at=self.moment())

    def snooze(self):
        if activity := self.one(status="planned"):
            activity_snooze(actor=self.boss, activity=activity, until=self.moment())

    def finish(self):
        if activity := self.one(status="planned"):
            people = [row.user for row in activity.assignments.select_related("user")] or [activity.owner]
            activity_complete(actor=self.rng.choice([self.boss, *people]), activity=activity)

    def cancel_or_reopen(self):
        if activity := self.one():
            service = activity_cancel if activity.is_open and self.rng.random() < 0.7 else activity_reopen
            service(actor=self.rng.choice([self.boss, activity.owner]), activity=activity)

    def hand_over(self):
        if activity := self.one(status="planned"):
            activity_hand_over(actor=self.boss, activity=activity, user=self.rng.choice(self.people))

    def change_people(self):
        if activity := self.one():
            activity_update(actor=self.boss, instance=activity, assignees=self.some())

    def choose(self):
        if activity := self.one():
            reminders_choose(activity_id=activity.pk, chosen=self.rng.choice(CHOICES))

    def change_defaults(self):
        minutes = self.rng.choice(([], [5], [45, 200]))
        reminder_defaults_save(actor=self.rng.choice(self.people), minutes={"call": minutes, "task": minutes})

    def bin_or_restore(self):
        binned = Activity.all_objects.exclude(deleted_at=None).order_by("pk").first()
        if binned is not None and self.rng.random() < 0.7:
            restore_from_bin(actor=self.boss, activity=binned)
        elif activity := self.one():
            activity_delete(actor=self.boss, activity=activity)

    def check(self):
        now = timezone.now()
        for activity in Activity.all_objects.select_related("owner"):
            rows = Reminder.objects.filter(activity=activity, state="waiting")
            assert set(rows.values_list("user", "channel", "due_at")) == truth(activity, now), activity.__dict__


@pytest.mark.parametrize("seed", range(2))
def test_what_waits_is_what_is_asked_for(admin, rep, teammate, manager, seed):
    world, done = World(admin, [rep, teammate, manager], seed), 0
    for _number in range(50):
        with suppress(DomainError):
            world.rng.choice(world.steps)()
            done += 1
        world.check()
    assert done > 30
