"""What people do on the pages of accounts and contacts."""

import pytest
from django.urls import reverse

from accounts.models import Account, AccountKind, Contact, Employment, Industry
from core.testing.forms import form_data
from tests.accounts.factories import AccountFactory, ContactFactory

pytestmark = pytest.mark.django_db

XSS = "<script>alert(1)</script>"


@pytest.fixture
def mine(client, rep):
    client.force_login(rep)
    return client


def rows(answer):
    return [str(row) for row in answer.context["pager"].rows]


@pytest.mark.parametrize(
    "typed", ["شركت", "شرکت", "فولادپارس", "فولاد پارس", "FOOLAD", "۸۸۷۷۶۶۵۵", "021-88776655", "+98 21 8877 6655"]
)
def test_an_account_is_found_however_it_is_typed(mine, rep, typed):
    AccountFactory(owner=rep, name="شرکت فولاد پارس (Foolad)", phone="+982188776655")
    AccountFactory(owner=rep, name="بازرگانی آریا")
    answer = mine.get(reverse("accounts:account_list"), {"q": typed})
    assert rows(answer) == ["شرکت فولاد پارس (Foolad)"]


def test_arabic_letters_are_cleaned_on_save(mine):
    page = mine.get(reverse("accounts:account_add"))
    data = {**form_data(page.context["form"]), "name": "  شركة  ياقوت\u200f\u202e ", "city": "كرج"}
    assert mine.post(reverse("accounts:account_add"), data).status_code == 302
    account = Account.objects.get()
    assert (account.name, account.city) == ("شرکة یاقوت", "کرج")


@pytest.mark.parametrize("label", ["account", "contact"])
def test_a_name_is_never_markup(mine, rep, label):
    account = AccountFactory(owner=rep, name=XSS, city=XSS)
    contact = ContactFactory(owner=rep, last_name=XSS)
    Employment.objects.create(account=account, contact=contact, job_title=XSS)
    obj = account if label == "account" else contact
    pages = [
        obj.get_absolute_url(),
        reverse(f"accounts:{label}_list"),
        reverse(f"accounts:{label}_edit", args=[obj.pk]),
    ]
    pages += [reverse("panel", args=[f"accounts.{label}", obj.pk, slug]) for slug in ("timeline", "relations")]
    for url in pages:
        answer = mine.get(url)
        assert answer.status_code == 200
        assert XSS not in answer.content.decode(), url


def test_quick_filters_and_kinds(mine, rep, teammate):
    customer = AccountFactory(owner=rep, name="مشتری")
    customer.kinds.add(*AccountKind.objects.filter(code__in=["customer", "supplier"]))
    AccountFactory(owner=teammate, name="همکار")
    url = reverse("accounts:account_list")
    assert rows(mine.get(url, {"kinds": "customer"})) == ["مشتری"]
    assert rows(mine.get(url, {"kinds": ["customer", "supplier"]})) == ["مشتری"]
    assert set(rows(mine.get(url))) == {"مشتری", "همکار"}
    assert rows(mine.get(url, {"owner": rep.pk})) == ["مشتری"]
    assert set(rows(mine.get(url, {"team": rep.team_id}))) == {"مشتری", "همکار"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"employees_min": "۱۰۰"}, True),
        ({"employees_max": "99"}, False),
        ({"annual_revenue_min": "۱٬۰۰۰"}, True),
        ({"city": "تهرا"}, True),
        ({"city": "قم"}, False),
        ({"phone": "02188776655"}, True),
        ({"phone": "8877"}, True),
        ({"phone": "0912"}, False),
        ({"national_id": "۱۰۳۸۰۲۸۴۷۹۰"}, True),
        ({"created_at_range": "today"}, True),
        ({"party_type": "person"}, False),
    ],
)
def test_accounts_are_filtered_by_their_fields(mine, rep, query, found):
    AccountFactory(
        owner=rep, employees=340, annual_revenue=10_000, city="تهران", phone="+982188776655", national_id="10380284790"
    )
    answer = mine.get(reverse("accounts:account_list"), query)
    assert bool(rows(answer)) is found


def test_contacts_are_filtered_by_account_and_job(mine, rep):
    account = AccountFactory(owner=rep)
    worker = ContactFactory(owner=rep, traits=["دقیق"])
    ContactFactory(owner=rep)
    Employment.objects.create(account=account, contact=worker, job_title="مدیر خرید")
    url = reverse("accounts:contact_list")
    for query in ({"account": account.pk}, {"job_title": "خرید"}, {"traits": "دقيق"}):
        assert rows(mine.get(url, query)) == [str(worker)], query


def test_the_form_of_a_person_has_the_fields_of_a_person(mine):
    url = reverse("accounts:account_add")
    organisation, person = (
        mine.get(url).context["form"].fields,
        mine.get(url, {"party_type": "person"}).context["form"].fields,
    )
    assert {"employees", "parent", "registration_number"} <= set(organisation) - set(person)
    assert {"gender", "birth_date", "education", "income_band"} <= set(person) - set(organisation)


def test_the_switch_keeps_what_was_typed(mine):
    answer = mine.get(
        reverse("accounts:account_add"), {"party_type": "person", "name": "کامران شریفی", "mobile": "0912"}
    )
    assert 'value="کامران شریفی"' in answer.content.decode()
    assert 'value="0912"' in answer.content.decode()


@pytest.mark.parametrize(("party_type", "national_id", "status"), [
    ("organisation", "۱۰۳۸۰۲۸۴۷۹۰", 302), ("person", "۰۴۹۹۳۷۰۸۹۹", 302), ("person", "10380284790", 422),
    ("organisation", "0499370899", 422), ("person", "1111111111", 422),
])  # fmt: skip
def test_a_national_id_has_ten_or_eleven_digits(mine, party_type, national_id, status):
    page = mine.get(reverse("accounts:account_add"), {"party_type": party_type})
    data = {**form_data(page.context["form"]), "name": "نمونه", "national_id": national_id}
    answer = mine.post(reverse("accounts:account_add"), data)
    assert answer.status_code == status
    if status == 422:
        assert "national_id" in answer.context["form"].errors


def test_a_foreign_id_is_refused_in_every_field(mine, outsider, teammate):
    foreign = AccountFactory(owner=outsider)
    page = mine.get(reverse("accounts:account_add"))
    data = {**form_data(page.context["form"]), "name": "نمونه", "parent": foreign.pk}
    assert "parent" in mine.post(reverse("accounts:account_add"), data).context["form"].errors
    data = {**form_data(page.context["form"]), "name": "نمونه", "owner": outsider.pk}
    assert mine.post(reverse("accounts:account_add"), data).status_code == 422
    data = {"last_name": "کریمی", "account": foreign.pk}
    assert "account" in mine.post(reverse("accounts:contact_quick"), data).context["form"].errors
    assert not Account.objects.exclude(pk=foreign.pk).exists()
    assert not Contact.objects.exists()


def test_an_industry_that_is_not_in_use_any_more_is_kept_but_not_offered(mine, rep):
    old = Industry.objects.get(code="mining")
    Industry.objects.filter(pk=old.pk).update(is_active=False)
    account = AccountFactory(owner=rep, industry=old)
    assert old not in mine.get(reverse("accounts:account_add")).context["form"].fields["industry"].queryset
    assert (
        old in mine.get(reverse("accounts:account_edit", args=[account.pk])).context["form"].fields["industry"].queryset
    )


def test_quick_entry_in_a_dialog(mine, rep):
    headers = {"HX-Request": "true", "HX-Target": "dialog"}
    url = reverse("accounts:account_quick")
    assert "<html" not in mine.get(url, headers=headers).content.decode()
    data = {"party_type": "person", "name": "علی کریمی", "mobile": "۰۹۱۲۱۲۳۴۵۶۷"}
    answer = mine.post(url, data, headers=headers)
    account = Account.objects.get()
    assert (answer.status_code, answer["HX-Redirect"]) == (204, account.get_absolute_url())
    assert (account.owner, account.mobile) == (rep, "+989121234567")
    assert mine.post(url, {"party_type": "person", "name": ""}, headers=headers).status_code == 422


def test_a_new_contact_may_work_at_an_account_at_once(mine, rep):
    account = AccountFactory(owner=rep)
    url = reverse("accounts:contact_add")
    page = mine.get(url, {"account": account.pk})
    data = {**form_data(page.context["form"]), "last_name": "کریمی", "job_title": "مدیر", "traits": "دقیق، خوش‌قول,دقیق"}
    assert mine.post(url, data).status_code == 302
    contact = Contact.objects.get()
    assert contact.traits == ["دقیق", "خوش‌قول"]
    assert contact.employments.get().account == account


@pytest.mark.parametrize(
    "typed",
    [{"name": "فولاد پارس"}, {"name": "شركت فولادپارس"}, {"phone": "۰۲۱ ۸۸۷۷ ۶۶۵۵"}, {"email": "INFO@example.ir"},
     {"national_id": "۱۰۳۸۰۲۸۴۷۹۰"}, {"mobile": "0912 000 1122"}],
)  # fmt: skip
def test_likely_duplicates_are_shown_only_to_those_who_see_them(client, rep, outsider, typed):
    from accounts.models import ContactPoint

    account = AccountFactory(
        owner=rep, name="شرکت فولاد پارس", phone="+982188776655", email="info@example.ir", national_id="10380284790"
    )
    ContactPoint.objects.create(account=account, kind="mobile", value="+989120001122")
    url = reverse("accounts:account_duplicates")
    client.force_login(rep)
    assert account.get_absolute_url() in client.get(url, typed).content.decode()
    assert not client.get(reverse("accounts:account_duplicates", args=[account.pk]), typed).content.decode().strip()
    client.force_login(outsider)
    assert not client.get(url, typed).content.decode().strip()


def test_nothing_is_a_duplicate_of_nonsense(mine, rep):
    AccountFactory(owner=rep)
    for typed in ({}, {"name": "ش"}, {"phone": "abc"}, {"name": "\x00", "national_id": "x" * 5000}):
        assert not mine.get(reverse("accounts:account_duplicates"), typed).content.decode().strip()


def test_likely_duplicates_of_a_contact(mine, rep):
    contact = ContactFactory(owner=rep, first_name="محمد رضا", last_name="کریمی", mobile="+989121234567")
    url = reverse("accounts:contact_duplicates")
    for typed in ({"first_name": "محمدرضا", "last_name": "كريمي"}, {"mobile": "9121234567"}):
        assert contact.get_absolute_url() in mine.get(url, typed).content.decode(), typed
    assert not mine.get(url, {"last_name": "کریمی"}).content.decode().strip()


def test_the_bin_gives_back_what_it_took(mine, rep):
    account = AccountFactory(owner=rep)
    mine.post(reverse("accounts:account_delete", args=[account.pk]))
    assert mine.get(account.get_absolute_url()).status_code == 404
    mine.post(reverse("restore", args=["accounts.account", account.pk]))
    assert mine.get(account.get_absolute_url()).status_code == 200


def test_an_account_is_handed_over(client, manager, rep, teammate, outsider):
    account = AccountFactory(owner=rep)
    client.force_login(manager)
    url = reverse("accounts:account_assign", args=[account.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"owner": teammate.pk}).status_code == 302
    account.refresh_from_db()
    assert account.owner == teammate


def test_the_typeahead_offers_only_what_one_sees(mine, rep, outsider):
    AccountFactory(owner=rep, name="فولاد پارس")
    AccountFactory(owner=outsider, name="فولاد خارج")
    answer = mine.get(reverse("typeahead", args=["accounts.account"]), {"q": "فولاد"}).json()
    assert [row["text"] for row in answer["results"]] == ["فولاد پارس"]


def test_the_palette_finds_a_party_by_its_further_numbers(mine, rep, outsider):
    from accounts.models import ContactPoint

    account = AccountFactory(owner=rep, name="فولاد پارس")
    hidden = AccountFactory(owner=outsider, name="فولاد خارج")
    for party in (account, hidden):
        ContactPoint.objects.create(account=party, kind="mobile", value="+989120001122")
    answer = mine.get(reverse("palette"), {"q": "0912 000 1122"}).content.decode()
    assert account.get_absolute_url() in answer
    assert hidden.get_absolute_url() not in answer


def test_a_hidden_parent_is_not_named(mine, rep, outsider):
    account = AccountFactory(owner=rep, parent=AccountFactory(owner=outsider, name="هلدینگ پنهان"))
    assert "هلدینگ پنهان" not in mine.get(account.get_absolute_url()).content.decode()


def test_ten_megabytes_of_text_are_refused_politely(mine):
    page = mine.get(reverse("accounts:account_add"))
    data = {**form_data(page.context["form"]), "name": "نمونه", "description": "ا" * 2_000_000}
    answer = mine.post(reverse("accounts:account_add"), data)
    assert answer.status_code == 422
    assert "description" in answer.context["form"].errors
