"""The people of the tests: who they are in the company and what their roles let them do.

`rep` and `teammate` are in one team that `manager` leads; `outsider` is a rep of another team and branch;
`executive`, `marketer`, `support` and `admin` have no team.
"""

from dataclasses import dataclass

import pytest

from tests.users.factories import BranchFactory, TeamFactory, UserFactory
from users.models import Branch, Team, User


@dataclass
class Company:
    """Two branches; under the sales team of the first one a team of reps, and a team apart in the second."""

    head_office: Branch
    other_office: Branch
    sales: Team
    reps: Team
    other_team: Team


@pytest.fixture
def company(db) -> Company:
    head_office, other_office = BranchFactory(), BranchFactory()
    sales = TeamFactory(branch=head_office)
    reps = TeamFactory(parent=sales, branch=head_office)
    return Company(head_office, other_office, sales, reps, TeamFactory(branch=other_office))


@pytest.fixture
def rep(company) -> User:
    return UserFactory(email="rep@example.com", team=company.reps, branch=company.head_office, roles=["sales-rep"])


@pytest.fixture
def teammate(company) -> User:
    return UserFactory(email="teammate@example.com", team=company.reps, branch=company.head_office, roles=["sales-rep"])


@pytest.fixture
def manager(company) -> User:
    user = UserFactory(
        email="manager@example.com", team=company.sales, branch=company.head_office, roles=["sales-manager"]
    )
    Team.objects.filter(pk=company.sales.pk).update(leader=user)
    return user


@pytest.fixture
def outsider(company) -> User:
    return UserFactory(
        email="outsider@example.com", team=company.other_team, branch=company.other_office, roles=["sales-rep"]
    )


@pytest.fixture
def executive(company) -> User:
    return UserFactory(email="executive@example.com", branch=company.head_office, roles=["executive"])


@pytest.fixture
def marketer(company) -> User:
    return UserFactory(email="marketer@example.com", branch=company.head_office, roles=["marketing-rep"])


@pytest.fixture
def support(company) -> User:
    return UserFactory(email="support@example.com", branch=company.head_office, roles=["customer-rep"])


@pytest.fixture
def admin(company) -> User:
    return UserFactory(email="admin@example.com", is_staff=True, is_superuser=True, roles=["admin"])


@pytest.fixture
def nobody(company) -> User:
    """Somebody who can sign in and has no role."""
    return UserFactory(email="nobody@example.com")
