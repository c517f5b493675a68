"""Settings: outcomes, rooms with who has them; what the menu opens and lights up."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.forms.activities import outcomes
from activities.models import Activity, ActivityOutcome, Resource
from activities.services import activity_complete, activity_plan, bookings_sync
from core import navigation
from core.testing.forms import form_data
from tests.core.test_frame import browser

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
OUTCOMES = "activities:activityoutcome"


@pytest.fixture
def boss(manager):
    return browser(manager)


def room(number: int, **values) -> Resource:
    return Resource.objects.create(code=f"r{number}", name_fa=f"اتاق {number}", name_en=f"Room {number}", **values)


def book(actor, rooms, start: dt.timedelta, hours: int = 1, **values) -> Activity:
    values = {"kind": "meeting", "subject": "جلسهٔ قیمت", **values}
    begin = timezone.now() + start
    activity = activity_plan(actor=actor, due_at=begin, ends_at=begin + hours * HOUR, **values)
    bookings_sync(actor=actor, activity=activity, resources=rooms)
    return activity


def test_an_outcome_is_added_changed_put_in_order_and_retired(boss, rep):
    add = reverse(f"{OUTCOMES}_add")
    data = form_data(boss.get(add).context["form"])
    data |= {"name_fa": "پیش‌فاکتور خواست", "name_en": "Asked for a quote", "kind": "call", "position": "0"}
    assert boss.post(add, data).status_code == 302
    made = ActivityOutcome.objects.get(code="asked-for-a-quote")
    assert outcomes(rep, "call").first() == made
    assert made not in outcomes(rep, "meeting")
    edit = reverse(f"{OUTCOMES}_edit", args=[made.pk])
    data = form_data(boss.get(edit).context["form"]) | {"kind": "", "position": "500"}
    assert boss.post(edit, data).status_code == 302
    assert made in outcomes(rep, "meeting")
    assert outcomes(rep, "call").last() == made
    data = form_data(boss.get(edit).context["form"])
    data.pop("is_active")
    assert boss.post(edit, data).status_code == 302
    assert made not in outcomes(rep, "call")
    assert "پیش‌فاکتور خواست" in boss.get(reverse(f"{OUTCOMES}_list")).content.decode()


def test_an_outcome_in_use_stays(boss, rep):
    chosen = ActivityOutcome.objects.get(code="reached")
    call = activity_plan(actor=rep, kind="call", subject="تماس", due_at=timezone.now() + HOUR)
    activity_complete(actor=rep, activity=call, outcome=chosen)
    boss.post(reverse(f"{OUTCOMES}_delete", args=[chosen.pk]))
    assert ActivityOutcome.objects.filter(pk=chosen.pk).exists()


def test_two_outcomes_of_one_code_are_refused_in_words(boss):
    add = reverse(f"{OUTCOMES}_add")
    data = form_data(boss.get(add).context["form"]) | {"name_fa": "الف", "name_en": "A", "code": "reached"}
    answer = boss.post(add, data)
    assert answer.status_code == 422
    assert answer.context["form"].errors["code"]


def test_notes_have_no_outcome(boss):
    form = boss.get(reverse(f"{OUTCOMES}_add")).context["form"]
    kinds = dict(form.fields["kind"].choices)
    assert "note" not in kinds
    assert kinds[""] == "همه نوع‌ها"


def test_the_list_of_rooms_says_seats_place_and_who_has_them(boss, manager, rep, outsider):
    free, taken, later, hidden = (room(n, capacity=8 + n, place=f"طبقهٔ {n}") for n in range(1, 5))
    book(rep, [taken], -HOUR / 2)
    book(rep, [taken], 5 * HOUR, subject="جلسهٔ بعدی")
    coming = book(rep, [later], 26 * HOUR, subject="دیدار فردا")
    book(outsider, [hidden], -HOUR / 2, subject="محرمانه", is_private=True)
    rows = boss.get(reverse("activities:resource_list")).content.decode().split("<tr ")
    cells = {one.pk: next(row for row in rows if f'data-pk="{one.pk}"' in row) for one in (free, taken, later, hidden)}
    assert "آزاد" in cells[free.pk]
    assert "طبقهٔ 1" in cells[free.pk]
    assert "۹" in cells[free.pk]
    assert "جلسهٔ قیمت" in cells[taken.pk]
    assert "جلسهٔ بعدی" not in cells[taken.pk]
    assert "bg-red-lt" in cells[taken.pk]
    assert "bg-green-lt" in cells[later.pk]
    assert coming.get_absolute_url() in cells[later.pk]
    assert "محرمانه" not in cells[hidden.pk]
    assert "bg-red-lt" in cells[hidden.pk]
    export = boss.get(reverse("activities:resource_list"), {"export": "csv"})
    assert export.status_code in {200, 403}


def test_statements_do_not_grow_with_the_rooms(boss, rep):
    counts = []
    for first in (1, 10):
        for number in range(first, first + 5):
            book(rep, [room(number)], HOUR)
        boss.get(reverse("activities:resource_list"))
        with CaptureQueriesContext(connection) as queries:
            boss.get(reverse("activities:resource_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1], counts


def active(user, path: str) -> list[str]:
    return [link.key for group in navigation.menu(user, path) for link in group.items if link.active]


@pytest.mark.parametrize("name", ["resource_list", "sequence_list", "activityoutcome_list", "activityoutcome_add"])
def test_settings_pages_light_up_the_settings(manager, name):
    assert active(manager, reverse(f"activities:{name}")) == ["settings"]


def test_other_pages_light_up_their_own(manager, rep):
    assert active(manager, reverse("activities:activity_list")) == ["activities"]
    assert active(manager, reverse("activities:calendar")) == ["calendar"]
    assert active(rep, reverse("activities:sequence_list")) == ["activities"]  # has no settings
    assert active(rep, "/nowhere/") == []


def test_the_menu_opens_what_is_ones_own_to_do_and_all_is_one_click_away(rep, teammate):
    mine = activity_plan(actor=rep, kind="task", subject="کار من")
    done = activity_plan(actor=rep, kind="task", subject="تمام‌شده")
    activity_complete(actor=rep, activity=done)
    given = activity_plan(actor=rep, kind="task", subject="سپرده", assignees=[teammate])
    link = next(link for group in navigation.menu(rep, "/") for link in group.items if link.key == "activities")
    client = browser(rep)
    page = client.get(link.url)
    assert [row["pk"] for row in shown(page)] == [mine.pk]
    quick = {one.label: one for one in page.context["quick_filters"]}
    assert [label for label, one in quick.items() if one.active] == ["کارهای من"]
    everything = client.get(reverse("activities:activity_list") + quick["همه"].url)
    assert {row["pk"] for row in shown(everything)} == {mine.pk, done.pk, given.pk}
    assert [one.label for one in everything.context["quick_filters"] if one.active] == ["همه"]


def shown(page) -> list[dict[str, int]]:
    return [{"pk": row.pk} for row in page.context["pager"].rows]
