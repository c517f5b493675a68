"""The language of templates: what it fills, what it refuses, and that a record's words cannot speak it."""

import pytest
from django.utils import translation

from core import hosts
from messaging.language import MAX_LENGTH, TemplateProblem, fill, parse, spellings
from messaging.merge import check, fields_of, render
from tests.accounts.factories import AccountFactory, ContactFactory
from tests.leads.factories import LeadFactory

NAMES = spellings([("name", ["نام", "name"]), ("first_name", ["نام کوچک", "first name"]), ("city", ["شهر", "city"])])


def filled(text, **values):
    return fill(parse(text, NAMES), values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("سلام {{ name }}!", "سلام سارا!"),
        ("{{name}} {{ نام }} {{ Name }}", "سارا سارا سارا"),
        ("{{ نام‌کوچک|default:'دوست' }}", "دوست"),
        ('{{ city|default:"" }}.', "."),
        ("{% if city %}از {{ city }}{% else %}از جایی{% endif %}", "از جایی"),
        ("{% if name %}{{ name }}{% if city %}، {{ city }}{% endif %}{% endif %}", "سارا"),
        ("{ name } {name} 100% }}", "{ name } {name} 100% }}"),
        ("", ""),
    ],
)
def test_places_and_conditions_are_filled(text, expected):
    assert filled(text, name="سارا") == (expected, [])


def test_a_missing_value_is_named_and_its_place_stays():
    assert filled("از {{ شهر }} و {{ city }}", name="سارا") == ("از {{ city }} و {{ city }}", ["city"])
    assert filled("{% if city %}{{ city }}{% endif %}", name="سارا") == ("", [])


@pytest.mark.parametrize(
    "text",
    [
        "{% for x in name %}{{ x }}{% endfor %}",
        "{% while 1 %}",
        "{% include 'x' %}",
        "{{ name.upper }}",
        "{{ name.__class__.__mro__ }}",
        "{{ name() }}",
        "{{ name|upper }}",
        "{{ name|default:city }}",
        "{{ name|default:'a'|upper }}",
        "{{ unknown }}",
        "{{ }}",
        "{{ name",
        "{% if name",
        "{% if name %}",
        "{% if name == 'x' %}a{% endif %}",
        "{% if name.x %}a{% endif %}",
        "{% endif %}",
        "{% else %}",
        "{% if name %}{% else %}{% else %}{% endif %}",
        "{% %}",
        "{% if name %}" * 6 + "{% endif %}" * 6,
        "x" * (MAX_LENGTH + 1),
    ],
)
def test_what_the_language_does_not_know_is_refused(text):
    with pytest.raises(TemplateProblem) as problem:
        parse(text, NAMES)
    assert str(problem.value)


def test_a_template_that_loops_is_told_so():
    with translation.override("en"), pytest.raises(TemplateProblem, match="neither repeats nor loads"):
        parse("{% for x in name %}", NAMES)


@pytest.mark.parametrize(
    "hostile", ["{{" * 9_000, "{%" * 9_000, "{{ " + "a" * 19_000, "{% if name %}" * 1500, "{{|" * 6_000]
)
def test_a_hostile_text_costs_no_more_than_its_length(hostile):
    with pytest.raises(TemplateProblem):  # anything worse than linear would take minutes here
        parse(hostile, NAMES)


def test_a_value_is_not_read_as_a_template():
    text, missing = filled("سلام {{ name }}", name="{{ city }}{% if city %}", city="شیراز")
    again, _missing = filled(text, name="", city="شیراز")
    assert "شیراز" not in again
    assert missing == []
    assert len(filled("{{ name }}", name="آ" * 9_000)[0]) == 2_000


@pytest.mark.django_db
class TestRecords:
    def test_every_host_can_be_named_in_both_languages(self):
        for host in hosts.all_hosts():
            for one in fields_of(host):
                check(f"{{{{ {one.name} }}}}", host)
            with translation.override("fa"):
                words = [str(one.label) for one in fields_of(host)]
            for label in words:
                check(f"{{{{ {label} }}}}", host)

    def test_record_sender_and_company_are_filled(self, rep):
        contact = ContactFactory(owner=rep, first_name="مریم", last_name="رضایی", mobile="+989121234567")
        rep.first_name, rep.last_name, rep.job_title = "سارا", "کریمی", "کارشناس فروش"
        text = "{{ first_name }} {{ mobile }} {{ sender }} {{ sender_title }} {{ organisation }} {{ today }}"
        fa, en = (render(text, contact, user=rep, language=code) for code in ("fa", "en"))
        assert fa.missing == en.missing == []
        assert fa.body.startswith("مریم ۰۹۱۲ ۱۲۳ ۴۵۶۷ سارا کریمی کارشناس فروش پیوند ")
        assert "Peyvand" in en.body
        assert "0912" in en.body

    def test_a_missing_value_is_told_by_its_label(self, rep):
        with translation.override("en"):
            rendered = render("{{ city }}", ContactFactory(owner=rep), user=rep, subject="{{ email }}")
        assert rendered.missing == ["email", "city"]

    def test_a_subject_is_one_line(self, rep):
        account = AccountFactory(owner=rep, address="خیابان یک\nپلاک دو")
        assert render("متن", account, user=rep, subject="نشانی {{ address }}").subject == "نشانی خیابان یک پلاک دو"

    def test_what_is_hidden_from_the_author_is_never_filled_in(self, rep):
        from users.models import FieldRule, Role

        lead = LeadFactory(owner=rep, mobile="+989121234567", city="شیراز")
        FieldRule.objects.create(
            role=Role.objects.get(code="sales-rep"), model="leads.lead", field="mobile", access="hidden"
        )
        reader = type(rep).objects.get(pk=rep.pk)
        rendered = render("{{ mobile }} {{ city }}", lead, user=reader, language="en")
        assert rendered.body == "{{ mobile }} شیراز"
        assert rendered.missing
        assert render('{{ mobile|default:"—" }}', lead, user=reader).body == "—"
        assert render("{% if mobile %}x{% endif %}", lead, user=reader).body == ""


@pytest.mark.parametrize("text", ["{{" * 10_000, "{%" * 10_000, "{{ name " * 2_500, "{" * 20_000])
def test_brackets_without_end_are_refused_at_once(text):
    with pytest.raises(TemplateProblem):
        parse(text, NAMES)
