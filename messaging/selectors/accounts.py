"""Finding channels."""

from django.utils.crypto import constant_time_compare

from messaging.models import ChannelAccount


def account_by_token(token: str) -> ChannelAccount | None:
    """The active channel a provider's secret address belongs to."""
    account = ChannelAccount.objects.filter(webhook_token=token, is_active=True).first() if token else None
    return account if account is not None and constant_time_compare(account.webhook_token, token) else None
