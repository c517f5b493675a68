"""Accounts and contacts as targets of an import."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import PartyType
from accounts.models import Account, Contact, Employment
from core.identifiers import validate_company_id, validate_national_id
from exchange.lookups import owner_values
from exchange.staging import BATCH, Context, Row
from exchange.targets import LOOKUP, TEXT, Column, Lookup, Refused, Target, columns_of, default_lookup, register

ACCOUNT_LOOKUP = Lookup(
    Account,
    ("external_key", "name", "national_id"),
    key="name_key",
    create=lambda name, actor: {"name": name[:200], **owner_values(actor)},
)
REACH = ("phone", "mobile", "fax", "email", "website", "province", "city", "address", "postal_code")
PERSONAL = ("gender", "birth_date", "education", "income_band")


def _prepare_account(row: Row, context: Context) -> None:
    """The national ID is of the kind the account is."""
    national_id = row.values.get("national_id")
    if national_id:
        person = row.values.get("party_type") == PartyType.PERSON
        try:
            (validate_national_id if person else validate_company_id)(national_id)
        except ValidationError as error:
            raise Refused("national_id", str(error.messages[0]), national_id) from error


def _prepare_contact(row: Row, context: Context) -> None:
    """A full name is split; the last name is what must be there."""
    full_name = row.virtual.pop("full_name", "")
    if full_name and not row.values.get("last_name"):
        first, _space, last = full_name.strip().rpartition(" ")
        row.values["first_name"], row.values["last_name"] = first[:80], last[:120]
    if not row.values.get("last_name") and row.values.get("first_name"):
        row.values["last_name"] = row.values.pop("first_name")
    if not row.values.get("last_name") and not row.existing:
        raise Refused("last_name", gettext("This column must not be empty."))


def _finish_contacts(context: Context) -> None:
    """Where people work: one employment for each new pair of contact and account."""
    jobs: list[Any] = [
        Employment(
            contact_id=row.pk,
            account_id=row.virtual["account"],
            job_title=row.virtual.get("job_title", "")[:120],
            department=row.virtual.get("department", "")[:120],
            buying_role_id=row.virtual.get("buying_role"),
        )
        for row in (*context.created, *context.updated)
        if row.virtual.get("account")
    ]
    Employment.objects.bulk_create(jobs, batch_size=BATCH, ignore_conflicts=True)


register(
    Target(
        "accounts",
        Account,
        tuple(
            columns_of(
                Account,
                "name",
                "party_type",
                "kinds",
                "stage",
                "source",
                "parent",
                "industry",
                "employees",
                "annual_revenue",
                "revenue_currency",
                "founded_year",
                "national_id",
                "registration_number",
                "economic_number",
                *REACH,
                *PERSONAL,
                "needs",
                "preferences",
                "description",
                "external_key",
                "owner",
                "team",
                "created_at",
                required=("name",),
                parent=ACCOUNT_LOOKUP,
            )
        ),
        keys=("external_key", "national_id", "name", "email", "mobile", "phone"),
        label=_("Accounts"),
        prepare=_prepare_account,
    )
)
register(
    Target(
        "contacts",
        Contact,
        (
            *columns_of(
                Contact,
                "salutation",
                "first_name",
                "last_name",
                "national_id",
                "specialty",
                "traits",
                *REACH,
                "language",
                *PERSONAL,
                "description",
                "external_key",
                "owner",
                "team",
                "created_at",
            ),
            Column("full_name", _("full name"), TEXT, virtual=True),
            Column("account", _("account"), LOOKUP, virtual=True, lookup=ACCOUNT_LOOKUP),
            Column("job_title", _("job title"), TEXT, virtual=True),
            Column("department", _("department"), TEXT, virtual=True),
            Column(
                "buying_role",
                _("buying role"),
                LOOKUP,
                virtual=True,
                lookup=default_lookup(Employment._meta.get_field("buying_role").related_model),  # type: ignore[arg-type]
            ),
        ),
        keys=("external_key", "national_id", "email", "mobile", "phone"),
        label=_("Contacts"),
        prepare=_prepare_contact,
        finish=_finish_contacts,
    )
)
