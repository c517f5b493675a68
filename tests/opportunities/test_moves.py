"""Moving, winning, losing, reopening and taking back, each rule and each refusal."""

import copy
import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from core.errors import DomainError, PermissionRefused, StaleRecord
from core.models import AuditEntry
from opportunities import services
from opportunities.choices import TRANSITIONS, Status
from opportunities.models import Opportunity, StageVisit
from tests.accounts.factories import AccountFactory
from tests.opportunities.factories import CycleFactory, OpportunityFactory, UserFactory

pytestmark = pytest.mark.django_db


def visits(deal):
    return [(v.stage.code, v.left_at is None) for v in StageVisit.objects.filter(opportunity=deal).order_by("pk")]


def close(deal, status, boss, price, stages):
    """Bring the deal into a status by the services."""
    if status == Status.WON:
        return services.opportunity_win(actor=boss, opportunity=deal)
    if status == Status.LOST:
        return services.opportunity_lose(actor=boss, opportunity=deal, reason=price)
    return deal


def test_move_closes_one_visit_and_opens_the_next(deal, stages, boss):
    row = services.opportunity_move(actor=boss, opportunity=deal, stage=stages.two)
    assert (row.stage, row.furthest_stage, row.probability, row.status) == (stages.two, stages.two, 40, "open")
    assert visits(deal) == [("one", False), ("two", True)]
    first, second = StageVisit.objects.filter(opportunity=deal).order_by("pk")
    assert first.left_at == second.entered_at == row.stage_entered_at
    assert second.moved_by == boss
    assert AuditEntry.objects.get(code="opportunity.moved").obj == deal


def test_move_back_keeps_the_furthest_stage(deal, stages, boss):
    services.opportunity_move(actor=boss, opportunity=deal, stage=stages.three)
    row = services.opportunity_move(actor=boss, opportunity=deal, stage=stages.one)
    assert (row.stage, row.furthest_stage) == (stages.one, stages.three)


def test_a_typed_probability_stays(deal, stages, boss):
    Opportunity.objects.filter(pk=deal.pk).update(probability=55)
    row = services.opportunity_move(actor=boss, opportunity=deal, stage=stages.two)
    assert row.probability == 55


def test_standing_there_already_changes_nothing(deal, stages, boss):
    row = services.opportunity_move(actor=boss, opportunity=deal, stage=stages.one)
    assert row.version == deal.version
    assert visits(deal) == [("one", True)]


def test_a_stage_of_another_cycle_is_refused(deal, boss):
    foreign = CycleFactory().stages.first()
    with pytest.raises(DomainError) as refusal:
        services.opportunity_move(actor=boss, opportunity=deal, stage=foreign)
    assert refusal.value.code == "foreign_stage"


def test_an_inactive_stage_is_refused(deal, stages, boss):
    stages.two.is_active = False
    stages.two.save()
    with pytest.raises(DomainError):
        services.opportunity_move(actor=boss, opportunity=deal, stage=stages.two)


def test_a_stale_card_is_told(deal, stages, boss):
    services.opportunity_move(actor=boss, opportunity=deal, stage=stages.two, expected_version=deal.version)
    with pytest.raises(StaleRecord) as refusal:
        services.opportunity_move(actor=boss, opportunity=deal, stage=stages.three, expected_version=deal.version)
    assert refusal.value.data["current"].stage == stages.two


def test_without_the_right_nothing_moves(deal, stages):
    with pytest.raises(PermissionRefused):
        services.opportunity_move(actor=UserFactory(), opportunity=deal, stage=stages.two)


def test_a_deal_in_the_bin_does_not_move(deal, stages, boss):
    Opportunity.objects.filter(pk=deal.pk).update(deleted_at=timezone.now())
    with pytest.raises(DomainError):
        services.opportunity_move(actor=boss, opportunity=deal, stage=stages.two)


def test_won(deal, stages, boss, quality):
    account = AccountFactory()
    Opportunity.objects.filter(pk=deal.pk).update(account=account)
    row = services.opportunity_win(actor=boss, opportunity=deal, reason=quality, note="قیمت خوب")
    assert (row.status, row.stage, row.furthest_stage, row.probability) == ("won", stages.won, stages.won, 100)
    assert (row.close_reason, row.close_note) == (quality, "قیمت خوب")
    assert row.closed_on is not None
    assert account.kinds.filter(code="customer").exists()
    row.refresh_from_db()
    assert row.expected_value == row.base_amount == Decimal(1_000_000)


def test_lost_keeps_where_it_got_to(deal, stages, boss, price):
    services.opportunity_move(actor=boss, opportunity=deal, stage=stages.three)
    services.opportunity_move(actor=boss, opportunity=deal, stage=stages.two)
    row = services.opportunity_lose(actor=boss, opportunity=deal, reason=price, competitor="رقیب بزرگ")
    assert (row.status, row.stage, row.lost_stage, row.furthest_stage) == (
        "lost",
        stages.lost,
        stages.two,
        stages.three,
    )
    assert (row.probability, row.competitor, row.close_reason) == (0, "رقیب بزرگ", price)
    assert visits(deal)[-1] == ("lost", True)


def test_lost_asks_why(deal, stages, boss):
    with pytest.raises(DomainError) as refusal:
        services.opportunity_lose(actor=boss, opportunity=deal, reason=None)
    assert refusal.value.code == "reason_required"
    with pytest.raises(DomainError) as refusal:
        services.opportunity_move(actor=boss, opportunity=deal, stage=stages.lost)
    assert refusal.value.code == "reason_required"
    deal.refresh_from_db()
    assert deal.status == "open"


def test_a_reason_for_another_outcome_is_refused(deal, boss, quality, price):
    with pytest.raises(DomainError):
        services.opportunity_lose(actor=boss, opportunity=deal, reason=quality)
    with pytest.raises(DomainError):
        services.opportunity_win(actor=boss, opportunity=deal, reason=price)


@pytest.mark.parametrize(("before", "days"), [(0, 1), (10, -11)])
def test_an_impossible_closing_day_is_refused(deal, boss, before, days):
    day = timezone.localdate()
    Opportunity.objects.filter(pk=deal.pk).update(opened_on=day - dt.timedelta(days=before))
    with pytest.raises(DomainError) as refusal:
        services.opportunity_win(actor=boss, opportunity=deal, closed_on=day + dt.timedelta(days=days))
    assert refusal.value.field == "closed_on"


@pytest.mark.parametrize("target", list(Status))
@pytest.mark.parametrize("start", list(Status))
def test_every_change_of_status(start, target, deal, boss, price, stages):
    deal = close(deal, start, boss, price, stages)

    def change():
        if target == Status.OPEN:
            return services.opportunity_reopen(actor=boss, opportunity=deal)
        return close(deal, target, boss, price, stages)

    if target in TRANSITIONS[start]:
        assert change().status == target
    else:
        with pytest.raises(DomainError):
            change()
        assert Opportunity.objects.get(pk=deal.pk).status == start


def test_reopening_goes_back_to_where_it_was(deal, stages, boss, price):
    services.opportunity_move(actor=boss, opportunity=deal, stage=stages.two)
    services.opportunity_win(actor=boss, opportunity=deal)
    row = services.opportunity_reopen(actor=boss, opportunity=deal)
    assert (row.status, row.stage, row.furthest_stage, row.probability) == ("open", stages.two, stages.two, 40)
    assert (row.closed_on, row.close_reason, row.lost_stage, row.competitor) == (None, None, None, "")
    assert visits(deal)[-1] == ("two", True)


def test_reopening_is_a_right_of_its_own(deal, stages, boss, price):
    services.opportunity_lose(actor=boss, opportunity=deal, reason=price)
    with pytest.raises(PermissionRefused):
        services.opportunity_reopen(actor=UserFactory(), opportunity=deal)


def test_dragging_a_lost_card_to_an_open_stage_reopens_it(deal, stages, boss, price):
    services.opportunity_lose(actor=boss, opportunity=deal, reason=price)
    row = services.opportunity_move(actor=boss, opportunity=deal, stage=stages.three)
    assert (row.status, row.stage, row.closed_on) == ("open", stages.three, None)


def snapshot(deal):
    row = Opportunity.objects.filter(pk=deal.pk).values().get()
    for name in ("version", "updated_at"):
        row.pop(name)
    past = list(StageVisit.objects.filter(opportunity=deal).order_by("pk").values())
    return row, past


@pytest.mark.parametrize("to", ["two", "won", "lost"])
def test_undo_restores_exactly(deal, stages, boss, price, to):
    Opportunity.objects.filter(pk=deal.pk).update(probability=33)
    deal.refresh_from_db()
    before, picture = copy.copy(deal), snapshot(deal)
    row = services.opportunity_move(
        actor=boss, opportunity=deal, stage=getattr(stages, to), reason=price if to == "lost" else None
    )
    token = services.move_token(before, row, boss)
    services.opportunity_move_undo(actor=boss, opportunity=row, visit_token=token)
    assert snapshot(deal) == picture


def test_undo_of_a_reopening(deal, stages, boss, price):
    lost = services.opportunity_lose(actor=boss, opportunity=deal, reason=price, note="x", competitor="y")
    picture = snapshot(deal)
    row = services.opportunity_move(actor=boss, opportunity=lost, stage=stages.two)
    services.opportunity_move_undo(actor=boss, opportunity=row, visit_token=services.move_token(lost, row, boss))
    assert snapshot(deal) == picture


def test_undo_is_refused_after_another_change(deal, stages, boss):
    before = copy.copy(deal)
    row = services.opportunity_move(actor=boss, opportunity=deal, stage=stages.two)
    token = services.move_token(before, row, boss)
    services.opportunity_move(actor=boss, opportunity=row, stage=stages.three)
    with pytest.raises(DomainError) as refusal:
        services.opportunity_move_undo(actor=boss, opportunity=row, visit_token=token)
    assert refusal.value.code == "stale"


def test_undo_by_a_forged_foreign_or_used_token_is_refused(deal, stages, boss):
    before = copy.copy(deal)
    row = services.opportunity_move(actor=boss, opportunity=deal, stage=stages.two)
    token = services.move_token(before, row, boss)
    other = OpportunityFactory(cycle=deal.cycle)
    colleague = UserFactory(is_superuser=True)
    for actor, opportunity, given in ((boss, row, token + "x"), (boss, other, token), (colleague, row, token)):
        with pytest.raises(DomainError):
            services.opportunity_move_undo(actor=actor, opportunity=opportunity, visit_token=given)
    services.opportunity_move_undo(actor=boss, opportunity=row, visit_token=token)
    with pytest.raises(DomainError):
        services.opportunity_move_undo(actor=boss, opportunity=row, visit_token=token)


def test_changing_the_cycle(deal, boss, price):
    other = CycleFactory()
    row = services.opportunity_change_cycle(actor=boss, opportunity=deal, cycle=other)
    first = other.stages.order_by("position").first()
    assert (row.cycle, row.stage, row.furthest_stage) == (other, first, first)
    with pytest.raises(DomainError):
        services.opportunity_change_cycle(actor=boss, opportunity=deal, cycle=other)
    services.opportunity_lose(actor=boss, opportunity=row, reason=price)
    with pytest.raises(DomainError):
        services.opportunity_change_cycle(actor=boss, opportunity=deal, cycle=deal.cycle)
