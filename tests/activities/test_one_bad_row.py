"""One row that cannot be worked on is written to the log, and the round goes on."""

import datetime as dt

import pytest
from django.db import OperationalError
from django.utils import timezone

from activities import reminder_sources
from activities.models import Activity, Digest, Guest, Invitation, Reminder
from activities.services import activity_plan, digests_run, guests_set, reminders_sweep, sources_plan
from activities.services.invitations import Invited, changed_invitations_tell
from core.rounds import carry_on
from messaging.models import Message
from tests.activities.factories import ActivityFactory
from users.models import User

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def nowhere(user):
    """A person whose time zone is known no more."""
    User.objects.filter(pk=user.pk).update(time_zone="Mars/Olympus")


def test_reminders_of_the_others_are_planned(rep, teammate):
    nowhere(teammate)
    for owner in (teammate, rep):
        ActivityFactory(owner=owner, due_at=timezone.now() + DAY, all_day=True)
    reminders_sweep()
    assert {row.user for row in Reminder.objects.all()} == {rep}


def test_the_occasions_of_other_sources_are_planned(monkeypatch):
    asked = []

    def broken(start, end):
        raise ZeroDivisionError

    def sound(start, end):
        asked.append(start)
        return ()

    sources = [
        reminder_sources.Source(code=code, model=Activity, occasions=occasions, holds=set)
        for code, occasions in (("test.broken", broken), ("test.sound", sound))
    ]
    monkeypatch.setattr(reminder_sources, "_sources", {source.code: source for source in sources})
    assert sources_plan() == 0
    assert asked


def test_the_digests_of_the_others_are_written(rep, teammate, settings):
    nowhere(teammate)
    noon = timezone.now().replace(hour=5, minute=0)
    ActivityFactory(owner=rep, due_at=noon - DAY)
    from messaging.models import NotificationSettings

    for user in (teammate, rep):
        NotificationSettings.objects.create(user=user, digest=True, digest_at=dt.time(7), only_working_days=False)
    digests_run(noon)
    assert [row.user for row in Digest.objects.all()] == [rep]


def test_the_guests_of_the_others_are_told(rep, teammate):
    for owner, guest in ((teammate, "a@example.com"), (rep, "b@example.com")):
        meeting = activity_plan(actor=owner, kind="meeting", subject="جلسه", due_at=timezone.now() + DAY, duration=30)
        guests_set(actor=owner, activity=meeting, guests=[Invited(guest)])
    Activity.objects.update(location="دفتر")
    Invitation.objects.update(changed_at=timezone.now() - DAY)
    nowhere(teammate)
    Message.objects.all().delete()
    assert changed_invitations_tell() == 1
    assert [row.to_address for row in Message.objects.all()] == ["b@example.com"]
    assert Guest.objects.filter(sent_revision=1).count() == 1


def test_a_database_that_is_away_ends_the_round():
    import logging

    with pytest.raises(OperationalError), carry_on(logging.getLogger(__name__), "nothing"):
        raise OperationalError
