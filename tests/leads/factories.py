"""Rows for the tests of leads."""

import factory

from accounts.models import Source
from leads.models import CaptureForm, DisqualifyReason, Lead


class SourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Source

    code = factory.Sequence("source-{}".format)
    name_fa = factory.Sequence("منبع {}".format)
    name_en = factory.Sequence("Source {}".format)


class LeadFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Lead

    first_name = "نرگس"
    last_name = factory.Sequence("رضایی {}".format)
    company = factory.Sequence("شرکت آزمون {}".format)


class ReasonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DisqualifyReason

    code = factory.Sequence("reason-{}".format)
    name_fa = factory.Sequence("دلیل {}".format)
    name_en = factory.Sequence("Reason {}".format)


class CaptureFormFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CaptureForm

    name_fa = "درخواست مشاوره"
    name_en = "Ask for advice"
    source = factory.SubFactory(SourceFactory)
