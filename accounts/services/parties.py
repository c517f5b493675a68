"""Accounts and contacts: making them, joining them, and becoming a customer."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account, AccountKind, BuyingRole, Contact, Employment, LifecycleStage
from core import audit
from core.errors import DomainError
from core.services import lock, object_save_within, require, store

FIRST_KIND = "prospect"
CUSTOMER_KIND = "customer"
CUSTOMER_STAGE = "new-customer"


@transaction.atomic
def account_create(
    *, actor: Any, name: str, owner: Any = None, kinds: Iterable[AccountKind] | None = None, **fields: Any
) -> Account:
    """Make an account, the actor's own unless an ``owner`` is given, a prospect unless ``kinds`` say otherwise.

    ``fields`` are fields of the model. Raises PermissionRefused or DomainError.
    """
    if kinds is None:
        kinds = AccountKind.objects.filter(code=FIRST_KIND)
    chosen = list(kinds)
    account = Account(name=name, owner=owner or actor, **fields)
    if account.stage is None:
        account.stage = LifecycleStage.objects.filter(code=FIRST_KIND, is_active=True).first()
    return object_save_within(actor=actor, instance=account, save_m2m=lambda: account.kinds.add(*chosen))


@transaction.atomic
def contact_create(
    *,
    actor: Any,
    last_name: str,
    first_name: str = "",
    account: Account | None = None,
    job_title: str = "",
    buying_role: BuyingRole | None = None,
    owner: Any = None,
    **fields: Any,
) -> Contact:
    """Make a contact, the actor's own unless an ``owner`` is given; with ``account`` also the job there.

    The first contact of an account is its main one. Raises PermissionRefused or DomainError.
    """
    contact = Contact(first_name=first_name, last_name=last_name, owner=owner or actor, **fields)
    object_save_within(actor=actor, instance=contact, related=[account] if account else [])
    if account is not None:
        require(actor, "view", Account, account)
        _attach(actor, contact, account, None, {"job_title": job_title, "buying_role": buying_role})
    return contact


@transaction.atomic
def contact_attach(
    *,
    actor: Any,
    contact: Contact,
    account: Account,
    job_title: str = "",
    buying_role: BuyingRole | None = None,
    starts_on: dt.date | None = None,
) -> Employment:
    """Record that the contact works at the account; a job known already is brought up to date and taken up again.

    The actor needs the right to change the contact and to see the account. Raises PermissionRefused or DomainError.
    """
    contact = lock(contact)
    require(actor, "change", Contact, contact)
    require(actor, "view", Account, account)
    known = Employment.objects.select_for_update(of=("self",)).filter(contact=contact, account=account).first()
    return _attach(
        actor, contact, account, known, {"job_title": job_title, "buying_role": buying_role, "starts_on": starts_on}
    )


def _attach(
    actor: Any, contact: Contact, account: Account, job: Employment | None, details: dict[str, Any]
) -> Employment:
    if contact.deleted_at or account.deleted_at:
        raise DomainError(_("One of the two is in the bin. Restore it first."), code="in_bin")
    if job is None:
        first = not Employment.objects.filter(account=account, is_primary=True).exists()
        job = Employment(contact=contact, account=account, is_primary=first)
    job.ends_on = None
    for name, value in details.items():
        if value:
            setattr(job, name, value)
    with audit.action("contact.attached", actor=actor, obj=contact, related=[account]):
        store(job)
    return job


@transaction.atomic
def account_mark_customer(*, actor: Any, account: Account, on: dt.date) -> Account:
    """The first deal makes a customer: kind, life-cycle stage and the date ``customer_since``; later deals change nothing.

    A consequence of a won deal, so the right to win it is enough: the account's own rights are not asked.
    """
    account = lock(account)
    kind = AccountKind.objects.filter(code=CUSTOMER_KIND).first()
    is_known = account.customer_since is not None and account.customer_since <= on
    if is_known and (kind is None or account.kinds.filter(pk=kind.pk).exists()):
        return account
    with audit.action("account.became_customer", actor=actor, obj=account):
        if not is_known:
            account.customer_since = on
        _advance(account)
        account.save(update_fields=["customer_since", "stage"])
        if kind is not None:
            account.kinds.add(kind)
            account.kinds.remove(*account.kinds.filter(code=FIRST_KIND))
    return account


def _advance(account: Account) -> None:
    """Move the life-cycle stage on to the first one of a customer, never back."""
    reached = LifecycleStage.objects.filter(code=CUSTOMER_STAGE).first()
    if reached is not None and (account.stage is None or account.stage.position < reached.position):
        account.stage = reached
