"""Plain create, edit, delete and restore: what every model without rules of its own uses."""

import re
from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, events
from core.errors import DomainError, PermissionRefused, StaleRecord
from core.policies import policy_for

T = TypeVar("T", bound=models.Model)


def require(user: Any, action: str, model: type[models.Model], obj: models.Model | None = None) -> None:
    """Refuse unless the user may do the action (on ``obj`` when given)."""
    policy = policy_for(model)
    if not (policy.allows(user, action, obj) if obj is not None and obj.pk else policy.can(user, action)):
        raise PermissionRefused(_("You do not have the right to do this. Ask an administrator if you need it."))


def lock(obj: T) -> T:
    """The row as it is now, locked until the transaction ends; a row that is gone is refused politely."""
    model: Any = obj._meta.model  # not type(): the request's user is a lazy wrapper
    manager = getattr(model, "all_objects", model._default_manager)
    row: T | None = manager.select_for_update(of=("self",)).filter(pk=obj.pk).first()
    if row is None:
        raise DomainError(_("This record no longer exists. It was deleted meanwhile."), code="gone")
    return row


def check_version(current: models.Model, expected: int | None) -> None:
    """Refuse a save that started from an older version than the row has now."""
    if expected is not None and getattr(current, "version", expected) != expected:
        raise StaleRecord(
            _("Somebody else saved this record while you were editing it. Both versions are shown below."),
            code="stale",
            data={"current": current},
        )


@transaction.atomic
def object_save(
    *,
    actor: Any,
    instance: T,
    expected_version: int | None = None,
    save_m2m: Any = None,
    code: str = "",
    related: Iterable[models.Model] = (),
) -> T:
    """Create or update ``instance``: right, lock, stale check, clean, save, and a last check of the actor's scope.

    ``save_m2m`` is the form's callable for many-to-many values. Raises PermissionRefused, StaleRecord or DomainError.
    """
    return object_save_within(
        actor=actor,
        instance=instance,
        expected_version=expected_version,
        save_m2m=save_m2m,
        code=code,
        related=related,
    )


def object_save_within(
    *,
    actor: Any,
    instance: T,
    expected_version: int | None = None,
    save_m2m: Any = None,
    code: str = "",
    related: Iterable[models.Model] = (),
) -> T:
    """``object_save`` as a step of a service that is atomic itself: a refusal refuses the whole service, and so needs no
    savepoint of its own.
    """
    adding = instance._state.adding
    model = type(instance)
    if adding:
        require(actor, "add", model)
        if hasattr(instance, "created_by_id"):
            instance.created_by = actor
    else:
        current = lock(instance)
        require(actor, "change", model, current)
        check_version(current, expected_version)
        if hasattr(current, "version"):
            instance.version = current.version  # type: ignore[attr-defined]
    _clean(instance)
    entry_code = code or ("record.created" if adding else "record.changed")
    with audit.action(entry_code, actor=actor, obj=None if adding else instance, related=list(related)) as entry:
        _save(instance)
        if save_m2m is not None:
            save_m2m()
        entry.obj = instance
    if not policy_for(model).allows(actor, "add" if adding else "view", instance):
        raise DomainError(_("With these values the record would leave what you may see, so it was not saved."))
    return instance


def _clean(instance: models.Model) -> None:
    """Check the fields and the model's own rule. Uniqueness and constraints are the database's: see ``refusal``.

    A relation given as an object is known to exist and is not asked for again.
    """
    known = {f.name for f in instance._meta.concrete_fields if f.is_relation and f.is_cached(instance)}  # type: ignore[attr-defined]
    try:
        instance.full_clean(exclude=known, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise domain_error(error) from error


def _save(instance: models.Model, update_fields: Iterable[str] | None = None) -> None:
    try:
        instance.save(update_fields=update_fields)
    except IntegrityError as error:  # the transaction is spoilt: what is raised here must leave it
        raise refusal(instance, error) from error


def store(instance: models.Model) -> None:
    """Check the fields and save, as a step of an atomic service with its own right, lock and audit entry.

    What the database refuses is said in words.
    """
    _clean(instance)
    _save(instance)


def refusal(instance: models.Model, error: IntegrityError) -> DomainError:
    """What the database refused, in the words of the model's constraint or of the field that must be unique."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    for constraint in instance._meta.constraints:
        if constraint.name == name:
            return _constraint_refusal(instance, constraint)
    columns = re.search(r"Key \(\"?(\w+)\"?\)=", getattr(diagnosis, "message_detail", None) or "")
    for field in instance._meta.concrete_fields:
        if columns and field.column == columns.group(1) and field.unique:
            return domain_error(
                ValidationError({field.name: instance.unique_error_message(type(instance), [field.name])})
            )
    return DomainError(_("Another record with the same values was saved at this very moment."), code="conflict")


def _constraint_refusal(instance: models.Model, constraint: models.BaseConstraint) -> DomainError:
    fields = tuple(getattr(constraint, "fields", ()))
    own_words = constraint.violation_error_message != models.BaseConstraint.default_violation_error_message
    if fields and not own_words:
        return domain_error(instance.unique_error_message(type(instance), list(fields)))
    return DomainError(constraint.get_violation_error_message(), field=fields[0] if len(fields) == 1 else None)


def domain_error(error: ValidationError) -> DomainError:
    """The first message of a ValidationError as a DomainError that keeps its field."""
    if hasattr(error, "error_dict"):
        field, messages = next(iter(error.message_dict.items()))
        return DomainError(messages[0], field=None if field == "__all__" else field)
    return DomainError(error.messages[0])


@transaction.atomic
def object_delete(*, actor: Any, instance: models.Model) -> None:
    """Move a record to the bin; a row without a bin is deleted unless something still points to it."""
    model = type(instance)
    current = lock(instance)
    require(actor, "delete", model, current)
    with audit.action("record.deleted", actor=actor, obj=current):
        if hasattr(current, "deleted_at"):
            current.deleted_at, current.deleted_by = timezone.now(), actor
            current.save(update_fields=["deleted_at", "deleted_by"])
            _publish_bin(actor, current, binned=True)
            return
        try:
            model._default_manager.filter(pk=current.pk).delete()
        except (models.ProtectedError, models.RestrictedError) as error:
            raise DomainError(_("Other records use this one, so it cannot be deleted. Make it inactive.")) from error


@transaction.atomic
def object_restore(*, actor: Any, instance: models.Model) -> None:
    """Take a record out of the bin."""
    current = lock(instance)
    require(actor, "delete", type(instance), current)
    if getattr(current, "deleted_at", None) is None:
        return
    current.deleted_at = current.deleted_by = None  # type: ignore[attr-defined]
    with audit.action("record.restored", actor=actor, obj=current):
        _save(current, ["deleted_at", "deleted_by"])
        _publish_bin(actor, current, binned=False)


def _publish_bin(actor: Any, record: models.Model, *, binned: bool) -> None:
    label = record._meta.label_lower
    events.publish(events.RecordBinned(label=label, pk=record.pk, binned=binned, actor_id=getattr(actor, "pk", None)))
