"""Reminders without an activity: closing dates, rotting deals, leads nobody answers; and the morning digest."""

import datetime as dt
import threading
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from accounts.models import ImportantDate
from activities import services
from activities.models import Digest, Mention, Reminder
from activities.services.digest import sections_of
from core import display
from core.models import Holiday, Notification, Organisation
from leads.models import Lead
from messaging.models import Message, NotificationSettings
from opportunities.models import Opportunity
from opportunities.services import opportunity_create
from tests.accounts.factories import AccountFactory
from tests.leads.factories import LeadFactory

pytestmark = pytest.mark.django_db
TEHRAN = ZoneInfo("Asia/Tehran")
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def call(source: str) -> list[str]:
    """Plan, let the moment come, call; the sentences told."""
    services.sources_plan()
    Reminder.objects.filter(source=source, state="waiting").update(due_at=timezone.now() - HOUR)
    services.reminders_run()
    return [str(row) for row in Notification.objects.filter(code=source)]


@pytest.fixture
def deal(rep) -> Opportunity:
    row = opportunity_create(actor=rep, name="خرید فولاد", account=AccountFactory(owner=rep), owner=rep)
    row.stage.expected_days = 10
    row.stage.save()
    return row


class TestDeals:
    @pytest.mark.parametrize(("days", "told"), [(0, 1), (3, 1), (2, 0), (10, 0)])
    def test_a_closing_date_is_told_three_days_before_and_on_the_day(self, rep, deal, days, told):
        day = dt.datetime.now(TEHRAN).date() + dt.timedelta(days=days)
        Opportunity.objects.filter(pk=deal.pk).update(expected_close_on=day)
        now = dt.datetime.combine(day - dt.timedelta(days=days), dt.time(8), TEHRAN)
        services.sources_plan(now)
        rows = Reminder.objects.filter(source="opportunity.closing", due_at__date=now.date())
        assert rows.count() == told

    def test_a_closed_deal_is_silent(self, rep, deal):
        Opportunity.objects.filter(pk=deal.pk).update(expected_close_on=dt.datetime.now(TEHRAN).date())
        services.sources_plan()
        Opportunity.objects.filter(pk=deal.pk).update(status="won", closed_on=timezone.now().date())
        Reminder.objects.update(due_at=timezone.now() - HOUR)
        services.reminders_run()
        assert not Notification.objects.filter(code="opportunity.closing").exists()

    def test_rotting_is_told_once_when_it_begins(self, rep, deal):
        Opportunity.objects.filter(pk=deal.pk).update(stage_entered_at=timezone.now() - 10 * DAY - HOUR)
        assert len(call("opportunity.rotting")) == 1
        assert len(call("opportunity.rotting")) == 1

    def test_what_is_planned_holds_rotting_off(self, rep, deal):
        Opportunity.objects.filter(pk=deal.pk).update(
            stage_entered_at=timezone.now() - 10 * DAY - HOUR, next_step_at=timezone.now() + 5 * DAY
        )
        assert call("opportunity.rotting") == []

    def test_a_step_planned_meanwhile_too(self, rep, deal):
        Opportunity.objects.filter(pk=deal.pk).update(stage_entered_at=timezone.now() - 10 * DAY - HOUR)
        services.sources_plan()
        services.activity_plan(actor=rep, kind="call", subject="تماس", due_at=timezone.now() + DAY, records=[deal])
        Reminder.objects.filter(source="opportunity.rotting").update(due_at=timezone.now() - HOUR)
        services.reminders_run()
        assert not Notification.objects.filter(code="opportunity.rotting").exists()


class TestLeads:
    @pytest.fixture
    def lead(self, rep) -> Lead:
        row = LeadFactory(owner=rep)
        Lead.objects.filter(pk=row.pk).update(created_at=timezone.now() - 23 * HOUR)
        return row

    def test_a_lead_without_an_answer_is_told_to_its_owner(self, rep, lead):
        for days in range(8):  # whatever days off lie between
            services.sources_plan(timezone.now() + days * DAY)
        assert Reminder.objects.filter(source="lead.unanswered", user=rep).count() == 1
        Reminder.objects.update(due_at=timezone.now() - HOUR, state="waiting")
        services.reminders_run()
        sentences = [str(row) for row in Notification.objects.filter(code="lead.unanswered")]
        assert len(sentences) == 1
        assert str(lead) in sentences[0]

    @pytest.mark.parametrize(
        ("hours", "came", "due"),
        [
            (9, dt.datetime(2026, 11, 22, 10, tzinfo=TEHRAN), dt.datetime(2026, 11, 23, 10, tzinfo=TEHRAN)),
            (2, dt.datetime(2026, 11, 22, 10, tzinfo=TEHRAN), dt.datetime(2026, 11, 22, 12, tzinfo=TEHRAN)),
            (2, dt.datetime(2026, 11, 26, 22, tzinfo=TEHRAN), dt.datetime(2026, 11, 28, 10, tzinfo=TEHRAN)),
            (200, dt.datetime(2026, 11, 22, 10, tzinfo=TEHRAN), dt.datetime(2026, 12, 22, 12, tzinfo=TEHRAN)),
        ],
    )
    def test_the_limit_is_the_companys_in_working_hours(self, lead, hours, came, due):
        Holiday.objects.all().delete()
        Organisation.objects.update(answer_hours=hours, work_starts="08:00", work_ends="17:00")
        cache.clear()
        Lead.objects.filter(pk=lead.pk).update(created_at=came)
        services.sources_plan(due - HOUR)
        assert list(Reminder.objects.filter(source="lead.unanswered").values_list("due_at", flat=True)) == [due]

    def test_without_a_limit_nobody_is_told(self, rep, lead):
        Reminder.objects.create(
            user=rep, source="lead.unanswered", object_id=lead.pk, due_at=timezone.now() - HOUR, key="lead.unanswered:x"
        )
        Organisation.objects.update(answer_hours=None)
        cache.clear()
        assert services.reminders_run() == 1, "one planned before is called and told to nobody"
        for days in range(8):
            services.sources_plan(timezone.now() + days * DAY)
        assert Reminder.objects.filter(source="lead.unanswered").count() == 1
        assert not Notification.objects.filter(code="lead.unanswered").exists()

    @pytest.mark.parametrize("answer", ["status", "call"])
    def test_an_answer_silences_it(self, rep, lead, answer):
        Reminder.objects.create(
            user=rep,
            source="lead.unanswered",
            content_type_id=None,
            object_id=lead.pk,
            due_at=timezone.now() - HOUR,
            key="lead.unanswered:x",
        )
        if answer == "status":
            Lead.objects.filter(pk=lead.pk).update(status="contacted")
        else:
            services.activity_log(actor=rep, kind="call", subject="صحبت شد", records=[lead])
        assert services.reminders_run() == 1
        assert not Notification.objects.filter(code="lead.unanswered").exists()


class TestDigest:
    SUNDAY = dt.datetime(2026, 11, 22, 7, 40, tzinfo=TEHRAN)

    @pytest.fixture(autouse=True)
    def office(self, db):
        row = Organisation.objects.first() or Organisation.objects.create()
        row.working_days = [0, 1, 2, 3, 4]
        row.save()
        cache.clear()

    @pytest.fixture
    def busy(self, rep):
        for hours, words in ((-30, "پیش‌فاکتور بفرست"), (3, "تماس با خانم احمدی")):
            services.activity_plan(
                actor=rep, kind="call", subject=words, due_at=self.SUNDAY + hours * HOUR, reminders=[]
            )
        return rep

    def test_it_comes_once_with_what_the_day_holds(self, busy):
        assert services.digests_run(self.SUNDAY) == 1
        assert services.digests_run(self.SUNDAY + HOUR) == 0
        message = Message.objects.get()
        assert (message.recipient, message.to_address, message.purpose) == (busy, busy.email, "internal")
        assert "پیش‌فاکتور بفرست" in message.body
        assert "۱۰:۴۰ · تماس با خانم احمدی" in message.body
        assert "یکشنبه" in message.subject.replace("\u200c", "")
        assert 'dir="rtl"' in message.body_html

    def test_in_the_readers_language_and_calendar(self, busy):
        busy.language, busy.calendar, busy.digits = "en", "gregorian", "latin"
        busy.save()
        services.digests_run(self.SUNDAY)
        message = Message.objects.get()
        assert message.subject == "Your day: Sunday, 22 Nov 2026"
        assert "10:40 · تماس با خانم احمدی" in message.body
        assert 'dir="ltr"' in message.body_html

    @pytest.mark.parametrize(
        ("moment", "sent"),
        [
            (SUNDAY - HOUR, 0),
            (SUNDAY, 1),
            (SUNDAY + 3 * HOUR, 1),
            (SUNDAY + 5 * HOUR, 0),
            (SUNDAY - 2 * DAY, 0),  # Friday
        ],
    )
    def test_at_its_time_and_on_working_days(self, busy, moment, sent):
        assert services.digests_run(moment) == sent

    def test_each_in_the_own_time_zone(self, busy):
        busy.time_zone = "America/New_York"
        busy.save()
        assert services.digests_run(self.SUNDAY) == 0
        assert services.digests_run(dt.datetime(2026, 11, 22, 7, 31, tzinfo=ZoneInfo("America/New_York"))) == 1

    def test_who_does_not_want_it_gets_none(self, busy):
        NotificationSettings.objects.create(user=busy, digest=False)
        assert services.digests_run(self.SUNDAY) == 0

    def test_a_day_with_nothing_is_left_in_peace(self, rep):
        assert services.digests_run(self.SUNDAY) == 0
        assert Digest.objects.filter(user=rep).exists()

    def test_markup_in_a_subject_stays_words(self, rep):
        services.activity_plan(
            actor=rep, kind="call", subject="<b>قیمت</b> & تخفیف", due_at=self.SUNDAY + HOUR, reminders=[]
        )
        services.digests_run(self.SUNDAY)
        message = Message.objects.get()
        assert "<b>قیمت</b> & تخفیف" in message.body
        assert "&lt;b&gt;قیمت" in message.body_html

    def test_mentions_dates_and_deals_go_along(self, rep, teammate, deal):
        note = services.activity_log(actor=teammate, kind="note", text="نظرت چیست؟")
        Mention.objects.create(activity=note, user=rep, by=teammate)
        ImportantDate.objects.create(account=deal.account, title="تولد", date=self.SUNDAY.date())
        Opportunity.objects.filter(pk=deal.pk).update(expected_close_on=self.SUNDAY.date() + 2 * DAY)
        with display.use(rep.display):
            found = {section.code: part for section, part in sections_of(rep, self.SUNDAY)}
        assert set(found) == {"mentions", "dates", "closing"}
        assert str(deal.account) in found["dates"].lines[0].text
        assert found["closing"].lines[0].text == "خرید فولاد"


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_two_workers_write_one_digest(rep):
    """The row of the day is the claim: the second waits for the first and finds it."""
    day = timezone.now().astimezone(TEHRAN).date()
    services.activity_plan(actor=rep, kind="call", subject="تماس", due_at=timezone.now() - HOUR, reminders=[])
    gate, wrote = threading.Barrier(2), []

    def work() -> None:
        gate.wait(10)
        wrote.append(services.digest_write(user=rep, day=day))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(wrote) == [False, True]
    assert Message.objects.filter(recipient=rep).count() == 1
