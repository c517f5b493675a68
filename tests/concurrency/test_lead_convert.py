"""Two people convert one lead at the same moment; a visitor's form arrives several times at once."""

import threading
from collections.abc import Callable

import pytest
from django.db import close_old_connections, connection

from accounts.models import Account, Contact
from leads.models import Lead
from leads.services import lead_capture, lead_convert
from opportunities.models import Opportunity
from tests.leads.factories import CaptureFormFactory, LeadFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work: Callable[[int], object], times: int = 2) -> list:
    """Run the work in as many threads that start together; an error among them is raised."""
    start, results, errors = threading.Barrier(times), [], []

    def run(number: int) -> None:
        close_old_connections()
        try:
            start.wait(timeout=10)
            results.append(work(number))
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    if errors:
        raise errors[0]
    return results


def test_two_people_make_one_result(rep, manager):
    lead = LeadFactory(owner=rep)
    actors = [rep, manager]
    results = at_once(lambda n: lead_convert(actor=actors[n], lead=Lead.objects.get(pk=lead.pk)))
    assert sorted(result.created for result in results) == [False, True]
    assert len({result.account.pk for result in results}) == 1
    assert len({result.opportunity.pk for result in results}) == 1
    assert (Account.objects.count(), Contact.objects.count(), Opportunity.objects.count()) == (1, 1, 1)


def test_a_form_that_arrives_four_times_makes_one_lead(rep):
    form = CaptureFormFactory(owner=rep)
    data = {"last_name": "کریمی", "mobile": "+989121234567", "key": "one-and-the-same"}
    results = at_once(lambda _n: lead_capture(form=form, data=data), times=4)
    assert {lead.pk for lead in results} == {Lead.objects.get().pk}
