"""One story per record: what is in it, for whom, in which order, at what cost."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Employment
from activities.models import Activity, ActivityLink, Assignment, Pin
from activities.selectors.timeline import timeline, timeline_item
from activities.selectors.timeline_walk import Key, type_id
from core import audit
from messaging.models import Message, MessageLink
from tests.accounts.factories import AccountFactory, ContactFactory
from tests.leads.factories import LeadFactory
from users.models import FieldRule, Role

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def acted(record, owner, subject, *, at=None, kind="call", **fields):
    at = at or timezone.now()
    row = Activity.objects.create(
        kind=kind, subject=subject, owner=owner, created_by=owner, status="done", done_at=at, **fields
    )
    linked(row, record, at)
    return row


def linked(row, record, at):
    ActivityLink.objects.create(activity=row, content_type_id=type_id(type(record)), object_id=record.pk, at=at)


def wrote(record, author, subject, *, at=None, **fields):
    row = Message.objects.create(
        channel="email", to_address="x@example.com", subject=subject, body="متن", created_by=author, **fields
    )
    MessageLink.objects.create(
        message=row, content_type_id=type_id(type(record)), object_id=record.pk, at=at or timezone.now()
    )
    return row


def told(user, record, **options):
    page = timeline(user=user, obj=record, **options)
    return [item.sentence or str(item.row) for item in page.items]


def changed(record, actor, code="record.changed", related=(), **params):
    with audit.action(code, actor=actor, obj=record, related=related, params=params) as entry:
        pass
    return entry


@pytest.fixture
def family(rep):
    """An account with a contact, a deal and the lead it began with, and something of each kind on each."""
    from opportunities.services import opportunity_create

    account, contact = AccountFactory(owner=rep), ContactFactory(owner=rep)
    Employment.objects.create(account=account, contact=contact)
    deal = opportunity_create(actor=rep, name="معامله", account=account, contact=contact, owner=rep)
    lead = LeadFactory(owner=rep, account=account, contact=contact, opportunity=deal)
    for number, record in enumerate((account, contact, deal, lead)):
        acted(record, rep, f"تماس {number}")
        wrote(record, rep, f"نامه {number}")
        changed(record, rep)
    return account, contact, deal, lead


def test_an_account_tells_of_its_people_deals_and_leads(rep, family):
    account, contact, deal, lead = family
    for record, numbers in ((account, "0123"), (contact, "123"), (deal, "23"), (lead, "3")):
        words = told(rep, record)
        assert [w for w in words if w.startswith("تماس")] == [f"تماس {n}" for n in reversed(numbers)]
        assert [w for w in words if w.startswith("نامه")] == [f"نامه {n}" for n in reversed(numbers)]
        items = timeline(user=rep, obj=record).items
        assert [item.at for item in items] == sorted((item.at for item in items), reverse=True)
        assert {item.about for item in items} <= {None, *family}
        assert all(item.about != record for item in items)


def test_only_the_record_itself_when_asked(rep, family):
    assert {w for w in told(rep, family[0], only_own=True) if w[:4] in ("تماس", "نامه")} == {"تماس 0", "نامه 0"}


@pytest.mark.parametrize(
    ("kind", "sources"),
    [("activities", {"activity"}), ("messages", {"message"}), ("changes", {"entry"}), ("notes", set())],
)
def test_the_story_is_filtered_by_kind(rep, family, kind, sources):
    assert {item.source for item in timeline(user=rep, obj=family[0], kind=kind).items} == sources
    acted(family[0], rep, "یادداشت", kind="note")
    acted(family[0], rep, "نامهٔ کاغذی", kind="letter")
    words = told(rep, family[0], kind=kind)
    assert ("یادداشت" in words) == (kind == "notes")
    assert ("نامهٔ کاغذی" in words) == (kind in {"messages", "activities"})
    assert len(told(rep, family[0], kind="nonsense")) == len(told(rep, family[0]))


def test_an_activity_is_told_once_though_the_log_knows_it_and_many_records_share_it(rep, family):
    row = acted(family[0], rep, "جلسهٔ مشترک")
    for record in family[1:]:
        linked(
            row,
            record,
            ActivityLink.objects.get(activity=row, object_id=family[0].pk, content_type=type_id(type(family[0]))).at,
        )
    changed(row, rep, "activity.changed", related=family, subject="جلسهٔ مشترک")
    assert [w for w in told(rep, family[0]) if "جلسهٔ مشترک" in w] == ["جلسهٔ مشترک"]
    assert timeline(user=rep, obj=family[1]).items[0].about is None


def test_an_entry_that_touched_several_relatives_is_told_once(rep, family):
    entry = changed(family[0], rep, related=family)
    assert [item.row.pk for item in timeline(user=rep, obj=family[0]).items].count(entry.pk) == 1


def test_pages_by_key_skip_and_repeat_nothing(rep, family):
    account, contact, deal, lead = family
    for number in range(23):  # several of one moment on several records: the key has to break ties
        at = NOW - dt.timedelta(minutes=number // 6)
        acted((account, contact, deal, lead)[number % 4], rep, f"کار {number}", at=at)
        wrote((lead, account)[number % 2], rep, f"پیام {number}", at=at)
    whole = [item.key for item in timeline(user=rep, obj=account, size=200).items]
    assert len(whole) == len(set(whole)) >= 58
    paged, before, first = [], "", True
    while first or before:
        page = timeline(user=rep, obj=account, before=before, size=7)
        paged += [item.key for item in page.items]
        before, first = page.older, False
    assert paged == whole


@pytest.mark.parametrize(
    "key", ["x", "2020~1~1", "2020-01-01T00:00:00+00:00~9~1", "2020-01-01T00:00:00+00:00~1~" + "9" * 30]
)
def test_a_key_that_is_none_begins_at_the_beginning(rep, family, key):
    assert Key.parse(key) == Key()
    assert told(rep, family[0], before=key) == told(rep, family[0])


def test_nothing_is_told_of_what_the_reader_does_not_see(rep, outsider, family):
    account = family[0]
    hidden = LeadFactory(owner=outsider, account=account, last_name="پنهان")
    stranger = ContactFactory(owner=outsider)
    Employment.objects.create(account=account, contact=stranger)
    for record in (hidden, stranger):
        acted(record, outsider, "تماس پنهان")
        wrote(record, outsider, "نامهٔ پنهان")
        changed(record, outsider, related=[account])
    words = " ".join(told(rep, account))
    assert "پنهان" not in words
    assert not any(item.about in (hidden, stranger) for item in timeline(user=rep, obj=account).items)


def test_private_activities_are_for_their_people_only(rep, manager, teammate, admin, family):
    row = acted(family[0], rep, "خصوصی", is_private=True)
    Assignment.objects.create(activity=row, user=teammate)
    for user, sees in ((rep, True), (teammate, True), (manager, False), (admin, False)):
        assert ("خصوصی" in told(user, family[0])) is sees, user


def test_what_is_deleted_or_between_colleagues_is_left_out(rep, family):
    acted(family[0], rep, "دورریخته", deleted_at=NOW)
    wrote(family[0], rep, "حذف‌شده", deleted_at=NOW)
    wrote(family[0], rep, "یادآوری به همکار", purpose="internal")
    assert not {"دورریخته", "حذف‌شده", "یادآوری به همکار"} & set(told(rep, family[0]))


def test_roles_without_activities_or_messages_are_told_the_changes(rep, family):
    from users.models import RoleGrant

    RoleGrant.objects.filter(role__code="sales-rep", model__in=("activities.activity", "messaging.message")).delete()
    reader = type(rep).objects.get(pk=rep.pk)
    assert {item.source for item in timeline(user=reader, obj=family[0]).items} == {"entry"}
    assert timeline(user=reader, obj=family[0], kind="notes").items == []


def test_values_of_hidden_fields_are_dots(rep, family):
    changed(family[3], rep, "lead.disqualified", reason="ورشکستگی")
    assert any("ورشکستگی" in words for words in told(rep, family[3]))
    FieldRule.objects.create(
        role=Role.objects.get(code="sales-rep"), model="leads.lead", field="disqualify_reason", access="hidden"
    )
    reader = type(rep).objects.get(pk=rep.pk)
    words = told(reader, family[3])
    assert not any("ورشکستگی" in one for one in words)
    assert any("…" in one for one in words)


def test_pinned_items_come_first_and_once(rep, outsider, family):
    account = family[0]
    call, letter = acted(family[1], rep, "سنجاق‌شده"), wrote(account, rep, "نامهٔ سنجاق‌شده")
    hidden = acted(LeadFactory(owner=outsider), outsider, "بیگانه")
    for item in (f"activity:{call.pk}", f"message:{letter.pk}", f"activity:{hidden.pk}"):
        Pin.objects.create(content_type_id=type_id(type(account)), object_id=account.pk, item=item, by=rep)
    page = timeline(user=rep, obj=account)
    assert [str(item.row) for item in page.pinned] == ["نامهٔ سنجاق‌شده", "سنجاق‌شده"]
    assert not {item.key for item in page.items} & {item.key for item in page.pinned}
    assert [str(item.row) for item in timeline(user=rep, obj=account, kind="activities").pinned] == ["سنجاق‌شده"]
    assert timeline(user=rep, obj=account, before=page.items[3].at.isoformat() + "~3~1").pinned == []
    assert timeline_item(user=rep, obj=account, item=f"activity:{call.pk}") is not None
    for nonsense in (f"activity:{hidden.pk}", "activity:", "x:1", "entry:" + "9" * 30):
        assert timeline_item(user=rep, obj=account, item=nonsense) is None


def test_the_story_costs_the_same_with_more_in_it(rep, family):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            timeline(user=rep, obj=family[0])
        return len(queries)

    cost()
    few = cost()
    for _number in range(5):
        contact = ContactFactory(owner=rep)
        Employment.objects.create(account=family[0], contact=contact)
        for record in (*family, contact):
            acted(record, rep, "کار")
            wrote(record, rep, "نامه")
            changed(record, rep, related=[family[0]])
    assert cost() == few <= 9
