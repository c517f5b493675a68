"""Making deals, their amounts and lines, and history loaded from files."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from activities.models import Activity
from catalog.models import Product, ProductFamily
from core.errors import DomainError, PermissionRefused
from core.models import Currency
from opportunities import services
from opportunities.models import Opportunity, OpportunityLine, SalesCycle, StageVisit
from tests.opportunities.factories import (
    AccountFactory,
    ContactFactory,
    CycleFactory,
    OpportunityFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(db):
    return Product.objects.create(code="S1", name_fa="سرور", name_en="Server", price=Decimal(1_500_000))


def test_the_default_cycle_and_its_first_stage(boss):
    account, contact = AccountFactory(), ContactFactory()
    row = services.opportunity_create(actor=boss, name="تجهیز شبکه", account=account, contact=contact, amount=10)
    assert row.cycle == SalesCycle.objects.get(is_default=True)
    assert (row.stage.code, row.furthest_stage, row.probability) == ("contact", row.stage, 10)
    assert (row.owner, row.created_by, row.opened_on) == (boss, boss, timezone.localdate())
    assert StageVisit.objects.get(opportunity=row).left_at is None
    assert row.people.get().contact == contact


def test_the_cycle_follows_the_product_family(boss, cycle, server):
    family = ProductFamily.objects.create(code="net", name_fa="شبکه", name_en="Network")
    cycle.families.add(family)
    server.family = family
    server.save()
    row = services.opportunity_create(actor=boss, name="x", products=[server])
    assert (row.cycle, row.amount, row.amount_from_lines) == (cycle, Decimal(1_500_000), True)


def test_refusals_of_a_new_deal(boss, cycle, stages):
    foreign = CycleFactory().stages.first()
    for values in ({"stage": foreign}, {"stage": stages.won}, {"amount": -1}, {"currency": "XXX"}):
        with pytest.raises(DomainError):
            services.opportunity_create(actor=boss, name="x", cycle=cycle, **values)
    with pytest.raises(PermissionRefused):
        services.opportunity_create(actor=UserFactory(), name="x", cycle=cycle)
    assert not Opportunity.objects.exists()


def test_expected_value_is_exact(boss, cycle, stages):
    Currency.objects.update_or_create(
        code="USD", defaults={"name_fa": "دلار", "name_en": "Dollar", "rate": Decimal("1234567.12345678")}
    )
    row = services.opportunity_create(
        actor=boss, name="x", cycle=cycle, amount=Decimal("333.33"), currency="USD", probability=33
    )
    row.refresh_from_db()
    exact = Decimal("333.33") * Decimal("1234567.12345678")
    assert row.base_amount == round(exact, 2)
    assert row.expected_value == round(exact * 33 / 100, 2)


def test_lines_make_the_amount(boss, deal, server):
    services.line_save(
        actor=boss,
        line=OpportunityLine(
            opportunity=deal,
            product=server,
            quantity=Decimal("2.5"),
            unit_price=Decimal(333_333),
            discount=Decimal("7.5"),
        ),
    )
    deal.refresh_from_db()
    assert deal.amount_from_lines
    assert deal.amount == Decimal(770_833)  # 770,832.5625 rounded half up to whole rials
    line = services.line_save(
        actor=boss, line=OpportunityLine(opportunity=deal, product=server, unit_price=Decimal(100), quantity=3)
    )
    deal.refresh_from_db()
    assert deal.amount == Decimal(771_133)
    services.line_delete(actor=boss, line=line)
    deal.refresh_from_db()
    assert deal.amount == Decimal(770_833)
    services.line_delete(actor=boss, line=deal.lines.get())
    deal.refresh_from_db()
    assert (deal.amount, deal.amount_from_lines) == (Decimal(770_833), False)


def test_a_typed_amount_stays_until_the_lines_are_summed(boss, deal, server):
    services.line_save(actor=boss, line=OpportunityLine(opportunity=deal, product=server, unit_price=Decimal(100)))
    deal.refresh_from_db()
    deal.amount, deal.amount_from_lines = Decimal(90), False
    services.opportunity_update(actor=boss, instance=deal, expected_version=deal.version)
    services.line_save(actor=boss, line=OpportunityLine(opportunity=deal, product=server, unit_price=Decimal(50)))
    deal.refresh_from_db()
    assert deal.amount == Decimal(90)
    assert services.opportunity_sum_lines(actor=boss, opportunity=deal).amount == Decimal(150)


@pytest.mark.parametrize("bad", [{"discount": Decimal(101)}, {"quantity": Decimal(-1)}, {"unit_price": Decimal(-1)}])
def test_impossible_lines_are_refused(boss, deal, server, bad):
    values = {"unit_price": Decimal(1), **bad}
    with pytest.raises(DomainError):
        services.line_save(actor=boss, line=OpportunityLine(opportunity=deal, product=server, **values))


def test_an_edit_does_not_move_the_stage(boss, deal, stages):
    deal.name, deal.stage = "نام تازه", stages.three
    services.opportunity_update(actor=boss, instance=deal, expected_version=deal.version)
    deal.refresh_from_db()
    assert (deal.name, deal.stage) == ("نام تازه", stages.one)


def test_the_next_step_of_a_new_deal_is_an_activity(boss, cycle):
    tomorrow = timezone.now() + dt.timedelta(days=1)
    for text, moment in (("تماس", None), ("", tomorrow)):
        with pytest.raises(DomainError):
            services.opportunity_create(actor=boss, name="خرید", cycle=cycle, next_step=text, next_step_at=moment)
    row = services.opportunity_create(
        actor=boss, name="خرید", cycle=cycle, next_step="ارسال پیشنهاد", next_step_at=tomorrow
    )
    assert row.next_step_state() == "planned"
    step = Activity.objects.get(pk=row.next_activity_id)
    assert (step.kind, step.subject, step.owner) == ("follow_up", "ارسال پیشنهاد", boss)


def load(cycle, stage, **values):
    """A row as an import writes it: no visit, furthest stage unknown."""
    deal = OpportunityFactory(cycle=cycle, stage=stage, **values)
    StageVisit.objects.filter(opportunity=deal).delete()
    return deal


def test_backfill_takes_the_history_from_the_file(boss, cycle, stages):
    opened, closed = dt.date(2017, 1, 10), dt.date(2017, 3, 2)
    won = load(cycle, stages.won, status="won", opened_on=opened, closed_on=closed)
    lost = load(cycle, stages.lost, status="lost", opened_on=opened, closed_on=closed, furthest_stage=stages.two)
    standing = load(cycle, stages.two, opened_on=opened)
    undated = load(cycle, stages.one)
    kept = OpportunityFactory(cycle=cycle)
    ids = [row.pk for row in (won, lost, standing, undated, kept)]
    assert services.opportunities_backfill(actor=boss, ids=ids) == 4
    for row in (won, lost, standing, undated):
        row.refresh_from_db()

    first, last = won.visits.order_by("pk")
    assert (first.stage, last.stage, last.left_at) == (stages.three, stages.won, None)
    assert (first.left_at - first.entered_at).days == 51
    assert timezone.localtime(last.entered_at).date() == closed
    assert (won.furthest_stage, won.status, won.stage_entered_at) == (stages.won, "won", last.entered_at)
    assert (lost.furthest_stage, lost.lost_stage, lost.closed_on) == (stages.two, stages.two, closed)
    assert timezone.localtime(standing.visits.get().entered_at).date() == opened
    assert undated.visits.get().entered_at == undated.created_at
    assert services.opportunities_backfill(actor=boss, ids=ids) == 0


def test_amounts_the_database_cannot_hold_are_refused(boss, cycle, deal, server):
    Currency.objects.update_or_create(
        code="USD", defaults={"name_fa": "دلار", "name_en": "Dollar", "rate": Decimal(1_000_000)}
    )
    most = Decimal(10) ** 18 - 1
    with pytest.raises(DomainError) as refusal:
        services.opportunity_create(actor=boss, name="x", cycle=cycle, amount=most, currency="USD")
    assert refusal.value.field == "amount"
    with pytest.raises(DomainError):
        services.line_save(
            actor=boss, line=OpportunityLine(opportunity=deal, product=server, quantity=10**8, unit_price=most)
        )
    assert not deal.lines.exists()
