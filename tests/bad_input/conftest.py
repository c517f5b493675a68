"""A person at a desk, in both languages."""

import pytest
from django.test import Client

from users.models import User


@pytest.fixture
def person(manager: User) -> User:
    """A manager who reads Persian."""
    return manager


@pytest.fixture
def desk(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


@pytest.fixture(params=["fa", "en"])
def language(request: pytest.FixtureRequest, person: User) -> str:
    """The user's language: every refusal is read in both."""
    digits = {"fa": "fa", "en": "latin"}[request.param]
    calendar = {"fa": "jalali", "en": "gregorian"}[request.param]
    User.objects.filter(pk=person.pk).update(language=request.param, digits=digits, calendar=calendar)
    return str(request.param)
