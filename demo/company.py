"""The sample company itself: branches, teams, people, products."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.contrib.auth.models import Group

from catalog.models import Product, ProductFamily, ProductType
from core.models import Organisation
from demo import words
from users.models import Branch, Role, Team, User


@dataclass
class Seller:
    """A person with the share of the work and the skill that show in the figures."""

    user: User
    kind: str
    skill: float
    share: float


@dataclass
class Company:
    """What sample rows refer to."""

    admin: User
    sellers: list[Seller] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[Seller]:
        """Sellers to companies ("b2b") or to people ("b2c")."""
        return [s for s in self.sellers if s.kind == kind]


def make_company() -> Company:
    """Organisation, branches, teams, people and products; safe to call again."""
    organisation = Organisation.objects.first() or Organisation()
    if organisation.name_fa in {"", "پیوند"}:
        organisation.name_fa, organisation.name_en = "نوین‌تجهیز پارس", "Novin Tajhiz Pars"
        organisation.working_days = organisation.working_days or [0, 1, 2, 3, 4]
        organisation.save()
    branches = [Branch.objects.get_or_create(name=name, defaults={"city": city})[0] for name, city in words.BRANCHES]
    teams: dict[str, Team] = {}
    for code, name, branch, parent, _kind in words.TEAMS:
        teams[code], _made = Team.objects.get_or_create(
            name=name, defaults={"branch": branches[branch], "parent": teams.get(parent)}
        )
    kinds = {code: kind for code, _name, _branch, _parent, kind in words.TEAMS}
    company = Company(admin=_user(words.PEOPLE[0], teams))
    for person in words.PEOPLE[1:]:
        user = _user(person, teams)
        team, skill, share = person[5], person[6], person[7]
        if share:
            company.sellers.append(Seller(user, kinds[team], skill, share))
        if person[4] == "sales-manager":
            Team.objects.filter(pk=teams[team].pk).update(leader=user)
    company.products = _products(company.admin)
    return company


def _user(person: tuple[str, str, str, str, str, str, float, float], teams: dict[str, Team]) -> User:
    name, first, last, title, role_code, team_code, _skill, _share = person
    email = f"{name}@{words.EMAIL_DOMAIN}"
    user = User.objects.filter(email=email).first()
    if user is None:
        is_admin = role_code == "admin"
        team = teams.get(team_code)
        user = User.objects.create_user(
            email,
            words.PASSWORD,
            first_name=first,
            last_name=last,
            job_title=title,
            team=team,
            branch=team.branch if team else None,
            is_staff=is_admin,
            is_superuser=is_admin,
            is_sample=True,
        )
    role = Role.objects.filter(code=role_code).select_related("group").first()
    group = role.group if role else Group.objects.get_or_create(name=role_code)[0]
    user.groups.add(group)
    return user


def _products(admin: User) -> list[Product]:
    families = {}
    for code, name_fa, name_en in words.PRODUCT_FAMILIES:
        families[code], _made = ProductFamily.objects.get_or_create(
            code=code, defaults={"name_fa": name_fa, "name_en": name_en}
        )
    products = []
    for code, family, name_fa, name_en, price, unit in words.PRODUCTS:
        product, _made = Product.objects.get_or_create(
            code=code,
            defaults={
                "name_fa": name_fa,
                "name_en": name_en,
                "family": families[family],
                "price": Decimal(price),
                "unit": unit,
                "type": ProductType.SERVICE if family == "services" else ProductType.GOODS,
                "created_by": admin,
                "is_sample": True,
            },
        )
        products.append(product)
    return products
