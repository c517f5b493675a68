"""Rows for the tests of activities."""

import factory

from activities.models import Activity


class ActivityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Activity

    kind = "task"
    subject = factory.Sequence("کار {}".format)
