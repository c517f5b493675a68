"""Calling colleagues by name, following records, and what is told of both."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities import services
from activities.models import Mention, Watch
from activities.selectors.people import colleagues
from activities.services.mentions import mentions_stored
from activities.services.watching import record_unwatch, record_watch
from core import rich_text
from core.models import Notification
from core.services import object_save
from leads.services import lead_convert
from messaging.services import mute_set
from opportunities.services import opportunity_create, opportunity_move
from tests.accounts.factories import AccountFactory
from tests.leads.factories import LeadFactory
from tests.users.factories import UserFactory
from users.models import FieldRule
from users.services import record_assign

pytestmark = pytest.mark.django_db


def told(person, code: str) -> list[str]:
    return [str(row) for row in Notification.objects.filter(recipient=person, code=code).order_by("pk")]


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def name_people(*people) -> None:
    for person, (first, last) in zip(people, (("سارا", "محمدی"), ("علی", "کریمی")), strict=False):
        person.first_name, person.last_name = first, last
        person.save()


class TestText:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
            ("یک\nدو", "یک<br>دو"),
            ("@[سارا](5) ببین", '<b class="pv-mention"><bdi>@سارا</bdi></b> ببین'),
            ("@[<b>x</b>](5)", '<b class="pv-mention"><bdi>@&lt;b&gt;x&lt;/b&gt;</bdi></b>'),
            ("javascript:alert(1)", "javascript:alert(1)"),
            ("", ""),
        ],
    )
    def test_words_are_shown_safely(self, text, shown):
        assert rich_text.html(text) == shown

    def test_addresses_become_links_that_say_nothing_of_us(self):
        html = rich_text.html("ببین https://example.com/a?b=1&c=2 را")
        assert '<a href="https://example.com/a?b=1&amp;c=2" rel="nofollow">' in html

    def test_plain_words_keep_the_name(self):
        assert rich_text.plain("@[سارا محمدی](5) ببین") == "@سارا محمدی ببین"

    def test_a_name_cannot_break_out_of_its_brackets(self):
        assert rich_text.MENTION.fullmatch(rich_text.mention("a](1)[b", 7))[2] == "7"


class TestStored:
    def test_each_way_of_calling_is_kept_alike(self, rep, teammate):
        name_people(rep, teammate)
        kept = f"@[علی کریمی]({teammate.pk})"
        for typed in (
            "@[علی کریمی]",
            f"@{teammate.email}",
            f"@{teammate.email.upper()}",
            kept,
            f"@[دروغ]({teammate.pk})",
        ):
            assert mentions_stored(f"ببین {typed} لطفاً") == f"ببین {kept} لطفاً"

    def test_a_sentence_may_end_with_the_address(self, rep, teammate):
        assert mentions_stored(f"با @{teammate.email}.") == f"با @[{teammate}]({teammate.pk})."

    def test_unknown_and_double_names_stay_as_typed(self, rep):
        UserFactory(first_name="رضا", last_name="احمدی")
        UserFactory(first_name="رضا", last_name="احمدی")
        for typed in (
            "@[رضا احمدی]",
            "@[هیچ‌کس]",
            "@nobody@nowhere.example",
            "@[x](999999999)",
            "sara@example.com",
            "@",
        ):
            assert mentions_stored(typed) == typed

    def test_who_left_is_not_called(self, rep, teammate):
        teammate.is_active = False
        teammate.save()
        assert mentions_stored(f"@{teammate.email}") == f"@{teammate.email}"


class TestCalls:
    @pytest.fixture
    def lead(self, rep):
        return LeadFactory(owner=rep)

    def test_the_called_one_is_told_once_and_it_waits(self, rep, manager, lead):
        note = services.activity_log(actor=rep, kind="note", text=f"نظر @{manager.email}؟", records=[lead])
        assert len(told(manager, "mention.called")) == 1
        assert str(rep) in told(manager, "mention.called")[0]
        assert f"@{manager}" in told(manager, "mention.called")[0]
        note.text += " لطفاً"
        services.activity_update(actor=rep, instance=note)
        assert len(told(manager, "mention.called")) == 1
        assert Mention.objects.get(activity=note, user=manager).seen_at is None

    def test_who_may_not_see_it_is_not_told_and_the_author_is(self, rep, outsider, lead):
        services.activity_log(actor=rep, kind="note", text=f"@{outsider.email} ببین", records=[lead])
        assert not told(outsider, "mention.called")
        assert not Mention.objects.exists()
        assert str(outsider) in told(rep, "mention.unseen")[0]

    def test_a_private_activity_calls_nobody_in(self, rep, manager, lead):
        services.activity_plan(
            actor=rep, kind="task", subject="خصوصی", text=f"@{manager.email}", records=[lead], is_private=True
        )
        assert not told(manager, "mention.called")
        assert told(rep, "mention.unseen")

    def test_calling_oneself_is_nothing(self, rep, lead):
        services.activity_log(actor=rep, kind="note", text=f"@{rep.email}", records=[lead])
        assert not Notification.objects.filter(recipient=rep).exists()

    def test_a_call_taken_back_waits_no_longer(self, rep, manager, lead):
        note = services.activity_log(actor=rep, kind="note", text=f"@{manager.email}", records=[lead])
        note.refresh_from_db()
        note.text = "نه"
        services.activity_update(actor=rep, instance=note)
        assert not Mention.objects.exists()

    def test_coming_to_it_counts_as_seen_and_leads_to_the_record(self, rep, manager, lead):
        services.activity_log(actor=rep, kind="note", text=f"@{manager.email}", records=[lead])
        row = Mention.objects.get()
        answer = browser(manager).get(reverse("activities:mention", args=[row.pk]))
        assert answer["Location"] == lead.get_absolute_url()
        row.refresh_from_db()
        assert row.seen_at
        assert browser(rep).get(reverse("activities:mention", args=[row.pk])).status_code == 404

    def test_colleagues_are_found_by_their_letters(self, rep, teammate, manager):
        name_people(teammate)
        found = colleagues("سا مح", besides=rep.pk)
        assert [(row["text"], row["token"]) for row in found] == [("سارا محمدی", "@[سارا محمدی]")]
        assert colleagues(teammate.email[:6]) != []
        answer = browser(rep).get(reverse("activities:colleagues"), {"q": "سارا"})
        assert answer.json()["results"][0]["hint"] == teammate.email


class TestFollowing:
    @pytest.fixture
    def deal(self, rep):
        return opportunity_create(actor=rep, name="خرید فولاد", account=AccountFactory(owner=rep), owner=rep)

    def next_stage(self, deal):
        return deal.cycle.stages.filter(kind="open").order_by("position")[1]

    def test_followers_hear_of_others_and_never_of_themselves(self, rep, manager, deal):
        record_watch(actor=manager, record=deal)
        opportunity_move(actor=rep, opportunity=deal, stage=self.next_stage(deal))
        assert len(told(manager, "watch.changed")) == 1
        assert "خرید فولاد" in told(manager, "watch.changed")[0]
        assert not told(rep, "watch.changed")

    def test_the_owner_hears_without_asking(self, rep, manager, deal):
        opportunity_move(actor=manager, opportunity=deal, stage=self.next_stage(deal))
        assert len(told(rep, "watch.changed")) == 1

    def test_muting_ends_that(self, rep, manager, deal):
        mute_set(actor=rep, kind=ContentType.objects.get_for_model(deal).pk, pk=deal.pk)
        opportunity_move(actor=manager, opportunity=deal, stage=self.next_stage(deal))
        assert not told(rep, "watch.changed")

    def test_notes_and_activities_on_the_record_are_told(self, rep, manager, deal):
        services.activity_log(actor=manager, kind="note", text="قیمت نهایی شد", records=[deal])
        services.activity_plan(
            actor=manager, kind="call", subject="تماس", due_at=timezone.now(), records=[deal], reminders=[]
        )
        assert len(told(rep, "watch.changed")) == 2

    def test_the_same_doing_is_told_once_in_a_while(self, rep, manager, deal):
        for words in ("یک", "دو", "یک"):
            services.activity_log(actor=manager, kind="note", text=words, records=[deal])
        assert len(told(rep, "watch.changed")) == 2

    def test_who_lost_the_right_hears_nothing(self, rep, outsider, deal):
        Watch.objects.create(user=outsider, content_type=ContentType.objects.get_for_model(deal), object_id=deal.pk)
        services.activity_log(actor=rep, kind="note", text="راز", records=[deal])
        assert not told(outsider, "watch.changed")

    def test_a_private_activity_is_told_to_nobody(self, rep, manager, deal):
        record_watch(actor=manager, record=deal)
        services.activity_plan(
            actor=rep, kind="call", subject="راز", due_at=timezone.now(), records=[deal], is_private=True, reminders=[]
        )
        assert not told(manager, "watch.changed")

    def test_what_a_role_hides_stays_hidden(self, rep, manager, deal):
        from opportunities.models import CloseReason
        from opportunities.services import opportunity_lose
        from users.models import Role

        record_watch(actor=manager, record=deal)
        FieldRule.objects.create(
            role=Role.objects.get(code="sales-manager"),
            model="opportunities.opportunity",
            field="close_reason",
            access="hidden",
        )
        reason = CloseReason.objects.filter(outcome="lost").first() or CloseReason.objects.first()
        opportunity_lose(actor=rep, opportunity=deal, reason=reason)
        assert told(manager, "watch.changed")
        assert str(reason) not in told(manager, "watch.changed")[0]

    def test_a_handed_over_record_is_told_once(self, rep, manager, teammate, deal):
        record_assign(actor=manager, record=deal, owner=teammate)
        assert told(teammate, "record.assigned")
        assert not told(teammate, "watch.changed")

    def test_an_activity_is_told_once_to_its_people(self, rep, manager, deal):
        services.activity_plan(
            actor=manager, kind="call", subject="تماس", due_at=timezone.now(), records=[deal], owner=rep, reminders=[]
        )
        assert told(rep, "activity.assigned")
        assert not told(rep, "watch.changed")

    def test_followers_of_an_activity_hear_of_it(self, rep, manager):
        activity = services.activity_plan(actor=rep, kind="task", subject="کار", due_at=None)
        record_watch(actor=manager, record=activity)
        services.activity_complete(actor=rep, activity=activity)
        assert len(told(manager, "watch.changed")) == 1

    def test_one_alone_is_told_nothing(self, rep):
        lead = LeadFactory(owner=rep)
        lead.city = "شیراز"
        object_save(actor=rep, instance=lead)
        assert not Notification.objects.exists()


class TestFollowButton:
    def url(self, record) -> str:
        return reverse("activities:follow", args=[record._meta.label_lower, record.pk])

    def test_following_muting_and_their_ends(self, rep, manager):
        account = AccountFactory(owner=rep)
        client = browser(manager)
        assert 'value="on"' in client.get(self.url(account)).content.decode()
        assert 'value="off"' in client.post(self.url(account), {"state": "on"}, HTTP_HX_REQUEST="true").content.decode()
        assert Watch.objects.filter(user=manager).exists()
        assert 'value="on"' in client.post(self.url(account), {"state": "off"}, HTTP_HX_REQUEST="true").content.decode()
        owner = browser(rep)
        assert 'value="mute"' in owner.get(self.url(account)).content.decode()
        assert (
            'value="unmute"'
            in owner.post(self.url(account), {"state": "mute"}, HTTP_HX_REQUEST="true").content.decode()
        )

    def test_without_javascript_it_leads_back_to_the_record(self, manager, rep):
        account = AccountFactory(owner=rep)
        answer = browser(manager).post(self.url(account), {"state": "on"})
        assert answer["Location"] == account.get_absolute_url()

    def test_what_cannot_be_followed_is_not_there(self, admin, rep):
        from accounts.models import Source

        assert browser(admin).get(self.url(Source.objects.first())).status_code == 404
        assert browser(rep).get(reverse("activities:follow", args=["no.model", 1])).status_code == 404

    def test_nonsense_changes_nothing(self, rep):
        account = AccountFactory(owner=rep)
        browser(rep).post(self.url(account), {"state": "; drop table"})
        assert not Watch.objects.exists()

    def test_every_record_page_has_the_button(self, rep):
        lead = LeadFactory(owner=rep)
        page = browser(rep).get(lead.get_absolute_url()).content.decode()
        assert self.url(lead) in page

    def test_unfollowing_what_one_does_not_follow_is_harmless(self, rep):
        account, other = AccountFactory(owner=rep), AccountFactory()
        record_watch(actor=rep, record=account)
        record_unwatch(actor=rep, record=other)
        assert [watch.obj for watch in Watch.objects.filter(user=rep)] == [account]


class TestPlaces:
    """Where a text with a call is shown, it is shown in words."""

    @pytest.fixture
    def activity(self, rep, manager):
        name_people(manager)
        return services.activity_plan(
            actor=rep,
            kind="task",
            subject="پیشنهاد",
            text=f"@{manager.email} <i>ببین</i> https://example.com",
            due_at=None,
        )

    def test_the_page_of_an_activity_shows_it_safely_and_counts_as_coming(self, rep, manager, activity):
        page = browser(manager).get(activity.get_absolute_url()).content.decode()
        assert '<b class="pv-mention"><bdi>@سارا محمدی</bdi></b> &lt;i&gt;' in page
        assert 'href="https://example.com"' in page
        browser(manager).get(reverse("activities:follow", args=["activities.activity", activity.pk]))
        assert Mention.objects.get(activity=activity).seen_at

    def test_the_form_offers_colleagues(self, rep, activity):
        page = browser(rep).get(reverse("activities:activity_edit", args=[activity.pk])).content.decode()
        assert 'data-behavior="mentions"' in page
        assert reverse("activities:colleagues") in page

    def test_my_day_leads_to_the_call(self, rep, manager, activity):
        page = browser(manager).get(reverse("reports:my_day")).content.decode()
        assert reverse("activities:mention", args=[Mention.objects.get().pk]) in page
        assert "@[" not in page


def test_a_conversion_by_another_is_told_once_not_by_each_of_its_parts(rep, manager):
    lead = LeadFactory(owner=rep, status="qualified", company="فولاد البرز", last_name="کریمی")
    lead_convert(actor=manager, lead=lead)
    assert len(told(rep, "watch.changed")) == 1
