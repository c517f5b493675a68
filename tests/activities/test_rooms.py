"""Rooms and resources: booked with a meeting, moved with it, never had by two."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from activities.models import Activity, Booking, Resource
from activities.recurrence import parse_rule
from activities.selectors.rooms import booking_span, rooms_between
from activities.services import (
    activity_cancel,
    activity_delete,
    activity_move,
    activity_plan,
    activity_reopen,
    activity_update,
    bookings_sync,
    recurrence_create,
)
from core import audit, display
from core.errors import DomainError, PermissionRefused
from core.models import AuditEntry, Notification
from tests.activities.factories import restore_from_bin

NOON = dt.datetime(2027, 1, 10, 8, 30, tzinfo=dt.UTC)  # 12:00 in Tehran
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def room(db) -> Resource:
    return Resource.objects.create(code="big", name_fa="اتاق بزرگ", name_en="Big room", capacity=12)


@pytest.fixture
def projector(db) -> Resource:
    return Resource.objects.create(code="projector", name_fa="پروژکتور", name_en="Projector")


def plan(person, *rooms, subject="جلسه", kind="meeting", **values) -> Activity:
    values.setdefault("due_at", NOON)
    activity = activity_plan(actor=person, kind=kind, subject=subject, **values)
    bookings_sync(actor=person, activity=activity, resources=rooms)
    return activity


def spans(activity) -> list[tuple[dt.datetime, dt.datetime, bool]]:
    rows = Booking.objects.filter(activity=activity).order_by("resource_id")
    return [(row.span.lower, row.span.upper, row.is_active) for row in rows]


@pytest.mark.parametrize(
    ("values", "hours"),
    [
        ({}, 1),
        ({"duration": 90}, 1.5),
        ({"ends_at": NOON + 3 * HOUR}, 3),
        ({"kind": "call"}, 1),
        ({"kind": "call", "duration": 30}, 0.5),
    ],
)
def test_a_room_is_taken_for_as_long_as_the_meeting(rep, room, values, hours):
    activity = plan(rep, room, **values)
    assert spans(activity) == [(NOON, NOON + hours * HOUR, True)]


def test_an_all_day_meeting_takes_its_owners_days(rep, room):
    rep.time_zone = "Europe/Berlin"
    rep.save(update_fields=["time_zone"])
    longer = dt.datetime(2026, 10, 24, 22, tzinfo=dt.UTC)  # midnight in Berlin of the day with 25 hours
    activity = plan(rep, room, due_at=longer, all_day=True)
    assert spans(activity) == [(longer, longer + 25 * HOUR, True)]


def test_without_a_time_there_is_nothing_to_book(rep, room):
    with pytest.raises(DomainError) as refused:
        plan(rep, room, kind="task", due_at=None)
    assert refused.value.field == "due_at"
    assert booking_span(Activity(kind="task")) is None


def test_who_has_the_room_is_said_as_far_as_one_may_know(rep, teammate, manager, room):
    plan(teammate, room, subject="مذاکرهٔ پنهان", is_private=True)
    plan(teammate, room, subject="بازدید", due_at=NOON + 2 * HOUR)
    with display.use(display.Display()):
        with pytest.raises(DomainError, match="اتاق بزرگ") as hidden:
            plan(rep, room, due_at=NOON + HOUR / 2)
        with pytest.raises(DomainError) as told:
            plan(manager, room, due_at=NOON + 2.5 * HOUR)
    assert (hidden.value.field, hidden.value.code) == ("resources", "room_taken")
    assert "پنهان" not in str(hidden.value)
    assert "۱۲:۰۰" in str(hidden.value)
    assert "بازدید" in str(told.value)
    assert str(teammate) in str(told.value)
    assert Booking.objects.count() == 2


def test_one_after_the_other_is_no_clash(rep, teammate, room):
    plan(rep, room)
    plan(teammate, room, due_at=NOON + HOUR)
    plan(teammate, room, due_at=NOON - HOUR)
    assert Booking.objects.count() == 3


def test_rooms_move_with_the_meeting_and_hold_it_back_when_taken(rep, teammate, room):
    activity = plan(rep, room)
    activity_move(actor=rep, activity=activity, due_at=NOON + 5 * HOUR)
    assert spans(activity) == [(NOON + 5 * HOUR, NOON + 6 * HOUR, True)]
    plan(teammate, room)
    with pytest.raises(DomainError) as refused, transaction.atomic():
        activity_move(actor=rep, activity=activity, due_at=NOON + HOUR / 2)
    assert refused.value.code == "room_taken"
    activity.refresh_from_db()
    assert activity.due_at == NOON + 5 * HOUR
    assert spans(activity) == [(NOON + 5 * HOUR, NOON + 6 * HOUR, True)]


def test_a_longer_meeting_keeps_its_room_longer(rep, room):
    activity = plan(rep, room)
    activity.ends_at = NOON + 4 * HOUR
    activity_update(actor=rep, instance=activity)
    assert spans(activity) == [(NOON, NOON + 4 * HOUR, True)]


@pytest.mark.parametrize(("away", "back"), [(activity_cancel, activity_reopen), (activity_delete, restore_from_bin)])
def test_a_room_is_free_while_its_meeting_is_off(rep, teammate, room, away, back):
    activity = plan(rep, room)
    away(actor=rep, activity=activity)
    assert [active for _start, _end, active in spans(activity)] == [False]
    back(actor=rep, activity=activity)
    assert [active for _start, _end, active in spans(activity)] == [True]
    away(actor=rep, activity=activity)
    plan(teammate, room)
    with pytest.raises(DomainError) as refused, transaction.atomic():
        back(actor=rep, activity=activity)
    assert refused.value.code == "room_taken"


def test_rooms_are_changed_and_given_back(rep, teammate, room, projector):
    activity = plan(rep, room)
    bookings_sync(actor=rep, activity=activity, resources=[projector, room])
    both = AuditEntry.objects.filter(code="activity.rooms_booked").latest("pk")
    names = [str(projector), str(room)]
    for language, comma in (("fa", "، "), ("en", ", ")):
        with display.use(display.Display(language=language)):
            assert comma.join(names) in audit.sentence(both)
    bookings_sync(actor=rep, activity=activity, resources=[projector])
    assert [str(row.resource) for row in Booking.objects.filter(activity=activity)] == [str(projector)]
    plan(teammate, room)
    bookings_sync(actor=rep, activity=activity, resources=[])
    assert not Booking.objects.filter(activity=activity).exists()
    codes = AuditEntry.objects.filter(object_id=activity.pk, code__startswith="activity.rooms").values_list(
        "code", flat=True
    )
    assert sorted(codes) == ["activity.rooms_booked"] * 3 + ["activity.rooms_freed"]


def test_the_same_rooms_again_are_no_news(rep, room):
    activity = plan(rep, room)
    entries = AuditEntry.objects.count()
    bookings_sync(actor=rep, activity=activity, resources=[room])
    assert AuditEntry.objects.count() == entries


def test_a_room_out_of_use_is_not_booked_but_kept(rep, room):
    activity = plan(rep, room)
    Resource.objects.update(is_active=False)
    room.refresh_from_db()
    bookings_sync(actor=rep, activity=activity, resources=[room])
    with pytest.raises(DomainError) as refused:
        plan(rep, room, due_at=NOON + 5 * HOUR)
    assert refused.value.field == "resources"


def test_nobody_takes_ten_rooms_and_one(rep, room):
    rooms = [Resource.objects.create(code=f"r{n}", name_fa=f"اتاق {n}", name_en=f"Room {n}") for n in range(11)]
    with pytest.raises(DomainError) as refused:
        plan(rep, *rooms)
    assert refused.value.field == "resources"


def test_who_may_not_change_the_meeting_books_nothing_for_it(rep, teammate, room):
    activity = plan(rep)
    with pytest.raises(PermissionRefused):
        bookings_sync(actor=teammate, activity=activity, resources=[room])


def test_free_and_taken_rooms_are_told(rep, teammate, room, projector):
    mine = plan(rep, room, subject="خودم")
    plan(teammate, projector, is_private=True)
    states = rooms_between(user=rep, start=NOON, end=NOON + HOUR)
    assert [(state.resource, state.is_free) for state in states] == [(room, False), (projector, False)]
    assert "خودم" in states[0].taken[0].label
    assert states[1].taken[0].url == ""
    assert rooms_between(user=rep, start=NOON, end=NOON + HOUR, but=mine.pk)[0].is_free


def test_the_database_refuses_what_goes_round_the_service(rep, teammate, room):
    plan(rep, room)
    other = plan(teammate)
    with pytest.raises(IntegrityError, match="booking_no_overlap"), transaction.atomic():
        Booking.objects.create(activity=other, resource=room, span=(NOON, NOON + HOUR))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("through_service", [True, False])
def test_of_two_who_book_at_once_exactly_one_wins(rep, teammate, room, projector, through_service):
    meetings = [plan(person, due_at=NOON + step * HOUR / 4) for step in range(4) for person in (rep, teammate)]
    people = [rep, teammate] * 4
    start, lock = threading.Barrier(len(meetings)), threading.Lock()
    outcomes: list[str] = []

    def book(person, meeting, order) -> None:
        start.wait()
        try:
            if through_service:
                bookings_sync(actor=person, activity=meeting, resources=order)
            else:
                Booking.objects.create(activity=meeting, resource=room, span=booking_span(meeting))
            result = "won"
        except DomainError as error:
            result = str(error.code)
        except (IntegrityError, OperationalError) as error:
            result = type(error).__name__
        finally:
            connection.close()
        with lock:
            outcomes.append(result)

    orders = ([room, projector], [projector, room])
    threads = [
        threading.Thread(target=book, args=(person, meeting, orders[number % 2]))
        for number, (person, meeting) in enumerate(zip(people, meetings, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("won") == 1
    if through_service:
        assert set(outcomes) == {"won", "room_taken"}
        assert Booking.objects.count() == 2
    else:
        assert set(outcomes) <= {"won", "IntegrityError", "OperationalError"}
        assert Booking.objects.count() == 1


def tomorrow() -> dt.datetime:
    return (timezone.now() + dt.timedelta(days=1)).replace(hour=8, minute=30, second=0, microsecond=0)


def test_a_repeating_meeting_keeps_its_room_where_it_is_free(rep, teammate, room):
    begin, week = tomorrow(), dt.timedelta(days=7)
    first = plan(rep, room, due_at=begin)
    taken = plan(teammate, room, due_at=begin + 2 * week)
    recurrence_create(actor=rep, activity=first, rule=parse_rule("FREQ=WEEKLY;COUNT=5"))
    first.refresh_from_db()
    rows = Activity.objects.filter(recurrence=first.recurrence).order_by("due_at")
    assert [row.bookings.count() for row in rows] == [1, 1, 0, 1, 1]
    assert taken.bookings.count() == 1
    assert Notification.objects.get(code="activity.room_missed").recipient == rep


def test_a_room_booked_later_is_booked_for_all_times_to_come(rep, room, projector):
    first = plan(rep, due_at=tomorrow())
    recurrence_create(actor=rep, activity=first, rule=parse_rule("FREQ=WEEKLY;COUNT=4"))
    bookings_sync(actor=rep, activity=first, resources=[room])
    assert Booking.objects.filter(resource=room).count() == 4
    bookings_sync(actor=rep, activity=first, resources=[projector])
    assert Booking.objects.filter(resource=room).count() == 3  # the others keep what they have
