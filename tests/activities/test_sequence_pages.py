"""Pages of sequences: the settings, starting one on a record, its panel."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.choices import RunState
from activities.models import Activity, Sequence, SequenceRun, SequenceStep
from activities.services import activity_complete, sequence_start
from core import display
from core.forms.widgets import plain_date
from core.models import Holiday, Organisation
from core.testing import CrudContract
from messaging.models import MessageTemplate
from tests.activities.test_sequences import call_mail_call, make_sequence, moment, open_step, tuesday
from tests.leads.factories import LeadFactory
from users.models import RoleGrant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def working_week(db):
    Organisation.objects.update(working_days=[0, 1, 2, 3, 4])
    Holiday.objects.all().delete()


def start_url(record, name="sequence_start"):
    return reverse(f"activities:{name}", args=[record._meta.label_lower, record.pk])


def panel(client, lead):
    return client.get(reverse("panel", args=["leads.lead", lead.pk, "sequences"])).content.decode()


class TestSequenceContract(CrudContract):
    model = Sequence
    seer = "manager"
    stranger = "rep"
    owned = False
    values = {"name": "پیگیری نمایشگاه", "host": "leads.lead", "is_active": "on"}
    changed = {"name": "پیگیری همایش"}

    @staticmethod
    def factory(**values):
        values.pop("owner", None)
        return Sequence.objects.create(**{"name": "روال", "host": "leads.lead", **values})

    def listed(self, client):
        """The sequences are shown whole, without pages."""
        return [sequence.pk for sequence in client.get(self.url("list")).context["sequences"]]

    def test_the_export_is_a_right_of_its_own(self):
        """There is no export: the page is a setting."""

    def test_the_list_answers_nonsense_politely(self, visitor, obj):
        for query in ({"page": "x"}, {"sort": "nonsense"}, {"nonsense": "1"}):
            assert visitor.get(self.url("list"), query).status_code == 200


class TestSettings:
    def test_a_sequence_is_written_step_by_step(self, client, manager):
        client.force_login(manager)
        response = client.post(
            reverse("activities:sequence_add"), {"name": "تازه", "host": "leads.lead", "is_active": "on"}
        )
        sequence = Sequence.objects.get(name="تازه")
        assert response["Location"] == reverse("activities:step_add", args=[sequence.pk])
        page = client.get(response["Location"]).content.decode()
        assert "تازه" in page
        data = {"kind": "call", "subject": "تماس", "after_days": "۰", "working_days": "on", "at_time": "۱۰:۳۰"}
        answer = client.post(response["Location"], data)
        assert answer["Location"].endswith(f"#sequence-{sequence.pk}")
        step = SequenceStep.objects.get(sequence=sequence)
        assert (step.after_days, str(step.at_time), step.position) == (0, "10:30:00", 10)
        listing = client.get(reverse("activities:sequence_list")).content.decode()
        assert "۱۰:۳۰" in listing
        assert reverse("activities:step_edit", args=[step.pk]) in listing

    def test_a_step_changes_moves_and_goes(self, client, manager):
        client.force_login(manager)
        sequence = call_mail_call()
        first, second, _third = sequence.steps.all()
        client.post(reverse("activities:step_down", args=[first.pk]))
        assert [step.pk for step in sequence.steps.all()][:2] == [second.pk, first.pk]
        url = reverse("activities:step_edit", args=[first.pk])
        data = {"kind": "task", "subject": "آماده‌سازی", "after_days": "3", "at_time": "08:00"}
        assert client.post(url, data).status_code == 302
        first.refresh_from_db()
        assert (first.kind, first.subject, first.working_days) == ("task", "آماده‌سازی", False)
        client.post(reverse("activities:step_delete", args=[first.pk]))
        assert sequence.steps.count() == 2

    @pytest.mark.parametrize(
        ("name", "value"), [("after_days", "366"), ("after_days", "-1"), ("at_time", "25:00"), ("kind", "note")]
    )
    def test_bad_steps_are_said_beside_the_field(self, client, manager, name, value):
        client.force_login(manager)
        url = reverse("activities:step_add", args=[make_sequence().pk])
        data = {"kind": "call", "subject": "تماس", "after_days": "1", "at_time": "09:00", name: value}
        response = client.post(url, data)
        assert response.status_code == 422
        assert name in response.context["form"].errors
        assert not SequenceStep.objects.exists()

    def test_one_at_work_is_not_deleted(self, client, manager, rep):
        client.force_login(manager)
        sequence = call_mail_call()
        sequence_start(actor=rep, sequence=sequence, record=LeadFactory(owner=rep))
        client.post(reverse("activities:sequence_delete", args=[sequence.pk]))
        assert Sequence.objects.filter(pk=sequence.pk).exists()

    def test_a_deleted_one_comes_back(self, client, manager):
        client.force_login(manager)
        sequence = call_mail_call()
        client.post(reverse("activities:sequence_delete", args=[sequence.pk]))
        assert not Sequence.objects.filter(pk=sequence.pk).exists()
        client.post(reverse("restore", args=["activities.sequence", sequence.pk]))
        assert Sequence.objects.get(pk=sequence.pk).steps.count() == 3

    def test_a_rep_reads_them_and_changes_nothing(self, client, rep):
        client.force_login(rep)
        sequence = call_mail_call()
        page = client.get(reverse("activities:sequence_list")).content.decode()
        assert sequence.name in page
        assert reverse("activities:sequence_edit", args=[sequence.pk]) not in page


class TestStarting:
    def test_the_dialog_shows_the_dates_before(self, client, rep):
        client.force_login(rep)
        lead, sequence = LeadFactory(owner=rep), call_mail_call()
        dialog = client.get(start_url(lead), headers={"HX-Request": "true", "HX-Target": "dialog"}).content.decode()
        assert "تماس نخست" in dialog
        dates = client.get(
            start_url(lead, "sequence_dates"),
            {"sequence": sequence.pk, "start": plain_date(tuesday()), "owner": rep.pk},
        ).content.decode()
        assert display.format_date(tuesday() + dt.timedelta(days=4), "full") in dates
        assert "۱۶:۳۰" in dates
        assert not SequenceRun.objects.exists()

    def test_bad_dates_are_answered_quietly(self, client, rep):
        client.force_login(rep)
        lead, sequence = LeadFactory(owner=rep), call_mail_call()
        response = client.get(start_url(lead, "sequence_dates"), {"sequence": sequence.pk, "start": "1405/13/99"})
        assert response.status_code == 200

    def test_it_starts(self, client, manager, rep):
        client.force_login(manager)
        lead, sequence = LeadFactory(owner=rep), call_mail_call()
        data = {"sequence": sequence.pk, "start": plain_date(tuesday()), "owner": rep.pk}
        response = client.post(start_url(lead), data)
        assert response["Location"] == lead.get_absolute_url()
        step = open_step(SequenceRun.objects.get())
        assert (step.due_at, step.owner) == (moment(tuesday()), rep)
        assert client.post(start_url(lead), data).status_code == 422

    def test_without_the_right_to_assign_the_steps_are_ones_own(self, client, rep):
        RoleGrant.objects.filter(model="activities.activity", action="assign").update(scope="none")
        client.force_login(rep)
        lead, sequence = LeadFactory(owner=rep), call_mail_call()
        client.post(start_url(lead), {"sequence": sequence.pk, "start": plain_date(tuesday())})
        assert open_step(SequenceRun.objects.get()).owner == rep

    def test_only_sequences_of_that_kind_with_steps_are_offered(self, client, rep):
        client.force_login(rep)
        lead = LeadFactory(owner=rep)
        make_sequence(name="بی‌گام")
        other = call_mail_call("opportunities.opportunity")
        dialog = client.get(start_url(lead), headers={"HX-Request": "true", "HX-Target": "dialog"}).content.decode()
        assert "<select" not in dialog
        assert client.post(start_url(lead), {"sequence": other.pk, "start": plain_date(tuesday())}).status_code == 422

    @pytest.mark.parametrize("label", ["accounts.account", "core.holiday", "nonsense", "leads.lead;"])
    def test_other_kinds_of_record_are_not_found(self, client, rep, label):
        client.force_login(rep)
        assert client.get(reverse("activities:sequence_start", args=[label, 1])).status_code == 404


class TestPanel:
    def test_what_was_done_is_open_and_is_to_come(self, client, rep):
        client.force_login(rep)
        lead = LeadFactory(owner=rep)
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=lead, start=tuesday())
        activity_complete(actor=rep, activity=open_step(run))
        html = panel(client, lead)
        assert html.count('class="is-done"') == html.count('class="is-open"') == html.count('class="is-coming"') == 1
        assert reverse("activities:sequence_stop", args=[run.pk]) in html

    def test_stopping(self, client, rep):
        client.force_login(rep)
        lead = LeadFactory(owner=rep)
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=lead)
        response = client.post(reverse("activities:sequence_stop", args=[run.pk]))
        assert response["Location"] == lead.get_absolute_url()
        run.refresh_from_db()
        assert run.state == RunState.STOPPED
        assert not Activity.objects.filter(status="planned").exists()
        assert reverse("activities:sequence_stop", args=[run.pk]) not in panel(client, lead)

    def test_an_empty_one_offers_to_start(self, client, rep):
        client.force_login(rep)
        lead = LeadFactory(owner=rep)
        assert start_url(lead) in panel(client, lead)
        assert start_url(lead) in client.get(lead.get_absolute_url()).content.decode()


class TestCompleting:
    def test_the_dialog_says_what_the_sequence_plans_next(self, client, rep):
        client.force_login(rep)
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=LeadFactory(owner=rep))
        url = reverse("activities:activity_complete", args=[open_step(run).pk])
        dialog = {"HX-Request": "true", "HX-Target": "dialog"}
        assert "فرستادن معرفی" in client.get(url, headers=dialog).content.decode()
        for _number in range(2):
            activity_complete(actor=rep, activity=open_step(run))
        url = reverse("activities:activity_complete", args=[open_step(run).pk])
        assert client.get(url, headers=dialog).context["following"] is None

    def test_undo_of_done_takes_the_planned_step_back(self, client, rep):
        client.force_login(rep)
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=LeadFactory(owner=rep))
        first = open_step(run)
        client.post(reverse("activities:activity_complete", args=[first.pk]), {})
        assert open_step(run) != first
        client.post(reverse("activities:activity_reopen", args=[first.pk]))
        assert open_step(run) == first


class TestTemplates:
    def test_a_sequence_of_one_step_is_offered_when_planning(self, client, rep):
        client.force_login(rep)
        lead = LeadFactory(owner=rep)
        template = make_sequence({"kind": "call", "subject": "تماس خوش‌آمد", "duration": 15}, name="خوش‌آمد")
        call_mail_call()
        make_sequence({"subject": "فرصت"}, name="برای فرصت", host="opportunities.opportunity")
        dialog = {"HX-Request": "true", "HX-Target": "dialog"}
        url = f"{reverse('activities:activity_plan')}?record=leads.lead:{lead.pk}"
        response = client.get(url, headers=dialog)
        (link,) = response.context["templates"]
        assert link[0] == "خوش‌آمد"
        form = client.get(link[1], headers=dialog).context["form"]
        assert form["subject"].value() == "تماس خوش‌آمد"
        assert form["duration"].value() == 15
        assert form["records"].value() == [f"leads.lead:{lead.pk}"]
        assert form["due_at"].value() > timezone.now()
        assert template.steps.count() == 1

    @pytest.mark.parametrize("template", ["x", "999999", "-1"])
    def test_an_unknown_template_is_none(self, client, rep, template):
        client.force_login(rep)
        assert client.get(reverse("activities:activity_plan"), {"template": template}).status_code == 200


class TestMessages:
    def test_an_e_mail_step_offers_its_template_filled(self, client, rep):
        client.force_login(rep)
        lead = LeadFactory(owner=rep, first_name="نرگس", email="narges@example.com")
        template = MessageTemplate.objects.create(
            name="معرفی", channel="email", host="leads.lead", subject_fa="معرفی ما", body_fa="سلام {{ first_name }}"
        )
        sequence = make_sequence({"kind": "email", "subject": "فرستادن معرفی", "message_template": template})
        activity = open_step(sequence_start(actor=rep, sequence=sequence, record=lead))
        page = client.get(activity.get_absolute_url())
        (action,) = [row for row in page.context["actions"] if "/compose/" in row.url]
        form = client.get(action.url, headers={"HX-Request": "true", "HX-Target": "dialog"}).context["form"]
        assert form["template"].value() == template.pk
        assert form["subject"].value() == "معرفی ما"
        assert "نرگس" in form["body"].value()

    def test_without_a_template_its_words_are_the_subject(self, client, rep):
        client.force_login(rep)
        lead = LeadFactory(owner=rep, email="narges@example.com")
        sequence = make_sequence({"kind": "email", "subject": "فرستادن معرفی"})
        activity = open_step(sequence_start(actor=rep, sequence=sequence, record=lead))
        (action,) = [
            row for row in client.get(activity.get_absolute_url()).context["actions"] if "/compose/" in row.url
        ]
        assert client.get(action.url).context["form"]["subject"].value() == "فرستادن معرفی"
