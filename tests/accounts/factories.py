"""Rows for the tests of accounts."""

import factory

from accounts.models import Account, Contact
from users.models import User


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"someone{n}@example.com")
    first_name = "سارا"
    last_name = factory.Sequence(lambda n: f"کاربر {n}")


class AccountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Account

    name = factory.Sequence(lambda n: f"شرکت نمونه {n}")


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    first_name = "مریم"
    last_name = factory.Sequence(lambda n: f"رضایی {n}")
