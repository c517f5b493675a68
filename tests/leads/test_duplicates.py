"""Likely duplicates: any writing finds them, and nothing out of sight shows."""

import pytest
from django.db import connection
from django.urls import reverse

from leads.models import Lead
from leads.selectors import similar_leads, similar_records, similar_to
from tests.accounts.factories import AccountFactory, ContactFactory
from tests.leads.factories import LeadFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(rep) -> Lead:
    return LeadFactory(
        owner=rep,
        first_name="محمدرضا",
        last_name="کریمی",
        company="شرکت پارس‌نور",
        mobile="+989121234567",
        phone="+982188776655",
        email="M@Pars.ir",
    )


@pytest.mark.parametrize(
    "typed",
    [
        {"phones": ["۰۹۱۲ ۱۲۳ ۴۵۶۷"]},
        {"phones": ["00989121234567"]},
        {"phones": ["(021) 88776655"]},
        {"phones": ["9121234567"]},
        {"email": " m@pars.IR "},
        {"first_name": "محمد رضا", "last_name": "كریمي"},
        {"company": "شركت پارس نور"},
        {"company": "پارس‌نور"},
        {"phones": ["nonsense", "09121234567"], "company": "دیگر"},
    ],
)
def test_any_writing_finds_it(rep, known, typed):
    assert similar_leads(user=rep, **typed) == [known]


@pytest.mark.parametrize(
    "typed",
    [{}, {"phones": ["", "12"]}, {"email": "m"}, {"first_name": "محمدرضا"}, {"company": "پا"}, {"company": "شرکت"}],
)
def test_too_little_finds_nothing(rep, known, typed):
    assert similar_leads(user=rep, **typed) == []


def test_out_of_sight_is_out_without_a_trace(rep, outsider, known, client):
    AccountFactory(owner=rep, phone="+982188776655")
    ContactFactory(owner=rep, mobile="+989121234567")
    typed = {"mobile": "09121234567", "phone": "02188776655"}
    assert similar_records(user=rep, phones=typed.values())
    assert not similar_records(user=outsider, phones=typed.values())
    client.force_login(outsider)
    answer = client.get(reverse("leads:lead_duplicates"), typed)
    assert answer.status_code == 200
    assert answer.content.decode().strip() == ""


def test_the_answer_links_leads_contacts_and_accounts(rep, known, client):
    account = AccountFactory(owner=rep, phone="+982188776655")
    contact = ContactFactory(owner=rep, mobile="+989121234567")
    client.force_login(rep)
    html = client.get(reverse("leads:lead_duplicates"), {"mobile": "09121234567", "phone": "02188776655"}).content
    for record in (known, account, contact):
        assert record.get_absolute_url() in html.decode()
    excluded = client.get(reverse("leads:lead_duplicates"), {"mobile": "09121234567", "exclude": known.pk})
    assert known.get_absolute_url() not in excluded.content.decode()


def test_a_lead_is_not_like_itself_and_the_bin_is_silent(rep, known):
    assert not similar_to(user=rep, lead=known)
    LeadFactory(owner=rep, mobile=known.mobile, deleted_at=known.created_at)
    assert not similar_to(user=rep, lead=known)


def test_nobody_without_the_right(client, nobody):
    client.force_login(nobody)
    assert client.get(reverse("leads:lead_duplicates"), {"mobile": "09121234567"}).status_code == 403


def test_indexes_serve_it(rep):
    Lead.objects.bulk_create(
        Lead(owner=rep, last_name=f"شماره {n}", mobile=f"+98912{n:07}", phone=f"+9821{n:08}") for n in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE leads_lead")
    for column, value in (("mobile", "+989120000012"), ("phone", "+982100000012"), ("name_key", "شماره12")):
        plan = Lead.objects.filter(**{f"{column}__in": [value]}).explain()
        assert f"lead_{column.removesuffix('_key')}" in plan
