"""My day, the walk through the calls, the team's work: by activities, and every figure opens just its list."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, ActivityOutcome, Mention
from activities.selectors.mine import DAY, late_q, part_of_day, part_of_day_q
from activities.services import activity_complete, activity_hand_over, activity_log, activity_plan
from core.calendar.periods import midnight
from core.display import Display, use
from core.models import Notification
from reports.selectors.team import team_of
from reports.selectors.work import next_call, work_of
from tests.accounts.factories import AccountFactory
from tests.activities.factories import ActivityFactory
from tests.leads.factories import LeadFactory
from tests.reports.counting import count
from tests.reports.factories import CycleFactory, deal

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def plan(actor, subject, hours, *, kind="call", **values):
    """Something planned so many hours from now."""
    return activity_plan(actor=actor, kind=kind, subject=subject, due_at=timezone.now() + hours * HOUR, **values)


@pytest.fixture
def work(rep, teammate, manager):
    """Late: a call and a task a manager gave; now: a meeting; ahead: a follow-up; without a time: a task."""
    lead = LeadFactory(owner=rep, mobile="+989121234567")
    now = timezone.now()
    plan(rep, "دیر", -50, records=[lead])
    plan(manager, "سپرده", -2, kind="task", owner=manager, assignees=[rep, teammate])
    activity_plan(
        actor=rep, kind="meeting", subject="در جریان", due_at=now - HOUR / 2, ends_at=now + HOUR / 2, records=[lead]
    )
    plan(rep, "آینده", 72, kind="follow_up")
    activity_plan(actor=rep, kind="task", subject="بی‌وقت")
    plan(rep, "سپرده به دیگری", -1, assignees=[teammate])
    plan(teammate, "مال دیگری", -1)
    return lead


def found_of(user):
    with use(Display()):
        return work_of(user=user)


def test_the_day_holds_what_i_have_to_do(work, rep, teammate):
    groups = {group.key: group for group in found_of(rep).groups}
    assert {key: group.count for key, group in groups.items()} == {"late": 2, "rest": 1, "ahead": 1}
    assert [row.activity.subject for row in groups["late"].rows] == ["دیر", "سپرده"]
    assert groups["late"].rows[0].record == work
    late = {group.key: group.count for group in found_of(teammate).groups}["late"]
    assert late == 3


def test_a_long_day_shows_the_first_of_each_part_and_how_many_there_are(rep, teammate):
    for number in range(13):
        plan(rep, f"دیر {number}", number - 20, kind="call" if number < 3 else "task")
        plan(teammate, f"آینده {number}", number + 30, kind="follow_up", assignees=[rep])
    work = found_of(rep)
    groups = {group.key: group for group in work.groups}
    assert {key: (group.count, len(group.rows)) for key, group in groups.items()} == {
        "late": (13, 10),
        "rest": (0, 0),
        "ahead": (13, 8),
    }
    assert [row.activity.subject for row in groups["late"].rows] == [f"دیر {number}" for number in range(10)]
    assert [row.activity.subject for row in groups["ahead"].rows] == [f"آینده {number}" for number in range(8)]
    assert work.calls == 3


def test_my_part_done_leaves_my_day_and_not_the_others(work, rep, teammate):
    shared = Activity.objects.get(subject="سپرده")
    activity_complete(actor=rep, activity=shared)
    assert "سپرده" not in [row.activity.subject for row in found_of(rep).groups[0].rows]
    assert "سپرده" in [row.activity.subject for row in found_of(teammate).groups[0].rows]


def test_late_is_said_alike_by_row_and_by_query(rep):
    now = timezone.now()
    spans = [(-30, None), (-25, -1), (-1, None), (-1, 1), (1, None), (None, None)]
    for begins, ends in spans:
        for all_day in (False, True):
            due, end = (None if n is None else now + n * HOUR for n in (begins, ends))
            ActivityFactory(owner=rep, due_at=due, ends_at=end, all_day=all_day and due is not None)
    ActivityFactory(owner=rep, due_at=now - 9 * HOUR, status="cancelled")
    late = set(Activity.objects.filter(late_q(now)).values_list("pk", flat=True))
    assert late == {row.pk for row in Activity.objects.all() if row.is_late(now)}
    assert len(late) == 5


def test_the_parts_of_a_day_are_said_alike_by_condition_and_by_value(rep):
    display = Display()
    now, day = timezone.now(), midnight(display.today(), display.tz)
    for hours in (-50, -25, -1, 1, 5, 20, 24, 30, 47, 24 * 6):
        for length in (None, 0.5, 26):
            begins = day + hours * HOUR
            ends = None if length is None else begins + length * HOUR
            ActivityFactory(owner=rep, due_at=begins, ends_at=ends, all_day=hours % 2 == 0)
    rows = Activity.objects.filter(due_at__lt=day + 8 * DAY)
    said = dict(rows.annotate(part=part_of_day(day, now)).values_list("pk", "part"))
    by_condition = {
        pk: part
        for part in ("late", "rest", "ahead")
        for pk in rows.filter(part_of_day_q(part, day, now)).values_list("pk", flat=True)
    }
    assert said == by_condition
    assert len(said) == 30
    assert set(said.values()) == {"late", "rest", "ahead"}


def test_every_number_of_the_day_opens_its_list(client, work, rep, manager):
    lead = LeadFactory(owner=manager)
    note = activity_log(actor=manager, kind="note", text="ببین", records=[lead])
    Mention.objects.create(activity=note, user=rep, by=manager)
    plan(manager, "جلسه", 5, kind="meeting", assignees=[rep])
    client.force_login(rep)
    context = client.get(reverse("reports:my_day")).context
    assert [group["key"] for group in context["waiting"]] == ["handed_over", "invitations"]
    Activity.objects.filter(pk=note.pk).update(owner=rep)  # now the reader may see the text
    context = client.get(reverse("reports:my_day")).context
    assert [group["key"] for group in context["waiting"]] == ["mentions", "handed_over", "invitations"]
    with use(rep.display):
        for group in (*context["groups"], *context["waiting"]):
            assert count(group["url"], rep) == group["count"], group["url"]
    assert context["waiting_count"] == 3


def test_what_was_looked_at_waits_no_more(rep, manager):
    task = plan(manager, "سپرده", 3, kind="task")
    activity_hand_over(actor=manager, activity=task, user=rep)
    assert [group.key for group in found_of(rep).waiting] == ["handed_over"]
    Notification.objects.filter(recipient=rep).update(read_at=timezone.now())
    assert found_of(rep).waiting == []


def test_the_day_asks_little_however_much_there_is(client, work, rep, manager, django_assert_max_num_queries):
    cycle = CycleFactory()
    for number in range(12):
        record = deal(cycle, "two", opened="2025-01-01", owner=rep, team=rep.team)
        plan(rep, f"کار {number}", number - 6, records=[record, AccountFactory(owner=rep)])
        plan(manager, f"سپرده {number}", number, kind="meeting", assignees=[rep])
    client.force_login(rep)
    client.get(reverse("reports:my_day"))
    with django_assert_max_num_queries(19):
        client.get(reverse("reports:my_day"))


def test_a_closed_books_day(client, nobody):
    client.force_login(nobody)
    page = client.get(reverse("reports:my_day"))
    assert page.status_code == 200
    assert not page.context["may_work"]


# The walk


def test_from_one_call_to_the_next(client, rep):
    first, second = LeadFactory(owner=rep, mobile="+989121234567"), LeadFactory(owner=rep)
    activity_log(actor=rep, kind="call", subject="تماس قبلی", outcome_note="قیمت خواست", records=[first])
    one, two = plan(rep, "یکم", -3, records=[first]), plan(rep, "دوم", -2, records=[second])
    plan(rep, "کار دیگر", -1, kind="task")
    client.force_login(rep)
    url = reverse("reports:calls")
    page = client.get(url)
    html = page.content.decode()
    assert page.context["walk"].call == one
    assert page.context["walk"].left == 2
    assert "tel:+989121234567" in html
    assert "قیمت خواست" in html
    reached = ActivityOutcome.objects.get(code="reached")
    soon = (timezone.now() + dt.timedelta(days=2)).strftime("%Y-%m-%d 10:00")
    data = {"activity": one.pk, "outcome": reached.pk, "note": "خرید می‌کند", "next_kind": "call", "next_due_at": soon}
    answer = client.post(url, data)
    assert answer.status_code == 302
    one.refresh_from_db()
    assert (one.status, one.outcome, one.outcome_note) == ("done", reached, "خرید می‌کند")
    first.refresh_from_db()
    assert Activity.objects.get(pk=first.next_activity_id).kind == "call"
    assert client.get(answer.url).context["walk"].call == two
    client.post(url, {"activity": two.pk})
    assert client.get(url).context["walk"].call is None


def test_a_skipped_call_stays_behind(client, rep):
    one, two = plan(rep, "یکم", -3), plan(rep, "دوم", -2)
    client.force_login(rep)
    page = client.get(reverse("reports:calls"), {"after": one.pk})
    assert page.context["walk"].call == two
    answer = client.post(f"{reverse('reports:calls')}?after={one.pk}", {"activity": two.pk})
    assert answer.url.endswith(f"?after={two.pk}")
    assert client.get(answer.url).context["walk"].call is None
    assert next_call(user=rep).call == one


@pytest.mark.parametrize("key", ["", "x", "0", "9" * 30, "۱۲"])
def test_a_call_that_is_not_there_leads_on(client, rep, key):
    client.force_login(rep)
    assert client.get(reverse("reports:calls"), {"after": key}).status_code == 200
    answer = client.post(reverse("reports:calls"), {"activity": key})
    assert (answer.status_code, answer.url) == (302, reverse("reports:calls"))


def test_somebody_elses_call_is_not_walked(client, rep, outsider):
    theirs = plan(outsider, "مال دیگری", -1)
    client.force_login(rep)
    client.post(reverse("reports:calls"), {"activity": theirs.pk})
    theirs.refresh_from_db()
    assert theirs.status == "planned"


def test_a_bad_next_step_keeps_what_was_typed(client, rep):
    one = plan(rep, "یکم", -3)
    client.force_login(rep)
    page = client.post(reverse("reports:calls"), {"activity": one.pk, "note": "گفت", "next_kind": "call"})
    assert page.status_code == 422
    assert "گفت" in page.content.decode()
    one.refresh_from_db()
    assert one.status == "planned"


# The team


def test_the_team_by_person_and_every_number_opens_its_list(client, work, rep, teammate, manager, outsider):
    plan(outsider, "گروه دیگر", -1)
    plan(rep, "با مدت", 2, kind="task", duration=90)
    activity_complete(actor=rep, activity=plan(rep, "انجام", -1))
    activity_log(actor=rep, kind="note", text="یادداشت")
    deal(CycleFactory(), "two", opened="2025-01-01", owner=teammate, team=teammate.team)
    client.force_login(manager)
    page = client.get(reverse("reports:team"))
    rows = {row["load"].pk: row for row in page.context["rows"]}
    assert outsider.pk not in rows
    mine, theirs = rows[rep.pk]["load"], rows[teammate.pk]["load"]
    assert (mine.late, theirs.late, mine.done, theirs.deals) == (2, 3, 1, 1)
    assert mine.minutes == 90
    with use(manager.display):
        for row in rows.values():
            for name in ("late", "rest", "ahead", "leads", "deals", "done"):
                assert count(row[f"{name}_url"], manager) == getattr(row["load"], name), (row["load"].name, name)


def test_the_team_asks_little_however_many_people(work, manager, django_assert_max_num_queries):
    with use(Display()), django_assert_max_num_queries(12):
        team_of(user=manager)


def test_private_work_is_in_nobodys_figures(manager, rep):
    plan(rep, "دندان‌پزشک", -1, is_private=True)
    with use(Display()):
        assert [load for load in team_of(user=manager).people if load.pk == rep.pk and load.late] == []
