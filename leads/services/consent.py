"""What a lead answered about messages holds for the lead's addresses: the outbox asks them, not the lead."""

from django.utils.translation import gettext as _

from core.errors import DomainError
from leads.choices import ConsentAnswer
from leads.models import Lead
from messaging.choices import Channel, ConsentState
from messaging.services import consent_set

STATES = {ConsentAnswer.YES: ConsentState.GRANTED, ConsentAnswer.NO: ConsentState.DENIED}


def pass_on(lead: Lead) -> None:
    """Record the lead's answer for its e-mail address and mobile number; one that nothing can be sent to is left out."""
    state = STATES.get(ConsentAnswer(lead.consent))
    if state is None:
        return
    source = _("answered as the lead “%(name)s”") % {"name": lead}
    for channel, address in ((Channel.EMAIL, lead.email), (Channel.SMS, lead.mobile)):
        if not address:
            continue
        try:
            consent_set(actor=None, channel=channel, address=address, state=state, source=source[:200])
        except DomainError:  # a number no SMS reaches
            continue
