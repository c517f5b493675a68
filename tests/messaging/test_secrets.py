"""Secrets at rest."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.errors import PermissionRefused
from messaging import services
from messaging.channels.base import Adapter
from messaging.models import ChannelAccount
from messaging.secrets import Unreadable, seal, unseal
from tests.messaging.factories import ChannelAccountFactory

pytestmark = pytest.mark.django_db
KEY = "very-secret-key-of-the-provider"


def save(actor, **values):
    row = ChannelAccount(name="خط پیامک", channel="sms", provider="kavenegar", sender="10008663")
    return services.account_save(actor=actor, instance=row, secrets={"api_key": KEY}, **values)


def test_they_are_not_readable_in_the_database_nor_in_the_history(admin):
    row = save(admin)
    row.refresh_from_db()
    assert row.secrets
    assert KEY not in row.secrets
    assert unseal(row.secrets) == {"api_key": KEY}
    history = json.dumps(list(row.events.values()), default=str)
    assert "secrets" not in history
    assert row.webhook_token not in history
    assert Adapter(row).settings.get("api_key") == KEY


def test_typed_ones_change_and_the_others_stay(admin):
    row = save(admin)
    services.account_save(actor=admin, instance=row, secrets={"api_key": "", "other": "x"})
    assert unseal(row.secrets) == {"api_key": KEY, "other": "x"}
    services.account_save(actor=admin, instance=row, secrets={"api_key": "new"})
    assert unseal(row.secrets) == {"api_key": "new", "other": "x"}


def test_another_secret_key_opens_nothing(settings):
    sealed = seal({"api_key": KEY})
    settings.SECRET_KEY = "another"
    with pytest.raises(Unreadable):
        unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = ["tests-only-key"]
    assert unseal(sealed) == {"api_key": KEY}


def test_the_command_seals_with_the_new_key(settings):
    row = ChannelAccountFactory(secrets=seal({"api_key": KEY}))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", ["tests-only-key"]
    call_command("reseal_secrets")
    settings.SECRET_KEY_FALLBACKS = []
    row.refresh_from_db()
    assert unseal(row.secrets) == {"api_key": KEY}


def test_the_command_changes_nothing_when_one_cannot_be_opened(settings):
    row = ChannelAccountFactory(secrets=seal({"api_key": KEY}))
    settings.SECRET_KEY = "another"
    with pytest.raises(CommandError):
        call_command("reseal_secrets")
    assert ChannelAccount.objects.get(pk=row.pk).secrets == row.secrets


def test_the_first_account_is_the_default_and_there_is_only_one(admin):
    first = save(admin)
    assert first.is_default
    second = save(admin)
    assert not second.is_default
    services.account_make_default(actor=admin, account=second)
    assert set(ChannelAccount.objects.filter(is_default=True)) == {second}
    third = ChannelAccount(name="سوم", channel="sms", provider="console", is_default=True)
    services.account_save(actor=admin, instance=third, secrets={})
    assert set(ChannelAccount.objects.filter(is_default=True)) == {third}


def test_accounts_are_an_administrator_s(manager, admin):
    row = save(admin)
    with pytest.raises(PermissionRefused):
        save(manager)
    for service in (services.account_make_default, services.account_new_token):
        with pytest.raises(PermissionRefused):
            service(actor=manager, account=row)
    with pytest.raises(PermissionRefused):
        services.account_test(actor=manager, account=row, to_address="09121234567")


def test_a_new_token_replaces_the_former(admin):
    row = save(admin)
    before = row.webhook_token
    assert services.account_new_token(actor=admin, account=row).webhook_token != before
