"""Preferences, profile, the organisation, holidays, currencies."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from core.errors import DomainError, PermissionRefused
from core.models import AuditEntry, Currency, Holiday, Organisation
from core.organisation import answer_within
from core.testing import form_data
from users import services
from users.models import User


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "en"),
        ("calendar", "gregorian"),
        ("digits", "latin"),
        ("money_unit", "IRR"),
        ("theme", "dark"),
        ("density", "compact"),
        ("time_zone", "Europe/Berlin"),
    ],
)
def test_a_switch_of_the_menu(client, rep, name, value):
    client.force_login(rep)
    response = client.post(reverse("preferences_set"), {"name": name, "value": value, "next": "/leads/?q=1"})
    assert response["Location"] == "/leads/?q=1"
    rep.refresh_from_db()
    assert getattr(rep, name) == value


@pytest.mark.parametrize(
    ("name", "value"), [("language", "de"), ("is_superuser", "1"), ("time_zone", "Mars"), ("", "")]
)
def test_a_switch_that_does_not_exist_changes_nothing(client, rep, name, value):
    client.force_login(rep)
    assert client.post(reverse("preferences_set"), {"name": name, "value": value}).status_code == 302
    fresh = User.objects.get(pk=rep.pk)
    assert (fresh.language, fresh.is_superuser, fresh.time_zone) == ("fa", False, "Asia/Tehran")


@pytest.mark.parametrize("target", ["https://evil.example.com/", "//evil.example.com", "javascript:alert(1)", ""])
def test_the_way_back_is_ours_only(client, rep, target):
    client.force_login(rep)
    response = client.post(reverse("preferences_set"), {"name": "theme", "value": "dark", "next": target})
    assert response["Location"] == "/"


def test_visitors_keep_language_and_theme_in_cookies(client, db):
    client.post(reverse("preferences_set"), {"name": "language", "value": "en"})
    client.post(reverse("preferences_set"), {"name": "theme", "value": "dark"})
    page = client.get("/auth/login/").content.decode()
    assert 'lang="en"' in page
    assert 'dir="ltr"' in page
    assert 'data-theme="dark"' in page or 'data-bs-theme="dark"' in page
    client.post(reverse("preferences_set"), {"name": "language", "value": "<script>"})
    assert 'lang="en"' in client.get("/auth/login/").content.decode()


def test_the_page_saves_profile_and_preferences_together(client, rep):
    client.force_login(rep)
    url = reverse("preferences")
    data = form_data(client.get(url).context["form"])
    sent = {**data, "language": "en", "first_page": "", "first_name": "مهسا", "mobile": "۰۹۱۲۱۲۳۴۵۶۷"}
    assert client.post(url, sent).status_code == 302
    rep.refresh_from_db()
    assert (rep.language, rep.first_name, rep.mobile) == ("en", "مهسا", "+989121234567")
    codes = AuditEntry.objects.filter(code__startswith="user.pr").values_list("code", flat=True)
    assert set(codes) == {"user.preferences_set", "user.profile_saved"}


def test_wrong_words_come_back_with_the_form_and_nothing_is_saved(client, rep):
    client.force_login(rep)
    url = reverse("preferences")
    data = form_data(client.get(url).context["form"])
    response = client.post(url, {**data, "language": "xx", "first_name": "", "mobile": "12", "density": "compact"})
    assert response.status_code == 422
    assert {"language", "first_name", "mobile"} <= set(response.context["form"].errors)
    rep.refresh_from_db()
    assert rep.density != "compact"


def test_a_refused_preference_keeps_the_profile_as_it_was(rep):
    with pytest.raises(DomainError):
        services.own_page_save(actor=rep, first_name="مهسا", time_zone="Nowhere/Town")
    rep.refresh_from_db()
    assert rep.first_name != "مهسا"


def test_nobody_changes_more_than_the_profile(rep):
    with pytest.raises(PermissionRefused):
        services.profile_save(actor=rep, is_superuser="1")
    with pytest.raises(DomainError):
        services.preferences_set(actor=rep, email="x@example.com")


def picture(kind: str = "PNG", size=(900, 300)) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", size, "navy").save(buffer, kind)
    return SimpleUploadedFile(f"logo.{kind.lower()}", buffer.getvalue(), content_type=f"image/{kind.lower()}")


@pytest.fixture
def office(admin) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def post_organisation(office: Client, **values):
    url = reverse("users:organisation")
    return office.post(url, {**form_data(office.get(url).context["form"]), **values})


def test_the_company_is_edited(office):
    response = post_organisation(
        office,
        name_fa="شرکت پارس",
        national_id="۱۰۳۲۰۸۹۴۸۷۸",
        work_starts="۷:۳۰",
        work_ends="16:00",
        working_days=[0, 1],
    )
    assert response.status_code in {302, 422}
    if response.status_code == 422:
        assert set(response.context["form"].errors) == {"national_id"}
        assert post_organisation(office, name_fa="شرکت پارس", working_days=[0, 1]).status_code == 302
    row = Organisation.objects.get()
    assert row.name_fa == "شرکت پارس"
    assert row.working_days == [0, 1]


@pytest.mark.parametrize(("typed", "kept"), [("۴", 4), ("", None)])
def test_the_limit_of_answering_is_set_and_switched_off(office, typed, kept, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert post_organisation(office, answer_hours=typed).status_code == 302
    assert Organisation.objects.get().answer_hours == kept
    assert answer_within() == (dt.timedelta(hours=kept) if kept else None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("answer_hours", "0"),
        ("national_id", "123"),
        ("economic_number", "12"),
        ("postal_code", "1"),
        ("work_ends", "06:00"),
        ("name_fa", ""),
    ],
)
def test_wrong_data_of_the_company_is_refused(office, field, value):
    response = post_organisation(office, **{field: value})
    assert response.status_code == 422
    assert field in response.context["form"].errors


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_written_anew_and_shown_to_all(office, kind, client):
    assert post_organisation(office, logo_file=picture(kind)).status_code == 302
    row = Organisation.objects.get()
    with row.logo.open("rb") as file, Image.open(file) as kept:
        assert kept.format == "PNG"
        assert max(kept.size) <= 512
    response = client.get(row.logo.url)
    assert response["Content-Type"] == "image/png"
    assert client.get("/media/organisation/other.png").status_code == 404
    assert post_organisation(office, remove_logo="on").status_code == 302
    assert not Organisation.objects.get().logo


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("logo.png", b"<svg onload='alert(1)'/>", content_type="image/png"),
        SimpleUploadedFile("logo.png", b"GIF89a" + b"\0" * 100, content_type="image/png"),
        SimpleUploadedFile("logo.png", b"\x89PNG\r\n\x1a\n broken", content_type="image/png"),
        SimpleUploadedFile("logo.png", b"\0" * (2 * 1024 * 1024 + 1), content_type="image/png"),
    ],
    ids=["svg", "gif", "broken", "huge"],
)
def test_what_is_not_a_small_picture_is_refused(office, upload):
    response = post_organisation(office, logo_file=upload)
    assert response.status_code == 422
    assert not Organisation.objects.get().logo


def test_the_base_currency_is_worth_one(admin, office):
    base = Currency.objects.get(code="IRR")
    base.rate = Decimal(2)
    with pytest.raises(DomainError):
        services.currency_save(actor=admin, currency=base)
    with pytest.raises(DomainError):
        services.currency_delete(actor=admin, currency=base)


def test_currencies_are_added_changed_and_removed_on_their_pages(office):
    data = {
        "code": "gbp",
        "name_fa": "پوند",
        "name_en": "Pound",
        "exponent": "2",
        "rate": "۱٬۲۰۰٬۰۰۰",
        "is_active": "on",
    }
    assert office.post(reverse("core:currency_add"), data).status_code == 302
    assert Currency.objects.get(code="GBP").rate == 1_200_000
    url = reverse("core:currency_edit", args=["GBP"])
    assert office.post(url, {**form_data(office.get(url).context["form"]), "rate": "1300000"}).status_code == 302
    assert Currency.objects.get(code="GBP").rate == 1_300_000
    assert office.post(reverse("core:currency_delete", args=["GBP"])).status_code == 302
    assert not Currency.objects.filter(code="GBP").exists()
    assert office.get(reverse("core:currency_edit", args=["ZZZ"])).status_code == 404
    assert office.post(reverse("core:currency_add"), {**data, "code": "12"}).status_code == 422


def test_iranian_holidays_are_there_and_filtered_by_jalali_year(office):
    assert Holiday.objects.filter(name__contains="نوروز").exists()
    rows = office.get(reverse("core:holiday_list"), {"year": "1405", "size": 100}).context["pager"].rows
    assert len(rows) == 26
    assert office.get(reverse("core:holiday_list"), {"year": "9999"}).status_code == 200
