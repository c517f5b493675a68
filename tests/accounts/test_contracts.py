"""The pages of accounts and contacts keep the house's contracts."""

import pytest

from accounts.lists import LISTS
from accounts.models import Account, BuyingRole, Contact, Industry, RelationType, Source
from core.testing import CrudContract, FilterContract, TableContract
from tests.accounts.factories import AccountFactory, ContactFactory

pytestmark = pytest.mark.django_db


class TestAccount(CrudContract, FilterContract, TableContract):
    model = Account
    factory = AccountFactory
    values = {"name": "شركت فولاد پارس", "phone": "021 8877 6655"}
    changed = {"name": "فولاد پارس نو"}


class TestContact(CrudContract, FilterContract, TableContract):
    model = Contact
    factory = ContactFactory
    values = {"first_name": "علي", "last_name": "کریمی", "traits": "دقیق، خوش‌قول"}
    changed = {"last_name": "کریمی نو"}
    exempt = ("accounts",)


class ListContract(CrudContract, FilterContract, TableContract):
    """Every list of values."""

    seer = "manager"
    foreigner = ""
    changed = {"name_fa": "نام نو"}
    exempt = ("code", "name_fa", "name_en", "position", "created_at")
    values = {"name_fa": "تازه", "name_en": "Quite new"}

    def make(self, owner=None, **values):
        number = self.model.objects.count()
        return self.model.objects.create(**{"code": f"c{number}", "name_fa": "الف", "name_en": "A", **values})


class TestIndustry(ListContract):
    model = Industry


class TestBuyingRole(ListContract):
    model = BuyingRole


class TestSource(ListContract):
    model = Source
    exempt = (*ListContract.exempt, "needs_referrer")


class TestRelationType(ListContract):
    model = RelationType
    values = {**ListContract.values, "inverse_fa": "وارون", "inverse_en": "Inverse"}
    exempt = (*ListContract.exempt, "inverse_fa", "inverse_en")

    def make(self, owner=None, **values):
        return super().make(owner, inverse_fa="ب", inverse_en="B", **values)


def test_every_list_of_values_opens_for_a_manager_only(client, manager, rep):
    from django.urls import reverse

    names = ["accounts:settings", *(f"accounts:{model._meta.model_name}_list" for model in LISTS.values())]
    for user, status in ((manager, 200), (rep, 403)):
        client.force_login(user)
        assert {name: client.get(reverse(name)).status_code for name in names} == dict.fromkeys(names, status)


def test_the_code_of_a_value_is_made_of_its_english_name(client, manager):
    from django.urls import reverse

    client.force_login(manager)
    for _again in range(2):
        client.post(reverse("accounts:source_add"), {"name_fa": "رادیو", "name_en": "Radio show", "position": "5"})
    assert set(Source.objects.filter(name_fa="رادیو").values_list("code", flat=True)) == {"radio-show", "radio-show-2"}


def test_a_value_in_use_is_not_deleted(client, manager):
    from django.urls import reverse

    source = Source.objects.get(code="phone")
    AccountFactory(source=source)
    client.force_login(manager)
    client.post(reverse("accounts:source_delete", args=[source.pk]))
    assert Source.objects.filter(pk=source.pk).exists()
