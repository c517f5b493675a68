"""Pages, dialogs and panels of activities."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.choices import Kind, Status
from activities.forms import parts
from activities.models import Activity, ActivityOutcome
from activities.selectors.activities import activity_records, doers
from activities.services import activity_log, activity_plan
from core.forms.records import reference
from core.testing.forms import form_data
from core.testing.toasts import undo_of
from tests.accounts.factories import AccountFactory, ContactFactory
from tests.core.test_frame import browser
from tests.leads.factories import LeadFactory
from tests.opportunities.factories import OpportunityFactory
from users.models import FieldRule, Role
from users.selectors import rule_fields

pytestmark = pytest.mark.django_db
DIALOG = {"HX-Request": "true", "HX-Target": "dialog"}


def soon(hours: float = 24) -> dt.datetime:
    return (timezone.now() + dt.timedelta(hours=hours)).replace(microsecond=0)


def plan(actor, **values) -> Activity:
    return activity_plan(actor=actor, **{"kind": Kind.CALL, "subject": "تماس", "due_at": soon(), **values})


def url(name: str, *args) -> str:
    return reverse(f"activities:{name}", args=args)


@pytest.fixture
def client(rep):
    return browser(rep)


def test_every_host_offers_to_plan_and_shows_its_activities(rep, client):
    for record in (
        LeadFactory(owner=rep),
        AccountFactory(owner=rep),
        ContactFactory(owner=rep),
        OpportunityFactory(owner=rep),
    ):
        plan(rep, subject="زنگ به انبار", records=[record])
        activity_log(actor=rep, kind=Kind.CALL, outcome_note="گرفتم", subject="قبلی", records=[record])
        page = client.get(record.get_absolute_url()).content.decode()
        assert f"record={record._meta.app_label}.{record._meta.model_name}%3A{record.pk}" in page
        panel = client.get(reverse("panel", args=[record._meta.label_lower, record.pk, "activities"])).content.decode()
        assert "زنگ به انبار" in panel
        assert "قبلی" in panel


def test_the_panel_costs_the_same_with_many_activities(rep, client, django_assert_max_num_queries):
    lead = LeadFactory(owner=rep)
    for _ in range(15):
        plan(rep, records=[lead])
    with django_assert_max_num_queries(14):
        client.get(reverse("panel", args=["leads.lead", lead.pk, "activities"]))


def test_planning_in_the_dialog_over_a_record(rep, client):
    lead = LeadFactory(owner=rep)
    headers = {**DIALOG, "HX-Current-URL": f"http://testserver{lead.get_absolute_url()}"}
    form = client.get(url("activity_plan"), headers=headers).context["form"]
    assert form.initial["records"] == [lead]
    data = {"kind": "call", "due_at": "1405/09/20 10:30", "records": [reference(lead)]}
    answer = client.post(url("activity_plan"), data, headers=headers)
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")
    activity = Activity.objects.get()
    assert str(lead) in activity.subject
    assert activity_records(activity, user=rep) == [lead]


def test_a_dialog_over_a_form_does_not_take_the_form_away(rep, client):
    headers = {**DIALOG, "HX-Current-URL": "http://testserver/leads/add/"}
    answer = client.post(url("activity_plan"), {"kind": "task", "subject": "کار"}, headers=headers)
    assert "HX-Refresh" not in answer
    assert "dialog:close" in answer["HX-Trigger"]


def test_the_full_form_begins_with_what_was_typed_in_the_dialog(rep, teammate, client):
    lead = LeadFactory(owner=rep)
    typed = {
        "kind": "meeting",
        "subject": "دیدار با مدیر خرید",
        "due_at": "۱۴۰۵/۱۳/۴۵",
        "duration": "۴۵",
        "records": [f"leads.lead:{lead.pk}"],
        "assignees": [str(rep.pk), str(teammate.pk), "x"],
        "text": "نمونه‌ها را ببریم\nو فهرست قیمت",
        "continue": "1",
    }
    page = client.post(url("activity_add"), typed)
    assert page.status_code == 200
    form = page.context["form"]
    assert not form.is_bound
    shown = {name: form[name].value() for name in typed if name != "continue"}
    assert shown == {name: typed[name] for name in shown} | {"assignees": [str(rep.pk), str(teammate.pk)]}
    html = page.content.decode()
    assert "۱۴۰۵/۱۳/۴۵" in html
    assert str(lead) in html
    assert str(teammate) in html
    assert Activity.objects.count() == 0
    data = form_data(form) | {"due_at": "1420/01/10 10:00", "guests": ""}
    assert client.post(url("activity_add"), data).status_code == 302
    made = Activity.objects.get()
    assert (made.subject, made.duration, made.kind) == ("دیدار با مدیر خرید", 45, "meeting")
    assert activity_records(made, user=rep) == [lead]
    assert {row.user for row in made.assignments.all()} == {rep, teammate}


@pytest.mark.parametrize("kind", ["call", "meeting", "follow_up", "deadline"])
def test_a_plan_without_a_time_is_refused_in_place(rep, client, kind):
    answer = client.post(url("activity_plan"), {"kind": kind, "subject": "x"}, headers=DIALOG)
    assert answer.status_code == 422
    assert answer.context["form"].errors["due_at"]


def test_foreign_records_are_refused(rep, outsider, client):
    foreign = LeadFactory(owner=outsider)
    answer = client.post(url("activity_plan"), {"kind": "task", "records": [reference(foreign)]}, headers=DIALOG)
    assert answer.status_code == 422
    assert not Activity.objects.exists()


@pytest.mark.parametrize("kind", ["call", "meeting", "email", "sms", "letter", "chat", "fax"])
def test_logging_in_the_dialog(rep, client, kind):
    lead = LeadFactory(owner=rep)
    address = f"{url('activity_log', kind)}?record={reference(lead)}"
    data = form_data(client.get(address).context["form"])
    answer = client.post(address, {**data, "outcome_note": "قرار شد فردا زنگ بزنیم"})
    assert answer.status_code == 302
    activity = Activity.objects.get()
    assert (activity.kind, activity.status) == (kind, Status.DONE)
    assert activity_records(activity, user=rep) == [lead]


def test_a_note_keeps_html_as_text(rep, client):
    lead = LeadFactory(owner=rep)
    address = f"{url('activity_log', 'note')}?record={reference(lead)}"
    client.post(address, {"text": "<script>alert(1)</script>", "records": [reference(lead)]})
    note = Activity.objects.get()
    page = client.get(note.get_absolute_url()).content.decode()
    assert note.text == "<script>alert(1)</script>"
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_other_kinds_are_not_logged(client):
    assert client.get(url("activity_log", "dance")).status_code == 404
    assert client.get(url("activity_log", "task")).status_code == 404


def test_done_and_next_in_one_dialog_and_back(rep, client):
    lead = LeadFactory(owner=rep)
    activity = plan(rep, records=[lead])
    address = url("activity_complete", activity.pk)
    page = client.get(address, headers=DIALOG)
    assert page.status_code == 200
    reached = ActivityOutcome.objects.get(code="reached")
    data = {"outcome": reached.pk, "note": "قیمت خواست", "next_kind": "meeting", "next_due_at": "1405/10/01 09:00"}
    answer = client.post(address, data, headers=DIALOG)
    assert answer.status_code == 204, answer.content.decode()
    activity.refresh_from_db()
    following = Activity.objects.get(status=Status.PLANNED)
    assert (activity.status, activity.outcome) == (Status.DONE, reached)
    assert activity_records(following, user=rep) == [lead]
    assert client.post(undo_of(answer)).status_code == 302
    activity.refresh_from_db()
    assert (activity.is_open, activity.outcome, activity.outcome_note) == (True, None, "")
    assert not Activity.objects.filter(pk=following.pk).exists()


def test_done_with_nothing_filled_in(rep, client):
    activity = plan(rep)
    assert client.post(url("activity_complete", activity.pk), {}, headers=DIALOG).status_code == 204
    activity.refresh_from_db()
    assert activity.status == Status.DONE


def test_a_next_step_without_its_time_is_shown_in_place(rep, client):
    activity = plan(rep)
    answer = client.post(url("activity_complete", activity.pk), {"next_kind": "call"}, headers=DIALOG)
    assert answer.status_code == 422
    assert answer.context["form"].errors["next_due_at"]
    activity.refresh_from_db()
    assert activity.is_open


def test_putting_off_by_an_offer_or_a_moment(rep, client):
    activity = plan(rep)
    address = url("activity_snooze", activity.pk)
    code = next(iter(client.get(address).context["form"].targets))
    assert client.post(address, {"to": code}, headers=DIALOG).status_code == 204
    assert client.post(address, {"until": "1405/12/01 10:00"}, headers=DIALOG).status_code == 204
    activity.refresh_from_db()
    assert activity.due_at == dt.datetime(2027, 2, 20, 6, 30, tzinfo=dt.UTC)
    for data in ({}, {"to": "nonsense"}, {"until": "1390/01/01 10:00"}):
        assert client.post(address, data, headers=DIALOG).status_code == 422


def test_handing_over_and_cancelling(rep, teammate, client):
    activity = plan(rep)
    assert client.post(url("activity_cancel", activity.pk), {"reason": "نخواستند"}).status_code == 302
    client.post(url("activity_reopen", activity.pk))
    answer = client.post(url("activity_handover", activity.pk), {"user": teammate.pk})
    assert answer.status_code == 302
    activity.refresh_from_db()
    assert activity.owner == teammate


def test_the_full_form_has_people_records_and_lines(rep, teammate, client):
    lead, account = LeadFactory(owner=rep), AccountFactory(owner=rep)
    data = {
        "kind": "meeting",
        "subject": "بازدید از کارخانه",
        "due_at": "1405/09/20 10:00",
        "duration": "90",
        "priority": "3",
        "records": [reference(lead), reference(account)],
        "assignees": [rep.pk, teammate.pk],
        "watchers": [teammate.pk],
        "checklist": "کاتالوگ\nنمونه",
        "is_private": "on",
    }
    address = url("activity_add")
    assert client.post(address, data).status_code == 302
    activity = Activity.objects.get()
    assert (activity.duration, activity.ends_at - activity.due_at) == (90, dt.timedelta(minutes=90))
    assert doers(activity) == [rep, teammate]
    assert activity.is_private
    form = client.get(url("activity_edit", activity.pk)).context["form"]
    assert form.initial["checklist"] == "کاتالوگ\nنمونه"
    changed = {**form_data(form), "subject": "بازدید دوم", "assignees": [rep.pk], "records": [reference(lead)]}
    assert client.post(url("activity_edit", activity.pk), changed).status_code == 302
    activity.refresh_from_db()
    assert activity.subject == "بازدید دوم"
    assert doers(activity) == [rep]
    assert activity_records(activity, user=rep) == [lead]


def test_a_meeting_that_ends_before_it_starts_is_refused_beside_its_field(client):
    data = {
        "kind": "meeting",
        "subject": "x",
        "priority": "2",
        "due_at": "1405/09/20 10:00",
        "ends_at": "1405/09/20 09:00",
    }
    answer = client.post(url("activity_add"), data)
    assert answer.status_code == 422
    assert answer.context["form"].errors["ends_at"]


def test_whole_days_are_shown_by_their_last_day(rep, client):
    data = {
        "kind": "task",
        "subject": "نمایشگاه",
        "priority": "2",
        "due_at": "1405/09/20",
        "ends_at": "1405/09/22",
        "all_day": "on",
    }
    assert client.post(url("activity_add"), data).status_code == 302
    activity = Activity.objects.get()
    assert activity.ends_at - activity.due_at == dt.timedelta(days=3)
    form = client.get(url("activity_edit", activity.pk)).context["form"]
    assert client.post(url("activity_edit", activity.pk), form_data(form)).status_code == 302
    again = Activity.objects.get()
    assert (again.due_at, again.ends_at) == (activity.due_at, activity.ends_at)


def test_the_checklist_is_ticked_in_place(rep, client):
    activity = plan(rep, checklist=["یک"])
    answer = client.post(url("checklist_add", activity.pk), {"text": "دو"}, headers={"HX-Request": "true"})
    assert "دو" in answer.content.decode()
    item = activity.checklist.get(text="یک")
    answer = client.post(url("checklist_item", item.pk), {"done": "1"}, headers={"HX-Request": "true"})
    item.refresh_from_db()
    assert (answer.status_code, bool(item.done_at)) == (200, True)
    assert client.post(url("checklist_item", item.pk), {"remove": "1"}).status_code == 302
    assert activity.checklist.count() == 1
    assert (
        client.post(url("checklist_add", activity.pk), {"text": " "}, headers={"HX-Request": "true"}).status_code == 422
    )


def test_the_list_leaves_out_records_one_may_not_see(rep, manager, outsider, client):
    mine, hidden = LeadFactory(owner=rep, last_name="پیدا"), LeadFactory(owner=outsider, last_name="پنهان")
    activity = plan(rep, records=[mine])
    from activities.services.links import links_add

    links_add(activity, [hidden])
    page = client.get(url("activity_list")).content.decode()
    assert "پیدا" in page
    assert "پنهان" not in page


def test_the_quick_filters_answer(rep, teammate, client):
    late, given = plan(rep, due_at=soon(-5)), plan(rep, assignees=[teammate])
    page = client.get(url("activity_list"))
    for quick in page.context["quick_filters"]:
        assert client.get(url("activity_list") + quick.url).status_code == 200

    def found(query: str) -> set[int]:
        return {row.pk for row in client.get(f"{url('activity_list')}?{query}").context["pager"].rows}

    assert found(f"mine={rep.pk}") == {late.pk}
    assert found(f"mine={rep.pk}&state=late") == {late.pk}
    assert found(f"assignee={teammate.pk}") == {given.pk}
    assert found("state=undated") == set()


def test_the_list_about_one_record(rep, client):
    lead = LeadFactory(owner=rep)
    activity = plan(rep, records=[lead])
    plan(rep)
    page = client.get(url("activity_list"), {"records": reference(lead)})
    assert [row.pk for row in page.context["pager"].rows] == [activity.pk]
    assert page.context["chips"]


def test_private_activities_are_their_owners(rep, manager, executive, admin):
    activity = plan(rep, is_private=True)
    for person in (manager, executive, admin):
        assert browser(person).get(activity.get_absolute_url()).status_code == 404
    assert browser(rep).get(activity.get_absolute_url()).status_code == 200


def test_assignees_see_and_finish_what_they_were_given(rep, outsider):
    activity = plan(rep, assignees=[outsider])
    theirs = browser(outsider)
    assert theirs.get(activity.get_absolute_url()).status_code == 200
    assert theirs.post(url("activity_complete", activity.pk), {}, headers=DIALOG).status_code == 204
    assert theirs.get(url("activity_delete", activity.pk)).status_code == 404
    activity.refresh_from_db()
    assert activity.status == Status.DONE


def test_rooms_bring_parts_of_the_form(rep, client):
    from django import forms

    heard = []

    class Colour(parts.FormPart):
        key = "colour"
        title = "Colour"

        def fields(self, user, activity):
            return {"colour": forms.CharField(required=False)}

        def saved(self, actor, activity, data):
            heard.append((activity.pk, data["colour"]))

    parts.register(Colour)
    try:
        data = {"kind": "task", "subject": "x", "priority": "2", "colour": "آبی"}
        assert client.post(url("activity_add"), data).status_code == 302
    finally:
        del parts._parts["colour"]
    assert heard == [(Activity.objects.get().pk, "آبی")]


def test_the_bin_gives_the_step_back(rep, client):
    lead = LeadFactory(owner=rep)
    activity = plan(rep, records=[lead])
    client.post(url("activity_delete", activity.pk))
    lead.refresh_from_db()
    assert lead.next_step == ""
    client.post(reverse("restore", args=["activities.activity", activity.pk]))
    lead.refresh_from_db()
    assert lead.next_step == "تماس"


def test_the_palette_finds_activities(rep, client):
    plan(rep, subject="پیگیری چک برگشتی")
    answer = client.get(reverse("palette"), {"q": "چک برگشتي"})
    assert "پیگیری چک برگشتی" in answer.content.decode()


def test_many_are_shown_first_and_then_finished_and_undone(rep, outsider, client):
    mine, other = plan(rep, subject="اول"), plan(rep, subject="دوم")
    foreign = plan(outsider)
    chosen = {"pk": [mine.pk, other.pk, foreign.pk], "query": "state=open"}
    page = client.post(url("activity_bulk", "done"), chosen)
    assert [row.pk for row in page.context["rows"]] == [mine.pk, other.pk]
    assert Activity.objects.filter(status=Status.DONE).count() == 0
    answer = client.post(url("activity_bulk", "done"), {**chosen, "go": "1", "note": "همه"})
    assert answer["Location"].endswith("?state=open")
    assert Activity.objects.filter(status=Status.DONE, outcome_note="همه").count() == 2
    foreign.refresh_from_db()
    assert foreign.is_open
    client.post(undo_of(answer))
    assert Activity.objects.filter(status=Status.PLANNED).count() == 3


def test_all_that_match_are_put_off_or_handed_over(rep, teammate, client):
    late, later = plan(rep, due_at=soon(-30)), plan(rep, due_at=soon(50))
    matching = {"all_matching": "1", "query": "state=late", "go": "1", "until": "1405/12/01 10:00"}
    client.post(url("activity_bulk", "snooze"), matching)
    late.refresh_from_db()
    before = later.due_at
    later.refresh_from_db()
    assert (late.due_at.year, later.due_at) == (2027, before)
    client.post(url("activity_bulk", "hand-over"), {"pk": [late.pk], "go": "1", "user": teammate.pk})
    late.refresh_from_db()
    assert late.owner == teammate


def test_what_many_cannot_be_is_said(rep, client):
    done = activity_log(actor=rep, kind=Kind.CALL, subject="قبلی")
    assert client.post(url("activity_bulk", "done"), {"pk": [done.pk, "x"]}).status_code == 302
    assert client.post(url("activity_bulk", "dance"), {"pk": [done.pk]}).status_code == 404
    open_one = plan(rep)
    assert client.post(url("activity_bulk", "snooze"), {"pk": [open_one.pk], "go": "1"}).status_code == 422


def test_a_call_does_not_show_numbers_of_people_one_does_not_see(rep, outsider, client):
    from accounts.models import Employment

    account = AccountFactory(owner=rep)
    for owner, mobile in ((rep, "+989121110001"), (outsider, "+989121110002")):
        Employment.objects.create(account=account, contact=ContactFactory(owner=owner, mobile=mobile))
    call = plan(rep, records=[account])
    client.force_login(rep)
    page = client.get(call.get_absolute_url()).content.decode()
    assert "+989121110001" in page
    assert "+989121110002" not in page


def test_a_call_shows_the_number_unless_it_is_hidden(rep, client):
    lead = LeadFactory(owner=rep, mobile="+989121234567", phone="+982188776655")
    activity = plan(rep, records=[lead])
    page = client.get(activity.get_absolute_url()).content.decode()
    assert 'href="tel:+989121234567"' in page
    assert 'href="tel:+982188776655"' in page
    for role in Role.objects.filter(group__user=rep):
        FieldRule.objects.create(role=role, model="leads.lead", field="mobile", access="hidden")
    page = browser(rep).get(activity.get_absolute_url()).content.decode()
    assert "989121234567" not in page


@pytest.mark.parametrize("field", [f.name for f in rule_fields(Activity)])
def test_a_field_may_be_hidden_from_a_role(rep, client, field):
    lead = LeadFactory(owner=rep)
    open_one = plan(rep, records=[lead], text="متن پنهان", location="جای پنهان")
    activity_log(actor=rep, kind=Kind.CALL, subject="قبلی", outcome_note="گفتهٔ پنهان", records=[lead])
    for role in Role.objects.filter(group__user=rep):
        FieldRule.objects.create(role=role, model="activities.activity", field=field, access="hidden")
    theirs = browser(rep)
    pages = [url("activity_list"), url("activity_add"), url("activity_edit", open_one.pk), open_one.get_absolute_url()]
    pages += [url("activity_plan"), url("activity_complete", open_one.pk)]
    pages.append(reverse("panel", args=["leads.lead", lead.pk, "activities"]))
    texts = [theirs.get(page) for page in pages]
    assert {answer.status_code for answer in texts} == {200}
    secret = {"text": "متن پنهان", "location": "جای پنهان", "outcome_note": "گفتهٔ پنهان"}.get(field)
    assert secret is None or not any(secret in answer.content.decode() for answer in texts)
    data = form_data(texts[1].context["form"]) | {"kind": "task", "subject": "تازه", "priority": "2"}
    if field not in {"kind", "subject"}:
        assert theirs.post(url("activity_add"), data).status_code == 302
