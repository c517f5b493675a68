"""Notes and the timeline's page: writing, changing, pinning, filtering, and what comes out as HTML."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Activity, Pin
from activities.services import activity_delete, activity_update
from activities.services.notes import note_add, note_delete, note_edit
from activities.services.pins import timeline_pin
from core.errors import DomainError, PermissionRefused
from tests.accounts.factories import AccountFactory, ContactFactory
from tests.leads.factories import LeadFactory

pytestmark = pytest.mark.django_db

DIALOG = {"HX-Request": "true", "HX-Target": "dialog"}
LINE = {"HX-Request": "true", "HX-Target": "panel-timeline"}


@pytest.fixture
def account(rep):
    return AccountFactory(owner=rep)


@pytest.fixture
def mine(client, rep):
    client.force_login(rep)
    return client


def panel(record):
    return reverse("panel", args=[record._meta.label_lower, record.pk, "timeline"])


def add_url(record):
    return reverse("activities:note_add", args=[record._meta.label_lower, record.pk])


def pin_url(record):
    return reverse("activities:timeline_pin", args=[record._meta.label_lower, record.pk])


def make_host(kind, owner):
    from opportunities.services import opportunity_create

    makers = {"account": AccountFactory, "contact": ContactFactory, "lead": LeadFactory}
    if kind in makers:
        return makers[kind](owner=owner)
    return opportunity_create(actor=owner, name="معامله", account=AccountFactory(owner=owner), owner=owner)


@pytest.mark.parametrize("kind", ["account", "contact", "lead", "opportunity"])
def test_every_host_has_the_timeline_for_those_who_see_it(client, rep, outsider, kind):
    record = make_host(kind, rep)
    for user, status in ((rep, 200), (outsider, 404)):
        client.force_login(user)
        assert client.get(panel(record)).status_code == status
        assert client.post(add_url(record), {"text": "یادداشت"}, headers=LINE).status_code == status
    assert Activity.objects.filter(kind="note").count() == 1


def test_a_note_is_written_on_the_line(mine, account):
    refused = mine.post(add_url(account), {"text": "   "}, headers=LINE)
    assert refused.status_code == 422
    assert "<textarea" in refused.content.decode()
    assert "<html" not in refused.content.decode()
    answer = mine.post(add_url(account), {"text": "تماس گرفت\n<b>مهم</b>", "pinned": "on"}, headers=LINE)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "&lt;b&gt;مهم" in text
    assert "<b>مهم" not in text
    note = Activity.objects.get()
    assert (note.kind, note.status, note.text) == ("note", "done", "تماس گرفت\n<b>مهم</b>")
    assert Pin.objects.get().item == f"activity:{note.pk}"


def test_html_and_scripts_in_a_note_stay_words(mine, rep, account):
    note_add(actor=rep, record=account, text="<script>alert(1)</script><img src=x onerror=alert(2)>" * 20)
    text = mine.get(panel(account)).content.decode()
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;" in text


def test_without_javascript_the_page_of_the_record_comes_back(mine, account):
    assert mine.get(add_url(account)).status_code == 200
    answer = mine.post(add_url(account), {"text": "یادداشت"})
    assert (answer.status_code, answer["Location"]) == (302, account.get_absolute_url())


def test_only_the_author_changes_a_note(client, rep, manager, account):
    note = note_add(actor=rep, record=account, text="یادداشت")
    client.force_login(manager)
    for verb in ("edit", "delete"):
        url = reverse(f"activities:note_{verb}", args=[note.pk])
        assert client.get(url).status_code == 403
        assert client.post(url, {"text": "نه"}).status_code == 403
    note.text = "نه"
    for change in (
        lambda: activity_update(actor=manager, instance=note),
        lambda: activity_delete(actor=manager, activity=note),
        lambda: note_edit(actor=manager, note=note, text="نه"),
        lambda: note_delete(actor=manager, note=note),
    ):
        with pytest.raises(PermissionRefused):
            change()
    note.refresh_from_db()
    assert (note.text, note.deleted_at) == ("یادداشت", None)
    assert client.post(pin_url(account), {"item": f"activity:{note.pk}"}, headers=LINE).status_code == 200
    assert Pin.objects.count() == 1


def test_the_author_changes_and_removes_it(mine, rep, account):
    note = note_add(actor=rep, record=account, text="یک")
    edit, delete = (reverse(f"activities:note_{verb}", args=[note.pk]) for verb in ("edit", "delete"))
    answer = mine.post(edit, {"text": "دو", "_version": note.version}, headers=DIALOG)
    assert json.loads(answer["HX-Trigger"])["refresh"] == {"target": "#panel-timeline"}
    note.refresh_from_db()
    assert note.text == "دو"
    assert mine.get(delete, headers=DIALOG).status_code == 200
    assert mine.post(delete, headers=DIALOG).status_code == 204
    assert not Activity.objects.exists()
    assert Activity.all_objects.get().text == "دو"


def test_a_stale_note_is_not_overwritten(mine, rep, account):
    note = note_add(actor=rep, record=account, text="یک")
    url = reverse("activities:note_edit", args=[note.pk])
    stale = note.version
    note_edit(actor=rep, note=note, text="دو")
    data = {"text": "سه", "_version": stale}
    assert mine.post(url, data).status_code == 409
    answer = mine.post(url, data, headers=DIALOG)
    assert answer.status_code == 422
    assert "دو" in answer.content.decode()
    again = {"text": "سه", "_version": answer.context["form"]["_version"].value()}
    assert mine.post(url, again, headers=DIALOG).status_code == 204
    note.refresh_from_db()
    assert note.text == "سه"


def test_what_is_not_a_note_is_not_changed_here(mine, rep, account):
    from activities.services import activity_log

    call = activity_log(actor=rep, kind="call", subject="تماس", records=[account])
    assert mine.get(reverse("activities:note_edit", args=[call.pk])).status_code == 404


@pytest.mark.parametrize("label", ["accounts.account", "users.user", "nothing", "core.auditentry"])
def test_an_unknown_kind_of_record_is_not_found(mine, label):
    for name in ("note_add", "timeline_pin"):
        assert mine.post(reverse(f"activities:{name}", args=[label, 2**63]), {"text": "x"}).status_code == 404


def test_pins_are_put_and_taken_and_counted(mine, rep, account):
    notes = [note_add(actor=rep, record=account, text=f"یادداشت {n}") for n in range(21)]
    item = f"activity:{notes[0].pk}"
    first = mine.post(pin_url(account), {"item": item, "pinned": "1"}, headers=LINE)
    assert first.status_code == 200
    assert not timeline_pin(actor=rep, record=account, item=item)
    assert mine.get(panel(account)).content.decode().count("is-pinned") == 1
    mine.post(pin_url(account), {"item": item, "pinned": "0"}, headers=LINE)
    assert not Pin.objects.exists()
    for note in notes[:20]:
        timeline_pin(actor=rep, record=account, item=f"activity:{note.pk}")
    with pytest.raises(DomainError, match="20"):
        timeline_pin(actor=rep, record=account, item=f"activity:{notes[20].pk}")
    with pytest.raises(DomainError):
        timeline_pin(actor=rep, record=AccountFactory(owner=rep), item=item)


def test_only_who_may_change_the_record_pins(client, rep, teammate, account):
    note = note_add(actor=rep, record=account, text="یادداشت")
    client.force_login(teammate)
    assert client.post(pin_url(account), {"item": f"activity:{note.pk}"}).status_code == 404
    assert "pinned" not in client.get(panel(account)).content.decode()
    with pytest.raises(PermissionRefused):
        timeline_pin(actor=teammate, record=account, item=f"activity:{note.pk}")


def test_the_rows_of_the_next_page_come_alone(mine, rep, account):
    for number in range(25):
        note_add(actor=rep, record=account, text=f"یادداشت {number}.")
    first = mine.get(panel(account))
    older = first.context["older_url"]
    assert older
    rows = mine.get(older).content.decode()
    assert "<textarea" not in rows
    both = first.content.decode() + rows
    assert [both.count(f"یادداشت {n}.") for n in range(25)] == [1] * 25
    filtered = mine.get(f"{panel(account)}?kind=notes&own=1")
    assert "kind=notes" in filtered.context["older_url"]


def test_the_fields_an_entry_changed_are_shown_on_demand(client, mine, rep, outsider, account):
    from core.services import object_save

    account.city = "شیراز"
    object_save(actor=rep, instance=account)
    url = mine.get(panel(account)).context["groups"][0]["lines"][0].changes_url
    assert "شیراز" in mine.get(url).content.decode()
    hide(rep, "accounts.account", "city")
    assert "شیراز" not in mine.get(url).content.decode()
    client.force_login(outsider)
    assert client.get(url).status_code == 404


def test_an_entry_of_another_record_is_not_told(mine, rep, outsider, account):
    from core import audit

    other = AccountFactory(owner=outsider)
    with audit.action("record.changed", actor=outsider, obj=other) as entry:
        pass
    assert (
        mine.get(reverse("activities:timeline_changes", args=["accounts.account", account.pk, entry.pk])).status_code
        == 404
    )


def test_hidden_words_of_activities_are_not_shown(mine, rep, account):
    note_add(actor=rep, record=account, text="محرمانه")
    assert "محرمانه" in mine.get(panel(account)).content.decode()
    hide(rep, "activities.activity", "text")
    assert "محرمانه" not in mine.get(panel(account)).content.decode()


def hide(user, model, field):
    from users.models import FieldRule, Role

    FieldRule.objects.create(role=Role.objects.get(group__user=user), model=model, field=field, access="hidden")


def test_the_panel_costs_the_same_with_more_in_it(mine, rep, account):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert mine.get(panel(account)).status_code == 200
        return len(queries)

    note_add(actor=rep, record=account, text="یک")
    cost()
    few = cost()
    for number in range(15):
        note_add(actor=rep, record=account, text=f"یادداشت {number}")
    assert cost() == few <= 16


def test_only_who_may_change_an_activity_is_offered_to_finish_it(client, rep, teammate, account):
    import datetime as dt

    from django.utils import timezone

    from activities.services import activity_plan

    due = timezone.now() + dt.timedelta(days=1)
    call = activity_plan(actor=rep, kind="call", subject="تماس", due_at=due, records=[account])
    url = reverse("activities:activity_complete", args=[call.pk])
    for user, offered in ((rep, True), (teammate, False)):
        client.force_login(user)
        page = client.get(panel(account)).content.decode()
        assert "تماس" in page
        assert (url in page) is offered
