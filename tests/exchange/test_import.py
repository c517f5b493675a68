"""Importing: what is written, what is refused, by whom, and never half."""

import csv
import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Account, Contact, Source
from activities.models import Activity
from core.errors import DomainError, PermissionRefused
from core.history import event_model
from core.models import AuditEntry
from exchange import lookups
from leads.models import DisqualifyReason, Lead
from opportunities.models import Opportunity, SalesCycle, Stage
from tests.exchange.files import reasons, run, write, write_json
from users.models import User

pytestmark = pytest.mark.django_db

LEADS = [
    ["کد", "شرکت", "نام", "موبایل", "منبع", "مبلغ", "تاریخ"],
    ["L1", "شركت پارس", "علی احمدی", "۰۹۱۲۱۲۳۴۵۶۷", "اینستا", "۱۲۵٬۰۰۰ تومان", "۱۴۰۳/۰۱/۰۱"],
    ["L2", "فناوران", "زهرا کریمی", "09350000000", "وب‌سايت", "2000000", "2024-03-21"],
]
RULES = {
    "columns": {
        "کد": "external_key",
        "شرکت": "company",
        "نام": "full_name",
        "موبایل": "mobile",
        "منبع": {"to": "source", "aliases": {"اینستا": "instagram"}},
        "مبلغ": "estimated_value",
        "تاریخ": "created_at",
    },
    "key": "external_key",
}


@pytest.fixture
def sources(db):
    for code, fa, en in (("instagram", "اینستاگرام", "Instagram"), ("website", "وب‌سایت", "Website")):
        Source.objects.update_or_create(code=code, defaults={"name_fa": fa, "name_en": en})


def test_leads_are_created_with_everything_understood(tmp_path, sources):
    result = run(write(tmp_path, LEADS), "leads", RULES)
    assert (result.read, result.created, result.refused) == (2, 2, 0)
    lead = Lead.objects.get(external_key="L1")
    assert (lead.company, lead.first_name, lead.last_name) == ("شرکت پارس", "علی", "احمدی")
    assert (lead.mobile, lead.source.code, lead.estimated_value) == ("+989121234567", "instagram", Decimal(1250000))
    assert lead.created_at == dt.datetime(2024, 3, 19, 20, 30, tzinfo=dt.UTC)
    assert lead.search_key
    assert (lead.version, lead.status, lead.is_sample) == (1, "new", False)


def test_one_audit_entry_covers_every_row(tmp_path, sources):
    run(write(tmp_path, LEADS), "leads", RULES)
    entry = AuditEntry.objects.get(code="data.imported")
    assert entry.params["count"] == 2
    assert event_model(Lead).objects.filter(pgh_context_id=entry.context_id).count() == 2


def test_a_second_run_updates_by_key_and_blank_cells_keep(tmp_path, sources):
    run(write(tmp_path, LEADS), "leads", RULES)
    changed = [LEADS[0], ["L1", "پارس نو", "", "", "", "", ""], ["L3", "تازه", "", "", "", "", ""]]
    result = run(write(tmp_path, changed), "leads", RULES)
    assert (result.created, result.updated) == (1, 1)
    lead = Lead.objects.get(external_key="L1")
    assert (lead.company, lead.mobile, lead.version) == ("پارس نو", "+989121234567", 2)
    assert event_model(Lead).objects.filter(pgh_obj_id=lead.pk).count() == 2


def test_blank_cells_clear_when_asked(tmp_path, sources):
    run(write(tmp_path, LEADS), "leads", RULES)
    changed = [LEADS[0], ["L1", "پارس", "", "", "", "", ""]]
    run(write(tmp_path, changed), "leads", {**RULES, "blank": "clear"})
    assert Lead.objects.get(external_key="L1").source is None


@pytest.mark.parametrize(("mode", "expected"), [("skip", (0, 0, 0)), ("create", (0, 0, 2))])
def test_existing_keys_are_skipped_or_refused(tmp_path, sources, mode, expected):
    run(write(tmp_path, LEADS), "leads", RULES)
    result = run(write(tmp_path, LEADS), "leads", {**RULES, "on_duplicate": mode})
    assert (result.created, result.updated, result.refused) == expected
    assert result.skipped == (2 if mode == "skip" else 0)
    assert Lead.objects.count() == 2


def test_refused_rows_say_column_reason_and_value_and_the_rest_is_written(tmp_path, sources):
    rows = [
        *LEADS,
        ["L4", "الف", "", "12", "", "", ""],
        ["L5", "ب", "", "", "ناشناس", "", ""],
        ["L6", "پ", "", "", "", "خیلی", "1404/12/30"],
        ["L2", "دیگر", "", "", "", "", ""],
        ["", "بی‌کلید", "", "", "", "", ""],
        ["L7", "", "", "", "", "", ""],
    ]
    result = run(write(tmp_path, rows), "leads", RULES)
    found = reasons(result)
    assert {row: column for row, (column, _reason) in found.items()} == {
        4: "موبایل",
        5: "منبع",
        6: "مبلغ",
        7: "کد",
        8: "کد",
        9: "شرکت",
    }
    assert len([problem for problem in result.problems if problem.row == 6]) == 2
    assert (result.created, result.refused) == (2, 6)
    assert Lead.objects.count() == 2


def test_the_same_row_twice_counts_once(tmp_path, sources):
    result = run(write(tmp_path, [*LEADS, LEADS[1]]), "leads", RULES)
    assert (result.created, result.repeated, result.refused) == (2, 1, 0)


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path, sources):
    rows = [*LEADS, ["L9", "x", "", "12", "", "", ""]]
    create = {**RULES, "columns": {**RULES["columns"], "منبع": {"to": "source", "create_missing": True}}}
    path = write(tmp_path, rows)
    entries = AuditEntry.objects.count()
    dry = run(path, "leads", create, dry_run=True)
    assert (Lead.objects.count(), AuditEntry.objects.count()) == (0, entries)
    assert not Source.objects.filter(name_fa="اینستا").exists()
    real = run(path, "leads", create)
    assert (dry.created, dry.refused, dry.problems, dry.related) == (
        real.created,
        real.refused,
        real.problems,
        real.related,
    )
    assert Source.objects.filter(name_fa="اینستا").count() == 1


def test_missing_values_are_created_only_for_rows_that_are_written(tmp_path, sources):
    rows = [LEADS[0], ["L1", "a", "", "12", "بازاریابی تلفنی", "", ""]]
    create = {**RULES, "columns": {**RULES["columns"], "منبع": {"to": "source", "create_missing": True}}}
    run(write(tmp_path, rows), "leads", create)
    assert not Source.objects.filter(name_fa="بازاریابی تلفنی").exists()


def test_words_that_mean_empty(tmp_path):
    path = write(tmp_path, [["c", "s"], ["Acme", "Select"]])
    assert run(path, "leads", {"columns": {"c": "company", "s": "source"}, "empty": ["select"]}).created == 1


def test_an_ambiguous_name_is_refused(tmp_path):
    Account.objects.create(name="شرکت پارس")
    Account.objects.create(name="شركت پارس")
    path = write(tmp_path, [["n", "a"], ["Deal", "شرکت پارس"]])
    result = run(path, "leads", {"columns": {"n": "company", "a": "referrer_account"}})
    assert "پارس" in reasons(result)[2][1]


def test_parents_may_stand_later_in_the_same_file(tmp_path):
    rows = [["name", "parent"], ["دختر", "مادر"], ["مادر", ""], ["یتیم", "هیچ‌کس"], ["خود", "خود"]]
    result = run(write(tmp_path, rows), "accounts", {"columns": {"name": "name", "parent": "parent"}})
    assert Account.objects.get(name="دختر").parent.name == "مادر"
    assert set(reasons(result)) == {4, 5}


def test_many_values_and_wrong_national_ids(tmp_path):
    from accounts.models import AccountKind

    for code in ("customer", "supplier"):
        AccountKind.objects.update_or_create(code=code, defaults={"name_fa": code, "name_en": code})
    rows = [["n", "k", "id"], ["A", "customer، supplier", ""], ["B", "customer", "12345678901"]]
    result = run(write(tmp_path, rows), "accounts", {"columns": {"n": "name", "k": "kinds", "id": "national_id"}})
    assert {kind.code for kind in Account.objects.get(name="A").kinds.all()} == {"customer", "supplier"}
    assert reasons(result)[3][0] == "id"


def test_contacts_get_their_employment(tmp_path):
    rows = [["who", "where", "as", "زبان"], ["سارا محمدی", "فناوران", "مدیر خرید", "انگلیسی"]]
    rules = {
        "columns": {
            "who": "full_name",
            "where": {"to": "account", "create_missing": True},
            "as": "job_title",
            "زبان": "language",
        },
    }
    assert run(write(tmp_path, rows), "contacts", rules).created == 1
    contact = Contact.objects.get(last_name="محمدی")
    assert contact.language == "en"
    job = contact.employments.get()
    assert (job.account.name, job.job_title) == ("فناوران", "مدیر خرید")


def cycle():
    found = SalesCycle.objects.create(code="test", name_fa="آزمون", name_en="Test")
    for position, (code, kind, probability) in enumerate(
        [("new", "open", 10), ("talk", "open", 50), ("won", "won", 100), ("lost", "lost", 0)], start=1
    ):
        Stage.objects.create(
            cycle=found, code=code, name_fa=code, name_en=code, kind=kind, probability=probability, position=position
        )
    return found


DEALS = [
    ["key", "name", "stage", "opened", "closed", "amount", "product"],
    ["D1", "Won one", "won", "2024-01-01", "2024-01-11", "1000", "سرور"],
    ["D2", "Lost one", "lost", "2024-01-01", "2024-01-05", "0", "سرور"],
    ["D3", "Open one", "talk", "2024-02-01", "", "500", ""],
    ["D4", "No date", "lost", "2024-01-01", "", "0", ""],
    ["D5", "Future", "won", "2024-01-01", "2999-01-01", "1", ""],
    ["D6", "Backwards", "won", "2024-02-01", "2024-01-01", "1", ""],
    ["D7", "Nowhere", "moon", "", "", "1", ""],
]
DEAL_RULES = {
    "columns": {
        "key": "external_key",
        "name": "name",
        "stage": "stage",
        "opened": "opened_on",
        "closed": "closed_on",
        "amount": "amount",
        "product": {"to": "products", "create_missing": True},
    },
    "constants": {"cycle": "test", "lost_stage": "new"},
    "key": "external_key",
}


def test_deals_come_with_their_history(tmp_path):
    cycle()
    result = run(write(tmp_path, DEALS), "opportunities", DEAL_RULES)
    assert (result.created, set(reasons(result))) == (3, {5, 6, 7, 8})
    won, lost, still = (Opportunity.objects.get(external_key=key) for key in ("D1", "D2", "D3"))
    assert (won.status, won.closed_on, won.furthest_stage.code, won.probability) == (
        "won",
        dt.date(2024, 1, 11),
        "won",
        100,
    )
    assert [
        (v.stage.code, v.left_at and (v.left_at - v.entered_at).days) for v in won.visits.order_by("entered_at")
    ] == [
        ("talk", 10),
        ("won", None),
    ]
    assert (lost.lost_stage.code, lost.furthest_stage.code) == ("new", "new")
    assert (still.status, still.expected_value, still.visits.get().stage.code) == ("open", Decimal(250), "talk")
    line = won.lines.get()
    assert (line.total, line.product.name_fa) == (Decimal(1000), "سرور")


def test_a_second_run_moves_deals_and_keeps_their_history(tmp_path):
    cycle()
    run(write(tmp_path, [DEALS[0], DEALS[3]]), "opportunities", DEAL_RULES)
    moved = [DEALS[0], ["D3", "Open one", "won", "2024-02-01", "2024-03-01", "700", ""]]
    result = run(write(tmp_path, moved), "opportunities", DEAL_RULES)
    assert result.updated == 1
    deal = Opportunity.objects.get(external_key="D3")
    assert (deal.status, deal.amount, deal.furthest_stage.code) == ("won", Decimal(700), "won")
    assert [visit.stage.code for visit in deal.visits.order_by("pk")] == ["talk", "won"]
    assert deal.visits.filter(left_at=None).count() == 1


def test_a_file_without_stages_leaves_the_stage_alone(tmp_path):
    cycle()
    run(write(tmp_path, [DEALS[0], DEALS[3]]), "opportunities", DEAL_RULES)
    rows = [["key", "name"], ["D3", "Renamed"]]
    rules = {"columns": {"key": "external_key", "name": "name"}, "key": "external_key"}
    assert run(write(tmp_path, rows), "opportunities", rules).updated == 1
    deal = Opportunity.objects.get(external_key="D3")
    assert (deal.name, deal.stage.code, deal.amount, deal.cycle.code) == ("Renamed", "talk", Decimal(500), "test")


def test_people_offices_and_roles(tmp_path):
    rows = [["who", "office"], ["Ann Lee", "West"], ["Bob Ray", "West"]]
    path = write(tmp_path, rows)
    assert run(path, "branches", {"columns": {"office": "name"}, "key": "name", "on_duplicate": "skip"}).created == 1
    rules = {
        "columns": {"who": "full_name", "office": "branch"},
        "compose": {"email": "{who|slug}@x.example"},
        "constants": {"role": "sales-rep"},
        "key": "email",
    }
    assert run(path, "users", rules).created == 2
    ann = User.objects.get(email="ann-lee@x.example")
    assert (ann.first_name, ann.last_name, ann.branch.name, ann.has_usable_password()) == ("Ann", "Lee", "West", False)
    assert ann.groups.filter(role__code="sales-rep").exists()


# Rights


def test_rows_are_the_importers_own(tmp_path, rep, sources):
    result = run(write(tmp_path, LEADS), "leads", RULES, actor=rep)
    assert result.created == 2
    lead = Lead.objects.get(external_key="L1")
    assert (lead.owner, lead.team, lead.created_by) == (rep, rep.team, rep)


def test_a_rep_cannot_give_rows_to_others_or_change_theirs(tmp_path, rep, outsider, sources):
    Lead.objects.create(company="theirs", external_key="L1", owner=outsider, team=outsider.team)
    rows = [[*LEADS[0], "مسئول"], [*LEADS[1], ""], [*LEADS[2], "outsider@example.com"]]
    rules = {**RULES, "columns": {**RULES["columns"], "مسئول": "owner"}}
    result = run(write(tmp_path, rows), "leads", rules, actor=rep)
    assert {row: column for row, (column, _r) in reasons(result).items()} == {2: "کد", 3: "مسئول"}
    assert Lead.objects.get(external_key="L1").company == "theirs"
    assert Lead.objects.count() == 1


def test_names_of_records_one_may_not_see_are_unknown(tmp_path, rep, outsider):
    Account.objects.create(name="پنهان", owner=outsider, team=outsider.team)
    path = write(tmp_path, [["n", "a"], ["Deal", "پنهان"]])
    result = run(path, "leads", {"columns": {"n": "company", "a": "referrer_account"}}, actor=rep)
    assert result.refused == 1


def test_nobody_without_the_right_imports(tmp_path, nobody, sources):
    with pytest.raises(PermissionRefused):
        run(write(tmp_path, LEADS), "leads", RULES, actor=nobody)


def test_a_constraint_of_the_database_takes_everything_back(tmp_path, sources):
    Lead.objects.create(company="old", external_key="L2")
    rules = {"columns": {"کد": "external_key", "شرکت": "company"}}
    with pytest.raises(DomainError, match="lead_external_key"):
        run(write(tmp_path, LEADS), "leads", rules)
    assert Lead.objects.count() == 1


def test_large_tables_are_asked_only_for_names_in_the_file(tmp_path, django_assert_max_num_queries):
    Account.objects.bulk_create([Account(name=f"شرکت {number}") for number in range(300)])
    rows = [["n", "a"], *([f"Deal {number}", f"شركت {number}"] for number in range(300))]
    with django_assert_max_num_queries(30):
        result = run(write(tmp_path, rows), "leads", {"columns": {"n": "company", "a": "referrer_account"}})
    assert result.created == 300
    assert lookups.CHUNK >= 300


# The command


def test_the_command_reports_refused_rows(tmp_path, sources, capsys):
    path = write(tmp_path, [*LEADS, ["L4", "=cmd", "", "=12", "", "", ""]])
    report = tmp_path / "refused.csv"
    call_command("import_data", "leads", str(path), mapping=write_json(tmp_path, RULES), report=report, user=None)
    assert Lead.objects.count() == 2
    lines = list(csv.reader(report.read_text(encoding="utf-8-sig").splitlines()))
    assert lines[1][:2] == ["4", "موبایل"]
    assert lines[1][3] == "'=12"


def test_the_command_names_unknown_people_and_targets(tmp_path):
    path, rules = write(tmp_path, LEADS), write_json(tmp_path, RULES)
    with pytest.raises(CommandError, match=r"ghost@example\.com"):
        call_command("import_data", "leads", str(path), mapping=rules, user="ghost@example.com")
    with pytest.raises(CommandError, match="nothing"):
        call_command("import_data", "nothing", str(path), mapping=rules)


STEPS = {
    "columns": {
        "کد": "external_key",
        "شرکت": "company",
        "وضعیت": "status",
        "اقدام": "next_step",
        "زمان": "next_step_at",
        "علت": "disqualify_reason",
    },
    "key": "external_key",
}


def test_next_steps_of_a_file_become_activities_once(tmp_path, db):
    DisqualifyReason.objects.update_or_create(code="far", defaults={"name_fa": "دور", "name_en": "Far"})
    rows = [
        ["کد", "شرکت", "وضعیت", "اقدام", "زمان", "علت"],
        ["S1", "پارس", "new", "تماس با مدیر", "1405/10/01 10:00", ""],
        ["S2", "نور", "new", "ارسال کاتالوگ", "", ""],
        ["S3", "آفتاب", "new", "", "1405/10/02 11:00", ""],
        ["S4", "دور", "disqualified", "پیگیری", "1405/10/02", "دور"],
        ["S5", "هیچ", "new", "", "", ""],
    ]
    result = run(write(tmp_path, rows), "leads", STEPS)
    assert (result.created, result.refused) == (5, 0)
    first = Lead.objects.get(external_key="S1")
    step = Activity.objects.get(pk=first.next_activity_id)
    assert (step.kind, step.subject, step.owner_id) == ("call", "تماس با مدیر", first.owner_id or step.owner_id)
    assert first.next_step_at == dt.datetime(2026, 12, 22, 6, 30, tzinfo=dt.UTC)
    kinds = {a.links.get().obj.external_key: (a.kind, a.status) for a in Activity.objects.all()}
    assert kinds == {
        "S1": ("call", "planned"),
        "S2": ("task", "planned"),
        "S3": ("follow_up", "planned"),
        "S4": ("follow_up", "cancelled"),
    }
    run(write(tmp_path, rows), "leads", STEPS)
    assert Activity.objects.count() == 4
    rows[1][4] = "1405/10/05 10:00"
    run(write(tmp_path, rows), "leads", STEPS)
    assert Activity.objects.count() == 5
