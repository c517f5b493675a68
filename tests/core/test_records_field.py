"""Fields that take records of any kind, and what apps offer on the head of others' records."""

import pytest
from django import forms
from django.urls import reverse

from core import panels, record_actions
from core.forms.records import RecordsField, reference, resolve
from tests.accounts.factories import AccountFactory
from tests.core.test_frame import browser
from tests.leads.factories import LeadFactory

pytestmark = pytest.mark.django_db


class RecordsForm(forms.Form):
    records = RecordsField(required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["records"].user = user


def test_records_of_several_kinds_are_chosen_in_one_field(rep):
    lead, account = LeadFactory(owner=rep), AccountFactory(owner=rep)
    form = RecordsForm({"records": [reference(lead), reference(account)]}, user=rep)
    assert form.is_valid()
    assert form.cleaned_data["records"] == [lead, account]
    assert str(lead) in str(form["records"])


@pytest.mark.parametrize(
    "wanted", ["leads.lead:0", "leads.lead:x", "users.user:1", "nothing", "leads.lead:" + "9" * 30]
)
def test_what_is_no_record_is_refused(rep, wanted):
    assert not RecordsForm({"records": [wanted]}, user=rep).is_valid()


def test_foreign_records_are_not_there(rep, outsider):
    foreign = LeadFactory(owner=outsider)
    assert resolve([reference(foreign)], rep) == []
    assert not RecordsForm({"records": [reference(foreign)]}, user=rep).is_valid()


def test_the_search_finds_every_kind_and_only_ones_own(rep, outsider):
    lead, account = LeadFactory(owner=rep, last_name="شکوهی"), AccountFactory(owner=rep, name="شکوهی تجارت")
    LeadFactory(owner=outsider, last_name="شکوهی")
    for query in ("شکوهي", ""):
        results = browser(rep).get(reverse("record_search"), {"q": query}).json()["results"]
        assert {row["value"] for row in results} == {reference(lead), reference(account)}


def test_a_panel_of_all_hosts_is_on_each_but_not_elsewhere():
    @panels.register_on_hosts
    class Everywhere(panels.Panel):
        slug = "everywhere"
        title = "Everywhere"

    try:
        assert panels.find("leads.lead", "everywhere").host == "leads.lead"
        assert panels.find("accounts.account", "everywhere").host == "accounts.account"
        assert panels.find("catalog.product", "everywhere") is None
    finally:
        del panels._host_panels["everywhere"]
        for known in panels._panels.values():
            known.pop("everywhere", None)


def test_quick_actions_come_in_order(rep):
    providers = [(lambda _user, _obj: ["second"], 20), (lambda _user, _obj: ["first"], 10)]
    before = dict(record_actions._providers)
    record_actions._providers.clear()
    try:
        for provider, order in providers:
            record_actions.register(provider, order)
        assert record_actions.actions_for(rep, LeadFactory(owner=rep)) == ["first", "second"]
    finally:
        record_actions._providers.clear()
        record_actions._providers.update(before)
