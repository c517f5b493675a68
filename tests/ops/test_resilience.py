"""A person at work while a service is away: a clear page, and everything goes on when it is back."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.urls import reverse

PAGE = "/leads/"


@pytest.fixture
def valkey_down(settings):
    nowhere = "unix:///nonexistent/valkey.sock?db=0"
    settings.REDIS_URL = nowhere
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": nowhere}}
    yield
    del caches["default"]


@pytest.fixture
def database_down(monkeypatch):
    """Connections opened from now on find no server; undo() brings it back."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"host": "/nonexistent"})
    yield monkeypatch
    monkeypatch.undo()
    connection.close()


@pytest.mark.django_db
def test_sign_in_and_work_while_valkey_is_down(client, rep, valkey_down):
    rep.set_password("a-long-password-1405")
    rep.save()
    page = client.get(reverse("account_login"))
    assert page.status_code == 200
    answer = client.post(reverse("account_login"), {"login": rep.email, "password": "a-long-password-1405"})
    assert answer.status_code == 302
    assert client.get(PAGE).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("language", "lang"), [("fa", 'lang="fa"'), ("en", 'lang="en"')])
def test_a_page_while_the_database_is_away_is_our_own(client, rep, database_down, language, lang):
    database_down.undo()
    client.force_login(rep)
    client.raise_request_exception = False
    connection.close()
    database_down.setitem(connection.settings_dict, "OPTIONS", {"host": "/nonexistent"})
    answer = client.get(PAGE, headers={"Accept-Language": language})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert lang in answer.content.decode()
    database_down.undo()
    connection.close()
    assert client.get(PAGE).status_code == 200
