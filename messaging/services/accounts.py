"""Accounts at providers: saved with their secrets sealed, tried out, made the default; and the rules of sending."""

import secrets as random_secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from core.services import lock, object_save, require
from messaging.choices import Purpose
from messaging.models import ChannelAccount, Message, SendingRules
from messaging.secrets import Unreadable, reseal, seal, unseal
from messaging.services.queue import message_queue

TEST_RANK = 0
WHERE_TO = ("host", "port", "security", "service", "base_url", "api_url")  # settings that say who gets the secrets


@transaction.atomic
def account_save(
    *, actor: Any, instance: ChannelAccount, secrets: Mapping[str, str], expected_version: int | None = None
) -> ChannelAccount:
    """Save an account. ``secrets`` holds only those that were typed; the others stay as they are, sealed.

    The first account of a channel becomes its default. Raises DomainError when stored secrets would go to another server
    than the one they were typed for.
    """
    require(actor, "add" if instance.pk is None else "change", ChannelAccount)
    given = {name: value for name, value in secrets.items() if value}
    _check_server(instance, given)
    if given:
        instance.secrets = seal({**_known(instance), **given})
    instance.webhook_token = instance.webhook_token or random_secrets.token_urlsafe(32)
    others = ChannelAccount.objects.filter(channel=instance.channel, is_default=True).exclude(pk=instance.pk)
    if instance.is_active and not others.exists():
        instance.is_default = True
    elif instance.is_default:
        others.update(is_default=False)
    return object_save(actor=actor, instance=instance, expected_version=expected_version)


def _check_server(instance: ChannelAccount, given: Mapping[str, str]) -> None:
    """Who may set up channels still cannot read their secrets, so they are not sent wherever he or she says either."""
    before = ChannelAccount.all_objects.filter(pk=instance.pk).first() if instance.pk else None
    kept = _known(before).keys() - given.keys() if before else ()
    if before and kept and any(before.options.get(name) != instance.options.get(name) for name in WHERE_TO):
        raise DomainError(_("Another server: type its password or key again."), code="secrets")


def _known(instance: ChannelAccount) -> dict[str, str]:
    try:
        return unseal(instance.secrets)
    except Unreadable:
        return {}


@transaction.atomic
def account_make_default(*, actor: Any, account: ChannelAccount) -> ChannelAccount:
    """Let messages without a channel of their own leave through this account."""
    require(actor, "change", ChannelAccount, account)
    list(ChannelAccount.objects.select_for_update().filter(channel=account.channel).order_by("pk"))
    row = lock(account)
    if not row.is_active:
        raise DomainError(_("This channel is switched off. Switch it on first."), field="is_active")
    with audit.action("channel.made_default", actor=actor, obj=row):
        ChannelAccount.objects.filter(channel=row.channel, is_default=True).exclude(pk=row.pk).update(is_default=False)
        row.is_default = True
        row.save(update_fields=["is_default"])
    return row


@transaction.atomic
def account_test(*, actor: Any, account: ChannelAccount, to_address: str) -> Message:
    """Send a message through the account to see whether it works; its state is shown on the account's page."""
    require(actor, "change", ChannelAccount, account)
    text = _("This is a test of the channel “%(name)s”. If you read it, the channel works.") % {"name": account}
    return message_queue(
        actor=actor,
        channel=account.channel,
        to_address=to_address,
        subject=_("Test of a channel"),
        body=text,
        purpose=Purpose.INTERNAL,
        account=account,
        recipient=actor,
        rank=TEST_RANK,
    )


@transaction.atomic
def account_new_token(*, actor: Any, account: ChannelAccount) -> ChannelAccount:
    """Another secret address for the provider's reports; the former one stops working."""
    require(actor, "change", ChannelAccount, account)
    row = lock(account)
    with audit.action("channel.new_token", actor=actor, obj=row):
        row.webhook_token = random_secrets.token_urlsafe(32)
        row.save(update_fields=["webhook_token"])
    return row


@transaction.atomic
def rules_save(*, actor: Any, instance: SendingRules) -> SendingRules:
    """Change when customers may be disturbed; messages already waiting are asked again when their time comes."""
    return object_save(actor=actor, instance=instance)


def secrets_reseal() -> int:
    """Seal the secrets of all accounts with the present SECRET_KEY; how many. Unreadable when one cannot be opened."""
    count = 0
    with transaction.atomic():
        for row in ChannelAccount.all_objects.select_for_update(of=("self",)).exclude(secrets="").order_by("pk"):
            ChannelAccount.all_objects.filter(pk=row.pk).update(secrets=reseal(row.secrets))
            count += 1
    return count
