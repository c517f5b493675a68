"""What a user's roles add up to. Asked once a request, kept on the user object."""

from typing import TYPE_CHECKING

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q

if TYPE_CHECKING:
    from users.models import User

LEVELS = ("none", "own", "team", "branch", "all")
_RANK = {level: rank for rank, level in enumerate(LEVELS)}


def table_of(user: "User") -> dict[tuple[str, str], str]:
    """(model label, action) → widest scope over all roles of the user; one query, remembered on the object."""
    table: dict[tuple[str, str], str] | None = getattr(user, "_grant_table", None)
    if table is None:
        from users.models import RoleGrant, Team

        table, strict, leads = {}, False, False
        rows = RoleGrant.objects.filter(role__group__user=user.pk).annotate(
            leads=Exists(Team.objects.filter(leader=user.pk))
        )
        for label, action, scope, demands, is_leader in rows.values_list(
            "model", "action", "scope", "role__mfa_required", "leads"
        ):
            key, strict, leads = (label, action), strict or demands, is_leader
            if _RANK[scope] > _RANK[table.get(key, "none")]:
                table[key] = scope
        user._grant_table, user._second_step = table, strict  # type: ignore[attr-defined]
        user._leads_team = leads  # type: ignore[attr-defined]
    return table


def second_step_required(user: "User") -> bool:
    """Whether a role of the user demands two-step sign-in; comes with the table, so it costs no query of its own."""
    table_of(user)
    return bool(user._second_step)  # type: ignore[attr-defined]


def leads_team(user: "User") -> bool:
    """Whether the user leads a team; comes with the table too. Somebody without any role leads nothing."""
    table_of(user)
    return bool(user._leads_team)  # type: ignore[attr-defined]


def rights_key(user: "User") -> tuple[bool, bool, frozenset[tuple[tuple[str, str], str]]]:
    """A key of the user's rights: administrator or not, leader of a team or not, and every grant."""
    return user.is_superuser, leads_team(user), frozenset(table_of(user).items())


def scope_for(user: "User", label: str, action: str) -> str:
    """The scope word for the action on the model; administrators have all."""
    if user.is_superuser:
        return "all"
    return table_of(user).get((label, action), "none")


def _tree(user: "User") -> tuple[list[int], set[int]]:
    """The teams of the user's tree (own team, teams led, and all below) and the people in them; one query, remembered."""
    tree: tuple[list[int], set[int]] | None = getattr(user, "_team_tree", None)
    if tree is None:
        from users.models import Team

        roots = Team.objects.filter(Q(pk=user.team_id) | Q(leader=user.pk))
        below = ExpressionWrapper(OuterRef("path"), output_field=CharField())
        above = roots.annotate(below=below).filter(below__startswith=F("path"))
        rows = list(Team.objects.filter(Exists(above)).values_list("pk", "users"))
        tree = sorted({team for team, _person in rows}), {person for _team, person in rows if person}
        user._team_tree = tree  # type: ignore[attr-defined]
    return tree


def team_ids(user: "User") -> list[int]:
    """The user's team and the teams below it, and the trees of teams the user leads."""
    return _tree(user)[0]


def branch_id_of(user: "User") -> int | None:
    """The user's office: set on the user, else that of the team."""
    if user.branch_id or not user.team_id:
        return user.branch_id
    return user.team.branch_id if user.team else None


def colleagues(user: "User", level: str) -> list[int]:
    """Ids of the users the scope word covers, the user included; remembered on the object."""
    known: dict[str, list[int]] = user.__dict__.setdefault("_colleagues", {})
    if level not in known:
        from users.models import User as UserModel

        if level == "team":
            known[level] = sorted({user.pk, *_tree(user)[1]})
            return known[level]
        if level == "branch" and (branch := branch_id_of(user)):
            people = UserModel.objects.filter(Q(branch=branch) | Q(branch=None, team__branch=branch))
        else:
            people = UserModel.objects.none()
        known[level] = sorted({user.pk, *people.values_list("pk", flat=True)})
    return known[level]
