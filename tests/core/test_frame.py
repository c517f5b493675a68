"""Small pages of the frame: typeahead, search, palette, bell, history, bin, panels: scoped, polite, complete."""

import pytest
from django.test import Client
from django.urls import reverse

from core import notifications
from core.models import AuditEntry, Notification
from core.services import object_delete, object_save
from leads.models import Lead
from tests.accounts.factories import AccountFactory
from tests.leads.factories import LeadFactory
from users.models import User


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_typeahead_offers_what_one_may_see(rep, outsider):
    mine = LeadFactory(owner=rep, last_name="کریمی")
    LeadFactory(owner=outsider, last_name="کریمی")
    url = reverse("typeahead", args=["leads.lead"])
    found = browser(rep).get(url, {"q": "كريمي"}).json()["results"]
    assert [row["value"] for row in found] == [str(mine.pk)]
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize("label", ["leads.nothing", "auth.group", "nonsense", "users.fieldrule"])
def test_a_typeahead_of_nothing_is_not_found_or_empty(rep, label):
    response = browser(rep).get(reverse("typeahead", args=[label]), {"q": "a"})
    assert response.status_code == 404 or response.json() == {"results": []}


@pytest.mark.parametrize("query", ["", "%", "\\", "'; drop table users_user; --", "۱" * 500, "\u202e\u200c", "😀"])
def test_the_typeahead_and_the_search_bear_any_words(rep, query):
    LeadFactory(owner=rep)
    client = browser(rep)
    assert client.get(reverse("typeahead", args=["leads.lead"]), {"q": query}).status_code == 200
    assert client.get(reverse("search"), {"q": query}).status_code == 200
    assert client.get(reverse("palette"), {"q": query}).status_code == 200


@pytest.mark.parametrize("query", ["شركت پارس", "شرکت پارس", "شرکت‌ پارس", "پارس شرکت"])
def test_the_search_finds_persian_typed_any_way_and_only_ones_own(rep, outsider, query):
    mine = LeadFactory(owner=rep, company="شرکت پارس", last_name="یکی")
    theirs = LeadFactory(owner=outsider, company="شرکت پارس", last_name="دیگری")
    page = browser(rep).get(reverse("search"), {"q": query}).content.decode()
    assert mine.get_absolute_url() in page
    assert theirs.get_absolute_url() not in page


@pytest.mark.parametrize("query", ["09121234567", "۰۹۱۲۱۲۳۴۵۶۷", "+98 912 123 4567", "9121234567"])
def test_the_search_finds_a_phone_in_any_form(rep, query):
    mine = LeadFactory(owner=rep, mobile="+989121234567")
    assert mine.get_absolute_url() in browser(rep).get(reverse("palette"), {"q": query}).content.decode()


def test_the_search_finds_by_number_and_not_a_foreign_one(rep, outsider):
    mine, theirs = LeadFactory(owner=rep), LeadFactory(owner=outsider)
    client = browser(rep)
    assert mine.get_absolute_url() in client.get(reverse("palette"), {"q": f"#{mine.pk}"}).content.decode()
    assert theirs.get_absolute_url() not in client.get(reverse("palette"), {"q": f"#{theirs.pk}"}).content.decode()


def test_the_palette_offers_pages_one_may_open(rep, admin):
    url = reverse("users:role_list")
    User.objects.update(language="en")
    assert url in browser(admin).get(reverse("palette"), {"q": "roles"}).content.decode()
    assert url not in browser(rep).get(reverse("palette"), {"q": "roles"}).content.decode()


def test_a_refused_page_is_403_and_a_foreign_row_404(rep, support, outsider):
    lead = LeadFactory(owner=outsider)
    client = browser(rep)
    assert client.get(reverse("users:role_list")).status_code == 403
    assert client.get(reverse("leads:lead_detail", args=[lead.pk])).status_code == 404
    assert client.get(reverse("leads:lead_detail", args=[10**18])).status_code == 404
    assert client.get(f"/leads/{10**30}/").status_code == 404
    assert browser(support).get(reverse("opportunities:opportunity_list")).status_code == 403


@pytest.fixture
def told(rep) -> Notification:
    notifications.notify(
        recipients=[rep, rep], code="record.assigned", url="/leads/", params={"actor": "مدیر", "name": "<b>نام</b>"}
    )
    return Notification.objects.get(recipient=rep)


def test_a_notification_is_told_once_in_the_readers_language(rep, told):
    client = browser(rep)
    page = client.get(reverse("notification_menu")).content.decode()
    assert "&lt;b&gt;نام&lt;/b&gt;" in page
    assert "<b>نام</b>" not in page


def test_opening_a_notification_reads_it_and_leads_on(rep, told):
    response = browser(rep).get(reverse("notification_open", args=[told.pk]))
    assert response["Location"] == "/leads/"
    told.refresh_from_db()
    assert told.read_at


def test_all_notifications_are_read_at_once_and_only_ones_own(rep, teammate, told):
    notifications.notify(recipients=[teammate], code="record.assigned", params={"actor": "a", "name": "b"})
    browser(rep).post(reverse("notification_list"))
    assert not Notification.objects.filter(recipient=rep, read_at=None).exists()
    assert Notification.objects.filter(recipient=teammate, read_at=None).exists()
    assert browser(teammate).get(reverse("notification_open", args=[told.pk])).status_code == 404


def test_a_kind_of_notification_must_be_known(rep):
    with pytest.raises(LookupError):
        notifications.notify(recipients=[rep], code="no.such")


def test_nobody_who_left_is_told(rep):
    rep.is_active = False
    rep.save()
    notifications.notify(recipients=[rep, None], code="record.assigned", params={"actor": "a", "name": "b"})
    assert not Notification.objects.exists()


def test_the_history_tells_who_changed_what(rep):
    lead = object_save(actor=rep, instance=Lead(last_name="پیشین", owner=rep))
    lead.last_name = "پسین"
    object_save(actor=rep, instance=lead)
    page = browser(rep).get(reverse("history", args=["leads.lead", lead.pk])).content.decode()
    assert "پیشین" in page
    assert "پسین" in page
    assert str(rep) in page


def test_the_bin_shows_and_gives_back(rep, outsider):
    lead = LeadFactory(owner=rep)
    object_delete(actor=rep, instance=lead)
    client, url = browser(rep), reverse("bin", args=["leads.lead"])
    assert client.get(reverse("leads:lead_detail", args=[lead.pk])).status_code == 404
    assert str(lead) in client.get(url).content.decode()
    assert str(lead) not in browser(outsider).get(url).content.decode()
    restore = reverse("restore", args=["leads.lead", lead.pk])
    assert browser(outsider).post(restore).status_code == 404
    assert client.get(restore).status_code == 405
    assert client.post(restore).status_code == 302
    assert client.get(reverse("leads:lead_detail", args=[lead.pk])).status_code == 200
    codes = set(AuditEntry.objects.filter(object_id=lead.pk).values_list("code", flat=True))
    assert {"record.deleted", "record.restored"} <= codes


def test_a_table_without_a_bin_has_none(admin):
    assert browser(admin).get(reverse("bin", args=["users.team"])).status_code == 404


def test_restoring_twice_is_harmless(rep):
    lead = LeadFactory(owner=rep)
    object_delete(actor=rep, instance=lead)
    url = reverse("restore", args=["leads.lead", lead.pk])
    client = browser(rep)
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 302


def test_a_panel_is_a_small_page_of_its_own(rep, outsider):
    account = AccountFactory(owner=rep)
    from core.panels import panels_for

    for panel in panels_for("accounts.account"):
        url = reverse("panel", args=["accounts.account", account.pk, panel.slug])
        expected = 200 if panel.visible(rep, account) else 403
        assert browser(rep).get(url).status_code == expected, panel.slug
        assert browser(outsider).get(url).status_code == 404, panel.slug
    url = reverse("panel", args=["accounts.account", account.pk, "no-such"])
    assert browser(rep).get(url).status_code == 404


def test_why_do_i_see_this(rep, teammate, manager):
    lead = LeadFactory(owner=rep)
    url = reverse("access", args=["leads.lead", lead.pk])
    rows = {row["action"]: row for row in browser(manager).get(url).context["rows"]}
    assert rows["view"]["level"] == "team"
    assert rows["view"]["allowed"] is True
    assert browser(teammate).get(url).status_code == 404


def test_a_request_has_an_id_that_comes_back_and_is_kept_with_the_entry(rep):
    response = browser(rep).get(reverse("preferences"), headers={"X-Request-ID": "abc-123"})
    assert response["X-Request-ID"] == "abc-123"
    strange = browser(rep).get(reverse("preferences"), headers={"X-Request-ID": "<script>"})
    assert "<" not in strange["X-Request-ID"]
    client = browser(rep)
    client.post(reverse("preferences_set"), {"name": "theme", "value": "dark"}, headers={"X-Request-ID": "req-77"})
    assert AuditEntry.objects.get(code="user.preferences_set").request_id == "req-77"
