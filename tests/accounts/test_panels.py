"""The panels of the 360 page: what they show, to whom, at what cost; and the dialogs behind their buttons."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import ContactPoint, Employment, ImportantDate, Relation, RelationType
from core.calendar.jalali import from_jalali
from tests.accounts.factories import AccountFactory, ContactFactory

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Target": "dialog"}
SLUGS = {
    "account": ("contacts", "points", "dates", "relations", "children"),
    "contact": ("jobs", "points", "dates", "relations"),
}
ALL = [(label, slug) for label, slugs in SLUGS.items() for slug in slugs]


@pytest.fixture
def mine(client, rep):
    client.force_login(rep)
    return client


def panel(party, slug):
    return reverse("panel", args=[party._meta.label_lower, party.pk, slug])


def make(label, owner):
    return AccountFactory(owner=owner) if label == "account" else ContactFactory(owner=owner)


def fill(party, owner, count):
    """Give the party rows in each of its panels."""
    label = party._meta.model_name
    kind = RelationType.objects.get(code="partner")
    for n in range(count):
        ContactPoint.objects.create(**{label: party}, kind="email", value=f"x{n}@example.com")
        ImportantDate.objects.create(**{label: party}, title=f"روز {n}", date=dt.date(2020, 1, 1 + n))
        other = AccountFactory(owner=owner, parent=party if label == "account" else None)
        Relation.objects.create(type=kind, **{f"from_{label}": party}, to_account=other)
        Employment.objects.create(
            **{label: party}, **({"contact": ContactFactory(owner=owner)} if label == "account" else {"account": other})
        )


@pytest.mark.parametrize(("label", "slug"), ALL)
def test_a_panel_opens_for_those_who_see_the_party_only(client, rep, outsider, label, slug):
    party = make(label, rep)
    for user, status in ((rep, 200), (outsider, 404)):
        client.force_login(user)
        assert client.get(panel(party, slug)).status_code == status


@pytest.mark.parametrize(("label", "slug"), ALL)
def test_a_panel_costs_the_same_with_more_rows(mine, rep, label, slug):
    few, many = make(label, rep), make(label, rep)
    fill(few, rep, 3)
    fill(many, rep, 15)
    counts = []
    for party in (few, many, few, many):
        with CaptureQueriesContext(connection) as queries:
            assert mine.get(panel(party, slug)).status_code == 200
        counts.append(len(queries))
    # session, user, grants, the team's people (3) and the party come before the panel's own
    assert counts[2] == counts[3]
    assert counts[3] <= 8 + 2, [query["sql"][:90] for query in queries]


@pytest.mark.parametrize("label", ["account", "contact"])
@pytest.mark.parametrize("name", ["contactpoint", "importantdate", "relation", "employment"])
def test_a_child_of_a_foreign_party_cannot_be_added(client, teammate, outsider, rep, label, name):
    party = make(label, rep)
    url = reverse(f"accounts:{name}_add", args=[label, party.pk])
    for user in (teammate, outsider):  # the teammate sees the party but may not change it
        client.force_login(user)
        assert client.get(url).status_code == 404
        assert client.post(url, {"text": "x"}).status_code == 404
    client.force_login(rep)
    assert client.get(url).status_code == 200


def test_children_of_foreign_parties_are_not_found(mine, outsider):
    party = AccountFactory(owner=outsider)
    rows = {
        "contactpoint": ContactPoint.objects.create(account=party, kind="other", value="x"),
        "importantdate": ImportantDate.objects.create(account=party, title="x", date=dt.date(2020, 1, 1)),
        "employment": Employment.objects.create(account=party, contact=ContactFactory(owner=outsider)),
    }
    for name, row in rows.items():
        for verb in ("edit", "delete"):
            url = reverse(f"accounts:{name}_{verb}", args=[row.pk])
            assert mine.get(url).status_code == 404, url
            assert mine.post(url).status_code == 404, url


def test_an_unknown_kind_of_party_is_not_found(mine):
    assert mine.get(reverse("accounts:contactpoint_add", args=["user", 1])).status_code == 404
    assert mine.get(reverse("accounts:contactpoint_add", args=["account", 2**63])).status_code == 404


def test_a_point_is_added_changed_and_removed_in_dialogs(mine, rep):
    account = AccountFactory(owner=rep)
    url = reverse("accounts:contactpoint_add", args=["account", account.pk])
    assert mine.post(url, {"kind": "mobile", "value": "سلام"}, headers=HTMX).status_code == 422
    answer = mine.post(url, {"kind": "instagram", "value": "@peyvand"}, headers=HTMX)
    assert answer.status_code == 204
    assert json.loads(answer["HX-Trigger"])["refresh"] == {"target": "#panel-points"}
    point = ContactPoint.objects.get()
    assert "https://instagram.com/peyvand" in mine.get(panel(account, "points")).content.decode()
    edit = reverse("accounts:contactpoint_edit", args=[point.pk])
    assert mine.post(edit, {"kind": "telegram", "value": "t.me/peyvand"}, headers=HTMX).status_code == 204
    point.refresh_from_db()
    assert (point.kind, point.value) == ("telegram", "peyvand")
    delete = reverse("accounts:contactpoint_delete", args=[point.pk])
    assert mine.get(delete, headers=HTMX).status_code == 200
    assert ContactPoint.objects.exists()
    assert mine.post(delete, headers=HTMX).status_code == 204
    assert not ContactPoint.objects.exists()


def test_without_javascript_the_page_of_the_party_comes_back(mine, rep):
    account = AccountFactory(owner=rep)
    url = reverse("accounts:contactpoint_add", args=["account", account.pk])
    answer = mine.post(url, {"kind": "other", "value": "پلاک ۱۲"})
    assert (answer.status_code, answer["Location"]) == (302, account.get_absolute_url())


@pytest.mark.parametrize(("role", "from_me"), [("from", False), ("to", True)])
def test_a_relation_is_told_from_either_side(mine, rep, role, from_me):
    account, other = AccountFactory(owner=rep), ContactFactory(owner=rep)
    kind = RelationType.objects.get(code="supplier")
    url = reverse("accounts:relation_add", args=["account", account.pk])
    assert mine.post(url, {"role": f"{role}:{kind.pk}"}, headers=HTMX).status_code == 422
    answer = mine.post(url, {"role": f"{role}:{kind.pk}", "contact": other.pk}, headers=HTMX)
    assert answer.status_code == 204
    relation = Relation.objects.get()
    assert relation.from_party == (account if from_me else other)
    here, there = (mine.get(panel(party, "relations")).content.decode() for party in (account, other))
    assert ("مشتری" if from_me else "تأمین‌کننده") in here
    assert ("تأمین‌کننده" if from_me else "مشتری") in there


def test_a_hidden_party_is_not_a_choice_of_a_relation(mine, rep, outsider):
    account, hidden = AccountFactory(owner=rep), ContactFactory(owner=outsider)
    kind = RelationType.objects.get(code="supplier")
    url = reverse("accounts:relation_add", args=["account", account.pk])
    assert mine.post(url, {"role": f"from:{kind.pk}", "contact": hidden.pk}, headers=HTMX).status_code == 422
    assert not Relation.objects.exists()


def test_an_existing_contact_joins_an_account(mine, rep, outsider):
    account, contact, hidden = AccountFactory(owner=rep), ContactFactory(owner=rep), ContactFactory(owner=outsider)
    url = reverse("accounts:employment_add", args=["account", account.pk])
    assert mine.post(url, {"contact": hidden.pk}, headers=HTMX).status_code == 422
    answer = mine.post(url, {"contact": contact.pk, "job_title": "مدیر", "starts_on": "۱۴۰۰/۰۱/۰۱"}, headers=HTMX)
    assert answer.status_code == 204
    assert json.loads(answer["HX-Trigger"])["refresh"] == {"target": "#panel-contacts"}
    assert mine.post(url, {"contact": contact.pk}, headers=HTMX).status_code == 422
    assert Employment.objects.get().starts_on == from_jalali(1400, 1, 1)
    edit = reverse("accounts:employment_edit", args=[Employment.objects.get().pk])
    answer = mine.post(f"{edit}?of=contact.{contact.pk}", {"job_title": "معاون"}, headers=HTMX)
    assert json.loads(answer["HX-Trigger"])["refresh"] == {"target": "#panel-jobs"}


def test_people_whom_one_does_not_see_are_not_listed(mine, rep, outsider):
    account = AccountFactory(owner=rep)
    Employment.objects.create(account=account, contact=ContactFactory(owner=outsider, last_name="پنهانی"))
    Employment.objects.create(account=account, contact=ContactFactory(owner=rep, last_name="پیدا"))
    text = mine.get(account.get_absolute_url()).content.decode()
    assert "پیدا" in text
    assert "پنهانی" not in text


@pytest.mark.parametrize("typed", ["1404/12/30", "۱۴۰۴/۱۳/۰۱", "nonsense"])
def test_a_date_the_calendar_does_not_have_is_refused(mine, rep, typed):
    url = reverse("accounts:importantdate_add", args=["account", AccountFactory(owner=rep).pk])
    answer = mine.post(url, {"title": "تولد", "date": typed, "calendar": "jalali", "every_year": "on"}, headers=HTMX)
    assert answer.status_code == 422
    assert "date" in answer.context["form"].errors


def test_the_last_day_of_a_leap_year_is_kept(mine, rep):
    account = AccountFactory(owner=rep)
    url = reverse("accounts:importantdate_add", args=["account", account.pk])
    data = {"title": "پایان قرارداد", "date": "۱۴۰۳/۱۲/۳۰", "calendar": "jalali", "every_year": "on"}
    assert mine.post(url, data, headers=HTMX).status_code == 204
    assert ImportantDate.objects.get().date == from_jalali(1403, 12, 30)
    assert "۳۰ اسفند ۱۴۰۳" in mine.get(panel(account, "dates")).content.decode()
