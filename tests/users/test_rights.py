"""Roles, their rights and field rules: services, pages, and that fields are hidden everywhere alike."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from core.errors import DomainError, PermissionRefused
from core.models import AuditEntry
from leads.models import Lead
from tests.leads.factories import LeadFactory
from tests.users.factories import UserFactory
from users import selectors, services
from users.models import FieldRule, Role, RoleGrant, User


@pytest.fixture
def reps(db) -> Role:
    return Role.objects.get(code="sales-rep")


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_right_is_set_and_told(admin, reps, rep):
    services.role_grant_set(actor=admin, role=reps, model="leads.lead", action="export", scope="own")
    assert User.objects.get(pk=rep.pk).scope_for("leads.lead", "export") == "own"
    entry = AuditEntry.objects.get(code="role.rights_changed")
    assert entry.params["rights"] == "leads.lead.export=own"
    assert entry.obj == reps


def test_setting_what_is_already_so_leaves_no_entry(admin, reps):
    assert services.role_grants_set(actor=admin, role=reps, scopes={("leads.lead", "view"): "own"}) == 0
    assert not AuditEntry.objects.filter(code="role.rights_changed").exists()


@pytest.mark.parametrize(
    ("model", "action", "scope"),
    [
        ("leads.lead", "fly", "own"),
        ("leads.nothing", "view", "own"),
        ("leads.lead", "view", "world"),
        ("catalog.product", "view", "team"),
        ("users.role", "change", "all"),
    ],
)
def test_a_right_that_does_not_exist_is_refused(admin, reps, model, action, scope):
    with pytest.raises(DomainError):
        services.role_grant_set(actor=admin, role=reps, model=model, action=action, scope=scope)


def test_only_administrators_change_rights(manager, reps):
    with pytest.raises(PermissionRefused):
        services.role_grant_set(actor=manager, role=reps, model="leads.lead", action="export", scope="all")


def test_the_administrators_role_cannot_be_narrowed(admin):
    role = Role.objects.get(code="admin")
    with pytest.raises(DomainError):
        services.role_grant_set(actor=admin, role=role, model="leads.lead", action="view", scope="none")
    with pytest.raises(DomainError):
        services.role_delete(actor=admin, role=role)


def test_a_role_somebody_has_stays(admin, rep, reps):
    with pytest.raises(DomainError):
        services.role_delete(actor=admin, role=reps)


def test_the_table_of_rights_is_edited_on_its_page(admin, reps):
    client, url = browser(admin), reverse("users:role_rights", args=[reps.pk])
    page = client.get(url)
    assert page.status_code == 200
    data = {name: field.initial for name, field in page.context["form"].fields.items()}
    data["leads.lead:export"] = "team"
    assert client.post(url, data).status_code == 302
    assert RoleGrant.objects.get(role=reps, model="leads.lead", action="export").scope == "team"
    assert RoleGrant.objects.get(role=reps, model="leads.lead", action="view").scope == "own"
    data["leads.lead:export"] = "galaxy"
    assert client.post(url, data).status_code == 422


def test_field_rules_are_edited_on_their_page(admin, reps):
    client = browser(admin)
    url = f"{reverse('users:role_fields', args=[reps.pk])}?model=leads.lead"
    page = client.get(url)
    data = dict.fromkeys(page.context["form"].fields, "")
    assert client.post(url, {**data, "mobile": "hidden", "email": "read"}).status_code == 302
    rules = set(FieldRule.objects.filter(role=reps).values_list("field", "access"))
    assert rules == {("mobile", "hidden"), ("email", "read")}
    assert client.post(url, data).status_code == 302
    assert not FieldRule.objects.filter(role=reps).exists()
    assert client.get(f"{reverse('users:role_fields', args=[reps.pk])}?model=no.thing").status_code == 404


@pytest.fixture
def hidden_mobile(admin, reps, rep) -> Lead:
    services.field_rule_set(actor=admin, role=reps, model="leads.lead", field="mobile", access="hidden")
    services.field_rule_set(actor=admin, role=reps, model="leads.lead", field="city", access="read")
    services.role_grant_set(actor=admin, role=reps, model="leads.lead", action="export", scope="own")
    User.objects.filter(pk=rep.pk).update(list_columns={"leads.lead": ["name", "mobile", "city"]})
    return LeadFactory(owner=rep, mobile="+989121234567", city="تبریز")


def test_a_hidden_field_is_nowhere(rep, hidden_mobile):
    client = browser(rep)
    for url in (
        reverse("leads:lead_list"),
        reverse("leads:lead_detail", args=[hidden_mobile.pk]),
        reverse("leads:lead_edit", args=[hidden_mobile.pk]),
        reverse("history", args=["leads.lead", hidden_mobile.pk]),
    ):
        page = client.get(url).content.decode()
        assert "9121234567" not in page.replace(" ", ""), url
        assert "۹۱۲۱۲۳۴۵۶۷" not in page.replace(" ", ""), url
    assert "mobile" not in client.get(reverse("leads:lead_edit", args=[hidden_mobile.pk])).context["form"].fields


def test_a_hidden_field_is_not_exported(rep, hidden_mobile):
    response = browser(rep).get(reverse("leads:lead_list"), {"export": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 2
    assert "9121234567" not in text
    assert "تبریز" in text


def test_a_hidden_field_is_not_filtered_or_sorted_by_and_no_hint_tells_it(rep, hidden_mobile):
    LeadFactory(owner=rep, mobile="+989350000000")
    client, url = browser(rep), reverse("leads:lead_list")
    assert len(client.get(url, {"mobile": "0912"}).context["pager"].rows) == 2
    assert [row.pk for row in client.get(url, {"sort": "mobile"}).context["pager"].rows] == [
        row.pk for row in client.get(url).context["pager"].rows
    ]
    hints = client.get(reverse("typeahead", args=["leads.lead"])).json()["results"]
    assert not any("989" in row["hint"] for row in hints)


def test_a_hidden_field_is_kept_when_somebody_saves_the_form(rep, hidden_mobile):
    from core.testing import form_data

    client, url = browser(rep), reverse("leads:lead_edit", args=[hidden_mobile.pk])
    data = form_data(client.get(url).context["form"])
    assert client.post(url, {**data, "last_name": "تازه", "mobile": "09350000000"}).status_code == 302
    hidden_mobile.refresh_from_db()
    assert hidden_mobile.last_name == "تازه"
    assert hidden_mobile.mobile == "+989121234567"


def test_a_read_only_field_is_shown_and_not_written(rep, hidden_mobile):
    from core.testing import form_data

    client, url = browser(rep), reverse("leads:lead_edit", args=[hidden_mobile.pk])
    form = client.get(url).context["form"]
    assert form.fields["city"].disabled
    assert client.post(url, {**form_data(form), "city": "شیراز"}).status_code == 302
    hidden_mobile.refresh_from_db()
    assert hidden_mobile.city == "تبریز"


def test_with_two_roles_a_field_is_as_open_as_the_most_open(rep, hidden_mobile):
    rep.groups.add(Role.objects.get(code="executive").group)
    assert User.objects.get(pk=rep.pk).field_access("leads.lead", "mobile") == ""


def test_the_page_of_access_tells_how_far_and_why(admin, rep, outsider):
    LeadFactory(owner=rep), LeadFactory(owner=outsider)
    rows = {row.policy.label: row for row in selectors.access_report(user=admin, subject=User.objects.get(pk=rep.pk))}
    lead = rows["leads.lead"]
    view = next(cell for cell in lead.cells if cell.action == "view")
    assert (view.level, lead.count) == ("own", 1)
    assert view.roles == ["نماینده فروش"]
    page = browser(admin).get(reverse("users:access"), {"user": rep.pk})
    assert page.status_code == 200
    assert "نماینده فروش" in page.content.decode()


def test_a_leader_looks_at_the_team_and_others_at_themselves(manager, rep, outsider):
    url = reverse("users:access")
    assert browser(manager).get(url, {"user": rep.pk}).status_code == 200
    assert browser(manager).get(url, {"user": outsider.pk}).status_code == 404
    assert browser(rep).get(url).status_code == 200
    assert browser(rep).get(url, {"user": manager.pk}).status_code == 404
    assert browser(rep).get(url, {"user": "2" * 30}).status_code == 404
    assert browser(rep).get(url, {"user": "x"}).status_code == 404


def test_handing_a_record_over_tells_the_new_owner(manager, rep, teammate):
    lead = LeadFactory(owner=rep)
    services.record_assign(actor=manager, record=lead, owner=teammate)
    lead.refresh_from_db()
    assert (lead.owner, lead.team) == (teammate, teammate.team)
    note = teammate.notifications.get()
    assert (note.code, note.url) == ("record.assigned", lead.get_absolute_url())
    assert str(lead) in str(note)
    entry = AuditEntry.objects.get(code="record.assigned")
    assert entry.params["owner"] == str(teammate)


def test_a_rep_hands_own_records_over_even_out_of_sight(rep, outsider):
    lead = LeadFactory(owner=rep)
    services.record_assign(actor=rep, record=lead, owner=outsider)
    assert not Lead.objects.for_user(User.objects.get(pk=rep.pk)).exists()


def test_handing_over_is_refused_without_the_right_or_to_the_wrong_person(rep, teammate, nobody, executive):
    mine, other = LeadFactory(owner=rep), LeadFactory(owner=teammate)
    with pytest.raises(PermissionRefused):
        services.record_assign(actor=rep, record=other, owner=rep)
    with pytest.raises(PermissionRefused):
        services.record_assign(actor=executive, record=mine, owner=executive)
    with pytest.raises(DomainError):
        services.record_assign(actor=rep, record=mine, owner=nobody)
    with pytest.raises(DomainError):
        services.record_assign(actor=rep, record=mine, owner=UserFactory(is_active=False, roles=["sales-rep"]))
    mine.refresh_from_db()
    assert mine.owner == rep


def test_handing_over_to_oneself_tells_nobody(rep):
    lead = LeadFactory(owner=rep)
    services.record_assign(actor=rep, record=lead, owner=rep)
    assert not rep.notifications.exists()
