"""The permission matrix again, posted to: an address that refuses to be read refuses to be written to."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.matrix import ACTORS, addresses
from tests.test_permissions_matrix import MATRIX
from tests.world import key

REFUSALS = {"refused": {403, 405}, "missing": {404, 405, 403}}


@pytest.mark.parametrize("actor", ["anonymous", *ACTORS])
def test_who_may_not_open_it_may_not_post_to_it(actor, world, request):
    client = Client()
    if actor != "anonymous":
        client.force_login(request.getfixturevalue(actor))
    wrong = []
    for name in sorted(set(addresses()) & set(MATRIX)):
        row = MATRIX[name]
        expected = row.expected(actor)
        if row.post or row.public or expected == "in":
            continue
        try:
            url = reverse(name, args=[key(world, part) for part in row.args])
        except NoReverseMatch:
            continue
        with transaction.atomic():
            response = client.post(url, {"text": "x", "go": "1"})
            transaction.set_rollback(True)
        if expected == "sign-in":
            if response.status_code != 405 and "/auth/login/" not in response.headers.get("Location", ""):
                wrong.append(f"{name}: {response.status_code}, not sent to sign-in")
        elif response.status_code not in REFUSALS[expected]:
            wrong.append(f"{name}: {response.status_code}, {expected} when opened")
    assert not wrong, "\n".join(wrong)
