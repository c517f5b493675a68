"""Relations between parties, notes, and dates that come back."""

import datetime as dt

import pytest

from accounts import services
from accounts.models import ImportantDate, Relation, RelationType
from accounts.selectors import important_date_next, next_occurrence
from core.calendar.jalali import from_jalali
from core.errors import DomainError, PermissionRefused
from tests.accounts.actors import grant
from tests.accounts.factories import AccountFactory, ContactFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep():
    return grant(UserFactory(), "own")


@pytest.fixture
def other():
    return grant(UserFactory(), "own")


def kind(code):
    return RelationType.objects.get(code=code)


def test_a_relation_joins_any_two_parties(rep):
    account, contact = AccountFactory(owner=rep), ContactFactory(owner=rep)
    relation = services.relation_create(actor=rep, type=kind("consultant"), from_party=contact, to_party=account)
    assert (relation.from_party, relation.to_party) == (contact, account)
    assert (str(relation.type), relation.type.inverse) == ("مشاور", "مشاوره‌گیرنده")


def test_nobody_is_related_to_itself(rep):
    account = AccountFactory(owner=rep)
    with pytest.raises(DomainError):
        services.relation_create(actor=rep, type=kind("partner"), from_party=account, to_party=account)


@pytest.mark.parametrize(("code", "refused"), [("spouse", True), ("manager", False)])
def test_a_relation_is_known_once_from_either_side_when_it_reads_the_same(rep, code, refused):
    one, two = ContactFactory(owner=rep), ContactFactory(owner=rep)
    services.relation_create(actor=rep, type=kind(code), from_party=one, to_party=two)
    with pytest.raises(DomainError):
        services.relation_create(actor=rep, type=kind(code), from_party=one, to_party=two)
    if refused:
        with pytest.raises(DomainError):
            services.relation_create(actor=rep, type=kind(code), from_party=two, to_party=one)
    else:
        services.relation_create(actor=rep, type=kind(code), from_party=two, to_party=one)


def test_a_hidden_party_cannot_be_related(rep, other):
    with pytest.raises(PermissionRefused):
        services.relation_create(
            actor=rep, type=kind("partner"), from_party=AccountFactory(owner=rep), to_party=AccountFactory(owner=other)
        )
    assert not Relation.objects.exists()


def test_a_relation_with_a_hidden_end_is_hidden(rep, other):
    mine, foreign = AccountFactory(owner=rep), AccountFactory(owner=other)
    relation = Relation.objects.create(type=kind("partner"), from_account=mine, to_account=foreign)
    assert not Relation.objects.for_user(rep).exists()
    assert not Relation.objects.for_user(other).exists()
    boss = grant(UserFactory(), "all")
    assert Relation.objects.for_user(boss).get() == relation


def test_either_end_may_change_a_relation(rep):
    reader = grant(UserFactory(), "all", actions=("view",))
    reader = grant(reader, "own", actions=("change",))
    theirs, mine = AccountFactory(owner=rep), AccountFactory(owner=reader)
    relation = Relation.objects.create(type=kind("partner"), from_account=theirs, to_account=mine)
    assert Relation.objects.for_user(reader, "change").get() == relation
    services.child_delete(actor=reader, instance=relation)
    assert not Relation.objects.exists()


def jalali(year, month, day):
    return from_jalali(year, month, day)


@pytest.mark.parametrize(
    ("date", "today", "expected"),
    [
        (jalali(1370, 5, 10), jalali(1405, 5, 9), jalali(1405, 5, 10)),
        (jalali(1370, 5, 10), jalali(1405, 5, 10), jalali(1405, 5, 10)),
        (jalali(1370, 5, 10), jalali(1405, 5, 11), jalali(1406, 5, 10)),
        (jalali(1370, 1, 1), jalali(1405, 12, 29), jalali(1406, 1, 1)),
        (jalali(1403, 12, 30), jalali(1404, 2, 1), jalali(1404, 12, 29)),
        (jalali(1403, 12, 30), jalali(1404, 12, 29), jalali(1404, 12, 29)),
        (jalali(1399, 12, 30), jalali(1403, 12, 29), jalali(1403, 12, 30)),
        (jalali(1403, 12, 30), jalali(1405, 1, 1), jalali(1405, 12, 29)),
        (jalali(1403, 12, 30), jalali(1408, 1, 1), jalali(1408, 12, 30)),
    ],
)
def test_a_jalali_date_comes_back_every_jalali_year(date, today, expected):
    assert important_date_next(date, "jalali", today) == expected


@pytest.mark.parametrize(
    ("date", "today", "expected"),
    [
        (dt.date(2000, 2, 29), dt.date(2026, 2, 28), dt.date(2026, 2, 28)),
        (dt.date(2000, 2, 29), dt.date(2027, 3, 1), dt.date(2028, 2, 29)),
        (dt.date(1990, 12, 31), dt.date(2026, 12, 31), dt.date(2026, 12, 31)),
        (dt.date(1990, 1, 1), dt.date(2026, 11, 22), dt.date(2027, 1, 1)),
        (dt.date(2030, 1, 1), dt.date(2026, 11, 22), dt.date(2030, 1, 1)),
    ],
)
def test_a_gregorian_date_comes_back_every_gregorian_year(date, today, expected):
    assert important_date_next(date, "gregorian", today) == expected


def test_a_date_that_came_once_does_not_come_again():
    row = ImportantDate(title="قرارداد", date=dt.date(2026, 1, 1), every_year=False)
    assert next_occurrence(row, dt.date(2026, 1, 1)) == dt.date(2026, 1, 1)
    assert next_occurrence(row, dt.date(2026, 1, 2)) is None
