"""Reminders: planned with an activity, kept in step with it, called once, on the channels the person wants."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ImportantDate
from activities import reminder_sources, services
from activities.models import Activity, Digest, Reminder
from activities.services.reminders import minutes_of
from core.models import Holiday, Notification, Organisation
from messaging.models import Message, Mute, NotificationPreference, NotificationSettings
from tests.accounts.factories import AccountFactory
from tests.activities.factories import restore_from_bin

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
TEHRAN = ZoneInfo("Asia/Tehran")


def plan(actor, *, hours=3.0, kind="meeting", **more) -> Activity:
    return services.activity_plan(
        actor=actor, kind=kind, subject="جلسه با پارس", due_at=timezone.now() + hours * HOUR, **more
    )


def waiting(activity) -> list[Reminder]:
    return list(Reminder.objects.filter(activity=activity, state="waiting").order_by("due_at", "user"))


def make_due(minutes: int = 1, **which) -> None:
    Reminder.objects.filter(state="waiting", **which).update(due_at=timezone.now() - dt.timedelta(minutes=minutes))


class TestPlanning:
    def test_each_kind_has_its_default_and_each_person_an_own_one(self, rep, teammate):
        NotificationSettings.objects.create(user=teammate, reminder_minutes={"meeting": [60, 5]})
        activity = plan(rep, assignees=[rep, teammate])
        found = {(r.user_id, r.minutes_before): activity.due_at - r.due_at for r in waiting(activity)}
        assert set(found) == {(rep.pk, 15), (teammate.pk, 60), (teammate.pk, 5)}
        assert all(gap == dt.timedelta(minutes=minutes) for (_user, minutes), gap in found.items())

    def test_a_person_may_want_none_for_a_kind(self, rep):
        NotificationSettings.objects.create(user=rep, reminder_minutes={"meeting": []})
        assert waiting(plan(rep)) == []
        assert minutes_of(None, "note") == []

    def test_a_choice_holds_for_all_and_survives_moves_and_new_people(self, rep, teammate):
        activity = plan(rep, reminders=[("email", 60), ("app", 10), ("app", 10)])
        assert [(r.channel, r.minutes_before) for r in waiting(activity)] == [("email", 60), ("app", 10)]
        services.activity_update(actor=rep, instance=activity, assignees=[rep, teammate])
        services.activity_move(actor=rep, activity=activity, due_at=activity.due_at + HOUR)
        activity.refresh_from_db()
        assert [(r.user_id, r.channel) for r in waiting(activity)] == [
            (rep.pk, "email"),
            (teammate.pk, "email"),
            (rep.pk, "app"),
            (teammate.pk, "app"),
        ]
        assert waiting(activity)[0].due_at == activity.due_at - HOUR

    def test_choosing_none_is_a_choice_too(self, rep):
        activity = plan(rep, reminders=[])
        services.activity_move(actor=rep, activity=activity, due_at=activity.due_at + HOUR)
        assert waiting(activity) == []

    @pytest.mark.parametrize("bad", [("pigeon", 5), ("app", -1), ("app", 10**9)])
    def test_what_cannot_be_called_is_left_out(self, rep, bad):
        assert waiting(plan(rep, reminders=[bad])) == []

    def test_without_enough_time_left_the_beginning_is_the_moment(self, rep):
        activity = plan(rep, hours=0.1)
        assert [r.due_at for r in waiting(activity)] == [activity.due_at]
        assert waiting(plan(rep, hours=-1)) == []

    def test_an_all_day_activity_calls_when_work_begins(self, rep):
        day = timezone.now().astimezone(TEHRAN).date() + dt.timedelta(days=3)
        activity = services.activity_plan(
            actor=rep,
            kind="task",
            subject="ارسال کاتالوگ",
            due_at=dt.datetime.combine(day, dt.time(), TEHRAN),
            all_day=True,
        )
        assert [r.due_at.astimezone(TEHRAN) for r in waiting(activity)] == [
            dt.datetime.combine(day, dt.time(8), TEHRAN)
        ]

    @pytest.mark.parametrize("end", ["complete", "cancel", "delete"])
    def test_an_end_cancels_and_a_new_beginning_wakes(self, rep, end):
        activity = plan(rep)
        getattr(services, f"activity_{end}")(actor=rep, activity=activity)
        assert waiting(activity) == []
        back = restore_from_bin if end == "delete" else services.activity_reopen
        back(actor=rep, activity=Activity.all_objects.get(pk=activity.pk))
        assert len(waiting(activity)) == 1

    def test_who_has_done_the_own_part_is_left_in_peace(self, rep, teammate):
        activity = plan(rep, assignees=[rep, teammate])
        services.activity_complete(actor=teammate, activity=activity)
        assert [r.user for r in waiting(activity)] == [rep]

    def test_handing_over_takes_the_reminder_along(self, manager, rep, teammate):
        activity = plan(rep)
        services.activity_hand_over(actor=manager, activity=activity, user=teammate)
        assert [r.user for r in waiting(activity)] == [teammate]

    def test_a_change_of_words_does_not_call_again(self, rep):
        activity = plan(rep, hours=0.2)
        Reminder.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1), minutes_before=15)
        activity.due_at = Reminder.objects.get().due_at + dt.timedelta(minutes=15)
        Activity.objects.filter(pk=activity.pk).update(due_at=activity.due_at)
        assert services.reminders_run() == 1
        services.reminders_refresh(activity_id=activity.pk)
        assert waiting(activity) == []

    def test_what_no_service_planned_is_found(self, rep):
        row = Activity.objects.create(owner=rep, kind="call", subject="تماس", due_at=timezone.now() + HOUR)
        assert services.reminders_sweep() == 1
        assert len(waiting(row)) == 1
        assert services.reminders_sweep() == 0


class TestCalling:
    def test_a_reminder_is_called_once_in_the_readers_words(self, rep):
        activity = plan(rep)
        make_due()
        assert services.reminders_run() == 1
        assert services.reminders_run() == 0
        note = Notification.objects.get(recipient=rep)
        assert "جلسه با پارس" in str(note)
        assert (note.url, note.obj) == (activity.get_absolute_url(), activity)
        assert not Message.objects.exists()

    def test_the_present_is_left_for_later(self, rep):
        plan(rep)
        assert services.reminders_run() == 0

    def test_a_moved_activity_is_called_again(self, rep):
        activity = plan(rep)
        make_due()
        services.reminders_run()
        services.activity_move(actor=rep, activity=activity, due_at=activity.due_at + HOUR)
        make_due(minutes=2)
        services.reminders_run()
        assert Notification.objects.filter(recipient=rep, code="activity.reminder").count() == 2

    def test_in_the_order_of_time_and_in_batches(self, rep):
        for hours in (3, 1, 2):
            plan(rep, hours=hours)
        base = timezone.now() - 10 * HOUR
        for row in Reminder.objects.all():
            Reminder.objects.filter(pk=row.pk).update(due_at=base + (row.due_at - timezone.now()))
        assert services.reminders_run(batch=1) == 3
        told = [n.object_id for n in Notification.objects.order_by("pk")]
        assert told == list(Activity.objects.order_by("due_at").values_list("pk", flat=True))

    def test_a_chosen_channel_is_the_only_one(self, rep):
        rep.mobile = "+989121234567"
        rep.save()
        plan(rep, reminders=[("email", 10), ("sms", 5)])
        make_due()
        services.reminders_run()
        assert not Notification.objects.exists()
        assert {m.channel: m.to_address for m in Message.objects.all()} == {
            "email": rep.email,
            "sms": "+989121234567",
        }

    def test_defaults_follow_the_preferences(self, rep):
        NotificationPreference.objects.create(user=rep, code="activity.reminder", channel="email", is_on=True)
        NotificationPreference.objects.create(user=rep, code="activity.reminder", channel="app", is_on=False)
        activity = plan(rep)
        make_due()
        services.reminders_run()
        assert not Notification.objects.exists()
        message = Message.objects.get()
        assert (message.recipient, message.purpose) == (rep, "internal")
        assert activity.get_absolute_url() in message.body

    def test_a_muted_activity_and_one_done_meanwhile_are_silent(self, rep):
        muted, done = plan(rep), plan(rep)
        kind = ContentType.objects.get_for_model(Activity)
        Mute.objects.create(user=rep, content_type=kind, object_id=muted.pk)
        Activity.objects.filter(pk=done.pk).update(status="done", done_at=timezone.now())
        make_due()
        assert services.reminders_run() == 2
        assert not Notification.objects.exists()

    def test_who_left_is_not_called(self, rep):
        plan(rep)
        rep.is_active = False
        rep.save()
        make_due()
        assert services.reminders_run() == 1
        assert not Notification.objects.exists()

    def test_a_row_that_cannot_be_called_does_not_stop_the_others(self, rep, monkeypatch):
        plan(rep)
        broken = Reminder.objects.create(
            user=rep, source="broken", object_id=1, due_at=timezone.now() - 2 * HOUR, key="broken:1"
        )

        def fail(keys):
            raise ValueError("no such thing")

        source = reminder_sources.Source(code="broken", model=Activity, occasions=lambda *_span: (), holds=fail)
        monkeypatch.setitem(reminder_sources._sources, "broken", source)
        make_due(source="activity")
        services.reminders_run(batch=10)
        assert Notification.objects.filter(recipient=rep).count() == 1
        broken.refresh_from_db()
        assert broken.state == "waiting"
        assert broken.due_at > timezone.now() - 2 * HOUR

    def test_a_batch_costs_the_same_for_few_and_for_many(self, rep):
        NotificationPreference.objects.create(user=rep, code="activity.reminder", channel="email", is_on=True)
        plan(rep)
        make_due()
        services.reminders_run()
        counts = []
        for number in (2, 20):
            for _ in range(number):
                plan(rep)
            make_due()
            with CountQueries() as count:
                assert services.reminders_run(batch=100) == number
            counts.append(count.number)
        assert counts[0] == counts[1]


class TestForgetting:
    LONG_AGO = dt.timedelta(days=181)

    def old(self, activity: Activity | None, state: str, key: str, **more) -> Reminder:
        user = more.pop("user", None) or activity.owner
        due_at = timezone.now() - self.LONG_AGO
        row = Reminder.objects.create(user=user, activity=activity, due_at=due_at, state=state, key=key, **more)
        Reminder.objects.filter(pk=row.pk).update(updated_at=due_at)
        return row

    def test_what_was_called_half_a_year_ago_is_forgotten(self, rep):
        activity = plan(rep, reminders=[])
        services.activity_complete(actor=rep, activity=activity)
        for state in ("done", "cancelled"):
            self.old(activity, state, f"a:{state}")
            self.old(None, state, f"lead.unanswered:{state}", user=rep, source="lead.unanswered")
        recent = Reminder.objects.create(user=rep, due_at=timezone.now() - HOUR, state="done", key="recent")
        waiting_one = self.old(activity, "waiting", "a:waiting")
        Digest.objects.create(user=rep, day=timezone.now().date() - self.LONG_AGO)
        today = Digest.objects.create(user=rep, day=timezone.now().date())
        assert services.reminders_purge() == 5
        assert set(Reminder.objects.all()) == {recent, waiting_one}
        assert list(Digest.objects.all()) == [today]
        assert Activity.objects.get() == activity, "the activity itself stays"

    def test_what_is_still_to_be_done_remembers_its_reminders(self, rep):
        kept = self.old(plan(rep, reminders=[]), "done", "a:done")
        assert services.reminders_purge() == 0
        assert list(Reminder.objects.all()) == [kept]

    def test_one_that_was_woken_since_stays(self, rep):
        row = self.old(None, "cancelled", "source:1", user=rep, source="lead.unanswered")
        Reminder.objects.filter(pk=row.pk).update(updated_at=timezone.now())
        assert services.reminders_purge() == 0


class CountQueries:
    def __enter__(self):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self.inner = CaptureQueriesContext(connection)
        self.inner.__enter__()
        return self

    def __exit__(self, *args):
        self.inner.__exit__(*args)
        self.number = len(self.inner)


class TestQuietHours:
    @pytest.fixture
    def office(self, db):
        from django.core.cache import cache

        row = Organisation.objects.first() or Organisation.objects.create()
        row.working_days = [0, 1, 2, 3, 4]
        row.save()
        cache.clear()
        return row

    @pytest.mark.parametrize(
        ("now", "allowed"),
        [
            ("2026-11-22T12:00", "2026-11-22T12:00"),  # a Sunday at noon: at once
            ("2026-11-22T23:30", "2026-11-23T07:00"),  # at night: in the morning
            ("2026-11-22T05:00", "2026-11-22T07:00"),
            ("2026-11-25T22:00", "2026-11-28T07:00"),  # Wednesday night: Saturday morning
            ("2026-11-27T12:00", "2026-11-28T07:00"),  # Friday
        ],
    )
    def test_mail_waits_for_the_next_allowed_moment(self, rep, office, now, allowed):
        from messaging.quiet import person_allowed_from

        moment = dt.datetime.fromisoformat(now).replace(tzinfo=TEHRAN)
        found = person_allowed_from(NotificationSettings(user=rep), TEHRAN, moment)
        assert found.astimezone(TEHRAN) == dt.datetime.fromisoformat(allowed).replace(tzinfo=TEHRAN)

    def test_holidays_count_and_those_who_want_are_called_on_days_off(self, rep, office):
        from messaging.quiet import person_allowed_from

        noon = dt.datetime(2026, 11, 22, 12, tzinfo=TEHRAN)
        Holiday.objects.create(date=noon.date(), name="تعطیل")
        settings = NotificationSettings(user=rep)
        assert person_allowed_from(settings, TEHRAN, noon).astimezone(TEHRAN).day == 23
        settings.only_working_days = False
        assert person_allowed_from(settings, TEHRAN, noon) == noon


class TestImportantDates:
    def test_a_yearly_jalali_date_is_told_three_days_before_and_on_the_day_once(self, rep):
        account = AccountFactory(owner=rep)
        ImportantDate.objects.create(account=account, title="سالگرد", date=dt.date(2020, 11, 22), calendar="jalali")
        day = dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)  # 2 Azar 1405; 22 November 2020 was 2 Azar 1399
        assert services.sources_plan(day) == 1
        assert services.sources_plan(day) == 0
        row = Reminder.objects.get(source="date.account")
        assert row.due_at == dt.datetime(2026, 11, 23, 9, tzinfo=TEHRAN)
        assert services.sources_plan(day - dt.timedelta(days=3)) == 1

    def test_a_date_taken_back_is_not_told(self, rep):
        account = AccountFactory(owner=rep)
        row = ImportantDate.objects.create(
            account=account, title="تمدید", date=dt.date(2026, 11, 23), calendar="gregorian", every_year=False
        )
        now = dt.datetime(2026, 11, 22, 20, tzinfo=dt.UTC)
        services.sources_plan(now)
        ImportantDate.objects.filter(pk=row.pk).update(date=dt.date(2026, 12, 23))
        services.sources_plan(now)
        assert [r.state for r in Reminder.objects.all()] == ["cancelled"]
        ImportantDate.objects.filter(pk=row.pk).update(date=dt.date(2026, 11, 23))
        services.sources_plan(now)
        assert [r.state for r in Reminder.objects.all()] == ["waiting"]

    def test_it_is_told_with_its_name_and_day(self, rep):
        account = AccountFactory(owner=rep, name="شرکت البرز")
        today = timezone.now().astimezone(TEHRAN).date()
        ImportantDate.objects.create(account=account, title="تولد", date=today, calendar="jalali")
        services.sources_plan()
        make_due()
        services.reminders_run()
        note = Notification.objects.get(recipient=rep)
        assert "تولد" in str(note)
        assert "شرکت البرز" in str(note)
        assert note.url == account.get_absolute_url()

    def test_an_account_in_the_bin_is_silent(self, rep):
        account = AccountFactory(owner=rep)
        ImportantDate.objects.create(account=account, title="تولد", date=timezone.now().astimezone(TEHRAN).date())
        services.sources_plan()
        type(account).objects.filter(pk=account.pk).update(deleted_at=timezone.now())
        make_due()
        assert services.reminders_run() == 1
        assert not Notification.objects.exists()


class TestForm:
    """Reminders chosen in the activity's own form."""

    @pytest.fixture
    def activity(self, rep) -> Activity:
        return plan(rep)

    def send(self, rep, activity, **values):
        client = Client()
        client.force_login(rep)
        url = reverse("activities:activity_edit", args=[activity.pk])
        form = client.get(url).context["form"]
        data = {}
        for name in form.fields:
            value = form[name].value()
            if value not in (None, False, ""):
                data[name] = value
        data["due_at"] = form["due_at"].value()
        return client.post(url, {**{k: str(v) if not isinstance(v, list) else v for k, v in data.items()}, **values})

    def test_chosen_ones_hold_and_the_usual_ones_come_back(self, rep, activity):
        answer = self.send(
            rep, activity, reminder_mode="own", reminder_minutes=["60", "15"], reminder_channels=["email"]
        )
        assert answer.status_code == 302, answer.context["form"].errors
        assert [(r.channel, r.minutes_before) for r in waiting(activity)] == [("email", 60), ("email", 15)]
        assert self.send(rep, activity, reminder_mode="usual").status_code == 302
        assert [(r.channel, r.minutes_before) for r in waiting(activity)] == [("app", 15)]

    def test_none_is_none(self, rep, activity):
        assert self.send(rep, activity, reminder_mode="none").status_code == 302
        assert waiting(activity) == []

    @pytest.mark.parametrize("values", [{}, {"reminder_minutes": ["7"]}, {"reminder_minutes": ["-5"]}])
    def test_a_choice_without_a_time_is_refused(self, rep, activity, values):
        answer = self.send(rep, activity, reminder_mode="own", reminder_channels=["app"], **values)
        assert answer.status_code == 422
        assert "reminder_minutes" in answer.context["form"].errors
