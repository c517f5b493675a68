"""What happens at sign-in is told in the audit log: allauth's facts become entries."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from django.contrib.auth import signals as auth_signals

from core import audit

FACTS = (
    (auth_signals.user_logged_in, "user.signed_in"),
    (account_signals.password_changed, "user.password_changed"),
    (account_signals.password_set, "user.password_changed"),
    (account_signals.password_reset, "user.password_reset"),
    (mfa_signals.authenticator_added, "user.second_step_added"),
    (mfa_signals.authenticator_removed, "user.second_step_removed"),
)


def subscribe() -> None:
    """Connect an entry to each fact; called once, when the app is ready."""
    for signal, code in FACTS:
        signal.connect(_writer(code), weak=False, dispatch_uid=f"audit-{code}-{id(signal)}")


def _writer(code: str) -> Any:
    def write(user: Any = None, **kwargs: Any) -> None:
        if user is not None and user.pk:
            with audit.action(code, actor=user, obj=user):
                pass

    return write
