"""The words of activities: kinds, states, priorities, answers."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What sort of work it is. Logged kinds only tell what happened; the others are planned and done."""

    TASK = "task", _("task")
    CALL = "call", _("call")
    MEETING = "meeting", _("meeting")
    FOLLOW_UP = "follow_up", _("follow-up")
    DEADLINE = "deadline", _("deadline")
    NOTE = "note", _("note")
    EMAIL = "email", pgettext_lazy("activity", "e-mail")
    SMS = "sms", pgettext_lazy("activity", "SMS")
    LETTER = "letter", _("letter")
    CHAT = "chat", pgettext_lazy("activity", "chat")
    FAX = "fax", pgettext_lazy("activity", "fax")


PLANNED_KINDS: Final = (Kind.CALL, Kind.TASK, Kind.MEETING, Kind.FOLLOW_UP, Kind.DEADLINE)
LOGGED_KINDS: Final = (Kind.CALL, Kind.MEETING, Kind.EMAIL, Kind.SMS, Kind.CHAT, Kind.LETTER, Kind.FAX)

ICONS: Final[dict[str, str]] = {
    Kind.TASK: "checkbox",
    Kind.CALL: "phone",
    Kind.MEETING: "users",
    Kind.FOLLOW_UP: "flag",
    Kind.DEADLINE: "alarm",
    Kind.NOTE: "note",
    Kind.EMAIL: "mail",
    Kind.SMS: "message",
    Kind.LETTER: "mailbox",
    Kind.CHAT: "message-2",
    Kind.FAX: "printer",
}


class Status(models.TextChoices):
    """Whether it is still to do."""

    PLANNED = "planned", pgettext_lazy("activity", "planned")
    DONE = "done", pgettext_lazy("activity", "done")
    CANCELLED = "cancelled", pgettext_lazy("activity", "cancelled")


TRANSITIONS: Final[dict[str, frozenset[str]]] = {
    Status.PLANNED: frozenset({Status.DONE, Status.CANCELLED}),
    Status.DONE: frozenset({Status.PLANNED}),
    Status.CANCELLED: frozenset({Status.PLANNED}),
}


class Priority(models.IntegerChoices):
    """How pressing it is; the higher sorts first."""

    LOW = 1, pgettext_lazy("priority", "low")
    NORMAL = 2, pgettext_lazy("priority", "normal")
    HIGH = 3, pgettext_lazy("priority", "high")
    URGENT = 4, pgettext_lazy("priority", "urgent")


class Direction(models.TextChoices):
    """Which way a call or letter went."""

    OUT = "out", pgettext_lazy("call", "outgoing")
    IN = "in", pgettext_lazy("call", "incoming")


class Answer(models.TextChoices):
    """What an invited person said."""

    NONE = "none", pgettext_lazy("invitation", "no answer")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "accepted")
    TENTATIVE = "tentative", pgettext_lazy("invitation", "maybe")
    DECLINED = "declined", pgettext_lazy("invitation", "declined")


class ReminderState(models.TextChoices):
    """What became of a reminder."""

    WAITING = "waiting", pgettext_lazy("reminder", "waiting")
    DONE = "done", pgettext_lazy("reminder", "done")
    CANCELLED = "cancelled", pgettext_lazy("reminder", "cancelled")


class ReminderChannel(models.TextChoices):
    """Where a reminder is heard."""

    APP = "app", _("in the product")
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")


# Minutes before the beginning at which one is reminded, as long as one has not chosen others.
REMIND_BEFORE: Final[dict[str, tuple[int, ...]]] = {
    Kind.CALL: (10,),
    Kind.MEETING: (15,),
    Kind.TASK: (0,),
    Kind.FOLLOW_UP: (0,),
    Kind.DEADLINE: (24 * 60, 60),
}


class RunState(models.TextChoices):
    """How a sequence stands on a record."""

    RUNNING = "running", pgettext_lazy("sequence", "running")
    DONE = "done", pgettext_lazy("sequence", "finished")
    STOPPED = "stopped", pgettext_lazy("sequence", "stopped")


class TasksInFeed(models.TextChoices):
    """How a calendar feed shows what is no meeting and no call."""

    EVENTS = "events", _("in the calendar, like meetings")
    TASKS = "tasks", _("as tasks (for programs that read them)")
    NONE = "none", _("not at all")
