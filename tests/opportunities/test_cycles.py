"""Sales cycles and stages: edited without breaking the deals that stand in them."""

import pytest
from django.urls import reverse

from core.errors import DomainError, PermissionRefused
from opportunities import services
from opportunities.models import Opportunity, SalesCycle, Stage
from tests.opportunities.factories import CycleFactory, OpportunityFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client, boss):
    client.force_login(boss)
    return client


def codes(cycle):
    return list(Stage.objects.filter(cycle=cycle).order_by("position", "pk").values_list("code", flat=True))


def new_stage(cycle, **values):
    return Stage(cycle=cycle, code="four", name_fa="چهار", name_en="Four", **{"probability": 80, **values})


def test_a_new_cycle_can_be_used_at_once(boss):
    cycle = services.cycle_save(actor=boss, cycle=SalesCycle(code="x", name_fa="نو", name_en="New"))
    assert codes(cycle) == ["first", "won", "lost"]
    assert services.opportunity_create(actor=boss, name="x", cycle=cycle).stage.code == "first"


def test_there_is_one_default_cycle(boss, cycle):
    services.cycle_make_default(actor=boss, cycle=cycle)
    assert SalesCycle.objects.get(is_default=True) == cycle
    cycle.refresh_from_db()
    cycle.is_default = False
    with pytest.raises(DomainError):
        services.cycle_save(actor=boss, cycle=cycle)
    cycle.is_default, cycle.is_active = True, False
    with pytest.raises(DomainError):
        services.cycle_save(actor=boss, cycle=cycle)


def test_a_new_stage_stands_before_the_closing_ones(boss, cycle):
    services.stage_save(actor=boss, stage=new_stage(cycle))
    assert codes(cycle) == ["one", "two", "three", "four", "won", "lost"]


def test_closing_stages_have_their_own_probability(boss, cycle, stages):
    stages.won.probability, stages.won.expected_days = 50, 3
    stage = services.stage_save(actor=boss, stage=stages.won)
    assert (stage.probability, stage.expected_days) == (100, None)


def test_a_stage_in_use_stays(boss, cycle, stages, deal):
    services.opportunity_move(actor=boss, opportunity=deal, stage=stages.two)
    for stage in (stages.one, stages.two):
        with pytest.raises(DomainError) as refusal:
            services.stage_delete(actor=boss, stage=stage)
        assert refusal.value.code == "in_use"
    stages.two.kind = "won"
    with pytest.raises(DomainError):
        services.stage_save(actor=boss, stage=stages.two)
    stages.two.refresh_from_db()
    stages.two.is_active = False
    with pytest.raises(DomainError):
        services.stage_save(actor=boss, stage=stages.two)
    services.stage_delete(actor=boss, stage=stages.three)
    assert codes(cycle) == ["one", "two", "won", "lost"]


def test_a_cycle_keeps_an_open_stage(boss, cycle, stages):
    services.stage_delete(actor=boss, stage=stages.two)
    services.stage_delete(actor=boss, stage=stages.three)
    with pytest.raises(DomainError):
        services.stage_delete(actor=boss, stage=stages.one)
    stages.one.is_active = False
    with pytest.raises(DomainError):
        services.stage_save(actor=boss, stage=stages.one)


def test_a_new_order_tells_anew_how_far_deals_got(boss, cycle, stages, deal):
    services.opportunity_move(actor=boss, opportunity=deal, stage=stages.three)
    services.opportunity_move(actor=boss, opportunity=deal, stage=stages.two)
    order = [stages.three.pk, stages.one.pk, stages.two.pk, stages.lost.pk, stages.won.pk]
    services.stages_reorder(actor=boss, cycle=cycle, order=order)
    assert codes(cycle) == ["three", "one", "two", "won", "lost"]
    deal.refresh_from_db()
    assert deal.furthest_stage == stages.two


def test_an_order_of_other_stages_is_refused(boss, cycle, stages):
    for order in ([stages.one.pk], [*[s.pk for s in cycle.stages.all()], 999_999], []):
        with pytest.raises(DomainError):
            services.stages_reorder(actor=boss, cycle=cycle, order=order)


def test_up_and_down_buttons(browser, cycle, stages):
    browser.post(reverse("opportunities:stage_down", args=[stages.one.pk]))
    assert codes(cycle)[:3] == ["two", "one", "three"]
    browser.post(reverse("opportunities:stage_up", args=[stages.one.pk]))
    browser.post(reverse("opportunities:stage_up", args=[stages.one.pk]))
    assert codes(cycle)[:3] == ["one", "two", "three"]


def test_pages_of_stages(browser, cycle, stages):
    add = reverse("opportunities:stage_add", args=[cycle.pk])
    assert browser.get(add).status_code == 200
    data = {
        "name_fa": "چهار",
        "name_en": "Four",
        "code": "four",
        "kind": "open",
        "probability": "۸۰",
        "is_active": "on",
    }
    assert browser.post(add, data).status_code == 302
    stage = cycle.stages.get(code="four")
    assert stage.probability == 80
    assert browser.post(add, data).status_code == 422
    edit = reverse("opportunities:stage_edit", args=[stage.pk])
    assert browser.post(edit, {**data, "name_en": "Fourth"}).status_code == 302
    assert browser.get(reverse("opportunities:stage_delete", args=[stage.pk])).status_code == 200
    assert browser.post(reverse("opportunities:stage_delete", args=[stage.pk])).status_code == 302
    assert not cycle.stages.filter(code="four").exists()
    assert browser.get(reverse("opportunities:stage_add", args=[999_999])).status_code == 404


def test_a_cycle_with_deals_stays(browser, cycle, deal):
    browser.post(reverse("opportunities:salescycle_delete", args=[cycle.pk]))
    assert SalesCycle.objects.filter(pk=cycle.pk).exists()


def test_settings_are_a_right(cycle, stages, client, rep):
    nobody = UserFactory()
    for work in (
        lambda: services.cycle_make_default(actor=nobody, cycle=cycle),
        lambda: services.stage_save(actor=nobody, stage=new_stage(cycle)),
        lambda: services.stage_delete(actor=nobody, stage=stages.three),
        lambda: services.stages_reorder(actor=nobody, cycle=cycle, order=[]),
    ):
        with pytest.raises(PermissionRefused):
            work()
    client.force_login(rep)
    for name, key in (("stage_up", stages.two.pk), ("stage_edit", stages.two.pk), ("salescycle_default", cycle.pk)):
        assert client.post(reverse(f"opportunities:{name}", args=[key])).status_code == 403


def test_the_cycle_of_a_team(boss, cycle):
    from users.models import Team

    team = Team.objects.create(name="تیم")
    cycle.teams.add(team)
    owner = UserFactory(team=team, is_superuser=True)
    assert services.opportunity_create(actor=boss, name="x", owner=owner).cycle == cycle
    other = CycleFactory()
    assert services.opportunity_create(actor=boss, name="x", owner=owner, cycle=other).cycle == other


def test_rotting_counts_from_the_stage_and_is_silent_with_a_plan(boss, cycle, stages):
    import datetime as dt

    from django.utils import timezone

    now = timezone.now()
    old, fresh = now - dt.timedelta(days=6), now - dt.timedelta(days=4)
    soon, past = now + dt.timedelta(hours=1), now - dt.timedelta(hours=1)
    made = now - dt.timedelta(days=300)
    rotten = OpportunityFactory(cycle=cycle, stage_entered_at=old)
    late = OpportunityFactory(cycle=cycle, stage_entered_at=old, next_step="x", next_step_at=past)
    OpportunityFactory(cycle=cycle, stage_entered_at=old, next_step="x", next_step_at=soon)
    OpportunityFactory(cycle=cycle, stage_entered_at=fresh, created_at=made)
    OpportunityFactory(cycle=cycle, stage=stages.won, status="won", closed_on=now.date(), stage_entered_at=old)
    assert set(Opportunity.objects.rotting(now)) == {rotten, late}
    for row in Opportunity.objects.select_related("stage"):
        assert row.is_rotting(now) == (row in {rotten, late})
