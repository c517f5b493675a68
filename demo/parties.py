"""Sample accounts and contacts."""

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from accounts.models import Account, AccountKind, BuyingRole, Contact, Employment, Industry, LifecycleStage, Province
from core.bulk import copy_rows, reserve_ids
from core.text import to_persian_digits
from demo import words
from demo.calendar import Days
from demo.company import Company, Seller


@dataclass
class Party:
    """What later rows need to know of an account and its main contact."""

    account_id: int
    contact_id: int | None
    name: str
    is_person: bool
    seller: Seller
    first_name: str
    last_name: str
    mobile: str
    email: str
    created_at: dt.datetime


def person_name(rng: random.Random) -> tuple[str, str]:
    """First and last name; now and then an Arabic-keyboard writing of the same, as real data has it."""
    first = rng.choice(words.WOMEN if rng.random() < 0.45 else words.MEN)
    last = rng.choice(words.FAMILIES)
    if rng.random() < 0.15:
        last = f"{last} {rng.choice(words.FAMILIES)}"
    return first, last


def mobile_number(rng: random.Random) -> str:
    """A mobile number in E.164 in ranges that are in use."""
    prefix = rng.choice(
        ("912", "913", "915", "917", "919", "930", "933", "935", "936", "901", "902", "921", "990", "991")
    )
    return f"+98{prefix}{rng.randrange(10_000_000):07d}"


def company_name(rng: random.Random) -> str:
    """A company name made of three words."""
    kind, first, second = (
        rng.choice(words.COMPANY_KINDS),
        rng.choice(words.COMPANY_FIRST),
        rng.choice(words.COMPANY_SECOND),
    )
    return f"{kind} {second} {first}" if rng.random() < 0.5 else f"{kind} {first} {second}"


def company_id(rng: random.Random) -> str:
    """An 11-digit company ID with a right check digit (PERSIAN.md 3.9)."""
    digits = [1, 4, 0, 0, *(rng.randrange(10) for _ in range(6))]
    shift = digits[9] + 2
    weights = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)
    check = sum((d + shift) * w for d, w in zip(digits, weights, strict=True)) % 11 % 10
    return "".join(map(str, [*digits, check]))


class PartyMaker:
    """Makes accounts with their contacts and writes them by COPY."""

    def __init__(self, company: Company, days: Days, rng: random.Random):
        self.company, self.days, self.rng = company, days, rng
        self.provinces = dict(Province.objects.values_list("name_fa", "pk"))
        self.industries = list(Industry.objects.values_list("pk", flat=True)) or [None]
        self.stages = list(LifecycleStage.objects.order_by("position").values_list("pk", flat=True)) or [None]
        self.roles = list(BuyingRole.objects.values_list("pk", flat=True)) or [None]

    def make(self, count: int) -> list[Party]:
        """``count`` accounts, seven of ten organisations, and as many contacts."""
        rng = self.rng
        account_ids, contact_ids = reserve_ids(Account, count), reserve_ids(Contact, count)
        moments = self.days.moments(count)
        b2b, b2c = self.company.of_kind("b2b"), self.company.of_kind("b2c")
        parties, accounts, contacts, jobs = [], [], [], []
        last_organisation: int | None = None
        for number, (account_id, contact_id, at) in enumerate(zip(account_ids, contact_ids, moments, strict=True)):
            is_person = number % 10 in {3, 6, 9}
            sellers = b2c if is_person else b2b
            seller = rng.choices(sellers, [s.share for s in sellers])[0]
            first, last = person_name(rng)
            party = Party(
                account_id,
                None if is_person else contact_id,
                f"{first} {last}" if is_person else company_name(rng),
                is_person,
                seller,
                first,
                last,
                mobile_number(rng),
                f"info{account_id}@{words.EMAIL_DOMAIN}",
                at,
            )
            parties.append(party)
            accounts.append(self._account(party, at))
            contacts.append(self._contact(party, contact_id, at, first, last))
            employer = last_organisation if is_person else account_id
            last_organisation = employer
            if employer is not None:
                jobs.append(self._job(contact_id, employer, at, main=not is_person))
        copy_rows(Account, accounts)
        copy_rows(Contact, contacts)
        copy_rows(Employment, jobs)
        return parties

    def _place(self) -> tuple[int | None, str, str]:
        province, city, code = self.rng.choices(words.CITIES, words.CITY_WEIGHTS)[0]
        return self.provinces.get(province), city, code

    def _common(self, at: dt.datetime, seller: Seller) -> dict[str, Any]:
        return {
            "created_at": at,
            "updated_at": at,
            "created_by_id": seller.user.pk,
            "owner_id": seller.user.pk,
            "team_id": seller.user.team_id,
            "is_sample": True,
        }

    def _account(self, party: Party, at: dt.datetime) -> dict[str, Any]:
        rng = self.rng
        province, city, code = self._place()
        row = {
            "id": party.account_id,
            **self._common(at, party.seller),
            "name": party.name,
            "party_type": "person" if party.is_person else "organisation",
            "province_id": province,
            "city": city,
            "address": to_persian_digits(f"خیابان {rng.choice(words.STREETS)}، پلاک {rng.randrange(1, 400)}"),
            "stage_id": rng.choice(self.stages),
        }
        if party.is_person:
            return row | {"mobile": party.mobile, "gender": rng.choice(("female", "male"))}
        return row | {
            "phone": f"+98{code[1:]}{rng.randrange(20_000_000, 90_000_000)}",
            "email": party.email,
            "industry_id": rng.choice(self.industries),
            "employees": rng.choice((5, 8, 12, 20, 35, 60, 90, 150, 400)),
            "national_id": company_id(rng),
        }

    def _contact(self, party: Party, pk: int, at: dt.datetime, first: str, last: str) -> dict[str, Any]:
        return {
            "id": pk,
            **self._common(at, party.seller),
            "first_name": first,
            "last_name": last,
            "mobile": party.mobile,
            "city": "",
            "traits": [],
        }

    def _job(self, contact_id: int, account_id: int, at: dt.datetime, *, main: bool) -> dict[str, Any]:
        return {
            "contact_id": contact_id,
            "account_id": account_id,
            "job_title": self.rng.choice(words.JOB_TITLES),
            "buying_role_id": self.rng.choice(self.roles),
            "is_primary": main,
            "created_at": at,
            "updated_at": at,
        }


def mark_kinds() -> None:
    """Give sample accounts their kind: customer after a won deal, else prospect."""
    from django.db import connection

    kinds = dict(AccountKind.objects.filter(code__in=("customer", "prospect")).values_list("code", "pk"))
    if len(kinds) < 2:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_account_kinds (account_id, accountkind_id)
            SELECT a.id, CASE WHEN EXISTS (
                SELECT 1 FROM opportunities_opportunity o WHERE o.account_id = a.id AND o.status = 'won'
            ) THEN %s::bigint ELSE %s::bigint END
            FROM accounts_account a WHERE a.is_sample
            ON CONFLICT DO NOTHING
            """,
            [kinds["customer"], kinds["prospect"]],
        )
