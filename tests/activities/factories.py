"""Rows for the tests of activities."""

from typing import Any

import factory

from activities.models import Activity
from core.services import object_restore


class ActivityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Activity

    kind = "task"
    subject = factory.Sequence("کار {}".format)


def restore_from_bin(*, actor: Any, activity: Activity) -> None:
    """As the page of the bin does it."""
    object_restore(actor=actor, instance=activity)
