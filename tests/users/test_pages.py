"""The pages of the settings open for those who may, in both languages, and keep the contracts of lists and forms."""

import pytest
from django.urls import reverse

from core.models import Currency, Holiday
from core.testing import CrudContract, FilterContract, TableContract
from tests.users.factories import BranchFactory, RoleFactory, TeamFactory, UserFactory
from users.models import Branch, Role, Team, User

ADMIN_PAGES = (
    "users:settings",
    "users:organisation",
    "users:access",
    "users:user_list",
    "users:user_add",
    "users:team_list",
    "users:branch_list",
    "users:role_list",
    "users:role_add",
    "core:holiday_list",
    "core:currency_list",
    "preferences",
)


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_an_administrator_opens_every_page(client, admin, name, language):
    User.objects.filter(pk=admin.pk).update(language=language)
    client.force_login(admin)
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert f'lang="{language}"' in response.content.decode()


class TestUserPages(CrudContract, FilterContract, TableContract):
    model = User
    factory = UserFactory
    seer = "admin"
    values = {"first_name": "مینا", "email": "New@Example.com"}
    changed = {"first_name": "مهتاب", "email": "changed@example.com"}
    exempt = (
        "password",
        "first_name",
        "last_name",
        "email",
        "mobile",
        "is_sample",
        "calendar",
        "digits",
        "money_unit",
        "time_zone",
        "theme",
        "density",
        "first_page",
        "list_columns",
        "user_permissions",
    )

    def fill_and_post(self, client, url, values):
        role = Role.objects.get(code="sales-rep")
        return super().fill_and_post(client, url, {**values, "roles": [role.pk]})

    def make(self, owner=None, **values):
        return UserFactory(**values)


class TestTeamPages(CrudContract, FilterContract, TableContract):
    model = Team
    factory = TeamFactory
    seer = "admin"
    values = {"name": "تیم تازه"}
    changed = {"name": "تیم دیگر"}
    exempt = ("path", "created_at")


class TestBranchPages(CrudContract, FilterContract, TableContract):
    model = Branch
    factory = BranchFactory
    seer = "admin"
    values = {"name": "شعبه تازه"}
    changed = {"name": "شعبه دیگر"}
    exempt = ("created_at",)


class TestRolePages(CrudContract, FilterContract, TableContract):
    model = Role
    factory = RoleFactory
    seer = "admin"
    values = {"code": "auditor", "name_fa": "حسابرس", "name_en": "Auditor"}
    changed = {"name_fa": "ناظر"}
    exempt = ("group", "code", "name_fa", "name_en", "description_fa", "description_en", "created_at")


def make_holiday(**values):
    from datetime import date, timedelta

    number = Holiday.objects.count()
    return Holiday.objects.create(date=date(1990, 1, 1) + timedelta(days=number), name=f"روز {number}", **values)


class TestHolidayPages(CrudContract, FilterContract, TableContract):
    model = Holiday
    factory = staticmethod(make_holiday)
    seer = "admin"
    values = {"date": "1399/12/30", "name": "روز آزمون"}
    changed = {"name": "نامی دیگر"}


def make_currency(**values):
    code = "X" + "".join(chr(65 + int(d)) for d in f"{Currency.objects.count():02d}"[:2])
    return Currency.objects.create(code=code, name_fa=f"ارز {code}", name_en=code, **values)


class TestCurrencyTable(TableContract):
    model = Currency
    factory = staticmethod(make_currency)
    seer = "admin"
