"""A cycle, its stages by code, reasons, and an administrator who may do everything."""

from types import SimpleNamespace

import pytest

from tests.opportunities.factories import CycleFactory, OpportunityFactory, ReasonFactory, UserFactory


@pytest.fixture
def boss(db):
    return UserFactory(email="boss@example.com", is_superuser=True, language="en", digits="latin", money_unit="IRR")


@pytest.fixture
def cycle(db):
    return CycleFactory()


@pytest.fixture
def stages(cycle):
    return SimpleNamespace(**{stage.code: stage for stage in cycle.stages.all()})


@pytest.fixture
def deal(cycle, boss):
    return OpportunityFactory(cycle=cycle, owner=boss)


@pytest.fixture
def price(db):
    return ReasonFactory(outcome="lost")


@pytest.fixture
def quality(db):
    return ReasonFactory(outcome="won")
