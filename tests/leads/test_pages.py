"""What people do on the pages of leads."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, Contact
from activities.services import step_plan
from core.testing.forms import form_data
from leads.choices import LeadStatus
from leads.models import Lead
from leads.services import lead_convert
from opportunities.models import Opportunity
from tests.accounts.factories import AccountFactory, ContactFactory
from tests.leads.factories import LeadFactory, ReasonFactory, SourceFactory

pytestmark = pytest.mark.django_db
LIST = "/leads/"


@pytest.fixture
def page(client, rep):
    client.force_login(rep)
    return client


def url(name: str, lead: Lead, *args) -> str:
    return reverse(f"leads:lead_{name}", args=[lead.pk, *args])


def found(client, **query) -> list[int]:
    response = client.get(LIST, query)
    assert response.status_code == 200
    return sorted(row.pk for row in response.context["pager"].rows)


@pytest.mark.parametrize(
    "query", ["شركت", "شرکت", "پارس نور", "پارسنور", "علي", "۰۹۱۲۱۲۳۴۵۶۷", "0912 123 4567", "+989121234567", "1234567"]
)
def test_search_finds_any_writing(page, rep, query):
    lead = LeadFactory(owner=rep, first_name="علی", company="شرکت پارس‌نور", mobile="+989121234567")
    LeadFactory(owner=rep, company="دیگران")
    assert found(page, q=query) == [lead.pk]


def test_search_by_number(page, rep):
    lead = LeadFactory(owner=rep)
    assert found(page, q=f"#{lead.pk}") == [lead.pk]
    answer = page.get(reverse("palette"), {"q": f"#{lead.pk}"}).content.decode()
    assert lead.get_absolute_url() in answer


def test_the_questions_of_every_day(page, rep, teammate):
    now = timezone.now()
    mine = LeadFactory(owner=rep, next_step="تماس", next_step_at=now + dt.timedelta(days=1))
    late = LeadFactory(owner=rep, next_step="تماس", next_step_at=now - dt.timedelta(days=1))
    without = LeadFactory(owner=rep)
    queue = LeadFactory(owner=None, team=rep.team)
    closed = LeadFactory(owner=rep, status=LeadStatus.DISQUALIFIED, disqualify_reason=ReasonFactory())
    Lead.all_objects.filter(pk=without.pk).update(updated_at=now - dt.timedelta(days=15))
    Lead.all_objects.filter(pk=closed.pk).update(updated_at=now - dt.timedelta(days=15))
    assert found(page, next="late") == [late.pk]
    assert found(page, next="planned") == [mine.pk]
    assert found(page, next="none", owner=rep.pk) == [without.pk]
    assert found(page, stale="true") == [without.pk]
    assert found(page, state="closed") == [closed.pk]
    assert found(page, owner=rep.pk, state="open") == sorted([mine.pk, late.pk, without.pk])
    assert found(page, created_at_range="today", status="new") == sorted(
        [mine.pk, late.pk, without.pk, *seen(page, queue)]
    )
    for item in page.get(LIST).context["quick_filters"]:
        assert page.get(f"{LIST}{item.url}").status_code == 200


def seen(client, lead: Lead) -> list[int]:
    """The lead's key when the list shows it."""
    return [lead.pk] if lead.pk in found(client) else []


def test_a_referral_asks_who_referred(page, rep):
    source = SourceFactory(needs_referrer=True)
    data = {**form_data(page.get("/leads/add/").context["form"]), "last_name": "کریمی", "source": source.pk}
    response = page.post("/leads/add/", data)
    assert response.status_code == 422
    account = AccountFactory(owner=rep)
    assert page.post("/leads/add/", {**data, "referrer_account": account.pk}).status_code == 302
    assert Lead.objects.get().referrer_account == account


def test_a_foreign_record_in_a_hidden_field_is_refused(page, outsider):
    data = {**form_data(page.get("/leads/add/").context["form"]), "last_name": "کریمی"}
    foreign = AccountFactory(owner=outsider)
    response = page.post("/leads/add/", {**data, "referrer_account": foreign.pk})
    assert response.status_code == 422
    assert not Lead.objects.exists()


def test_quick_entry_stays_on_the_page(page, rep):
    headers = {"HX-Request": "true", "HX-Target": "dialog", "HX-Current-URL": "http://testserver/accounts/"}
    opened = page.get("/leads/quick/", headers=headers)
    assert "<html" not in opened.content.decode()
    wrong = page.post("/leads/quick/", {"mobile": "09121234567"}, headers=headers)
    assert wrong.status_code == 422
    saved = page.post("/leads/quick/", {"last_name": "کریمی", "mobile": "۰۹۱۲۱۲۳۴۵۶۷"}, headers=headers)
    assert saved.status_code == 204
    assert json.loads(saved.headers["HX-Trigger"])["dialog:close"] is True
    assert Lead.objects.get().mobile == "+989121234567"
    on_list = {**headers, "HX-Current-URL": f"http://testserver{LIST}?q=x"}
    saved = page.post("/leads/quick/", {"last_name": "کریمی"}, headers=on_list)
    assert saved.headers["HX-Refresh"] == "true"


def test_quick_entry_works_without_javascript(page):
    assert page.get("/leads/quick/").status_code == 200
    response = page.post("/leads/quick/", {"last_name": "کریمی", "next_step": "تماس"})
    assert response.status_code == 422
    response = page.post("/leads/quick/", {"last_name": "کریمی"})
    assert response["Location"] == Lead.objects.get().get_absolute_url()


def test_buttons_change_the_status(page, rep):
    lead = LeadFactory(owner=rep)
    assert page.post(url("status", lead, "contacted")).status_code == 302
    lead.refresh_from_db()
    assert lead.status == LeadStatus.CONTACTED
    assert page.get(url("status", lead, "qualified")).status_code == 405
    assert page.post(url("status", lead, "nonsense")).status_code == 404
    page.post(url("status", lead, "new"))
    lead.refresh_from_db()
    assert lead.status == LeadStatus.CONTACTED


def test_disqualifying_asks_for_the_reason(page, rep):
    lead, reason = LeadFactory(owner=rep), ReasonFactory()
    assert page.post(url("disqualify", lead), {"note": "x"}).status_code == 422
    assert page.post(url("disqualify", lead), {"reason": reason.pk, "note": "گران"}).status_code == 302
    lead.refresh_from_db()
    assert lead.disqualify_reason == reason
    page.post(url("reopen", lead))
    lead.refresh_from_db()
    assert lead.status == LeadStatus.NEW


def test_the_next_step_takes_a_jalali_date(page, rep):
    data = {"last_name": "کریمی", "next_step": "تماس", "next_step_at": "۱۴۰۳/۱۲/۳۰ ۱۰:۳۰"}
    assert page.post("/leads/quick/", data).status_code == 302
    lead = Lead.objects.get(last_name="کریمی")
    assert lead.next_step_at == dt.datetime(2025, 3, 20, 7, 0, tzinfo=dt.UTC)
    wrong = page.post("/leads/quick/", {**data, "next_step_at": "1404/12/30 10:30"})
    assert wrong.status_code == 422
    html = page.get(lead.get_absolute_url()).content.decode()
    assert "is-late" in html
    assert reverse("activities:activity_complete", args=[lead.next_activity_id]) in html


def test_the_full_form_has_a_next_step_for_a_new_lead_only(page, rep):
    assert 'name="next_step"' in page.get(reverse("leads:lead_add")).content.decode()
    lead = LeadFactory(owner=rep)
    assert 'name="next_step"' not in page.get(reverse("leads:lead_edit", args=[lead.pk])).content.decode()


def test_the_conversion_page_proposes_and_attaches(page, rep):
    lead = LeadFactory(owner=rep, company="شرکت پارس‌نور", mobile="+989121234567")
    account = AccountFactory(owner=rep, name="پارس نور")
    contact = ContactFactory(owner=rep, mobile="+989121234567")
    form = page.get(url("convert", lead)).context["form"]
    assert str(account.pk) in dict(form.fields["account_choice"].choices)
    assert str(contact.pk) in dict(form.fields["contact_choice"].choices)
    data = {**form_data(form), "account_choice": account.pk, "contact_choice": contact.pk}
    response = page.post(url("convert", lead), data)
    deal = Opportunity.objects.get()
    assert response["Location"] == deal.get_absolute_url()
    assert (deal.account, deal.contact) == (account, contact)
    assert (Account.objects.count(), Contact.objects.count()) == (1, 1)


def test_a_mistake_shows_the_proposals_again(page, rep):
    lead = LeadFactory(owner=rep, company="شرکت پارس‌نور")
    account = AccountFactory(owner=rep, name="پارس نور")
    data = {**form_data(page.get(url("convert", lead)).context["form"]), "contact_choice": "999999"}
    answer = page.post(url("convert", lead), data)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"contact_choice"}
    assert str(account.pk) in dict(answer.context["form"].fields["account_choice"].choices)
    foreign = AccountFactory()
    answer = page.post(url("convert", lead), {**data, "contact_choice": "new", "account_choice": str(foreign.pk)})
    assert set(answer.context["form"].errors) == {"account_choice"}


def test_a_conversion_asks_little_however_much_is_planned(client, rep, manager, django_assert_max_num_queries):
    client.force_login(manager)  # so that the owner is told
    numbers = []
    for planned in (0, 1, 6):
        lead = LeadFactory(owner=rep, source=SourceFactory())
        for number in range(planned):
            step_plan(actor=rep, record=lead, words=f"قدم {number}", at=timezone.now() + dt.timedelta(days=number))
        data = form_data(client.get(url("convert", lead)).context["form"])
        with django_assert_max_num_queries(68) as asked:
            assert client.post(url("convert", lead), data).status_code == 302
        numbers.append(len(asked))
    assert numbers[1] == numbers[2], "what is planned goes on with the deal at once"


def test_a_second_click_makes_nothing_new(page, rep):
    lead = LeadFactory(owner=rep)
    data = form_data(page.get(url("convert", lead)).context["form"])
    page.post(url("convert", lead), data)
    again = page.post(url("convert", lead), data)
    assert again["Location"] == lead.get_absolute_url()
    assert (Account.objects.count(), Contact.objects.count(), Opportunity.objects.count()) == (1, 1, 1)
    assert page.get(url("convert", lead))["Location"] == lead.get_absolute_url()


def test_another_account_must_be_chosen_and_seen(page, rep, outsider):
    lead = LeadFactory(owner=rep)
    data = {**form_data(page.get(url("convert", lead)).context["form"]), "account_choice": "other"}
    assert page.post(url("convert", lead), data).status_code == 422
    foreign = AccountFactory(owner=outsider)
    assert page.post(url("convert", lead), {**data, "account_other": foreign.pk}).status_code == 422
    mine = AccountFactory(owner=rep)
    assert page.post(url("convert", lead), {**data, "account_other": mine.pk}).status_code == 302


def test_both_ends_show_the_conversion(page, rep):
    lead = LeadFactory(owner=rep)
    result = lead_convert(actor=rep, lead=lead)
    html = page.get(lead.get_absolute_url()).content.decode()
    for record in (result.account, result.contact, result.opportunity):
        assert record.get_absolute_url() in html
        panel = reverse("panel", args=[record._meta.label_lower, record.pk, "origin"])
        assert lead.get_absolute_url() in page.get(panel).content.decode()


def test_nothing_hidden_shows_on_a_converted_lead(client, rep, outsider):
    lead = LeadFactory(owner=rep)
    lead_convert(actor=rep, lead=lead)
    Account.all_objects.update(owner=outsider, team=outsider.team, name="رازآلود")
    client.force_login(rep)
    html = client.get(lead.get_absolute_url()).content.decode()
    assert "رازآلود" not in html


@pytest.mark.parametrize("name", ["disqualify", "convert", "assign"])
def test_dialogs_of_foreign_leads(client, outsider, nobody, rep, name):
    lead = LeadFactory(owner=rep)
    client.force_login(nobody)
    assert client.get(url(name, lead)).status_code == 403
    client.force_login(outsider)
    assert client.get(url(name, lead)).status_code in {403, 404}
    assert client.post(url(name, lead), {}).status_code in {403, 404}


def test_panels_open(page, rep):
    lead = LeadFactory(owner=rep)
    for slug in ("timeline", "similar"):
        assert page.get(reverse("panel", args=["leads.lead", lead.pk, slug])).status_code == 200


@pytest.mark.parametrize("language", ["fa", "en"])
def test_pages_speak_the_users_language(client, rep, language):
    rep.language = language
    rep.save()
    client.force_login(rep)
    lead = LeadFactory(owner=rep)
    word = {"fa": "سرنخ", "en": "Lead"}[language]
    for address in (LIST, "/leads/add/", lead.get_absolute_url()):
        assert word in client.get(address).content.decode()


def test_the_list_costs_at_most_seven_queries(page, rep, django_assert_max_num_queries):
    LeadFactory.create_batch(30, owner=rep, source=SourceFactory())
    page.get(LIST)
    with django_assert_max_num_queries(7):
        page.get(LIST)
    with django_assert_max_num_queries(8):
        page.get(LIST, {"state": "open", "sort": "name"})


def test_the_conversion_begins_with_the_record_of_the_same_number(page, rep):
    lead = LeadFactory(owner=rep, company="شرکت پارس‌نور", mobile="+989121234567")
    namesake = AccountFactory(owner=rep, name="پارس نور")
    contact = ContactFactory(owner=rep, mobile="+989121234567")
    form = page.get(url("convert", lead)).context["form"]
    assert str(namesake.pk) in dict(form.fields["account_choice"].choices)
    assert form.fields["account_choice"].initial == "new"
    assert form.fields["contact_choice"].initial == str(contact.pk)


def test_the_head_of_the_list_counts_what_one_sees(page, rep, outsider):
    LeadFactory.create_batch(2, owner=rep)
    LeadFactory(owner=rep, status=LeadStatus.QUALIFIED)
    LeadFactory(owner=outsider)
    counts = page.get(reverse("leads:lead_counts")).context["counts"]
    assert [row["count"] for row in counts] == ["۲", "۰", "۱", "۰"]
