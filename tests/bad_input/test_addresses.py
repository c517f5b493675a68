"""Addresses, sessions and public forms that make no sense: always a page of ours."""

import pytest
from django.test import Client

from leads.models import CaptureForm, Lead
from leads.services import lead_create
from tests.bad_input.helpers import MEGABYTE, RIGHT_TO_LEFT_OVERRIDE, check_language
from users.models import User

pytestmark = pytest.mark.django_db

LISTS = (
    "/leads/",
    "/accounts/",
    "/accounts/contacts/",
    "/catalog/products/",
    "/opportunities/",
    "/opportunities/board/",
)
QUERIES = (
    "page=1000000000",
    "page=-1",
    "page=abc",
    "page=%F0%9F%98%80",
    "after=zzzz",
    "size=10000000",
    "sort=password",
    "sort=--name",
    "nonsense=1",
    "q=%00",
    "q=%E2%80%AE%E2%80%8B",
    "q=%25_%27%22%5C",
    "q=%23" + "9" * 40,
    "q=" + "a" * 3000,
    "owner=9223372036854775808",
    "owner=abc&owner=-1",
    "created_at_from=1404%2F12%2F30",
    "created_at_range=nonsense",
    "cols=x&_columns=1",
)


class TestAddresses:
    @pytest.mark.parametrize("url", LISTS)
    def test_any_query_of_a_list_is_answered(self, desk: Client, url: str) -> None:
        for query in QUERIES:
            assert desk.get(f"{url}?{query}").status_code == 200, query

    @pytest.mark.parametrize("url", LISTS)
    def test_an_unknown_filter_is_named(self, desk: Client, url: str, language: str) -> None:
        answer = desk.get(f"{url}?colour=red")
        check_language(answer, language)
        assert "colour" in answer.content.decode()

    @pytest.mark.parametrize("url", LISTS)
    def test_a_page_past_the_end_says_so(self, desk: Client, person: User, url: str) -> None:
        lead_create(actor=person, last_name="رضایی")
        assert desk.get(f"{url}?page={10**9}").status_code == 200

    @pytest.mark.parametrize(
        "url",
        [
            "/leads/{}/",
            "/leads/{}/edit/",
            "/leads/{}/convert/",
            "/accounts/{}/",
            "/accounts/contacts/{}/",
            "/opportunities/{}/",
            "/catalog/products/{}/",
            "/panels/accounts.account/{}/contacts/",
            "/history/leads.lead/{}/",
            "/access/leads.lead/{}/",
            "/jobs/{}/",
            "/notifications/{}/",
        ],
    )
    def test_a_record_that_does_not_exist(self, desk: Client, url: str, language: str) -> None:
        for pk in ("0", "999999999", str(2**63), str(2**63 - 1), "9" * 80):
            answer = desk.get(url.format(pk))
            assert answer.status_code == 404, pk
            check_language(answer, language)

    @pytest.mark.parametrize(
        "url",
        [
            "/typeahead/nonsense.model/?q=a",
            "/typeahead/users.user/?q=%00",
            "/history/auth.group/1/",
            "/bin/sessions.session/",
            "/panels/leads.lead/1/nonsense/",
            "/leads/1/status/nonsense/",
            "/%E2%80%AE/",
            "/leads/%00/",
        ],
    )
    def test_addresses_that_make_no_sense(self, desk: Client, url: str) -> None:
        assert desk.get(url).status_code < 500
        assert desk.post(url).status_code < 500

    @pytest.mark.parametrize(
        "words", ["", " ", "\x00", "ك" * 5000, "%", "_", "'", '"', "\\", "🙂", RIGHT_TO_LEFT_OVERRIDE, "#" + "9" * 50]
    )
    def test_any_words_can_be_searched(self, desk: Client, words: str) -> None:
        for url in ("/search/", "/search/palette/", "/leads/", "/typeahead/accounts.account/", "/leads/duplicates/"):
            answer = desk.get(url, {"q": words, "last_name": words, "mobile": words})
            assert answer.status_code == 200, url

    def test_a_wrong_method_is_refused(self, desk: Client) -> None:
        for url in ("/leads/1/status/new/", "/opportunities/1/move/", "/accounts/notes/1/pin/"):
            assert desk.get(url).status_code in {404, 405}


class TestSessions:
    @pytest.mark.parametrize("cookie", ["", "nonsense", "x" * 4000, "../../etc/passwd"])
    def test_a_broken_session_leads_to_sign_in(self, cookie: str) -> None:
        client = Client(raise_request_exception=False)
        client.cookies["sessionid"] = cookie
        answer = client.get("/leads/?q=1")
        assert answer.status_code == 302
        assert "/auth/login/" in answer["Location"]
        assert "next=" in answer["Location"]

    def test_a_session_that_ended_meanwhile_keeps_the_way_back(self, desk: Client, person: User) -> None:
        from django.contrib.sessions.models import Session

        Session.objects.all().delete()
        answer = desk.post("/leads/add/", {"last_name": "رضایی"})
        assert answer.status_code == 302
        assert not Lead.objects.exists()

    def test_a_person_who_was_switched_off_is_out(self, desk: Client, person: User) -> None:
        User.objects.filter(pk=person.pk).update(is_active=False)
        assert desk.get("/leads/").status_code == 302

    def test_a_missing_token_has_a_page(self, person: User, language: str) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(person)
        answer = client.post("/leads/add/", {"last_name": "رضایی"})
        assert answer.status_code == 403
        check_language(answer, language)
        assert not Lead.objects.exists()

    def test_a_person_without_a_role_is_told(self, nobody: User) -> None:
        client = Client()
        client.force_login(nobody)
        answer = client.get("/leads/")
        assert answer.status_code == 403
        check_language(answer, "fa")

    @pytest.mark.parametrize("header", ["", "xx", "fa;q=broken", "," * 500, "zz-ZZ,en;q=0.1", "\u0641\u0627"])
    def test_any_wish_of_language_is_answered(self, header: str) -> None:
        answer = Client().get("/auth/login/", headers={"Accept-Language": header.encode("utf-8").decode("latin-1")})
        assert answer.status_code == 200


class TestPublicForm:
    @pytest.fixture
    def form(self, person: User) -> CaptureForm:
        from accounts.models import Source

        return CaptureForm.objects.create(name_fa="فرم", name_en="Form", source=Source.objects.first(), owner=person)

    @pytest.mark.parametrize("token", ["", "x", "9" * 5000, "\x00", RIGHT_TO_LEFT_OVERRIDE])
    def test_a_forged_page_is_asked_again(self, form: CaptureForm, token: str) -> None:
        answer = Client().post(form.get_public_url(), {"token": token, "last_name": "رضایی", "mobile": "09121234567"})
        assert answer.status_code == 422
        assert "رضایی" in answer.content.decode()
        assert not Lead.objects.exists()

    def test_ten_megabytes_are_refused_politely(self, form: CaptureForm) -> None:
        answer = Client().post(form.get_public_url(), {"interest": "x" * (10 * MEGABYTE)})
        assert answer.status_code == 413
        check_language(answer, "fa")

    def test_a_robot_gets_thanks_and_makes_nothing(self, form: CaptureForm) -> None:
        answer = Client().post(form.get_public_url(), {"homepage": "https://spam.example", "last_name": "bot"})
        assert answer.status_code == 302
        assert not Lead.objects.exists()

    @pytest.mark.parametrize("token", ["nonsense", "x" * 40, "%00", "..%2f"])
    def test_an_unknown_form_is_not_found(self, token: str) -> None:
        assert Client().get(f"/f/{token}/").status_code == 404
