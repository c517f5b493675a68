"""Rows for the tests of messages."""

import factory

from messaging.models import ChannelAccount, Consent, Message


class ChannelAccountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ChannelAccount

    name = factory.Sequence("کانال {}".format)
    channel = "email"
    provider = "console"
    sender = "crm@example.com"


class MessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Message

    channel = "email"
    to_address = factory.Sequence("customer{}@example.com".format)
    subject = "پیشنهاد قیمت"
    body = "سلام، پیشنهاد قیمت پیوست است."


class ConsentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Consent

    channel = "sms"
    address = factory.Sequence(lambda n: f"+98912{n:07d}")
    state = "granted"
