"""Forms: empty, huge, foreign, invisible, impossible and stale; each refusal in the user's language, nothing half-done."""

import datetime as dt

import pytest
from django.db.models import Model
from django.test import Client

from accounts.models import Account, Contact
from catalog.models import Product
from core.models import AuditEntry
from core.testing.forms import form_data
from leads.models import Lead
from leads.services import lead_create, lead_update
from opportunities.models import Opportunity, Stage
from opportunities.services import opportunity_create
from tests.bad_input.helpers import MEGABYTE, RIGHT_TO_LEFT_OVERRIDE, check_language, errors_of, fill, speaks
from users.models import User

pytestmark = pytest.mark.django_db

ZWNJ, ZERO_WIDTH = "\u200c", "\u200b"
ADD_PAGES: dict[str, tuple[type[Model], str]] = {
    "/leads/add/": (Lead, "last_name"),
    "/accounts/add/": (Account, "name"),
    "/accounts/contacts/add/": (Contact, "last_name"),
    "/opportunities/add/": (Opportunity, "name"),
    "/catalog/products/add/": (Product, "name_fa"),
}


class TestForms:
    @pytest.mark.parametrize("url", ADD_PAGES)
    def test_nothing_typed(self, desk: Client, url: str, language: str) -> None:
        model, field = ADD_PAGES[url]
        before = model._default_manager.count()
        answer = fill(desk, url, **{field: ""})
        errors = errors_of(answer)
        assert errors
        assert speaks([sentence for found in errors.values() for sentence in found], language)
        check_language(answer, language)
        assert model._default_manager.count() == before

    @pytest.mark.parametrize("url", ADD_PAGES)
    def test_more_than_a_field_holds(self, desk: Client, url: str, language: str) -> None:
        model, field = ADD_PAGES[url]
        errors = errors_of(fill(desk, url, **{field: "آ" * 100_000}))
        assert speaks(errors[field], language)
        assert not model._default_manager.exists()

    def test_ten_megabytes_in_a_field(self, desk: Client, language: str) -> None:
        answer = desk.post("/leads/add/", {"last_name": "x", "description": "y" * (10 * MEGABYTE)})
        assert answer.status_code in {400, 413}
        check_language(answer, language)
        assert not Lead.objects.exists()

    def test_ten_megabytes_as_a_plain_form(self, desk: Client, language: str) -> None:
        body = b"last_name=x&description=" + b"y" * (10 * MEGABYTE)
        answer = desk.post("/leads/quick/", body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in {400, 413}
        check_language(answer, language)
        assert not Lead.objects.exists()

    def test_three_megabytes_of_notes(self, desk: Client, language: str) -> None:
        errors = errors_of(fill(desk, "/leads/add/", last_name="رضایی", description="سلام " * 350_000))
        assert speaks(errors["description"], language)

    def test_two_thousand_fields(self, desk: Client, language: str) -> None:
        answer = desk.post("/leads/add/", {f"f{number}": "1" for number in range(2000)})
        assert answer.status_code == 400
        check_language(answer, language)

    def test_arabic_letters_are_stored_as_persian_ones(self, desk: Client) -> None:
        fill(desk, "/leads/add/", last_name="كريمي", company="شركت يك")
        lead = Lead.objects.get()
        assert (lead.last_name, lead.company) == ("کریمی", "شرکت یک")

    def test_emoji_and_joiners_stay(self, desk: Client) -> None:
        fill(desk, "/leads/add/", last_name=f"ژیان{ZWNJ}پور 🙂", company="👩🏽‍💻 کافه")
        lead = Lead.objects.get()
        assert lead.last_name == f"ژیان{ZWNJ}پور 🙂"
        assert "کافه" in lead.company
        assert "🙂" in desk.get(lead.get_absolute_url()).content.decode()

    def test_invisible_letters_are_taken_out(self, desk: Client) -> None:
        fill(desk, "/leads/add/", last_name=f"{RIGHT_TO_LEFT_OVERRIDE}رضا{ZERO_WIDTH}یی\ufeff\x07")
        assert Lead.objects.get().last_name == "رضایی"

    def test_a_null_character_is_refused(self, desk: Client, language: str) -> None:
        assert speaks(errors_of(fill(desk, "/leads/add/", last_name="رضایی", city="قم\x00"))["city"], language)

    @pytest.mark.parametrize("nothing", [ZERO_WIDTH * 5, " \u00a0\u3000 ", RIGHT_TO_LEFT_OVERRIDE, ZWNJ])
    def test_a_name_of_invisible_letters_is_no_name(self, desk: Client, nothing: str, language: str) -> None:
        errors = errors_of(fill(desk, "/leads/add/", last_name=nothing, company=""))
        assert speaks([sentence for found in errors.values() for sentence in found], language)
        assert not Lead.objects.exists()

    def test_html_is_text(self, desk: Client) -> None:
        script = "<script>alert(1)</script>"
        fill(desk, "/leads/add/", last_name=script, company='"><img src=x onerror=alert(1)>', interest=f"a\n{script}")
        lead = Lead.objects.get()
        assert lead.last_name == script
        for url in (lead.get_absolute_url(), "/leads/", f"{lead.get_absolute_url()}edit/", "/search/?q=alert"):
            page = desk.get(url).content.decode()
            assert script not in page, url
            assert "<img src=x" not in page, url

    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("1403/12/30", dt.date(2025, 3, 20)),
            ("۱۴۰۳/۱۲/۳۰", dt.date(2025, 3, 20)),
            ("1404/12/29", dt.date(2026, 3, 20)),
            ("2025-03-20", dt.date(2025, 3, 20)),
        ],
    )
    def test_dates_that_exist(self, desk: Client, typed: str, stored: dt.date) -> None:
        answer = fill(desk, "/opportunities/add/", name="سرور", expected_close_on=typed)
        assert answer.status_code == 302, errors_of(answer)
        assert Opportunity.objects.get().expected_close_on == stored

    @pytest.mark.parametrize(
        "typed", ["1404/12/30", "۱۴۰۴/۱۲/۳۰", "1405/13/01", "1405/07/31", "2026-02-30", "فردا شاید", "9" * 400]
    )
    def test_dates_that_do_not_exist(self, desk: Client, typed: str, language: str) -> None:
        answer = fill(desk, "/opportunities/add/", name="سرور", expected_close_on=typed)
        assert speaks(errors_of(answer)["expected_close_on"], language)
        assert 'value="سرور"' in answer.content.decode()
        assert not Opportunity.objects.exists()

    @pytest.mark.parametrize(
        "typed", [str(2**63), "9" * 60, "-1", "یک میلیون و نیم", "1e400", "NaN", "Infinity", "۱۲,۵"]
    )
    def test_amounts_that_are_none(self, desk: Client, typed: str, language: str) -> None:
        answer = fill(desk, "/opportunities/add/", name="سرور", amount=typed)
        if answer.status_code == 302:  # 2^63 rial is much, but a number
            assert typed == str(2**63)
            return
        assert speaks(errors_of(answer)["amount"], language)
        assert not Opportunity.objects.exists()

    @pytest.mark.parametrize("value", [str(2**63), str(2**31), "-5", "abc", "1;drop table", "۹" * 30, "\x00"])
    @pytest.mark.parametrize("field", ["source", "owner"])
    def test_a_choice_that_is_none(self, desk: Client, field: str, value: str, language: str) -> None:
        errors = errors_of(fill(desk, "/leads/add/", last_name="رضایی", **{field: value}))
        assert speaks(errors[field], language)

    @pytest.mark.parametrize("phone", ["12", "0" * 40, "سلام", "+98", "0912-abc-1234"])
    def test_phones_that_are_none(self, desk: Client, phone: str, language: str) -> None:
        assert speaks(errors_of(fill(desk, "/leads/add/", last_name="رضایی", mobile=phone))["mobile"], language)


class TestForeignKeys:
    """Keys of records one may not see, slipped into hidden fields and addresses."""

    @pytest.fixture
    def hidden(self, outsider: User) -> Account:
        return Account.objects.create(name="پنهان", owner=outsider)

    def test_as_a_choice(self, desk: Client, hidden: Account, language: str) -> None:
        errors = errors_of(fill(desk, "/opportunities/add/", name="سرور", account=str(hidden.pk)))
        assert speaks(errors["account"], language)
        assert "پنهان" not in " ".join(errors["account"])

    def test_as_the_first_value_of_a_form(self, desk: Client, hidden: Account) -> None:
        page = desk.get(f"/opportunities/add/?account={hidden.pk}")
        assert page.status_code == 200
        assert "پنهان" not in page.content.decode()

    def test_as_the_account_of_a_conversion(self, desk: Client, hidden: Account, person: User) -> None:
        lead = lead_create(actor=person, last_name="رضایی", company="پارس")
        answer = fill(desk, f"{lead.get_absolute_url()}convert/", account_choice="other", account_other=str(hidden.pk))
        assert answer.status_code == 422
        lead.refresh_from_db()
        assert lead.status != "converted"
        assert not Opportunity.objects.exists()

    def test_as_a_stage_of_another_cycle(self, desk: Client, person: User, language: str) -> None:
        deal = opportunity_create(actor=person, name="سرور")
        foreign = Stage.objects.exclude(cycle=deal.cycle).first()
        answer = desk.post(f"/opportunities/{deal.pk}/move/", {"stage": foreign.pk}, headers={"HX-Request": "true"})
        assert 400 <= answer.status_code < 500
        deal.refresh_from_db()
        assert deal.stage.cycle == deal.cycle

    @pytest.mark.parametrize("stage", ["", "0", str(2**63), "x", "-1"])
    def test_as_a_stage_that_is_none(self, desk: Client, person: User, stage: str) -> None:
        deal = opportunity_create(actor=person, name="سرور")
        answer = desk.post(f"/opportunities/{deal.pk}/move/", {"stage": stage}, headers={"HX-Request": "true"})
        assert 400 <= answer.status_code < 500
        assert Opportunity.objects.get(pk=deal.pk).stage == deal.stage

    def test_as_the_way_back(self, desk: Client) -> None:
        for url in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"):
            answer = fill(desk, f"/leads/add/?return_url={url}", last_name="رضایی", return_url=url)
            assert answer.status_code == 302
            assert "evil" not in answer["Location"]
            assert "javascript" not in answer["Location"]

    @pytest.mark.parametrize("word", ["x", "-1", "10:00", "admin:index", "\x00", "%", "\u06f0\u06f1", "1/:2", "x/y"])
    def test_as_a_way_back_that_is_no_address(self, desk: Client, word: str) -> None:
        assert desk.post("/activities/undo/", {"return_url": word}).status_code == 302


class TestStale:
    def test_both_versions_are_shown_and_nothing_is_overwritten(
        self, desk: Client, person: User, language: str
    ) -> None:
        lead = lead_create(actor=person, last_name="رضایی", city="قم")
        url = f"{lead.get_absolute_url()}edit/"
        opened = form_data(desk.get(url).context["form"])
        theirs = Lead.objects.get(pk=lead.pk)
        theirs.city = "کرمان"
        lead_update(actor=person, lead=theirs, expected_version=theirs.version)
        entries = AuditEntry.objects.count()
        answer = desk.post(url, {**opened, "city": "یزد"})
        assert answer.status_code == 409
        check_language(answer, language)
        page = answer.content.decode()
        assert "کرمان" in page
        assert "یزد" in page
        lead.refresh_from_db()
        assert lead.city == "کرمان"
        assert AuditEntry.objects.count() == entries

    @pytest.mark.parametrize("version", ["", "0", "-1", str(2**63), "abc"])
    def test_a_version_that_is_none(self, desk: Client, person: User, version: str) -> None:
        lead = lead_create(actor=person, last_name="رضایی", city="قم")
        url = f"{lead.get_absolute_url()}edit/"
        opened = form_data(desk.get(url).context["form"])
        answer = desk.post(url, {**opened, "_version": version, "force_version": version, "city": "یزد"})
        assert answer.status_code in {302, 409, 422}

    def test_a_record_that_is_gone(self, desk: Client, person: User, language: str) -> None:
        lead = lead_create(actor=person, last_name="رضایی")
        url = f"{lead.get_absolute_url()}edit/"
        opened = form_data(desk.get(url).context["form"])
        desk.post(f"{lead.get_absolute_url()}delete/")
        answer = desk.post(url, {**opened, "city": "یزد"})
        assert answer.status_code == 404
        check_language(answer, language)
