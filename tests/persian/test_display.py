"""What a person sees: formatters, filters, the icon tag."""

import datetime as dt
from decimal import Decimal

import pytest
from django.template import Context, Template

from core import display
from core.calendar.periods import period_of
from core.display import Display

PERSIAN = Display()
ENGLISH = Display(language="en", calendar="gregorian", digits="latin", money_unit="IRR")
MIXED = Display(language="en", digits="latin")
MOMENT = dt.datetime(2026, 11, 22, 11, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("who", "style", "expected"),
    [
        (PERSIAN, "short", "۱۴۰۵/۰۹/۰۱"),
        (PERSIAN, "long", "۱ آذر ۱۴۰۵"),
        (PERSIAN, "full", "یک\u200cشنبه ۱ آذر ۱۴۰۵"),
        (PERSIAN, "month", "آذر ۱۴۰۵"),
        (PERSIAN, "day", "۱ آذر"),
        (ENGLISH, "short", "2026-11-22"),
        (ENGLISH, "long", "22 Nov 2026"),
        (ENGLISH, "full", "Sunday, 22 Nov 2026"),
        (ENGLISH, "month", "November 2026"),
        (MIXED, "short", "1405-09-01"),
        (MIXED, "long", "1 Azar 1405"),
        (Display(calendar="gregorian"), "long", "۲۲ نوامبر ۲۰۲۶"),
    ],
)
def test_dates(who, style, expected):
    with display.use(who):
        assert display.format_date(dt.date(2026, 11, 22), style) == expected
        assert display.format_date(MOMENT, style) == expected


def test_moments_are_in_the_persons_time_zone():
    late = dt.datetime(2026, 11, 21, 20, 30, tzinfo=dt.UTC)
    with display.use(PERSIAN):
        assert display.format_datetime(late) == "۱۴۰۵/۰۹/۰۱ ۰۰:۰۰"
        assert display.format_datetime(MOMENT, "long") == "۱ آذر ۱۴۰۵، ۱۴:۳۰"
        assert display.format_time(MOMENT) == "۱۴:۳۰"
    with display.use(Display(language="en", calendar="gregorian", digits="latin", timezone="UTC")):
        assert display.format_datetime(late) == "2026-11-21 20:30"
        assert display.format_datetime(MOMENT, "long") == "22 Nov 2026, 11:00"


@pytest.mark.parametrize(("who", "expected"), [(PERSIAN, "سارا، <b>"), (ENGLISH, "سارا, <b>"), (MIXED, "سارا, <b>")])
def test_lists_have_the_comma_of_their_reader(who, expected):
    with display.use(who):
        assert display.listed(["سارا", "<b>"]) == expected
        assert Template("{{ names|listed }}").render(Context({"names": ["سارا", "<b>"]})) == expected.replace(
            "<b>", "&lt;b&gt;"
        )
        assert display.listed([]) == ""


def test_money_numbers_phones():
    with display.use(PERSIAN):
        assert display.format_money(Decimal("1250000.00")) == "۱۲۵٬۰۰۰ تومان"
        assert display.format_money(1250000, with_unit=False) == "۱۲۵٬۰۰۰"
        assert display.format_money(Decimal("9.5"), "USD") == "۹٫۵۰ دلار"
        assert display.format_money_compact(12_345_678_900) == "۱٫۲ میلیارد تومان"
        assert display.format_number_compact(1_200_000) == "۱٫۲ میلیون"
        assert display.format_percent(Decimal("0.105")) == "۱۰٫۵٪"
        assert display.format_percent_points(60) == "۶۰٪"
        assert display.format_phone("+989121234567") == "۰۹۱۲ ۱۲۳ ۴۵۶۷"
        assert display.money_unit_name() == "تومان"
    with display.use(ENGLISH):
        assert display.format_money(1250000) == "1,250,000 rial"
        assert display.format_phone("+982188776655;ext=12") == "021 8877 6655 ext. 12"
        assert display.money_unit_name("USD") == "USD"


def test_nothing_is_shown_as_nothing():
    for formatter in (
        display.format_date,
        display.format_datetime,
        display.format_time,
        display.relative_day,
        display.format_number,
        display.format_number_compact,
        display.format_percent,
        display.format_percent_points,
        display.format_money,
        display.format_money_compact,
        display.format_phone,
    ):
        assert formatter(None) == ""


def test_relative_days():
    with display.use(ENGLISH):
        today = display.current().today()
        shown = {days: display.relative_day(today + dt.timedelta(days=days)) for days in (-8, -7, -1, 0, 1, 2)}
        assert [shown[days] for days in (-7, -1, 0, 1, 2)] == [
            "7 days ago",
            "yesterday",
            "today",
            "tomorrow",
            "in 2 days",
        ]
        assert shown[-8] == (today - dt.timedelta(days=8)).isoformat()


def test_periods():
    with display.use(PERSIAN):
        assert display.format_period(period_of(dt.date(2026, 11, 22), "season", "jalali")) == "پاییز ۱۴۰۵"


def test_preferences_end_with_their_block():
    before = display.current()
    with pytest.raises(RuntimeError), display.use(ENGLISH):
        raise RuntimeError
    assert display.current() is before
    token = display.set_current(ENGLISH)
    assert display.current() is ENGLISH
    display.reset(token)
    assert display.current() is before


def render(source, **context):
    return Template(source).render(Context(context))


def test_filters():
    with display.use(PERSIAN):
        assert render("{{ d|date_local }}|{{ d|date_long }}|{{ d|datetime_local }}", d=MOMENT) == (
            "۱۴۰۵/۰۹/۰۱|۱ آذر ۱۴۰۵|۱۴۰۵/۰۹/۰۱ ۱۴:۳۰"
        )
        assert render("{{ d|date_full }}|{{ d|datetime_long }}|{{ d|time_local }}", d=MOMENT) == (
            "یک\u200cشنبه ۱ آذر ۱۴۰۵|۱ آذر ۱۴۰۵، ۱۴:۳۰|۱۴:۳۰"
        )
        assert render("{{ n|number }}|{{ n|number:2 }}|{{ n|number_compact }}", n=12345) == "۱۲٬۳۴۵|۱۲٬۳۴۵٫۰۰|۱۲٫۳ هزار"
        assert render("{{ r|percent }}|{{ p|percent_points }}", r=0.5, p=50) == "۵۰٪|۵۰٪"
        assert render("{{ m|money }}|{{ m|money:'USD' }}|{{ m|money_bare }}|{{ m|money_compact }}", m=2_000_000) == (
            "۲۰۰٬۰۰۰ تومان|۲٬۰۰۰٬۰۰۰ دلار|۲۰۰٬۰۰۰|۲۰۰ هزار تومان"
        )
        assert render("{% money_unit %}") == "تومان"


def test_filters_show_nothing_for_nothing():
    filters = "date_local date_long date_full datetime_local datetime_long time_local relative_day number percent money"
    for name in [*filters.split(), "money_compact", "money_bare", "phone", "digits", "bdi_ltr", "percent_points"]:
        assert render(f"{{{{ x|{name} }}}}", x=None) == "", name
        assert render(f"{{{{ missing|{name} }}}}") == "", name


def test_filters_escape():
    with display.use(PERSIAN):
        assert render("{{ x|bdi_ltr }}", x="<b>") == '<bdi dir="ltr">&lt;b&gt;</bdi>'
        assert render("{{ x|digits }}", x="<b>12") == "&lt;b&gt;۱۲"
        assert render("{{ x|phone|bdi_ltr }}", x="+989121234567") == '<bdi dir="ltr">۰۹۱۲ ۱۲۳ ۴۵۶۷</bdi>'
        assert render("{{ x|phone }}", x="<script>") == "&lt;script&gt;"
        assert render("{{ x|money:code }}", x=5, code="<i>") == "۵ &lt;i&gt;"


def test_icons():
    assert render('{% icon "star" %}').startswith('<svg class="icon" aria-hidden="true"><use href="')
    assert "sprite" in render('{% icon "star" %}')
    assert 'role="img" aria-label="&lt;a&gt;"' in render('{% icon "star" "icon icon-lg" label %}', label="<a>")
