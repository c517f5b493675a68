"""The company's fiscal year in filters."""

import datetime as dt

import pytest

from core import display, organisation
from core.filter_fields import LocalDateRangeField
from core.models import Organisation
from users.models import User

pytestmark = pytest.mark.django_db


def this_fiscal_year(calendar: str) -> tuple[dt.date, dt.date]:
    with display.use(display.Display(calendar=calendar)):  # type: ignore[arg-type]
        span = LocalDateRangeField(required=False).clean(["this_fiscal_year", "", ""])
    return span.start, span.end


def test_a_fiscal_year_begins_in_the_month_the_company_says() -> None:
    Organisation.objects.update(fiscal_calendar="jalali", fiscal_year_start_month=7)
    start, end = this_fiscal_year("jalali")
    with display.use(display.Display()):
        assert display.format_date(start).endswith("/۰۷/۰۱")
    assert (end - start).days in {364, 365}


def test_a_calendar_the_company_does_not_reckon_in_keeps_its_own_year() -> None:
    Organisation.objects.update(fiscal_calendar="jalali", fiscal_year_start_month=7)
    start, _end = this_fiscal_year("gregorian")
    assert (start.month, start.day) == (1, 1)


def test_a_change_is_seen_at_once(django_capture_on_commit_callbacks, admin: User) -> None:
    from users.services.organisation import organisation_save

    row = Organisation.objects.get()
    assert this_fiscal_year("jalali")[0]
    row.fiscal_year_start_month = 4
    with django_capture_on_commit_callbacks(execute=True):
        organisation_save(actor=admin, organisation=row)
    with display.use(display.Display()):
        assert display.format_date(this_fiscal_year("jalali")[0]).endswith("/۰۴/۰۱")


@pytest.mark.parametrize(("calendar", "first"), [("jalali", 0), ("gregorian", 2)])
def test_a_week_begins_as_the_calendar_has_it(calendar: str, first: int) -> None:
    assert organisation.week_start(calendar) == first


@pytest.mark.parametrize("calendar", ["jalali", "gregorian"])
def test_the_company_may_say_how_a_week_begins(calendar: str) -> None:
    Organisation.objects.update(week_starts_on=1)
    assert organisation.week_start(calendar) == 1
