"""The small company of the browser tests, made by the product's own services."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from accounts.models import Account, Contact, Source
from accounts.services import account_create, contact_create
from leads.models import CaptureForm, DisqualifyReason, Lead
from leads.services import lead_create
from opportunities.models import CloseReason, Opportunity, SalesCycle, Stage
from opportunities.services import opportunity_create
from tests.users.factories import BranchFactory, TeamFactory, UserFactory
from users.models import Role, Team, User

ARABIC_COMPANY = "شركت"  # typed on an Arabic keyboard: kaf and yeh of another script
PERSIAN_COMPANY = "شرکت"
MILLIARD = 10_000_000_000  # rial: one milliard toman


@dataclass
class World:
    """Who and what there is."""

    rep: User
    manager: User
    admin: User
    account: Account
    contact: Contact
    leads: list[Lead] = field(default_factory=list)
    deals: list[Opportunity] = field(default_factory=list)
    form: CaptureForm | None = None

    @property
    def cycle(self) -> SalesCycle:
        """The cycle every deal of the company is in."""
        return self.deals[0].cycle

    @property
    def stages(self) -> list[Stage]:
        """The cycle's stages in their order."""
        return list(self.cycle.stages.order_by("position"))

    def fill(self, address: str) -> str:
        """An address with the keys of the company's records in the places of their names."""
        keys = {"lead": self.leads[0], "account": self.account, "contact": self.contact, "deal": self.deals[0]}
        more = {"form": self.form, "user": self.rep, "role": Role.objects.get(code="sales-rep")}
        return address.format(**{name: row.pk for name, row in {**keys, **more}.items()})

    def new_lead(self, **values: Any) -> Lead:
        """A lead of the rep for one test alone."""
        values.setdefault("last_name", "رستمی")
        return lead_create(actor=self.rep, **values)

    def new_deal(self, name: str, amount: int = MILLIARD, **values: Any) -> Opportunity:
        """A deal of the rep in the first stage, for one test alone."""
        return opportunity_create(actor=self.rep, name=name, cycle=self.cycle, amount=amount, **values)


def people() -> tuple[User, User, User]:
    """A rep, the manager of the rep's team, and an administrator."""
    branch = BranchFactory(name="دفتر مرکزی")
    team = TeamFactory(name="فروش سازمانی", branch=branch)
    where = {"team": team, "branch": branch}
    rep = UserFactory(email="sara@example.com", first_name="سارا", last_name="کاظمی", roles=["sales-rep"], **where)
    manager = UserFactory(
        email="mehrdad@example.com", first_name="مهرداد", last_name="پارسا", roles=["sales-manager"], **where
    )
    Team.objects.filter(pk=team.pk).update(leader=manager)
    admin = UserFactory(
        email="niloofar@example.com",
        first_name="نیلوفر",
        last_name="راد",
        roles=["admin"],
        is_staff=True,
        is_superuser=True,
    )
    return rep, manager, admin


def build() -> World:
    """Make the company: an account with a contact, thirty leads, nine deals in three stages, a web form."""
    rep, manager, admin = people()
    account = account_create(actor=rep, name="شرکت پارس سیستم", phone="+982188776655", city="تهران")
    contact = contact_create(
        actor=rep,
        first_name="مریم",
        last_name="احمدی",
        account=account,
        job_title="مدیر بازرگانی",
        mobile="+989121234567",
    )
    source = Source.objects.filter(is_active=True).order_by("position", "pk").first()
    leads = [
        lead_create(
            actor=rep,
            first_name="نگار",
            last_name=f"محمدی {number}",
            company=f"بازرگانی سپهر {number}",
            mobile=f"+98912700{number:04d}",
            source=source,
        )
        for number in range(1, 31)
    ]
    world = World(rep=rep, manager=manager, admin=admin, account=account, contact=contact, leads=leads)
    today = timezone.localdate()
    for number in range(9):
        deal = opportunity_create(
            actor=rep,
            name=f"تجهیز دفتر {number + 1}",
            account=account,
            contact=contact,
            amount=MILLIARD * (number + 1),
            expected_close_on=today + dt.timedelta(days=20 + number),
        )
        world.deals.append(deal)
    world.form = CaptureForm.objects.create(name_fa="تماس با ما", name_en="Contact us", source=source, owner=rep)
    return world


def loss_reason() -> CloseReason:
    """The first reason a deal can be lost for."""
    return CloseReason.objects.filter(outcome="lost", is_active=True).order_by("position", "pk")[0]


def disqualify_reason() -> DisqualifyReason:
    """The first reason a lead can be put aside for."""
    return DisqualifyReason.objects.filter(is_active=True).order_by("position", "pk")[0]
