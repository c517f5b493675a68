"""Writing sequences: their steps, in order."""

from collections.abc import Sequence as Ordered
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from activities.choices import Kind, RunState
from activities.models import Sequence, SequenceRun, SequenceStep
from activities.selectors.sequences import steps_of
from core import audit, hosts
from core.display import format_number
from core.errors import DomainError
from core.services import lock, object_delete, object_save, require

MAX_STEPS: Final = 30
STEP_KINDS: Final = (Kind.CALL, Kind.TASK, Kind.MEETING, Kind.FOLLOW_UP, Kind.EMAIL, Kind.SMS, Kind.LETTER)
WITH_TEMPLATE: Final = frozenset({Kind.EMAIL, Kind.SMS})


def sequence_hosts() -> list[hosts.Host]:
    """The kinds of record a sequence can work on: those with a next step."""
    return [host for host in hosts.all_hosts() if host.has_next_step]


@transaction.atomic
def sequence_save(*, actor: Any, sequence: Sequence, expected_version: int | None = None) -> Sequence:
    """Add or change a sequence; the kind of record of one with steps that use message templates stays.

    Raises PermissionRefused, StaleRecord or DomainError.
    """
    if sequence.host not in {host.label for host in sequence_hosts()}:
        raise DomainError(_("Sequences work on leads and opportunities."), field="host")
    if not sequence._state.adding:
        before = Sequence.objects.filter(pk=sequence.pk).values_list("host", flat=True).first()
        templates = SequenceStep.objects.filter(sequence=sequence, message_template__isnull=False)
        if before != sequence.host and templates.exists():
            raise DomainError(_("Its steps use message templates for the other kind of record."), field="host")
    return object_save(actor=actor, instance=sequence, expected_version=expected_version)


@transaction.atomic
def sequence_delete(*, actor: Any, sequence: Sequence) -> None:
    """Move a sequence to the bin; one at work stays. Raises PermissionRefused or DomainError."""
    require(actor, "delete", Sequence, sequence)
    row = lock(sequence)
    running = SequenceRun.objects.filter(sequence=row, state=RunState.RUNNING)
    if running.exists():
        raise DomainError(
            _("This sequence is at work on %(count)s records. Stop it there or make it inactive.")
            % {"count": format_number(running.count())},
            code="in_use",
        )
    object_delete(actor=actor, instance=row)


@transaction.atomic
def step_save(*, actor: Any, step: SequenceStep) -> SequenceStep:
    """Add a step behind the others, or change one. Raises PermissionRefused or DomainError."""
    require(actor, "change", Sequence, step.sequence)
    lock(step.sequence)
    if step.kind not in STEP_KINDS:
        raise DomainError(_("A step is something to do: notes and deadlines are not."), field="kind")
    _check_template(step)
    if step._state.adding:
        positions = list(SequenceStep.objects.filter(sequence=step.sequence).values_list("position", flat=True))
        if len(positions) >= MAX_STEPS:
            raise DomainError(_("A sequence has %(limit)s steps at most.") % {"limit": format_number(MAX_STEPS)})
        step.position = max(positions, default=0) + 10
    return object_save(actor=actor, instance=step, related=[step.sequence])


def _check_template(step: SequenceStep) -> None:
    template = step.message_template
    if template is None:
        return
    if step.kind not in WITH_TEMPLATE or template.channel != step.kind:
        raise DomainError(_("This message template is for another channel than the step."), field="message_template")
    if template.host != step.sequence.host:
        raise DomainError(_("This message template is for another kind of record."), field="message_template")


@transaction.atomic
def step_delete(*, actor: Any, step: SequenceStep) -> None:
    """Take a step out; runs go on with the step after it. Raises PermissionRefused or DomainError."""
    require(actor, "change", Sequence, step.sequence)
    lock(step.sequence)
    with audit.action(
        "sequence.step_deleted", actor=actor, obj=step.sequence, params={"step": str(step), "name": str(step.sequence)}
    ):
        SequenceStep.objects.filter(pk=step.pk).delete()


@transaction.atomic
def steps_reorder(*, actor: Any, sequence: Sequence, order: Ordered[int]) -> None:
    """Put the steps into the order of their ids. Raises PermissionRefused or DomainError."""
    require(actor, "change", Sequence, sequence)
    lock(sequence)
    steps = {step.pk: step for step in steps_of(sequence)}
    if sorted(order) != sorted(steps):
        raise DomainError(_("The steps changed meanwhile. Load the page again."), code="stale")
    with audit.action("sequence.steps_ordered", actor=actor, obj=sequence, params={"name": str(sequence)}):
        for number, pk in enumerate(order, start=1):
            steps[pk].position = number * 10
        SequenceStep.objects.bulk_update(steps.values(), ["position"])


def step_shift(*, actor: Any, step: SequenceStep, by: int) -> None:
    """Move a step one place up (−1) or down (+1); at the end nothing happens."""
    order = [row.pk for row in steps_of(step.sequence)]
    here = order.index(step.pk)
    if 0 <= here + by < len(order):
        order[here], order[here + by] = order[here + by], order[here]
        steps_reorder(actor=actor, sequence=step.sequence, order=order)
