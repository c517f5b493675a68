"""The whole product read as one person: no page tells what belongs to others, and none shows typed text as HTML."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from activities.services import Invited, activity_complete, activity_log, activity_plan, guest_answer, guests_set
from activities.services.resources import bookings_sync
from core import panels
from messaging.models import Message, MessageAttempt
from messaging.services import message_queue
from opportunities.services import opportunity_create
from tests.leads.factories import LeadFactory
from tests.test_permissions_matrix import MATRIX
from tests.world import key

pytestmark = pytest.mark.django_db
SECRET = "zqxhidden"
HOSTILE = "zqx'\"><i>"
ECHOES = re.compile(f'value="{SECRET}"|<bdi>{SECRET}</bdi>[”»]|q={SECRET}')  # what one searched for
SCRIPT_URL = re.compile(r'(?:href|src|action)="\s*javascript', re.IGNORECASE)
HOSTS = ("account", "contact", "lead", "opportunity")


@pytest.fixture
def at() -> dt.datetime:
    return timezone.now() + dt.timedelta(hours=3)


def addresses(world) -> Iterator[str]:
    """Every page of the matrix, the lists searched and exported, the panels of the records, the calendar in all views."""
    for name, row in MATRIX.items():
        if row.post or row.public:
            continue
        try:
            url = reverse(name, args=[key(world, part) for part in row.args])
        except NoReverseMatch:
            continue
        yield url
        if name.endswith(("_list", ":outbox")) and not row.args:
            yield from (f"{url}?q={SECRET}", f"{url}?export=csv")
    for name in HOSTS:
        record = getattr(world, name)
        label = record._meta.label_lower
        yield from (panel.url(record) for panel in panels.panels_for(label))
        yield reverse("history", args=[label, record.pk])
        yield reverse("typeahead", args=[label]) + f"?q={SECRET}"
    for name in ("palette", "search", "record_search"):
        yield f"{reverse(name)}?q={SECRET}"
    day = timezone.localtime(timezone.now() + dt.timedelta(hours=3)).date()
    for view in ("month", "week", "day", "agenda"):
        query = f"view={view}&date={day}&people={world.person.pk}&resources={world.room.pk}"
        yield f"{reverse('activities:calendar')}?{query}"


def pages(user, world) -> Iterator[tuple[str, str]]:
    """Address and text of what the person can read."""
    client = Client()
    client.force_login(user)
    for url in dict.fromkeys(addresses(world)):
        response = client.get(url)
        content = b"".join(response) if response.streaming else response.content
        yield url, content.decode("utf-8", "replace")


def told(user, world) -> list[str]:
    """Addresses at which the person finds the secret."""
    return [url for url, text in pages(user, world) if SECRET in ECHOES.sub("", text)]


def test_nobody_reads_of_records_of_others(client, world, rep, teammate, at):
    lead = LeadFactory(owner=rep, company=SECRET, last_name=SECRET, interest=SECRET)
    deal = opportunity_create(actor=rep, name=SECRET, account=world.account, contact=world.contact, owner=rep)
    records = [world.account, lead, deal]
    activity_plan(actor=rep, kind="meeting", subject="همه", due_at=at, records=records)
    activity_plan(actor=rep, kind="meeting", subject=SECRET, due_at=at, records=[lead, deal])
    activity_log(actor=rep, kind="note", text=SECRET, records=[lead])
    mail = {"channel": "email", "to_address": "a@example.com"}
    message_queue(actor=rep, **mail, subject="همه", body="متن", records=records)
    message_queue(actor=rep, **mail, subject=SECRET, body=SECRET, records=[lead, deal])
    client.force_login(rep)
    assert (
        SECRET in client.get(reverse("panel", args=["accounts.account", world.account.pk, "timeline"])).content.decode()
    )
    assert not told(teammate, world)


@pytest.mark.parametrize("reader", ["executive", "admin"])
def test_nobody_reads_of_private_activities_of_others(world, rep, manager, at, request, reader):
    records = [world.account, world.lead, world.opportunity]
    row = activity_plan(
        actor=rep,
        kind="meeting",
        subject=SECRET,
        text=SECRET,
        location=SECRET,
        due_at=at,
        ends_at=at + dt.timedelta(hours=1),
        records=records,
        is_private=True,
    )
    bookings_sync(actor=rep, activity=row, resources=[world.room])
    guests_set(actor=rep, activity=row, guests=[Invited(f"{SECRET}@example.com", SECRET)], message=SECRET)
    done = activity_plan(actor=rep, kind="call", subject=SECRET, due_at=at, records=records, is_private=True)
    activity_complete(actor=rep, activity=done, note=SECRET)
    activity_log(actor=rep, kind="note", text=SECRET, records=[world.account], is_private=True)
    assert not told(request.getfixturevalue(reader), world)


def test_typed_text_is_never_html(world, rep, manager, at):
    for name in HOSTS:
        row = getattr(world, name)
        fields = {"account": "name", "opportunity": "name"}.get(name, "last_name")
        type(row).objects.filter(pk=row.pk).update(**{fields: HOSTILE})
    type(world.room).objects.filter(pk=world.room.pk).update(name_fa=HOSTILE, name_en=HOSTILE)
    type(rep).objects.filter(pk=rep.pk).update(first_name=HOSTILE)
    text = f'{HOSTILE} @[x]({rep.pk}) javascript:alert(1) https://a.example/"onclick=alert(1)'
    row = activity_plan(
        actor=manager,
        kind="meeting",
        subject=HOSTILE,
        text=text,
        location=HOSTILE,
        due_at=at,
        ends_at=at + dt.timedelta(hours=1),
        records=[world.account, world.lead, world.opportunity],
        assignees=[rep],
        checklist=[HOSTILE],
    )
    bookings_sync(actor=manager, activity=row, resources=[world.room])
    guests_set(actor=manager, activity=row, guests=[Invited("g@example.com", HOSTILE)], message=HOSTILE)
    guest_answer(token=row.guests.get().token, answer="accepted", note=HOSTILE)
    activity_log(actor=manager, kind="note", text=text, records=[world.account])
    things = {"to_name": HOSTILE, "subject": HOSTILE, "body": text}
    message_queue(actor=rep, channel="email", to_address="a@example.com", records=[world.account], **things)
    Message.objects.filter(pk=world.failed.pk).update(error=HOSTILE, **things)
    MessageAttempt.objects.create(message=world.failed, outcome="failed", detail=HOSTILE)
    wrong = []
    for url, page in pages(rep, world):
        is_html = "<html" in page or "<div" in page
        if is_html and (HOSTILE in page or HOSTILE[:5] + '"' in page or SCRIPT_URL.search(page)):
            wrong.append(url)
    assert not wrong
