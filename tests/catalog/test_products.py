"""Products and their families."""

import factory
import pytest
from django.urls import reverse

from catalog.models import Product, ProductFamily
from core.testing import CrudContract, FilterContract, TableContract

pytestmark = pytest.mark.django_db


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product

    code = factory.Sequence("P{}".format)
    name_fa = factory.Sequence("چاپگر {}".format)
    name_en = "Printer"
    price = 10_000_000


class TestProduct(CrudContract, FilterContract, TableContract):
    model = Product
    factory = ProductFactory
    seer = "manager"
    foreigner = ""
    values = {"code": "NEW-1", "name_fa": "نمایشگر", "price": "۱٬۲۰۰٬۰۰۰"}
    changed = {"name_fa": "چاپگر لیزری"}


class TestProductFamily(CrudContract, FilterContract, TableContract):
    model = ProductFamily
    seer = "manager"
    foreigner = ""
    values = {"name_fa": "تازه", "name_en": "Quite new"}
    changed = {"name_fa": "نام نو"}
    exempt = ("code", "name_fa", "name_en", "position", "created_at")

    def make(self, owner=None, **values):
        number = self.model.objects.count()
        return self.model.objects.create(code=f"c{number}", name_fa="الف", name_en="A", **values)


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


def test_a_price_is_typed_in_toman_and_kept_in_rial(page):
    page.post(
        reverse("catalog:product_add"),
        {
            "code": "A1",
            "name_fa": "نمایشگر",
            "type": "goods",
            "price": "۱٬۲۰۰٬۰۰۰",
            "currency": "IRR",
            "is_active": "on",
        },
    )
    assert Product.objects.get(code="A1").price == 12_000_000


def test_a_code_is_used_once_but_is_free_again_in_the_bin(page):
    first = ProductFactory(code="A1")
    data = {"code": "A1", "name_fa": "دیگر", "type": "goods", "price": "1", "currency": "IRR"}
    answer = page.post(reverse("catalog:product_add"), data)
    assert answer.status_code == 422
    page.post(reverse("catalog:product_delete", args=[first.pk]))
    assert page.post(reverse("catalog:product_add"), data).status_code == 302
    page.post(reverse("restore", args=["catalog.product", first.pk]))
    assert Product.all_objects.get(pk=first.pk).deleted_at is not None


@pytest.mark.parametrize("price", ["-1", "abc", "9" * 30])
def test_an_impossible_price_is_refused(page, price):
    data = {"code": "A1", "name_fa": "نمایشگر", "type": "goods", "price": price, "currency": "IRR"}
    assert page.post(reverse("catalog:product_add"), data).status_code == 422


@pytest.mark.parametrize("typed", ["چاپگر", "چاپگر ٣", "printer 3", "a-3"])
def test_a_product_is_found_by_either_name_and_by_code(page, typed):
    ProductFactory(code="A-3", name_fa="چاپگر ۳", name_en="Printer 3")
    ProductFactory(code="B-4", name_fa="نمایشگر", name_en="Monitor")
    answer = page.get(reverse("catalog:product_list"), {"q": typed})
    assert [row.code for row in answer.context["pager"].rows] == ["A-3"]


def test_the_name_follows_the_readers_language(page, manager):
    ProductFactory(name_fa="چاپگر", name_en="Printer")
    assert "چاپگر" in page.get(reverse("catalog:product_list")).content.decode()
    manager.language = "en"
    manager.save()
    assert ">Printer<" in page.get(reverse("catalog:product_list")).content.decode()
