"""A lead's answer about messages reaches the outbox."""

import pytest

from leads.services import lead_capture, lead_create, lead_update
from messaging.models import Consent
from messaging.services import consent_of
from tests.leads.factories import CaptureFormFactory

pytestmark = pytest.mark.django_db
MOBILE = "+989121234567"


def states():
    return consent_of("sms", MOBILE), consent_of("email", "sara@example.com")


def test_an_answer_holds_for_the_lead_s_addresses_and_the_last_one_counts(rep):
    values = {"last_name": "کریمی", "mobile": "۰۹۱۲ ۱۲۳ ۴۵۶۷", "email": "Sara@Example.com"}
    lead = lead_create(actor=rep, consent="yes", **values)
    assert states() == ("granted", "granted")
    lead.consent = "no"
    lead_update(actor=rep, lead=lead)
    assert states() == ("denied", "denied")
    assert "کریمی" in Consent.objects.first().source


def test_a_lead_that_was_not_asked_says_nothing(rep):
    lead = lead_create(actor=rep, last_name="کریمی", mobile=MOBILE)
    lead.city = "شیراز"
    lead_update(actor=rep, lead=lead)
    assert not Consent.objects.exists()


def test_other_changes_do_not_repeat_the_answer(rep):
    lead = lead_create(actor=rep, last_name="کریمی", mobile=MOBILE, consent="yes")
    Consent.objects.update(state="denied")
    lead.city = "شیراز"
    lead_update(actor=rep, lead=lead)
    assert consent_of("sms", MOBILE) == "denied", "who answered 11 since is not overruled"


@pytest.mark.parametrize(("ticked", "state"), [(True, "granted"), (False, "")])
def test_the_box_of_a_web_form(ticked, state):
    data = {"last_name": "کریمی", "mobile": MOBILE, "email": "sara@example.com", "consent": ticked, "key": "k"}
    lead_capture(form=CaptureFormFactory(), data=data)
    assert states() == (state, state)
