"""Several notifications of one person as one mail: grouped, in the reader's language, once though workers die."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from core import notifications
from core.models import Notification
from crm_project.env import BASE_DIR
from crm_project.up.services import sibling_database
from messaging import services
from messaging.models import Message, NoticeLine, NotificationPreference, NotificationSettings
from messaging.services.notices import SHOWN
from messaging.tasks import notices_run
from tests.leads.factories import LeadFactory
from tests.ops import celery
from tests.ops.running import wait_for
from users.models import User

pytestmark = pytest.mark.django_db
CODE = "record.assigned"
MINUTE = dt.timedelta(minutes=1)
TEHRAN = ZoneInfo("Asia/Tehran")
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=TEHRAN)


@pytest.fixture
def noon(monkeypatch):
    """A working day at noon."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def tell(person, name: str, obj=None, **more) -> None:
    url = f"/leads/{obj.pk}/" if obj else "/leads/"
    notifications.notify(
        recipients=[person], code=CODE, url=url, params={"actor": "مدیر", "name": name}, obj=obj, **more
    )


@pytest.mark.usefixtures("noon")
class TestOneMail:
    def test_what_comes_within_minutes_is_one_mail_grouped_by_record(self, rep):
        pars, sepehr = LeadFactory(owner=rep), LeadFactory(owner=rep)
        tell(rep, "پارس", pars)
        tell(rep, "سپهر", sepehr)
        tell(rep, "پارس دو", pars)
        tell(rep, "پارس", pars)
        assert services.notices_run(NOON + 4 * MINUTE) == 0
        assert services.notices_run(NOON + 5 * MINUTE) == 1
        mail = Message.objects.get()
        sentences = [str(row) for row in Notification.objects.order_by("pk")]
        first, other, second = sentences[0], sentences[1], sentences[2]
        assert mail.subject == f"۴ اعلان: {first}"
        words, link, apart, other_link = mail.body.split("\n\n")
        assert words.split("\n") == [first, second], "what is said twice stands once"
        assert (link.endswith(f"/leads/{pars.pk}/"), other_link.endswith(f"/leads/{sepehr.pk}/")) == (True, True)
        assert apart == other
        assert Notification.objects.count() == 4, "the bell shows all of them at once"

    def test_one_alone_reads_as_before(self, rep):
        tell(rep, "پارس")
        services.notices_run(NOON + 5 * MINUTE)
        mail = Message.objects.get()
        assert mail.subject == str(Notification.objects.get())
        assert mail.body.startswith(mail.subject)

    def test_in_the_language_of_its_reader(self, rep):
        rep.language, rep.digits = "en", "latin"
        rep.save()
        tell(rep, "Pars")
        tell(rep, "Sepehr")
        services.notices_run(NOON + 5 * MINUTE)
        assert Message.objects.get().subject.startswith("2 notifications: ")

    def test_everyone_has_an_own_mail(self, rep, teammate):
        for person in (rep, teammate, rep):
            tell(person, "پارس")
        assert services.notices_run(NOON + 5 * MINUTE) == 2
        assert set(Message.objects.values_list("recipient", flat=True)) == {rep.pk, teammate.pk}

    def test_the_next_one_begins_a_mail_of_its_own(self, rep, monkeypatch):
        tell(rep, "پارس")
        services.notices_run(NOON + 5 * MINUTE)
        monkeypatch.setattr(timezone, "now", lambda: NOON + 6 * MINUTE)
        tell(rep, "سپهر")
        assert services.notices_run(NOON + 10 * MINUTE) == 0
        assert services.notices_run(NOON + 11 * MINUTE) == 1

    def test_a_night_is_one_mail_in_the_morning(self, rep, monkeypatch):
        for hour in (22, 23):
            night = NOON.replace(hour=hour)
            monkeypatch.setattr(timezone, "now", lambda night=night: night)
            tell(rep, f"شرکت {hour}")
        assert services.notices_run(NOON.replace(hour=23, minute=30)) == 0
        assert services.notices_run(NOON.replace(day=23, hour=7)) == 1

    def test_a_mail_written_late_waits_for_the_end_of_the_quiet_hours(self, rep):
        tell(rep, "پارس")
        assert services.notices_run(NOON.replace(hour=22)) == 1
        assert Message.objects.get().not_before == NOON.replace(day=23, hour=7)

    def test_hundreds_are_a_number_and_a_link(self, rep):
        notifications.send(
            rows=[
                Notification(recipient=rep, code=CODE, params={"actor": "مدیر", "name": f"شرکت {n}"}, url="/leads/")
                for n in range(SHOWN + 12)
            ]
        )
        services.notices_run(NOON + 5 * MINUTE)
        body = Message.objects.get().body
        assert "و ۱۲ اعلان دیگر" in body
        assert body.endswith("/notifications/")
        assert f"شرکت {SHOWN - 1}" in body
        assert f"شرکت {SHOWN}" not in body

    def test_a_reminder_does_not_wait(self, rep):
        NotificationPreference.objects.create(user=rep, code="activity.reminder", channel="email", is_on=True)
        notifications.notify(recipients=[rep], code="activity.reminder", params={"subject": "تماس"})
        assert Message.objects.count() == 1
        assert not NoticeLine.objects.exists()

    def test_an_occasion_is_mailed_once_though_the_bell_is_off(self, rep):
        NotificationPreference.objects.create(user=rep, code=CODE, channel="app", is_on=False)
        for minutes in (0, 10):
            tell(rep, "پارس", key="x")
            services.notices_run(NOON + (5 + minutes) * MINUTE)
        assert Message.objects.count() == 1

    @pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
    def test_who_left_or_has_no_address_gets_none(self, rep, change):
        tell(rep, "پارس")
        User.objects.filter(pk=rep.pk).update(**change)
        assert services.notices_run(NOON + 5 * MINUTE) == 0
        assert not NoticeLine.objects.filter(handled_at=None).exists()

    def test_one_who_cannot_be_written_to_stops_nobody_else(self, rep, teammate):
        tell(rep, "پارس")
        tell(teammate, "پارس")
        User.objects.filter(pk=rep.pk).update(time_zone="No/Where")
        assert services.notices_run(NOON + 5 * MINUTE) == 1
        assert NoticeLine.objects.get(handled_at=None).recipient == rep

    def test_a_mail_of_many_costs_as_much_as_one_of_few(self, rep, teammate, django_assert_max_num_queries):
        for person, count in ((rep, 2), (teammate, 30)):
            for number in range(count):
                tell(person, f"شرکت {number}")
        with django_assert_max_num_queries(1 + 2 * 12):
            assert services.notices_run(NOON + 5 * MINUTE) == 2

    def test_mailed_long_ago_is_forgotten(self, rep):
        for name in ("old", "new", "waiting"):
            tell(rep, name, key=name)
        for name, days in (("old", 181), ("new", 179)):
            NoticeLine.objects.filter(key=name).update(handled_at=NOON - dt.timedelta(days=days))
        assert services.notices_purge() == 1
        assert set(NoticeLine.objects.values_list("key", flat=True)) == {"new", "waiting"}


def people(number: int, lines: int) -> list[User]:
    """People to whom something is to be mailed now, at any hour."""
    User.objects.bulk_create(User(email=f"person{n}@example.com") for n in range(number))
    found = list(User.objects.filter(email__startswith="person").order_by("pk"))
    NotificationSettings.objects.bulk_create(
        NotificationSettings(user=user, quiet_from="00:00", quiet_until="00:00", only_working_days=False)
        for user in found
    )
    NoticeLine.objects.bulk_create(
        NoticeLine(
            recipient=user,
            code=CODE,
            params={"actor": "مدیر", "name": f"شرکت {n}"},
            key=f"{n}",
            due_at=timezone.now() - MINUTE,
        )
        for user in found
        for n in range(lines)
    )
    return found


def state() -> tuple[int, int, int]:
    """Mails, people with one, and lines that are handled."""
    mails = Message.objects.filter(purpose="internal")
    return (
        mails.count(),
        mails.values("recipient").distinct().count(),
        NoticeLine.objects.exclude(handled_at=None).count(),
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_a_killed_worker_has_written_whole_mails_or_none():
    number, lines = 150, 3
    people(number, lines)
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "crm_project.settings.dev",
        "DATABASE_URL": sibling_database(os.environ["DATABASE_URL"], connection.settings_dict["NAME"]),
        "REDIS_URL": celery.broker(12),
    }
    command = [sys.executable, "manage.py", "shell", "-c", "from messaging import services; services.notices_run()"]
    process = subprocess.Popen(command, env=env, cwd=BASE_DIR, stdout=subprocess.DEVNULL)
    wait_for(lambda: Message.objects.count() >= 20, 120)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    celery.flush(celery.broker(12))
    notices_run.delay()
    assert state() == (number, number, number * lines)


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_several_workers_write_one_mail_each():
    number = 20
    people(number, 4)
    gate, wrote = threading.Barrier(3), []

    def work() -> None:
        gate.wait(10)
        wrote.append(services.notices_run())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(wrote) == number
    assert state() == (number, number, number * 4)
