"""Who sees what: teams as a tree, branches, several roles, queues, inactive people."""

import pytest
from django.db import IntegrityError, transaction

from leads.models import Lead
from tests.users.factories import TeamFactory, UserFactory
from users.models import Role, RoleGrant, Team, User


def lead(owner: User | None, team: Team | None = None) -> Lead:
    return Lead.objects.create(last_name="نامی", owner=owner, team=team)


def as_new(user: User) -> User:
    """The user as the next request loads it."""
    return User.objects.get(pk=user.pk)


def seen(user: User, action: str = "view") -> set[int]:
    return set(Lead.objects.for_user(as_new(user), action).values_list("pk", flat=True))


def grant(role: str, action: str, scope: str, model: str = "leads.lead") -> None:
    RoleGrant.objects.update_or_create(
        role=Role.objects.get(code=role), model=model, action=action, defaults={"scope": scope}
    )


def test_a_rep_sees_own_leads_only(rep, teammate, outsider):
    mine = lead(rep)
    lead(teammate), lead(outsider), lead(None)
    assert seen(rep) == {mine.pk}


def test_a_manager_sees_the_tree_below(rep, teammate, manager, outsider):
    rows = {lead(person).pk for person in (rep, teammate, manager)}
    lead(outsider)
    assert seen(manager) == rows


def test_a_leader_of_several_teams_sees_each_tree(company, rep, outsider, manager):
    below = TeamFactory(parent=company.other_team)
    deep = UserFactory(team=below, roles=["sales-rep"])
    rows = {lead(person).pk for person in (rep, outsider, deep)}
    assert seen(manager) != rows
    Team.objects.filter(pk=company.other_team.pk).update(leader=manager)
    assert seen(manager) == rows


def test_a_subtree_that_moves_is_seen_by_its_new_chief(company, rep, manager, outsider):
    row = lead(rep)
    chief = UserFactory(team=company.other_team, roles=["sales-manager"])
    assert seen(chief) == set()
    Team.objects.filter(pk=company.sales.pk).update(parent=company.other_team)
    assert seen(chief) == {row.pk}
    company.reps.refresh_from_db()
    assert company.reps.path == f"/{company.other_team.pk}/{company.sales.pk}/{company.reps.pk}/"


def test_a_team_cannot_be_part_of_itself(company):
    with pytest.raises(IntegrityError), transaction.atomic():
        Team.objects.filter(pk=company.sales.pk).update(parent=company.reps)


def test_a_queue_is_seen_by_its_team_alone(company, rep, manager, outsider):
    grant("sales-rep", "view", "team")
    queued = lead(None, company.reps)
    assert queued.pk in seen(rep)
    assert queued.pk in seen(manager)
    assert queued.pk not in seen(outsider)


def test_rows_follow_their_owner_to_another_team(company, rep, manager, outsider):
    grant("sales-rep", "view", "team")
    row = lead(rep)
    User.objects.filter(pk=rep.pk).update(team=company.other_team)
    assert row.pk in seen(outsider)
    assert row.pk not in seen(manager)


def test_branch_scope(company, rep, executive, outsider):
    grant("executive", "view", "branch")
    same, other = lead(rep), lead(outsider)
    queued = lead(None, company.sales)
    assert seen(executive) == {same.pk, queued.pk}
    assert other.pk not in seen(executive)


def test_a_user_without_branch_has_that_of_the_team(company, rep, outsider):
    grant("executive", "view", "branch")
    row = lead(outsider)
    viewer = UserFactory(team=company.other_team, roles=["executive"])
    assert seen(viewer) == {row.pk}


def test_branch_scope_without_a_branch_is_own(company, rep, outsider):
    grant("executive", "view", "branch")
    lead(rep), lead(None, TeamFactory())
    viewer = UserFactory(roles=["executive"])
    assert seen(viewer) == set()


def test_the_widest_role_wins(rep, outsider):
    row = lead(outsider)
    assert row.pk not in seen(rep)
    rep.groups.add(Role.objects.get(code="executive").group)
    assert row.pk in seen(rep)
    assert row.pk not in seen(rep, "change")


@pytest.mark.parametrize(
    ("role", "action", "expected"),
    [
        ("executive", "view", True),
        ("executive", "export", True),
        ("executive", "change", False),
        ("executive", "delete", False),
        ("sales-manager", "export", True),
        ("sales-rep", "view", True),
        ("sales-rep", "export", False),
        ("sales-rep", "convert", True),
        ("marketing-rep", "change", True),
        ("marketing-rep", "convert", False),
        ("customer-rep", "view", True),
        ("customer-rep", "delete", False),
    ],
)
def test_the_default_roles_on_leads(db, role, action, expected):
    user = UserFactory(roles=[role])
    assert user.has_perm(f"leads.{action}_lead") is expected


def test_nobody_sees_nothing(nobody, rep, db):
    from django.contrib.auth.models import AnonymousUser

    lead(rep)
    assert seen(nobody) == set()
    assert not Lead.objects.for_user(AnonymousUser()).exists()


def test_a_person_who_left_sees_nothing_but_the_work_stays(rep, manager):
    row = lead(rep)
    User.objects.filter(pk=rep.pk).update(is_active=False)
    assert seen(rep) == set()
    assert seen(manager) == {row.pk}


def test_an_administrator_has_everything(admin, rep, outsider):
    rows = {lead(rep).pk, lead(outsider).pk, lead(None).pk}
    for action in ("view", "change", "delete", "export", "convert"):
        assert seen(admin, action) == rows


def test_the_scope_costs_few_queries(manager, rep, django_assert_max_num_queries):
    lead(rep)
    user = as_new(manager)
    with django_assert_max_num_queries(5):
        list(Lead.objects.for_user(user))
    with django_assert_max_num_queries(1):
        list(Lead.objects.for_user(user))
