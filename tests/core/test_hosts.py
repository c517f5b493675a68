"""Hosts: what records tell the apps below them."""

import pytest

from core import hosts
from core.models import Job
from tests.accounts.factories import AccountFactory, ContactFactory
from tests.leads.factories import LeadFactory

pytestmark = pytest.mark.django_db


def test_the_records_of_sales_are_hosts():
    labels = [host.label for host in hosts.all_hosts()]
    assert labels == ["accounts.account", "accounts.contact", "opportunities.opportunity", "leads.lead"]


def test_a_record_that_is_no_host_says_so():
    assert hosts.find("core.job") is None
    with pytest.raises(LookupError):
        hosts.host_of(Job(title="کار"))


def test_addresses_name_their_channel_and_their_field():
    lead = LeadFactory(email="a@example.com", mobile="+989121234567")
    found = {(a.channel, a.value, a.field) for a in hosts.host_of(lead).addresses(lead)}
    assert found == {("email", "a@example.com", "email"), ("sms", "+989121234567", "mobile")}


def test_the_addresses_of_an_account_include_its_people(rep):
    account, contact = AccountFactory(email="", mobile=""), ContactFactory(email="p@example.com", mobile="")
    contact.employments.create(account=account)
    assert [a.value for a in hosts.host_of(account).addresses(account)] == ["p@example.com"]


def test_a_family_holds_only_what_the_reader_may_see(rep, outsider):
    account = AccountFactory(owner=rep)
    mine, foreign = LeadFactory(owner=rep, account=account), LeadFactory(owner=outsider, account=account)
    family = hosts.host_of(account).family(rep, account)
    leads = [row.pk for relatives in family if relatives.model is type(mine) for row in relatives.rows]
    assert mine.pk in leads
    assert foreign.pk not in leads


@pytest.mark.parametrize("host", hosts.all_hosts(), ids=lambda host: host.label)
def test_merge_fields_belong_to_the_model(host):
    names = {field.name for field in host.model._meta.get_fields()}
    assert host.merge_fields
    assert all(not field.field or field.field in names for field in host.merge_fields)
    assert len({field.name for field in host.merge_fields}) == len(host.merge_fields)
