"""What the machinery forgets at night, and what it never touches."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core.models import Notification
from core.purging import delete_in_batches
from messaging import services
from messaging.models import Message, MessageAttempt
from messaging.tasks import purge
from tests.messaging.factories import MessageFactory

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - dt.timedelta(days=181)


def attempt(state: str, at: dt.datetime) -> MessageAttempt:
    message = MessageFactory()
    Message.objects.filter(pk=message.pk).update(state=state)
    return MessageAttempt.objects.create(message=message, outcome="sent", at=at)


@pytest.mark.parametrize("state", ["sent", "delivered", "cancelled"])
def test_attempts_of_messages_that_are_over_are_forgotten(state):
    attempt(state, LONG_AGO)
    kept = attempt(state, LONG_AGO + dt.timedelta(days=2))
    assert services.attempts_purge() == 1
    assert list(MessageAttempt.objects.all()) == [kept]
    assert Message.objects.count() == 2, "the message itself stays"


@pytest.mark.parametrize("state", ["queued", "sending", "failed", "unknown", "refused"])
def test_attempts_a_person_may_still_need_stay(state):
    attempt(state, LONG_AGO)
    purge.delay()
    assert MessageAttempt.objects.count() == 1


def test_many_rows_go_batch_by_batch_and_no_further_than_the_night(rep, django_assert_num_queries):
    Notification.objects.bulk_create(Notification(recipient=rep, code="x") for _ in range(25))
    newest = Notification.objects.order_by("-pk").first()
    with django_assert_num_queries(2 * 4):  # savepoint, select, delete, release
        assert delete_in_batches(Notification.objects.all(), batch=10, most=20) == 20
    assert delete_in_batches(Notification.objects.exclude(pk=newest.pk), batch=10) == 4
    assert list(Notification.objects.all()) == [newest]


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_a_row_somebody_holds_is_left_for_the_next_night(rep):
    Notification.objects.bulk_create(Notification(recipient=rep, code="x") for _ in range(3))
    held = Notification.objects.order_by("pk").first()
    told: list[int] = []

    def work() -> None:
        told.append(delete_in_batches(Notification.objects.all()))
        connection.close()

    with transaction.atomic():
        Notification.objects.select_for_update().get(pk=held.pk)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(30)
    assert told == [2]
    assert list(Notification.objects.all()) == [held]
