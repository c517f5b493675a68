"""Sample opportunities with their stage history, and leads."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.models import Source
from activities.models import Activity
from core.bulk import copy_rows, new_keys, reserve_ids
from demo import words
from demo.calendar import Days
from demo.company import Company
from demo.parties import Party, company_name, mobile_number, person_name
from leads.models import DisqualifyReason, Lead
from opportunities.choices import StageKind
from opportunities.models import CloseReason, Opportunity, OpportunityLine, SalesCycle, Stage, StageVisit

LOSS_PER_STAGE = 0.16
PATIENCE = 1.6  # deals stay longer than their stage expects, as everywhere
MANY = 20_000  # above so many deals only the first ones get lines: a bench needs their number, not their detail


@dataclass
class Deal:
    """What a lead that became this deal needs to know."""

    pk: int
    party: Party
    source_id: int | None
    created_at: dt.datetime


@dataclass
class Path:
    """The way of one deal through its cycle."""

    visits: list[tuple[Stage, dt.datetime, dt.datetime | None]]
    furthest: Stage

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return self.visits[-1][0]

    @property
    def entered_at(self) -> dt.datetime:
        """Since when it stands there."""
        return self.visits[-1][1]


class CyclePlan:
    """The stages of a cycle by kind."""

    def __init__(self, cycle: SalesCycle):
        self.cycle = cycle
        stages = list(cycle.stages.order_by("position"))
        self.open = [s for s in stages if s.kind == StageKind.OPEN]
        self.won = next(s for s in stages if s.kind == StageKind.WON)
        self.lost = next(s for s in stages if s.kind == StageKind.LOST)


class DealMaker:
    """Makes deals that move through their stages as their seller's skill and the season let them."""

    def __init__(self, company: Company, days: Days, rng: random.Random):
        self.company, self.days, self.rng, self.keys = company, days, rng, new_keys(Activity)
        self.now = dt.datetime.combine(days.today, dt.time(8), tzinfo=days.moment(days.today).tzinfo)
        cycles = list(SalesCycle.objects.filter(is_active=True).order_by("position", "pk"))
        b2c = next((c for c in cycles if "b2c" in c.code), cycles[-1])
        self.plans = {"b2b": CyclePlan(cycles[0]), "b2c": CyclePlan(b2c)}
        self.sources = list(Source.objects.order_by("position").values_list("pk", flat=True)) or [None]
        self.reasons = {
            outcome: list(CloseReason.objects.filter(outcome=outcome).values_list("pk", flat=True)) or [None]
            for outcome in ("won", "lost")
        }

    def make(self, count: int, parties: list[Party]) -> list[Deal]:
        """``count`` deals spread over the accounts, oldest first."""
        ids = reserve_ids(Opportunity, count)
        rows, visits, lines, deals = [], [], [], []
        for number, (pk, at) in enumerate(zip(ids, self.days.moments(count), strict=True)):
            party = parties[(number * 7919) % len(parties)]
            path = self._path(self.plans["b2c" if party.is_person else "b2b"], at, party.seller.skill)
            amount = Decimal(0)
            if count <= MANY or number < MANY:
                made, amount = self._lines(pk, at, party.is_person)
                lines += made
            else:
                amount = Decimal(self.rng.randrange(20, 4000)) * 1_000_000
            source = self.rng.choices(self.sources, range(len(self.sources), 0, -1))[0]
            rows.append(self._row(pk, at, party, path, amount, source))
            visits += [self._visit(pk, party, visit) for visit in path.visits]
            deals.append(Deal(pk, party, source, at))
        copy_rows(Opportunity, rows)
        copy_rows(StageVisit, visits)
        copy_rows(OpportunityLine, lines)
        return deals

    def _path(self, plan: CyclePlan, at: dt.datetime, skill: float) -> Path:
        visits: list[tuple[Stage, dt.datetime, dt.datetime | None]] = []
        entered = at
        for stage in plan.open:
            days = PATIENCE * self.rng.lognormvariate(0, 0.6) * (stage.expected_days or 7) / (0.6 + 0.4 * skill)
            left = entered + dt.timedelta(days=days)
            if left >= self.now:
                return Path([*visits, (stage, entered, None)], stage)
            visits.append((stage, entered, left))
            if self.rng.random() < LOSS_PER_STAGE / skill:
                return Path([*visits, (plan.lost, left, None)], stage)
            entered = left
        return Path([*visits, (plan.won, entered, None)], plan.won)

    def _lines(self, pk: int, at: dt.datetime, is_person: bool) -> tuple[list[dict[str, Any]], Decimal]:
        rng = self.rng
        rows, total = [], Decimal(0)
        for product in rng.sample(self.company.products, 1 if is_person else rng.randint(1, 3)):
            quantity = rng.randint(1, 2) if is_person else rng.choice((1, 2, 3, 5, 8, 10, 20))
            discount = rng.choice((0, 0, 0, 5, 10))
            total += product.price * quantity * (100 - discount) / 100
            rows.append(
                {
                    "opportunity_id": pk,
                    "product_id": product.pk,
                    "quantity": Decimal(quantity),
                    "unit_price": product.price,
                    "discount": Decimal(discount),
                    "created_at": at,
                    "updated_at": at,
                }
            )
        return rows, total.quantize(Decimal(1))

    def _row(
        self, pk: int, at: dt.datetime, party: Party, path: Path, amount: Decimal, source: int | None
    ) -> dict[str, Any]:
        rng, stage = self.rng, path.stage
        is_open = stage.kind == StageKind.OPEN
        row: dict[str, Any] = {
            "id": pk,
            "created_at": at,
            "updated_at": path.entered_at,
            "created_by_id": party.seller.user.pk,
            "owner_id": party.seller.user.pk,
            "team_id": party.seller.user.team_id,
            "is_sample": True,
            "name": f"{interest(rng, party.is_person)} — {party.name}"[:200],
            "account_id": party.account_id,
            "contact_id": party.contact_id,
            "cycle_id": stage.cycle_id,
            "stage_id": stage.pk,
            "furthest_stage_id": path.furthest.pk,
            "stage_entered_at": path.entered_at,
            "status": stage.kind,
            "type": rng.choices(("new", "existing", "renewal"), (6, 3, 1))[0],
            "source_id": source,
            "amount": amount,
            "amount_from_lines": True,
            "probability": stage.probability,
            "opened_on": at.date(),
            "expected_close_on": at.date() + dt.timedelta(days=rng.randrange(20, 120)),
        }
        if is_open:
            return row | next_step(rng, self.now, self.keys)
        row["closed_on"] = path.entered_at.date()
        row["close_reason_id"] = rng.choice(self.reasons[stage.kind])
        if stage.kind == StageKind.LOST:
            row["lost_stage_id"] = path.furthest.pk
            row["competitor"] = rng.choice((*words.COMPETITORS, "", ""))
        return row

    def _visit(self, pk: int, party: Party, visit: tuple[Stage, dt.datetime, dt.datetime | None]) -> dict[str, Any]:
        stage, entered, left = visit
        return {
            "opportunity_id": pk,
            "stage_id": stage.pk,
            "entered_at": entered,
            "left_at": left,
            "moved_by_id": party.seller.user.pk,
        }


def interest(rng: random.Random, is_person: bool) -> str:
    """What a company or a person asks for."""
    return rng.choice(words.HOME_INTERESTS if is_person else words.INTERESTS)


def next_step(rng: random.Random, now: dt.datetime, keys: Iterator[int]) -> dict[str, Any]:
    """Six of ten open records have a planned step, two a late one, two none; ``demo.work`` makes the activities."""
    chance = rng.random()
    if chance < 0.2:
        return {}
    days = rng.uniform(0.1, 14) if chance < 0.8 else -rng.uniform(0.1, 9)
    at = (now + dt.timedelta(days=days)).replace(minute=rng.choice((0, 30)), second=0)
    return {
        "next_step": rng.choice(words.NEXT_STEPS),
        "next_step_at": at.replace(hour=rng.randrange(9, 17)),
        "next_activity_id": next(keys),
    }


class LeadMaker:
    """Makes leads; the first ones became the given deals."""

    CONVERTED_SHARE = 0.3

    def __init__(self, company: Company, days: Days, rng: random.Random):
        self.company, self.days, self.rng, self.keys = company, days, rng, new_keys(Activity)
        self.now = dt.datetime.combine(days.today, dt.time(8), tzinfo=days.moment(days.today).tzinfo)
        self.sources = list(Source.objects.order_by("position").values_list("pk", flat=True)) or [None]
        self.reasons = list(DisqualifyReason.objects.values_list("pk", flat=True))

    def make(self, count: int, deals: list[Deal]) -> None:
        """``count`` leads, three of ten converted as far as there are deals."""
        converted = min(int(count * self.CONVERTED_SHARE), len(deals))
        copy_rows(Lead, self._rows(count, deals[:converted]))

    def _rows(self, count: int, deals: list[Deal]) -> Any:
        for deal in deals:
            yield self._converted(deal)
        sellers = self.company.sellers
        owners = self.rng.choices(sellers, [s.share for s in sellers], k=count - len(deals))
        for at, seller in zip(self.days.moments(count - len(deals)), owners, strict=True):
            yield self._open(at, seller)

    def _converted(self, deal: Deal) -> dict[str, Any]:
        party, at = deal.party, deal.created_at - dt.timedelta(days=self.rng.uniform(0.5, 15))
        user = party.seller.user
        return {
            "created_at": at,
            "updated_at": deal.created_at,
            "created_by_id": user.pk,
            "owner_id": user.pk,
            "team_id": user.team_id,
            "is_sample": True,
            "party_type": "person" if party.is_person else "organisation",
            "first_name": party.first_name,
            "last_name": party.last_name,
            "company": "" if party.is_person else party.name,
            "mobile": party.mobile,
            "email": party.email,
            "source_id": deal.source_id,
            "interest": interest(self.rng, party.is_person),
            "status": "converted",
            "status_at": deal.created_at,
            "converted_at": deal.created_at,
            "converted_by_id": user.pk,
            "account_id": party.account_id,
            "contact_id": party.contact_id,
            "opportunity_id": deal.pk,
        }

    def _open(self, at: dt.datetime, seller: Any) -> dict[str, Any]:
        rng = self.rng
        first, last = person_name(rng)
        is_person = rng.random() < 0.3
        owner = seller.user if rng.random() > 0.03 else None
        row: dict[str, Any] = {
            "created_at": at,
            "updated_at": at,
            "created_by_id": seller.user.pk,
            "owner_id": owner.pk if owner else None,
            "team_id": seller.user.team_id,
            "is_sample": True,
            "party_type": "person" if is_person else "organisation",
            "first_name": first,
            "last_name": last,
            "company": "" if is_person else company_name(rng),
            "job_title": "" if is_person else rng.choice(words.JOB_TITLES),
            "mobile": mobile_number(rng),
            "email": f"lead{rng.randrange(10**7)}@{words.EMAIL_DOMAIN}" if rng.random() < 0.4 else "",
            "city": rng.choices(words.CITIES, words.CITY_WEIGHTS)[0][1],
            "source_id": rng.choices(self.sources, range(len(self.sources), 0, -1))[0],
            "interest": interest(rng, is_person),
            "estimated_value": Decimal(rng.randrange(5, 900)) * 10_000_000,
        }
        age = (self.now - at).days
        weights = (8, 4, 2, 1, 0.3) if age < 15 else (1, 2, 2, 2, 6)
        status = rng.choices(("new", "contacted", "qualified", "nurturing", "disqualified"), weights)[0]
        if status == "disqualified" and self.reasons:
            return row | {
                "status": status,
                "status_at": min(self.now, at + dt.timedelta(days=rng.uniform(1, 20))),
                "disqualify_reason_id": rng.choice(self.reasons),
            }
        status = "contacted" if status == "disqualified" else status
        return (
            row
            | {"status": status, "status_at": min(self.now, at + dt.timedelta(days=rng.uniform(0, 8)))}
            | next_step(rng, self.now, self.keys)
        )
