"""What mail services answer and report, in the outbox's words. Imports django-anymail, so it is loaded when needed."""

import json
from collections.abc import Mapping
from importlib import import_module
from types import SimpleNamespace
from typing import Any, Final

import requests
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused, AnymailUnsupportedFeature
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.core.mail import EmailMultiAlternatives

from messaging.channels.base import OptOut, Rejected, Report, SendError, Sent, Status, Uncertain
from messaging.channels.http import not_connected, outcome_of_status
from messaging.choices import Reason, State

HOOKS: Final = {
    "brevo": "BrevoTrackingWebhookView",
    "mailersend": "MailerSendTrackingWebhookView",
    "mailjet": "MailjetTrackingWebhookView",
    "postmark": "PostmarkTrackingWebhookView",
    "resend": "ResendTrackingWebhookView",
    "sendgrid": "SendGridTrackingWebhookView",
    "sparkpost": "SparkPostTrackingWebhookView",
}
FAILED: Final = {
    EventType.BOUNCED: Reason.ADDRESS,
    EventType.REJECTED: Reason.UNDELIVERED,
    EventType.FAILED: Reason.UNDELIVERED,
}
STOPPED: Final = frozenset({EventType.COMPLAINED, EventType.UNSUBSCRIBED})


def hand_over(backend: Any, mail: EmailMultiAlternatives) -> Sent:
    """Send through an opened anymail backend."""
    try:
        backend.send_messages([mail])
    except (AnymailRecipientsRefused, AnymailUnsupportedFeature) as error:
        refused = isinstance(error, AnymailRecipientsRefused)
        raise Rejected(Reason.ADDRESS if refused else Reason.CONTENT, error) from error
    except AnymailAPIError as error:
        raise _trouble(error) from error
    status = mail.anymail_status
    number = status.message_id
    return Sent(provider_id=str(number or "")[:120], detail=",".join(sorted(status.status or ())))


def _trouble(error: AnymailAPIError) -> SendError:
    """What an error means for the message; anymail's are those of requests at the same time."""
    status = error.status_code
    if status is not None and not 200 <= status < 300:
        return outcome_of_status(status, str(error))
    if isinstance(error.__cause__, requests.ConnectionError):
        return not_connected(error.__cause__)
    return Uncertain(error)  # no answer in time, or one that nobody can read


def parse_events(service: str, payload: Mapping[str, Any]) -> list[Report | OptOut]:
    """The events of a service's web hook, read by anymail's own parser."""
    name = HOOKS.get(service)
    if name is None:
        raise ValueError(f"reports of {service} are not read")
    view = getattr(import_module(f"anymail.webhooks.{service}"), name)
    body = json.dumps(payload.get("body")).encode()
    parser = view.__new__(view)  # the view itself wants keys in the settings; its parser needs none
    found: list[Report | OptOut] = []
    for event in parser.parse_events(SimpleNamespace(body=body, headers={}, META={})):
        found += _read(event)
    return found


def _read(event: AnymailTrackingEvent) -> list[Report | OptOut]:
    detail = str(event.description or event.mta_response or event.event_type)
    number = str(event.message_id or "")
    if event.event_type == EventType.DELIVERED:
        return [Report(number, Status(State.DELIVERED, detail=detail))]
    if event.event_type in FAILED:
        reason = Reason.ADDRESS if event.reject_reason == RejectReason.INVALID else FAILED[event.event_type]
        return [Report(number, Status(State.FAILED, reason, detail))]
    if event.event_type in STOPPED and event.recipient:
        return [OptOut(event.recipient, detail)]
    return []
