"""Rows for the tests of opportunities."""

import factory

from opportunities.models import CloseReason, Opportunity, SalesCycle, Stage, StageVisit
from tests.accounts.factories import AccountFactory, ContactFactory, UserFactory

__all__ = ["AccountFactory", "ContactFactory", "UserFactory"]


class CycleFactory(factory.django.DjangoModelFactory):
    """A cycle with three open stages (10, 40, 70 percent; 5 days each), a won and a lost one."""

    class Meta:
        model = SalesCycle
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"cycle-{n}")
    name_fa = factory.Sequence(lambda n: f"چرخه {n}")
    name_en = factory.Sequence(lambda n: f"Cycle {n}")

    @factory.post_generation
    def stages(self, create, extracted, **kwargs):
        rows = (
            ("one", "open", 10),
            ("two", "open", 40),
            ("three", "open", 70),
            ("won", "won", 100),
            ("lost", "lost", 0),
        )
        for number, (code, kind, probability) in enumerate(rows, start=1):
            Stage.objects.create(
                cycle=self,
                code=code,
                name_fa=f"مرحله {code}",
                name_en=code.title(),
                kind=kind,
                probability=probability,
                expected_days=5 if kind == "open" else None,
                position=number * 10,
            )


class ReasonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CloseReason

    code = factory.Sequence(lambda n: f"reason-{n}")
    name_fa = factory.Sequence(lambda n: f"دلیل {n}")
    name_en = factory.Sequence(lambda n: f"Reason {n}")
    outcome = "lost"


class OpportunityFactory(factory.django.DjangoModelFactory):
    """An open deal with its first visit."""

    class Meta:
        model = Opportunity
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"فروش سرور {n}")
    cycle = factory.SubFactory(CycleFactory)
    stage = factory.LazyAttribute(lambda o: o.cycle.stages.order_by("position").first())
    furthest_stage = factory.SelfAttribute("stage")
    probability = factory.LazyAttribute(lambda o: o.stage.probability)
    amount = 1_000_000

    @factory.post_generation
    def visit(self, create, extracted, **kwargs):
        StageVisit.objects.create(opportunity=self, stage=self.stage, entered_at=self.stage_entered_at)
