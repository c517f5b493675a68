"""Questions about leads: likely duplicates, counts by status."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models import Account, Contact
from accounts.selectors import similar_accounts, similar_contacts
from core.pagination import COUNT_CAP, capped_count
from core.parsing import InputError
from core.phones import parse_phone
from core.text import tight
from leads.choices import OPEN_STATUSES, LeadStatus
from leads.models import Lead

MIN_NAME = 3  # shorter folded names say nothing about sameness
MAX_NAME = 200
COMPANY_WORD = tight("شرکت")  # people write it or leave it out


@dataclass(frozen=True)
class StatusCount:
    """Leads in a status; ``capped`` when there are more than were counted."""

    status: LeadStatus
    count: int
    capped: bool


@dataclass(frozen=True)
class Similar:
    """Records that may be the same party as what is being typed; only those the user may see."""

    leads: list[Lead] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.leads or self.contacts or self.accounts)


def stored_phones(typed: Iterable[str]) -> list[str]:
    """The numbers in stored form, in whatever writing they come; what is no number is left out."""
    numbers = []
    for value in typed:
        try:
            phone = parse_phone(value)
        except InputError:
            continue
        numbers += [phone.stored, phone.number]
    return list(dict.fromkeys(numbers))


def company_keys(company: str) -> list[str]:
    """The folded name with and without the word “company” in front."""
    key = tight(company[:MAX_NAME])
    if len(key) < MIN_NAME:
        return []
    bare = key.removeprefix(COMPANY_WORD)
    return list(dict.fromkeys([key, bare, COMPANY_WORD + bare])) if len(bare) >= MIN_NAME else [key]


def similar_leads(
    *,
    user: Any,
    first_name: str = "",
    last_name: str = "",
    company: str = "",
    phones: Iterable[str] = (),
    email: str = "",
    exclude: int | None = None,
    limit: int = 5,
) -> list[Lead]:
    """Leads the user may see with the same phone, e-mail, person or company; each part by its own index.

    A person's name alone is weak, so it counts only with a last name. One query.
    """
    condition = Q()
    numbers = stored_phones(phones)
    if numbers:
        condition |= Q(mobile__in=numbers) | Q(phone__in=numbers)
    if "@" in email:
        condition |= Q(lower_email=email.strip().lower()) & ~Q(email="")
    name = tight(f"{first_name[:MAX_NAME]} {last_name[:MAX_NAME]}")
    if last_name and len(name) >= MIN_NAME:
        condition |= Q(name_key=name) & ~Q(name_key="")
    keys = company_keys(company)
    if keys:
        condition |= Q(company_key__in=keys) & ~Q(company_key="")
    if not condition:
        return []
    rows = Lead.objects.for_user(user, "view").alias(lower_email=Lower("email")).filter(condition)
    if exclude:
        rows = rows.exclude(pk=exclude)
    return list(rows.select_related("owner").order_by("-pk")[:limit])


def similar_records(
    *,
    user: Any,
    first_name: str = "",
    last_name: str = "",
    company: str = "",
    phones: Iterable[str] = (),
    email: str = "",
    exclude_lead: int | None = None,
    limit: int = 5,
) -> Similar:
    """Leads, contacts and accounts that may be the same party. At most five queries, all by index.

    What the user may not see is left out without a trace: even a count would tell that it exists.
    """
    typed = list(phones)
    numbers = stored_phones(typed)
    leads = similar_leads(
        user=user,
        first_name=first_name,
        last_name=last_name,
        company=company,
        phones=typed,
        email=email,
        exclude=exclude_lead,
        limit=limit,
    )
    contacts = similar_contacts(
        user=user, first_name=first_name, last_name=last_name, phones=numbers, email=email, limit=limit
    )
    name = company or f"{first_name} {last_name}".strip()
    accounts = similar_accounts(user=user, name=name, phones=numbers, email=email, limit=limit)
    return Similar(leads, contacts, accounts)


def similar_to(*, user: Any, lead: Lead, limit: int = 5) -> Similar:
    """Records like a lead that is there already."""
    return similar_records(
        user=user,
        first_name=lead.first_name,
        last_name=lead.last_name,
        company=lead.company,
        phones=[number for number in (lead.mobile, lead.phone) if number],
        email=lead.email,
        exclude_lead=lead.pk,
        limit=limit,
    )


def status_counts(*, user: Any) -> list[StatusCount]:
    """How many open leads the user sees in each status, counted up to the cap. One query a status, each by its index."""
    rows = Lead.objects.for_user(user, "view")
    counts = [(status, capped_count(rows.filter(status=status))) for status in OPEN_STATUSES]
    return [StatusCount(status, min(n, COUNT_CAP), n > COUNT_CAP) for status, n in counts]
