"""Rules of repetition in either calendar: reading, checking, telling and reckoning them; no database but working time."""

from activities.recurrence.expand import days, next_occurrence, occurrences
from activities.recurrence.rule import Frequency, Rule, Skip, Workday, parse_rule
from activities.recurrence.sentence import sentence

__all__ = [
    "Frequency",
    "Rule",
    "Skip",
    "Workday",
    "days",
    "next_occurrence",
    "occurrences",
    "parse_rule",
    "sentence",
]
