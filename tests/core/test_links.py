"""Addresses that leave the house."""

import pytest

from core import context, links


def test_the_setting_wins_over_the_request(settings):
    token = context.site.set("http://10.0.0.5:8000")
    try:
        settings.SITE_URL = "https://crm.example.ir"
        assert links.absolute("/i/abc/") == "https://crm.example.ir/i/abc/"
        settings.SITE_URL = ""
        assert links.absolute("/i/abc/") == "http://10.0.0.5:8000/i/abc/"
        assert links.site_host() == "10.0.0.5"
    finally:
        context.site.reset(token)
    assert links.absolute("/x/").startswith(settings.SITE_FALLBACK)
    assert links.absolute("https://other.example/x") == "https://other.example/x"


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused(client, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    assert client.get("/auth/login/").status_code == 200
    assert client.get("/auth/login/", headers={"host": "evil.example"}).status_code == 400
    assert context.site.get() == ""
