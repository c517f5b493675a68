"""Likely duplicates, found by indexes: the same number, address or ID, and names that sound the same."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Lower

from accounts.models import Account, Contact, ContactPoint
from core import text
from core.parsing import InputError
from core.phones import parse_phone

Party = TypeVar("Party", Account, Contact)

MIN_NAME = 4  # letters, without spaces: shorter names are like too many others
MAX_NAME = 120
GENERIC_WORDS = frozenset(
    text.fold(word)
    for word in (
        "شرکت", "گروه", "صنایع", "کارخانه", "کارخانجات", "مؤسسه", "مجتمع", "فروشگاه", "بازرگانی", "تولیدی", "سهامی", "خاص",
        "عام", "هلدینگ", "دفتر", "the", "company", "co", "co.", "ltd", "ltd.", "inc", "inc.", "llc", "group", "holding",
    )
)  # fmt: skip


def similar_accounts(
    *, user: Any, name: str = "", phones: Iterable[str] = (), email: str = "", national_id: str = "", limit: int = 5
) -> list[Account]:
    """Accounts the user may see that may be the same party, the surest first. Three queries at most.

    Sure: the national ID, a phone, an e-mail address (also among the contact points). Likely: the name without words such
    as «شرکت» stands in the other's name, however it is written.
    """
    tests = _reach_tests("account", phones, email)
    national_id = "".join(text.to_ascii_digits(national_id).split())
    if national_id:
        tests.insert(0, Q(national_id=national_id) & ~Q(national_id=""))
    key = _name_core(name)
    likely = None
    if len(key) >= MIN_NAME:
        tests.append(Q(name_key=text.tight(name[:MAX_NAME])))
        likely = Q(search_key__contains=key)
    return _ranked(Account.objects.for_user(user, "view"), tests, likely, limit)


def similar_contacts(
    *, user: Any, first_name: str = "", last_name: str = "", phones: Iterable[str] = (), email: str = "", limit: int = 5
) -> list[Contact]:
    """Contacts the user may see that may be the same person, the surest first. Three queries at most.

    Sure: a phone, an e-mail address (also among the contact points). Likely: the same full name, however it is written.
    """
    tests = _reach_tests("contact", phones, email)
    key = text.tight(f"{first_name[:MAX_NAME]} {last_name[:MAX_NAME]}")
    if first_name.strip() and last_name.strip() and len(key) >= MIN_NAME:
        tests += [Q(name_key=key), Q(name_key__startswith=key)]
    return _ranked(Contact.objects.for_user(user, "view"), tests, None, limit)


def _name_core(name: str) -> str:
    words = [word for word in text.fold(name[:MAX_NAME]).split() if word not in GENERIC_WORDS]
    return "".join(words)


def _reach_tests(owner: str, phones: Iterable[str], email: str) -> list[Q]:
    numbers = sorted({number for typed in phones if (number := _number(typed))})
    address = email.strip().lower()
    tests = []
    if numbers:
        tests.append((Q(phone__in=numbers) & ~Q(phone="")) | (Q(mobile__in=numbers) & ~Q(mobile="")))
    if address:
        tests.append(Q(email_key=address) & ~Q(email=""))
    values = [*numbers, *([address] if address else [])]
    if values:
        # Asked first and alone: a subquery beside OR would keep the planner from the other indexes.
        points = ContactPoint.objects.filter(value__in=values, **{f"{owner}__isnull": False})
        found = list(points.values_list(owner, flat=True)[:50])
        if found:
            tests.append(Q(pk__in=found))
    return tests


def _number(typed: str) -> str:
    try:
        return parse_phone(typed).number if typed.strip() else ""
    except InputError:
        return ""


def _ranked(rows: QuerySet[Party], tests: list[Q], likely: Q | None, limit: int) -> list[Party]:
    """Rows that pass any of the tests, in the tests' order; then as many likely ones as there is room for.

    The likely ones are asked apart and unsorted: a common word has thousands, and sorting them would cost the most.
    """
    found: list[Party] = []
    if tests:
        any_test = Q()
        for test in tests:
            any_test |= test
        places = (When(test, then=Value(place)) for place, test in enumerate(tests))
        rank = Case(*places, default=Value(len(tests)), output_field=IntegerField())
        found = list(rows.alias(email_key=Lower("email")).filter(any_test).order_by(rank, "-pk")[:limit])
    if likely is not None and len(found) < limit:
        more = rows.filter(likely).exclude(pk__in=[row.pk for row in found]).order_by()
        found += list(more[: limit - len(found)])
    return found
