"""Every address × every actor, from the rows each app writes down in tests/<app>/matrix.py."""

import importlib
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.matrix import ACTORS, Row, addresses
from tests.world import key

FOLDER = Path(__file__).resolve().parent


def collected() -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for path in sorted(FOLDER.glob("*/matrix.py")):
        for name, row in importlib.import_module(f"tests.{path.parent.name}.matrix").MATRIX.items():
            assert name not in rows, f"{name} has two rows"
            rows[name] = row
    return rows


MATRIX = collected()


def test_every_address_has_a_row():
    names = set(addresses())
    missing, gone = sorted(names - set(MATRIX)), sorted(set(MATRIX) - names)
    assert not missing, f"addresses without a row: {missing}"
    assert not gone, f"rows without an address: {gone}"


def outcome(client: Client, row: Row, url: str) -> str:
    response = client.post(url, dict(row.data)) if row.post else client.get(url, dict(row.data))
    if response.status_code in {301, 302} and "/auth/login/" in response["Location"]:
        return "sign-in"
    if response.status_code in {403, 404}:
        return {403: "refused", 404: "missing"}[response.status_code]
    assert response.status_code < 400 or response.status_code in {409, 422, 503}, (url, response.status_code)
    return "in"


@pytest.mark.parametrize("actor", ["anonymous", *ACTORS])
def test_each_address_answers_the_actor_as_written(actor, world, request):
    client = Client()
    if actor != "anonymous":
        client.force_login(request.getfixturevalue(actor))
    wrong = []
    for name in sorted(set(addresses()) & set(MATRIX)):
        row = MATRIX[name]
        try:
            url = reverse(name, args=[key(world, part) for part in row.args])
        except NoReverseMatch:
            wrong.append(f"{name}: the row's args {row.args} do not make its address")
            continue
        with transaction.atomic():
            found = outcome(client, row, url)
            transaction.set_rollback(True)
        if found != row.expected(actor):
            wrong.append(f"{name}: {found}, written {row.expected(actor)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("actor", ["anonymous", *ACTORS])
def test_the_administration_lets_administrators_in_only(actor, request, settings, company):
    settings.ADMIN_REQUIRES_MFA = False
    client = Client()
    if actor != "anonymous":
        client.force_login(request.getfixturevalue(actor))
    for name in ("admin:index", "admin:leads_lead_changelist", "admin:users_user_add", "admin:jsi18n"):
        response = client.get(reverse(name))
        if actor == "admin":
            assert response.status_code == 200, name
        else:
            assert response.status_code == 302, name
            assert reverse("admin:login") in response["Location"], name
