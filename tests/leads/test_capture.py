"""Public web forms: what visitors send, and what robots try."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import PartyType
from core import audit
from core.errors import DomainError
from core.models import Notification
from leads import gate
from leads.models import Lead
from leads.services import lead_capture
from tests.leads.factories import CaptureFormFactory
from users.models import Team

pytestmark = pytest.mark.django_db
TYPED = {"first_name": "علي", "last_name": "كریمی", "mobile": "۰۹۱۲ ۱۲۳ ۴۵۶۷", "consent": "on"}


@pytest.fixture
def form(rep):
    return CaptureFormFactory(owner=rep)


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True)


def page_token(form, *, age: float = 10.0) -> str:
    """A token as a page opened that many seconds ago holds it."""
    real = gate.time.time
    gate.time.time = lambda: real() - age
    try:
        return gate.issue(form)
    finally:
        gate.time.time = real


def send(visitor, form, query="", **values):
    data = {"token": page_token(form), **TYPED, **values}
    return visitor.post(f"{form.get_public_url()}{query}", {k: v for k, v in data.items() if v is not None})


def test_a_visitor_makes_a_lead_and_its_owner_is_told(visitor, form, rep):
    response = send(visitor, form, email="a@b.ir", company="شركت پارس", interest="قیمت <b>پرینتر</b> 😀")
    assert response.status_code == 302
    assert response["Location"] == reverse("capture_thanks", args=[form.token])
    lead = Lead.objects.get()
    assert (lead.first_name, lead.last_name, lead.mobile) == ("علی", "کریمی", "+989121234567")
    assert (lead.owner, lead.team, lead.source) == (rep, rep.team, form.source)
    assert (lead.company, lead.party_type) == ("شرکت پارس", PartyType.ORGANISATION)
    assert lead.interest == "قیمت <b>پرینتر</b> 😀"
    assert (lead.consent, lead.consent_at is None) == ("yes", False)
    told = Notification.objects.get()
    assert (told.recipient, told.code) == (rep, "lead.captured")
    entry = audit.entries_of(lead).get()
    assert (entry.code, entry.actor, entry.params["ip"]) == ("lead.captured", None, "127.0.0.1")
    assert visitor.get(response["Location"]).status_code == 200


def test_html_of_a_visitor_is_never_html_of_ours(visitor, form, client, rep):
    send(visitor, form, last_name="<script>alert(1)</script>", interest="<img src=x onerror=alert(1)>")
    client.force_login(rep)
    page = client.get(Lead.objects.get().get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_no_consent_is_written_down_as_no(visitor, form):
    send(visitor, form, consent=None)
    assert Lead.objects.get().consent == "no"


def test_a_landline_is_no_mobile(visitor, form):
    send(visitor, form, mobile="021 8877 6655")
    lead = Lead.objects.get()
    assert (lead.mobile, lead.phone) == ("", "+982188776655")


def test_advertising_marks_come_from_the_address(visitor, form):
    page = visitor.get(f"{form.get_public_url()}?utm_source=google&utm_campaign=nowruz")
    hidden = page.content.decode()
    assert 'name="utm_source" value="google"' in hidden
    send(visitor, form, utm_source="google", utm_campaign="x" * 500, utm_medium="\x00cpc")
    lead = Lead.objects.get()
    assert (lead.utm_source, lead.utm_campaign, lead.utm_medium) == ("google", "x" * 100, "cpc")


@pytest.mark.parametrize(("language", "word", "direction"), [("fa", "ارسال", "rtl"), ("en", "Send", "ltr")])
def test_it_speaks_both_languages(visitor, form, client, rep, language, word, direction):
    for browser in (visitor, client):
        if browser is client:
            client.force_login(rep)
        for page in (
            browser.get(f"{form.get_public_url()}?lang={language}"),
            browser.get(form.get_public_url(), headers={"Accept-Language": language}),
        ):
            html = page.content.decode()
            assert f'dir="{direction}"' in html
            assert word in html
            assert page.headers["Content-Language"] == language


def test_it_may_stand_in_a_frame_and_leaves_no_cookie(visitor, form):
    page = visitor.get(f"{form.get_public_url()}?embed=1")
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in page.headers
    assert not page.cookies
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_other_pages_may_not_stand_in_a_frame(client, rep):
    client.force_login(rep)
    page = client.get(reverse("leads:lead_list"))
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"mobile": "12"}, "mobile"),
        ({"mobile": "", "email": ""}, "mobile"),
        ({"email": "nonsense"}, "email"),
        ({"last_name": ""}, "last_name"),
        ({"last_name": "x" * 121}, "last_name"),
        ({"interest": "x" * 4001}, "interest"),
        ({"last_name": "a\x00b"}, "last_name"),
    ],
)
def test_bad_input_keeps_what_was_typed(visitor, form, values, field):
    response = send(visitor, form, company="پارس", **values)
    assert response.status_code == 422
    assert "پارس" in response.content.decode()
    assert f'id="id_{field}"' in response.content.decode()
    assert "is-invalid" in response.content.decode()
    assert not Lead.objects.exists()
    corrected = send(visitor, form, company="پارس")
    assert corrected.status_code == 302


def test_ten_megabytes_get_a_clear_answer(visitor, form):
    response = send(visitor, form, interest="ب" * 10 * 1024 * 1024)
    assert response.status_code == 413
    assert "<form" in response.content.decode()
    assert not Lead.objects.exists()


def test_the_honeypot_says_thanks_and_keeps_nothing(visitor, form):
    assert send(visitor, form, **{gate.HONEYPOT: "http://spam"}).status_code == 302
    assert not Lead.objects.exists()


def test_too_fast_is_asked_again_and_the_same_page_may_follow(visitor, form):
    token = page_token(form, age=0)
    response = send(visitor, form, token=token)
    assert response.status_code == 429
    assert TYPED["last_name"] in response.content.decode()
    assert not Lead.objects.exists()
    assert f'name="token" value="{token}"' in response.content.decode()


@pytest.mark.parametrize("token", ["", "nonsense", None])
def test_without_its_token_nothing_is_taken_and_nothing_lost(visitor, form, token):
    response = send(visitor, form, token=token)
    assert response.status_code == 422
    assert TYPED["last_name"] in response.content.decode()
    assert not Lead.objects.exists()


def test_an_old_or_foreign_token_is_renewed(visitor, form, rep):
    from django.core import signing

    foreign = page_token(CaptureFormFactory(owner=rep))
    assert send(visitor, form, token=foreign).status_code == 422
    assert gate.read(form, signing.dumps([form.token, "key"], salt=gate.SALT)) is None


def test_a_double_submit_makes_one_lead(visitor, form):
    token = page_token(form)
    for _ in range(2):
        assert send(visitor, form, token=token).status_code == 302
    assert Lead.objects.count() == 1
    assert Notification.objects.count() == 1


def test_one_address_may_send_only_so_many(visitor, form, monkeypatch):
    monkeypatch.setattr(gate, "PER_ADDRESS", (2, 600))
    assert [send(visitor, form).status_code for _ in range(3)] == [302, 302, 429]
    assert Lead.objects.count() == 2


def test_a_form_may_take_only_so_many(visitor, form, monkeypatch):
    monkeypatch.setattr(gate, "PER_FORM", (1, 600))
    assert [send(visitor, form).status_code for _ in range(2)] == [302, 429]


def test_a_cache_that_is_down_costs_no_lead(visitor, form, settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"},
    }
    assert send(visitor, form).status_code == 302
    assert Lead.objects.count() == 1


def test_a_form_that_is_off_or_unknown_is_not_found(visitor, form):
    assert visitor.get("/f/nothing-here/").status_code == 404
    form.is_active = False
    form.save()
    assert visitor.get(form.get_public_url()).status_code == 404
    assert send(visitor, form).status_code == 404
    with pytest.raises(DomainError):
        lead_capture(form=form, data={"last_name": "کریمی", "key": "k"})


def test_without_an_owner_the_team_gets_it_and_its_leader_hears(visitor, manager, company):
    team = Team.objects.get(pk=company.sales.pk)
    send(visitor, CaptureFormFactory(team=team))
    lead = Lead.objects.get()
    assert (lead.owner, lead.team) == (None, team)
    assert Notification.objects.get().recipient == manager


def test_an_owner_who_left_loses_no_lead(visitor, form, rep, admin):
    rep.is_active = False
    rep.save()
    send(visitor, form)
    lead = Lead.objects.get()
    assert (lead.owner, lead.team) == (None, rep.team)
    assert Notification.objects.get().recipient == admin


def test_questions_that_are_not_asked_are_not_taken(visitor, rep):
    form = CaptureFormFactory(owner=rep, ask_company=False, ask_email=False, ask_heard=False)
    page = visitor.get(form.get_public_url()).content.decode()
    assert 'name="company"' not in page
    send(visitor, form, company="پارس", email="a@b.ir")
    lead = Lead.objects.get()
    assert (lead.company, lead.email) == ("", "")


def test_the_settings_need_somebody_who_gets_the_leads(client, admin, form):
    client.force_login(admin)
    url = reverse("leads:captureform_edit", args=[form.pk])
    values = {
        "name_fa": "ن",
        "name_en": "n",
        "source": form.source.pk,
        "_version": form.version,
        "owner": "",
        "team": "",
    }
    response = client.post(url, values)
    assert response.status_code == 422
    assert "owner" in response.context["form"].errors


def test_the_settings_show_address_and_lines(client, admin, form):
    client.force_login(admin)
    page = client.get(form.get_absolute_url()).content.decode()
    assert form.get_public_url() in page
    assert "&lt;iframe" in page
