"""A rule in words, in the reader's language, calendar names and digits: «هر ماه، روز ۵»."""

import datetime as dt

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from activities.recurrence.expand import COMMON_YEAR, length_of_month
from activities.recurrence.rule import Frequency, Rule, Skip, Workday
from core import display
from core.calendar.jalali import WEEKDAYS_EN, WEEKDAYS_FA, month_name, weekday_index, year_month_day


def sentence(rule: Rule, anchor: dt.date) -> str:
    """How often, on which days, and until when; ``anchor`` gives the day where the rule names none."""
    parts = [_how_often(rule), *_which_days(rule, anchor), *_exceptions(rule, anchor), *_end(rule)]
    return display.local_digits(display.listed(part for part in parts if part))


def _language() -> str:
    return "fa" if (get_language() or "fa").startswith("fa") else "en"


def _and(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": display.listed(words[:-1]), "last": words[-1]}


def _how_often(rule: Rule) -> str:
    n = rule.interval
    if rule.freq == Frequency.DAILY and rule.workday == Workday.ONLY and n == 1:
        return _("every working day")
    if n == 1:
        return {
            Frequency.DAILY: pgettext("repetition", "every day"),
            Frequency.WEEKLY: pgettext("repetition", "every week"),
            Frequency.MONTHLY: pgettext("repetition", "every month"),
            Frequency.YEARLY: pgettext("repetition", "every year"),
        }[rule.freq]
    words = {
        Frequency.DAILY: _("every %(n)d days"),
        Frequency.WEEKLY: _("every %(n)d weeks"),
        Frequency.MONTHLY: _("every %(n)d months"),
        Frequency.YEARLY: _("every %(n)d years"),
    }
    return words[rule.freq] % {"n": n}


def _month_names(rule: Rule, months: tuple[int, ...]) -> str:
    return _and([month_name(month, rule.calendar, _language()) for month in months])


def _which_days(rule: Rule, anchor: dt.date) -> list[str]:
    """The days and months, each as a part of its own."""
    _year, month, day = year_month_day(anchor, rule.calendar)
    names_days = rule.by_day or rule.by_month_day or rule.workday == Workday.ONLY
    if rule.freq == Frequency.DAILY and not names_days:
        return _in_months(rule)
    if rule.freq == Frequency.WEEKLY and not names_days:
        return [_weekday(weekday_index(anchor)), *_in_months(rule)]
    numbers = rule.by_month_day
    if not names_days:
        numbers = (day,)
        if rule.freq == Frequency.YEARLY:
            return [_day_of_months(rule, numbers, rule.by_month or (month,))]
    if rule.freq == Frequency.YEARLY and numbers and rule.by_month and not rule.by_day:
        return [_day_of_months(rule, numbers, rule.by_month)]
    return _chosen(rule, numbers)


def _day_of_months(rule: Rule, numbers: tuple[int, ...], months: tuple[int, ...]) -> str:
    if min(numbers) > 0:
        return _("%(days)s %(months)s") % {
            "days": _and([str(number) for number in numbers]),
            "months": _month_names(rule, months),
        }
    return _("%(days)s of %(months)s") % {"days": _numbered(numbers), "months": _month_names(rule, months)}


def _in_months(rule: Rule) -> list[str]:
    return [_("in %(months)s") % {"months": _month_names(rule, rule.by_month)}] if rule.by_month else []


def _chosen(rule: Rule, numbers: tuple[int, ...]) -> list[str]:
    """Positions in a set («آخرین روز کاری»), days of the week, days by number."""
    if rule.workday == Workday.ONLY and not rule.by_day and not numbers:
        if rule.freq == Frequency.DAILY:
            return [] if rule.interval == 1 else [_("when it is a working day")]
        if not rule.by_set_pos:
            return [_("on working days"), *_in_months(rule)]
        return [_of(rule, _and([_position_of(p, _("working day")) for p in rule.by_set_pos]))]
    words = [_weekday(day) if not n else _position_of(n, _weekday(day)) for n, day in rule.by_day]
    parts = [_numbered(numbers)] if numbers else []
    if words:
        parts.append(_and(words))
    if rule.by_set_pos:
        parts = [_("of %(days)s: %(positions)s") % {"days": display.listed(parts), "positions": _positions(rule)}]
    if rule.workday == Workday.ONLY:
        parts.append(_("when it is a working day"))
    return [*parts, *_in_months(rule)]


def _of(rule: Rule, what: str) -> str:
    if rule.by_month:
        return _("%(days)s of %(months)s") % {"days": what, "months": _month_names(rule, rule.by_month)}
    if rule.freq == Frequency.MONTHLY:
        return _("%(day)s of the month") % {"day": what}
    return what if rule.freq == Frequency.WEEKLY else _("%(day)s of the year") % {"day": what}


def _positions(rule: Rule) -> str:
    return _and([_ordinal(p) for p in rule.by_set_pos])


def _position_of(number: int, what: str) -> str:
    return _("the %(ordinal)s %(what)s") % {"ordinal": _ordinal(number), "what": what}


def _ordinal(number: int) -> str:
    words = {
        1: pgettext("ordinal", "first"),
        2: pgettext("ordinal", "second"),
        3: pgettext("ordinal", "third"),
        4: pgettext("ordinal", "fourth"),
        5: pgettext("ordinal", "fifth"),
        -1: pgettext("ordinal", "last"),
        -2: pgettext("ordinal", "last but one"),
    }
    if number in words:
        return words[number]
    if number > 0:
        return pgettext("ordinal", "%(n)dth") % {"n": number}
    return pgettext("ordinal", "%(n)dth from the end") % {"n": -number}


def _numbered(numbers: tuple[int, ...]) -> str:
    """«روز ۵ و ۲۰»؛ «روز آخر ماه»."""
    plain = [str(number) for number in numbers if number > 0]
    parts = [ngettext("day %(days)s", "days %(days)s", len(plain)) % {"days": _and(plain)}] if plain else []
    for number in numbers:
        if number == -1:
            parts.append(_("the last day of the month"))
        elif number < 0:
            parts.append(_("the %(ordinal)s day of the month") % {"ordinal": _ordinal(number)})
    return _and(parts)


def _weekday(index: int) -> str:
    return (WEEKDAYS_FA if _language() == "fa" else WEEKDAYS_EN)[index]


def _exceptions(rule: Rule, anchor: dt.date) -> list[str]:
    """What happens where a month is shorter, and on days off."""
    parts = []
    if _may_lack(rule, anchor):
        parts.append(
            {
                Skip.OMIT: _("only where the month has that day"),
                Skip.BACKWARD: _("in a shorter month on its last day"),
                Skip.FORWARD: _("in a shorter month on the day after it"),
            }[rule.skip]
        )
    if rule.workday == Workday.NEXT:
        parts.append(_("on a day off: the next working day"))
    if rule.workday == Workday.PREVIOUS:
        parts.append(_("on a day off: the working day before"))
    return parts


def _may_lack(rule: Rule, anchor: dt.date) -> bool:
    """Whether some period lacks a day that the rule names."""
    if rule.freq not in {Frequency.MONTHLY, Frequency.YEARLY} or rule.by_day or rule.workday == Workday.ONLY:
        return False
    _year, month, day = year_month_day(anchor, rule.calendar)
    months = rule.by_month or ((month,) if rule.freq == Frequency.YEARLY and not rule.by_month_day else range(1, 13))
    shortest = min(length_of_month(COMMON_YEAR[rule.calendar], m, rule.calendar) for m in months)
    return max(rule.by_month_day or (day,)) > shortest


def _end(rule: Rule) -> list[str]:
    if rule.count:
        return [pgettext("repetition", "once") if rule.count == 1 else _("%(n)d times") % {"n": rule.count}]
    if rule.until:
        return [_("until %(date)s") % {"date": display.format_date(rule.until, "long")}]
    return []
