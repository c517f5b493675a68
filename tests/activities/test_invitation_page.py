"""The page a guest answers on."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Guest
from activities.services import Invited, activity_cancel, activity_plan, guests_set
from activities.views import answer as page_module

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def guest(rep) -> Guest:
    meeting = activity_plan(
        actor=rep,
        kind="meeting",
        subject="بازدید <b>انبار</b>",
        due_at=dt.datetime(2031, 5, 5, 6, 30, tzinfo=dt.UTC),
        location="ولی‌عصر ۱۲",
        text="سقف تخفیف ۲۰ درصد",
    )
    people = [Invited("sara@example.com", "سارا"), Invited("other@example.com", "دیگری")]
    guests_set(actor=rep, activity=meeting, guests=people, message="خوش آمدید")
    return meeting.guests.get(email="sara@example.com")


@pytest.fixture
def stranger() -> Client:
    return Client(enforce_csrf_checks=True)


def url(guest, query="") -> str:
    return reverse("invitation", args=[guest.token]) + query


def test_opening_it_changes_nothing(stranger, guest):
    for query in ("", "?answer=accepted", "?answer=declined&saved=1"):
        assert stranger.get(url(guest, query)).status_code == 200
        assert stranger.head(url(guest, query)).status_code == 200
    guest.refresh_from_db()
    assert (guest.answer, guest.answered_at) == ("none", None)


def test_an_answer_is_kept_and_can_be_changed(stranger, guest):
    page = stranger.post(url(guest, "?lang=en"), {"answer": "accepted", "note": "با همکارم می‌آیم"}, follow=True)
    assert page.redirect_chain == [(url(guest, "?lang=en&saved=1"), 302)]
    assert "Thank you. You are coming." in page.content.decode()
    assert "با همکارم می‌آیم" in page.content.decode()
    stranger.post(url(guest), {"answer": "declined"})
    guest.refresh_from_db()
    assert (guest.answer, guest.note) == ("declined", "")


def test_it_says_no_more_than_the_invitation(stranger, client, rep, guest):
    client.force_login(rep)
    for browser in (stranger, client):
        response = browser.get(url(guest))
        html = response.content.decode()
        assert "بازدید &lt;b&gt;انبار&lt;/b&gt;" in html
        assert "خوش آمدید" in html
        assert "ولی‌عصر" in html
        assert "سقف تخفیف" not in html
        assert "دیگری" not in html
        assert rep.email not in html
        assert not response.cookies
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response.headers["X-Robots-Tag"]


@pytest.mark.parametrize(("language", "direction"), [("fa", "rtl"), ("en", "ltr")])
def test_it_speaks_both_languages_with_both_calendars(stranger, guest, language, direction):
    response = stranger.get(url(guest, f"?lang={language}"), headers={"Accept-Language": "en"})
    html = response.content.decode()
    assert f'lang="{language}"' in html
    assert f'dir="{direction}"' in html
    assert response.headers["Content-Language"] == language
    for year in {"fa": ("۱۴۱۰", "۲۰۳۱"), "en": ("2031", "1410")}[language]:
        assert year in html


def test_the_language_of_the_invitation_goes_before_the_browsers(stranger, guest):
    assert 'lang="fa"' in stranger.get(url(guest), headers={"Accept-Language": "en"}).content.decode()


def test_an_unknown_secret_is_not_found(stranger):
    assert stranger.get(reverse("invitation", args=["x" * 43])).status_code == 404
    assert stranger.post(reverse("invitation", args=["x" * 43]), {"answer": "accepted"}).status_code == 404


def test_a_cancelled_and_a_past_meeting_say_so(stranger, guest, rep):
    meeting = guest.activity
    activity_cancel(actor=rep, activity=meeting)
    page = stranger.get(url(guest, "?lang=en"))
    assert "cancelled" in page.content.decode()
    assert 'name="answer"' not in page.content.decode()
    assert stranger.post(url(guest), {"answer": "accepted"}).status_code == 422
    Activity.objects.filter(pk=meeting.pk).update(status="planned", due_at=timezone.now() - 2 * HOUR)
    assert "This is over" in stranger.get(url(guest, "?lang=en")).content.decode()
    assert stranger.post(url(guest), {"answer": "accepted"}).status_code == 422
    Activity.objects.filter(pk=meeting.pk).update(deleted_at=timezone.now())
    assert "cancelled" in stranger.get(url(guest, "?lang=en")).content.decode()
    guest.refresh_from_db()
    assert guest.answer == "none"


@pytest.mark.parametrize("data", [{}, {"answer": "x"}, {"answer": "none"}, {"answer": "accepted\x00"}])
def test_other_answers_are_refused(stranger, guest, data):
    assert stranger.post(url(guest), data).status_code == 422


def test_a_long_note_is_cut_and_html_in_it_is_words(stranger, guest):
    page = stranger.post(url(guest), {"answer": "tentative", "note": "<img src=x>" + "ی" * 5000}, follow=True)
    assert "<img src=x" not in page.content.decode()
    guest.refresh_from_db()
    assert len(guest.note) == 300


def test_there_are_limits(stranger, guest, monkeypatch):
    monkeypatch.setattr(page_module, "PER_GUEST", (2, 3600))
    codes = [
        stranger.post(url(guest), {"answer": answer}).status_code for answer in ("accepted", "declined", "accepted")
    ]
    assert codes == [302, 302, 429]
    monkeypatch.setattr(page_module, "PER_ADDRESS", (1, 600))
    assert stranger.get(url(guest)).status_code == 429
