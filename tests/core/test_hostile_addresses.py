"""Addresses of the frame that nobody links to."""

import pytest
from django.urls import reverse

from core.policies import all_policies

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("actor", ["rep", "nobody", "admin"])
def test_no_kind_of_record_breaks_the_pages_that_take_any(client, world, request, actor):
    client.force_login(request.getfixturevalue(actor))
    for policy in all_policies():
        row = getattr(policy.model, "all_objects", policy.model._default_manager).first()
        number = row.pk if row is not None and isinstance(row.pk, int) else 1
        urls = [reverse(name, args=[policy.label]) for name in ("typeahead", "bin")]
        urls += [reverse(name, args=[policy.label, number]) for name in ("history", "access")]
        for url in urls:
            assert client.get(url).status_code in {200, 403, 404}, url


def test_links_between_records_are_not_listed(client, world, rep):
    client.force_login(rep)
    for label in ("messaging.messagelink", "activities.activitylink", "messaging.mute", "opportunities.tally"):
        assert client.get(reverse("typeahead", args=[label])).status_code == 404, label
    assert client.get(reverse("typeahead", args=["accounts.account"])).json()["results"]


@pytest.mark.parametrize("query", ["a\nSet-Cookie: x=1", "q=\u0633\u0644\u0627\u0645"])
def test_a_redirect_of_htmx_holds_no_raw_text(client, rep, query):
    client.force_login(rep)
    response = client.post(reverse("messaging:outbox_resend"), {"query": query}, headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response.headers["HX-Redirect"].isascii()
    assert "\n" not in response.headers["HX-Redirect"]
    assert "=?" not in response.headers["HX-Redirect"]
