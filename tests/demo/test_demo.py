"""The sample company: deterministic, true in itself, and removable."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Sum

from accounts.models import Account, Contact
from activities.choices import Kind
from activities.models import Activity, Booking, Mention, Resource, Sequence, SequenceRun
from activities.services import next_step_refresh
from core.display import use
from demo.services import demo_create, demo_exists, demo_remove
from leads.models import Lead
from messaging.models import Message
from opportunities.models import Opportunity, StageVisit
from reports.selectors.work import work_of
from users.models import User

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)


def fingerprint() -> list[tuple]:
    deals = Opportunity.objects.order_by("created_at", "name").values_list("name", "amount", "status", "created_at")
    leads = Lead.objects.order_by("created_at", "mobile").values_list("last_name", "mobile", "status", "created_at")
    return [*deals, *leads]


def test_the_same_seed_and_day_make_the_same_company() -> None:
    demo_create(today=TODAY, seed=7)
    first = fingerprint()
    demo_remove(actor=None)
    demo_create(today=TODAY, seed=7)
    assert fingerprint() == first
    demo_remove(actor=None)
    demo_create(today=TODAY, seed=8)
    assert fingerprint() != first


def test_the_figures_are_consistent() -> None:
    demo_create(today=TODAY)
    assert Lead.objects.count() == 1000
    assert not Opportunity.objects.exclude(status=F("stage__kind")).exists()
    assert Opportunity.objects.filter(status="open").count() > 50
    open_visits = StageVisit.objects.filter(left_at=None)
    assert open_visits.count() == Opportunity.objects.count()
    assert not open_visits.exclude(stage=F("opportunity__stage")).exists()
    with_lines = Opportunity.objects.annotate(lines_total=Sum("lines__total"))
    assert not with_lines.exclude(amount=F("lines_total")).exists()
    assert Lead.objects.filter(status="converted").exclude(opportunity=None).count() == 300
    assert not Opportunity.objects.filter(closed_on__gt=TODAY).exists()
    assert not Lead.objects.filter(created_at__date__gt=TODAY).exists()


def test_removing_leaves_nothing_of_it_and_everything_else() -> None:
    demo_create(today=TODAY)
    mine = Account.objects.create(name="شرکت خودم")
    demo_remove(actor=None)
    assert not demo_exists()
    assert list(Account.objects.all()) == [mine]
    assert not User.objects.filter(is_sample=True).exists()
    assert not Contact.all_objects.exists()


def test_what_a_person_still_uses_is_kept() -> None:
    demo_create(today=TODAY)
    deal = Opportunity.objects.filter(status="open").exclude(account=None).select_related("account").first()
    assert deal is not None
    Opportunity.objects.filter(pk=deal.pk).update(is_sample=False)
    demo_remove(actor=None)
    kept = Opportunity.objects.get()
    assert kept.pk == deal.pk
    assert kept.account is not None
    assert not kept.account.is_sample
    assert kept.owner is not None
    assert not kept.owner.is_active


def test_it_is_not_made_twice() -> None:
    demo_create(today=TODAY)
    call_command("demo", "--if-empty")
    assert Lead.objects.count() == 1000
    with pytest.raises(CommandError):
        call_command("demo")


def test_the_work_is_believable_and_agrees_with_the_records() -> None:
    demo_create(today=TODAY)
    kinds = set(Activity.objects.values_list("kind", flat=True))
    assert kinds == set(Kind.values)
    assert not Activity.objects.filter(status="done", done_at__date__gt=TODAY).exists()
    assert Activity.objects.filter(status="planned", due_at__date=TODAY).count() > 20
    assert Activity.objects.filter(status="planned", due_at__date__lt=TODAY).count() > 20
    assert Booking.objects.count() > 10
    assert Mention.objects.filter(seen_at=None).exists()
    assert SequenceRun.objects.filter(activities__status="planned").exists()
    assert not Message.objects.filter(state__in=("queued", "sending")).exists()
    seller = User.objects.get(email="rep@demo.example")
    with use(seller.display):
        work = work_of(user=seller)
    assert [group.key for group in work.waiting] == ["mentions", "handed_over", "invitations"]
    assert all(group.count for group in work.groups)
    for model in (Lead, Opportunity):
        before = list(model.objects.order_by("pk").values_list("next_step", "next_step_at", "next_activity_id"))
        assert next_step_refresh(model.objects.all()) == 0
        assert any(step for step, _at, _key in before)
    demo_remove(actor=None)
    assert not Activity.all_objects.exists()
    assert not Resource.objects.exists()
    assert not Message.objects.exists()
    assert not Sequence.all_objects.exists()
