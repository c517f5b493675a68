"""What people hear, where and when: preferences by kind and channel, quiet hours, muting; the bell that shows it."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import notifications
from core.errors import DomainError
from core.models import Notification
from messaging import services
from messaging.models import Message, Mute, NoticeLine, NotificationPreference, NotificationSettings
from tests.leads.factories import LeadFactory

pytestmark = pytest.mark.django_db
CODE = "record.assigned"
PARAMS = {"actor": "مدیر", "name": "شرکت پارس"}
PAGE = "messaging:preferences"
DAY = dt.timedelta(days=1)


@pytest.fixture
def as_rep(rep) -> Client:
    client = Client()
    client.force_login(rep)
    return client


@pytest.fixture
def lead(rep):
    return LeadFactory(owner=rep)


def tell(person, obj=None, **more) -> None:
    notifications.notify(recipients=[person], code=CODE, url="/leads/", params=PARAMS, obj=obj, **more)


def mail() -> Message:
    """The one mail written when the notifications have waited for each other, over quiet hours and days off too."""
    services.notices_run(timezone.now() + 30 * DAY)
    return Message.objects.get()


def filled(client: Client, **changes) -> dict[str, str]:
    """The page's form as the browser would send it, with changes; None takes a box away."""
    form = client.get(reverse(PAGE)).context["form"]
    data = {}
    for name in form.fields:
        value = form[name].value()
        if value not in (None, False):
            data[name] = "on" if value is True else str(value)
    data |= {name: value for name, value in changes.items() if value is not None}
    return {name: value for name, value in data.items() if changes.get(name, "") is not None}


class TestRouting:
    def test_a_kind_goes_where_it_goes_by_default(self, rep):
        tell(rep)
        assert Notification.objects.filter(recipient=rep).count() == 1
        assert not Message.objects.exists()
        message = mail()
        assert (message.channel, message.to_address, message.recipient) == ("email", rep.email, rep)
        assert "شرکت پارس" in message.subject
        assert message.body.endswith("/leads/")
        assert "http" in message.body

    def test_a_choice_of_ones_own_comes_first(self, rep):
        services.preferences_save(actor=rep, choices={(CODE, "app"): False, (CODE, "email"): False})
        tell(rep)
        assert not Notification.objects.exists()
        assert not NoticeLine.objects.exists()

    def test_sms_goes_to_the_mobile_in_words_alone(self, rep):
        rep.mobile = "09121234567"
        rep.save()
        services.preferences_save(actor=rep, choices={(CODE, "sms"): True, (CODE, "email"): False})
        tell(rep)
        message = Message.objects.get()
        assert (message.channel, message.to_address) == ("sms", "+989121234567")
        assert "/leads/" not in message.body

    @pytest.mark.parametrize("mobile", ["", "02188776655", "nonsense"])
    def test_a_person_without_a_mobile_gets_no_sms_and_nothing_breaks(self, rep, mobile):
        rep.mobile = mobile
        rep.save()
        services.preferences_save(actor=rep, choices={(CODE, "sms"): True, (CODE, "email"): False})
        tell(rep)
        assert not Message.objects.exists()
        assert Notification.objects.exists()

    def test_each_reads_it_in_the_own_language(self, rep, teammate):
        type(rep).objects.filter(pk=teammate.pk).update(language="en")
        teammate.refresh_from_db()
        notifications.notify(recipients=[rep, teammate], code=CODE, params=PARAMS)
        assert services.notices_run(timezone.now() + 30 * DAY) == 2
        subjects = dict(Message.objects.values_list("recipient", "subject"))
        assert "handed" in subjects[teammate.pk]

    def test_at_night_the_mail_waits_and_the_bell_does_not(self, rep, monkeypatch):
        night = dt.datetime(2026, 11, 22, 23, tzinfo=ZoneInfo("Asia/Tehran"))
        monkeypatch.setattr(timezone, "now", lambda: night)
        tell(rep)
        assert Notification.objects.exists()
        assert services.notices_run(night + dt.timedelta(hours=7)) == 0
        assert NoticeLine.objects.get().due_at == dt.datetime(2026, 11, 23, 7, tzinfo=ZoneInfo("Asia/Tehran"))

    def test_told_once_by_its_key_on_every_channel(self, rep):
        tell(rep, key="x")
        tell(rep, key="x")
        assert Notification.objects.count() == 1
        assert NoticeLine.objects.count() == 1

    def test_a_muted_record_is_silent_until_its_time_is_over(self, rep, teammate, lead):
        kind = ContentType.objects.get_for_model(lead).pk
        services.mute_set(actor=rep, kind=kind, pk=lead.pk)
        tell(rep, lead)
        tell(teammate, lead)
        assert not Notification.objects.filter(recipient=rep).exists()
        assert Notification.objects.filter(recipient=teammate).exists()
        Mute.objects.update(until=timezone.now() - dt.timedelta(minutes=1))
        tell(rep, lead)
        assert Notification.objects.filter(recipient=rep).exists()

    def test_a_refused_transaction_tells_nobody(self, rep):
        def refused() -> None:
            with transaction.atomic():
                tell(rep)
                raise DomainError("no")

        with pytest.raises(DomainError):
            refused()
        assert not Notification.objects.exists()
        assert not NoticeLine.objects.exists()


class TestPage:
    def test_every_kind_stands_there_with_its_default(self, as_rep):
        form = as_rep.get(reverse(PAGE)).context["form"]
        assert len(form.kind_rows) == len(notifications.kinds())
        assert form[f"on-{CODE}-email"].value() is True
        assert form[f"on-{CODE}-sms"].value() is False

    def test_boxes_and_hours_are_kept(self, as_rep, rep):
        data = filled(
            as_rep, **{f"on-{CODE}-email": None, f"on-{CODE}-sms": "on", "quiet_from": "۲۲:۳۰", "digest": None}
        )
        assert as_rep.post(reverse(PAGE), data).status_code == 302
        row = NotificationSettings.objects.get(user=rep)
        assert (row.quiet_from, row.digest) == (dt.time(22, 30), False)
        chosen = {(p.code, p.channel): p.is_on for p in NotificationPreference.objects.filter(user=rep)}
        assert chosen == {(CODE, "email"): False, (CODE, "sms"): True}

    def test_a_choice_like_the_default_leaves_no_row(self, as_rep, rep):
        services.preferences_save(actor=rep, choices={(CODE, "email"): False})
        services.preferences_save(actor=rep, choices={(CODE, "email"): True})
        assert not NotificationPreference.objects.exists()

    @pytest.mark.parametrize("bad", ["25:00", "x", "", "۹۹:۹۹"])
    def test_an_hour_that_is_none_is_refused_and_nothing_is_kept(self, as_rep, rep, bad):
        data = {**filled(as_rep), "quiet_from": bad, f"on-{CODE}-sms": "on"}
        assert as_rep.post(reverse(PAGE), data).status_code == 422
        assert not NotificationSettings.objects.exists()
        assert not NotificationPreference.objects.exists()

    def test_kinds_and_channels_nobody_knows_are_refused(self, rep):
        for pair in (("no.such", "app"), (CODE, "pigeon")):
            with pytest.raises(DomainError):
                services.preferences_save(actor=rep, choices={pair: True})
        with pytest.raises(DomainError):
            services.notification_settings_save(actor=rep, user_id=1)

    def test_muted_records_are_listed_and_let_go(self, as_rep, rep, lead):
        kind = ContentType.objects.get_for_model(lead).pk
        mute = services.mute_set(actor=rep, kind=kind, pk=lead.pk)
        assert str(lead) in as_rep.get(reverse(PAGE)).content.decode()
        as_rep.post(reverse("messaging:unmute", args=[mute.pk]))
        assert not Mute.objects.exists()

    def test_a_muted_record_one_no_longer_sees_is_not_named(self, as_rep, rep, outsider):
        foreign = LeadFactory(owner=outsider, company="شرکت پنهان")
        services.mute_set(actor=rep, kind=ContentType.objects.get_for_model(foreign).pk, pk=foreign.pk)
        assert "شرکت پنهان" not in as_rep.get(reverse(PAGE)).content.decode()

    def test_reminder_times_are_kept_and_coming_activities_follow(self, as_rep, rep):
        from activities.models import Reminder
        from activities.services import activity_plan

        activity = activity_plan(
            actor=rep, kind="meeting", subject="جلسه", due_at=timezone.now() + dt.timedelta(days=2)
        )
        page = reverse("activities:reminders")
        assert "جلسه" in as_rep.get(page).content.decode()
        as_rep.post(page, {"meeting-60": "on", "meeting-1440": "on"})
        assert NotificationSettings.objects.get(user=rep).reminder_minutes["meeting"] == [60, 1440]
        minutes = Reminder.objects.filter(activity=activity, state="waiting").values_list("minutes_before", flat=True)
        assert sorted(minutes) == [60, 1440]

    def test_a_reminder_that_cannot_be_is_refused(self, rep):
        from activities.services import reminder_defaults_save

        for minutes in ({"note": [5]}, {"meeting": [-1]}, {"meeting": [10**9]}, {"meeting": list(range(50))}):
            with pytest.raises(DomainError):
                reminder_defaults_save(actor=rep, minutes=minutes)


class TestBell:
    def count(self, client, **headers):
        return client.get(reverse("notification_count"), **headers)

    def test_several_about_one_record_are_one_line(self, as_rep, rep, lead):
        for _ in range(3):
            tell(rep, lead)
        tell(rep)
        tell(rep)
        lines = as_rep.get(reverse("notification_menu")).context["lines"]
        assert [(line.count, line.unread) for line in lines] == [(1, 1), (1, 1), (3, 3)]

    def test_reading_a_line_reads_all_of_it(self, as_rep, rep, lead):
        for _ in range(3):
            tell(rep, lead)
        tell(rep)
        newest = Notification.objects.filter(object_id=lead.pk).latest("pk")
        as_rep.post(reverse("notification_read", args=[newest.pk]), HTTP_HX_REQUEST="true")
        assert Notification.objects.filter(recipient=rep, read_at=None).count() == 1

    def test_muting_from_the_bell_reads_and_silences(self, as_rep, rep, lead):
        tell(rep, lead)
        row = Notification.objects.get()
        assert as_rep.post(reverse("messaging:mute", args=[row.pk]), HTTP_HX_REQUEST="true").status_code == 200
        tell(rep, lead)
        assert [row.read_at is None for row in Notification.objects.all()] == [False]

    def test_what_is_about_nothing_cannot_be_muted(self, as_rep, rep):
        tell(rep)
        assert as_rep.post(reverse("messaging:mute", args=[Notification.objects.get().pk])).status_code == 404

    def test_the_count_costs_one_statement_and_nothing_while_nothing_is_new(
        self, as_rep, rep, django_assert_num_queries
    ):
        tell(rep)
        self.count(as_rep)
        with django_assert_num_queries(4):  # session, user, rights, and the number itself
            answer = self.count(as_rep)
        assert answer.json()["count"] == 1
        again = self.count(as_rep, headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304
        assert again.content == b""
        tell(rep)
        assert self.count(as_rep, headers={"If-None-Match": answer["ETag"]}).json()["count"] == 2

    def test_what_is_new_is_said(self, as_rep, rep):
        tell(rep)
        known = self.count(as_rep).json()["newest"]
        assert self.count(as_rep).json()["news"] == []
        tell(rep)
        news = as_rep.get(reverse("notification_count"), {"after": known}).json()["news"]
        assert len(news) == 1
        assert "شرکت پارس" in news[0]["text"]

    @pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "۵", "1e5"])
    def test_nonsense_is_no_news(self, as_rep, rep, after):
        tell(rep)
        assert as_rep.get(reverse("notification_count"), {"after": after}).json()["news"] == []

    def test_names_do_not_turn_a_sentence_round(self, rep):
        tell(rep)
        words = notifications.fold(Notification.objects.all())[0].words
        assert "\u2068شرکت پارس\u2069" in words
        assert "\u2068" not in str(Notification.objects.get())

    def test_old_ones_are_forgotten(self, rep):
        for _ in range(3):
            tell(rep)
        read, unread, _kept = Notification.objects.order_by("pk")
        now = timezone.now()
        Notification.objects.filter(pk=read.pk).update(read_at=now - dt.timedelta(days=91))
        Notification.objects.filter(pk=unread.pk).update(created_at=now - dt.timedelta(days=366))
        assert notifications.purge() == 2
        assert Notification.objects.count() == 1
