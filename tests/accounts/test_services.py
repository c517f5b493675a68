"""Accounts and contacts: the rules of making and joining them."""

import datetime as dt

import pytest

from accounts import services
from accounts.models import Account, AccountKind, BuyingRole, Contact, ContactPoint, Employment, RelationType, Source
from core.errors import DomainError, PermissionRefused
from core.models import AuditEntry
from tests.accounts.actors import grant
from tests.accounts.factories import AccountFactory, ContactFactory, UserFactory

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 22)


@pytest.fixture
def boss():
    return UserFactory(is_superuser=True)


@pytest.fixture
def rep():
    return grant(UserFactory(), "own")


@pytest.fixture
def other():
    return grant(UserFactory(), "own")


def codes(obj):
    return set(AuditEntry.objects.filter(object_id=obj.pk).values_list("code", flat=True))


def test_the_lists_of_values_are_there():
    assert AccountKind.objects.get(code="agent").name_fa == "نماینده فروش"
    assert Source.objects.get(code="customer-referral").needs_referrer
    assert BuyingRole.objects.filter(code="finance-manager").exists()
    assert RelationType.objects.get(code="supplier").inverse == "مشتری"


def test_a_new_account_is_its_makers_prospect(rep):
    account = services.account_create(actor=rep, name="شركت فولاد  پارس", mobile="۰۹۱۲ ۱۲۳ ۴۵۶۷")
    account.refresh_from_db()
    assert account.name == "شرکت فولاد پارس"
    assert account.mobile == "+989121234567"
    assert account.owner == rep
    assert [kind.code for kind in account.kinds.all()] == ["prospect"]
    assert account.stage.code == "prospect"
    assert "record.created" in codes(account)


def test_kinds_given_are_kept(boss):
    kinds = AccountKind.objects.filter(code__in=["supplier", "partner"])
    account = services.account_create(actor=boss, name="بازرگانی آریا", kinds=kinds)
    assert {kind.code for kind in account.kinds.all()} == {"supplier", "partner"}


def test_without_the_right_nothing_is_made():
    with pytest.raises(PermissionRefused):
        services.account_create(actor=UserFactory(), name="بی‌اجازه")
    assert not Account.objects.exists()


def test_an_account_for_a_colleague_out_of_reach_is_refused(rep, other):
    with pytest.raises(DomainError):
        services.account_create(actor=rep, name="برای دیگری", owner=other)
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("party_type", "national_id"), [("organisation", "0499370899"), ("person", "10380284790"), ("person", "1111111111")]
)
def test_the_national_id_fits_the_kind_of_party(boss, party_type, national_id):
    with pytest.raises(DomainError) as refused:
        services.account_create(actor=boss, name="نمونه", party_type=party_type, national_id=national_id)
    assert refused.value.field == "national_id"


def test_a_company_cannot_be_below_itself(boss):
    top = AccountFactory()
    middle = AccountFactory(parent=top)
    top.parent = AccountFactory(parent=middle)
    from core.services import object_save

    with pytest.raises(DomainError) as refused:
        object_save(actor=boss, instance=top)
    assert refused.value.field == "parent"


def test_a_contact_comes_with_its_job(rep):
    account = AccountFactory(owner=rep)
    role = BuyingRole.objects.get(code="expert")
    contact = services.contact_create(
        actor=rep, first_name="علي", last_name="کریمی", account=account, job_title="مدیر خرید", buying_role=role
    )
    job = contact.employments.get()
    assert str(contact) == "علی کریمی"
    assert (job.account, job.job_title, job.buying_role, job.is_primary) == (account, "مدیر خرید", role, True)


def test_a_second_contact_is_not_the_main_one(rep):
    account = AccountFactory(owner=rep)
    services.contact_create(actor=rep, last_name="اول", account=account)
    second = services.contact_create(actor=rep, last_name="دوم", account=account)
    assert not second.employments.get().is_primary


def test_a_contact_of_a_hidden_account_is_refused_whole(rep, other):
    with pytest.raises(PermissionRefused):
        services.contact_create(actor=rep, last_name="کریمی", account=AccountFactory(owner=other))
    assert not Contact.objects.exists()


def test_attaching_twice_keeps_one_job_and_takes_it_up_again(rep):
    contact, account = ContactFactory(owner=rep), AccountFactory(owner=rep)
    services.contact_attach(actor=rep, contact=contact, account=account, job_title="کارشناس", starts_on=DAY)
    Employment.objects.update(ends_on=DAY)
    job = services.contact_attach(actor=rep, contact=contact, account=account, job_title="مدیر")
    assert Employment.objects.count() == 1
    assert (job.job_title, job.starts_on, job.ends_on) == ("مدیر", DAY, None)


def test_attaching_asks_both_sides(rep, other):
    mine, foreign = ContactFactory(owner=rep), AccountFactory(owner=other)
    with pytest.raises(PermissionRefused):
        services.contact_attach(actor=rep, contact=mine, account=foreign)
    with pytest.raises(PermissionRefused):
        services.contact_attach(actor=other, contact=mine, account=foreign)
    assert not Employment.objects.exists()


def test_a_deleted_party_gets_no_job(boss):
    from django.utils import timezone

    with pytest.raises(DomainError) as refused:
        services.contact_attach(actor=boss, contact=ContactFactory(deleted_at=timezone.now()), account=AccountFactory())
    assert refused.value.code == "in_bin"


def test_the_first_deal_makes_a_customer_once(boss, rep):
    account = services.account_create(actor=boss, name="نمونه")
    services.account_mark_customer(actor=rep, account=account, on=DAY)
    account.refresh_from_db()
    assert account.customer_since == DAY
    assert account.stage.code == "new-customer"
    assert [kind.code for kind in account.kinds.all()] == ["customer"]
    version = account.version
    services.account_mark_customer(actor=rep, account=account, on=DAY + dt.timedelta(days=9))
    account.refresh_from_db()
    assert (account.customer_since, account.version) == (DAY, version)
    services.account_mark_customer(actor=rep, account=account, on=DAY - dt.timedelta(days=9))
    account.refresh_from_db()
    assert account.customer_since == DAY - dt.timedelta(days=9)


def test_a_loyal_customer_does_not_fall_back(boss):
    from accounts.models import LifecycleStage

    account = AccountFactory(stage=LifecycleStage.objects.get(code="loyal-customer"))
    services.account_mark_customer(actor=boss, account=account, on=DAY)
    account.refresh_from_db()
    assert account.stage.code == "loyal-customer"


def test_one_main_contact_per_account(rep):
    account = AccountFactory(owner=rep)
    first = services.contact_create(actor=rep, last_name="اول", account=account).employments.get()
    second = services.contact_create(actor=rep, last_name="دوم", account=account).employments.get()
    second.is_primary = True
    services.child_save(actor=rep, instance=second)
    first.refresh_from_db()
    assert not first.is_primary


def test_a_job_ends_after_it_starts(rep):
    job = Employment(contact=ContactFactory(owner=rep), account=AccountFactory(owner=rep), starts_on=DAY)
    job.ends_on = DAY - dt.timedelta(days=1)
    with pytest.raises(DomainError):
        services.child_save(actor=rep, instance=job)


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "url"),
    [
        ("mobile", "۰۹۱۲-۱۲۳-۴۵۶۷", "+989121234567", "tel:+989121234567"),
        ("email", "Info@Example.COM", "info@example.com", "mailto:info@example.com"),
        ("website", "example.ir", "https://example.ir", "https://example.ir"),
        ("instagram", "https://www.instagram.com/peyvand.ir/?hl=fa", "peyvand.ir", "https://instagram.com/peyvand.ir"),
        ("telegram", "@peyvand", "peyvand", "https://t.me/peyvand"),
        ("linkedin", "https://www.linkedin.com/in/sara-k", "sara-k", "https://www.linkedin.com/in/sara-k"),
        ("whatsapp", "0912 123 4567", "+989121234567", "https://wa.me/989121234567"),
        ("other", "پلاک ۱۲", "پلاک ۱۲", ""),
    ],
)
def test_ways_to_reach_a_party_are_kept_in_one_form(rep, kind, typed, kept, url):
    point = ContactPoint(account=AccountFactory(owner=rep), kind=kind, value=typed)
    services.child_save(actor=rep, instance=point)
    point.refresh_from_db()
    assert (point.value, point.url) == (kept, url)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("mobile", "سلام"), ("email", "نه"), ("website", "javascript:alert(1)"), ("instagram", "a b"), ("phone", "12")],
)
def test_impossible_ways_are_refused(rep, kind, typed):
    point = ContactPoint(account=AccountFactory(owner=rep), kind=kind, value=typed)
    with pytest.raises(DomainError) as refused:
        services.child_save(actor=rep, instance=point)
    assert refused.value.field == "value"


def test_a_child_asks_its_parent(rep, other):
    with pytest.raises(PermissionRefused):
        services.child_save(
            actor=rep, instance=ContactPoint(account=AccountFactory(owner=other), kind="other", value="x")
        )
    point = ContactPoint.objects.create(account=AccountFactory(owner=other), kind="other", value="x")
    with pytest.raises(PermissionRefused):
        services.child_delete(actor=rep, instance=point)
    services.child_delete(actor=other, instance=point)
    assert not ContactPoint.objects.exists()
    assert "contact_point.removed" in set(AuditEntry.objects.values_list("code", flat=True))
