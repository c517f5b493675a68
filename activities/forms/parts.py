"""Parts of the activity's form that other rooms bring: reminders, repetition, guests, rooms."""

from typing import Any, ClassVar

from django import forms

from activities.models import Activity


class FormPart:
    """Some fields of the full form under a title. ``key`` begins the names of its fields; ``order`` places it.

    Values travel two ways: ``arguments`` are handed to activity_plan and activity_update, and ``saved`` runs after
    them in the same transaction, where a DomainError with a field of the part is shown beside that field.
    """

    key: ClassVar[str]
    title: ClassVar[Any]
    order: ClassVar[int] = 100

    def fields(self, user: Any, activity: Activity | None) -> dict[str, forms.Field]:
        """The part's form fields with their initial values, for a new activity (None) or one that is there."""
        return {}

    def rows(self) -> tuple[str | tuple[str, ...], ...]:
        """How the fields stand: a name for a whole row, a tuple for names side by side; empty: one below the other."""
        return ()

    def clean(self, form: Any) -> None:
        """Check values against each other; add errors with ``form.add_error``."""

    def arguments(self, data: dict[str, Any], *, adding: bool) -> dict[str, Any]:
        """Arguments for the service that plans (``adding``) or changes the activity."""
        return {}

    def saving(self, actor: Any, activity: Activity, data: dict[str, Any]) -> None:
        """What must happen before an activity that is there is changed, in the same transaction."""

    def saved(self, actor: Any, activity: Activity, data: dict[str, Any]) -> None:
        """Store what is the part's own."""


_parts: dict[str, FormPart] = {}


def register(part: type[FormPart]) -> type[FormPart]:
    """Class decorator; the module is imported from activities/forms/__init__.py."""
    _parts[part.key] = part()
    return part


def all_parts() -> list[FormPart]:
    """The parts in their order."""
    return sorted(_parts.values(), key=lambda part: (part.order, part.key))
