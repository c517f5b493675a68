"""Where allauth asks the product: who may sign up, where one goes after sign-in, in which language mail is written."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import override

from users import selectors


class AccountAdapter(DefaultAccountAdapter):
    """Closed to the public: people are invited by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The page the person chose to begin with."""
        return selectors.first_page_url(user=request.user) or super().get_login_redirect_url(request)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Not within ten minutes of signing in: the password was given just now."""
        request = context.request
        records = get_authentication_records(request, request.user)
        if records and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def format_email_subject(self, subject: str) -> str:
        return _("Peyvand: %(subject)s") % {"subject": subject}

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write in the language of the reader, who need not be the one who asked."""
        reader = context.get("user")
        with override(getattr(reader, "language", None) or "fa"):
            super().send_mail(template_prefix, email, context)


class MFAAdapter(DefaultMFAAdapter):
    """A second step that a role demands cannot be switched off."""

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        if authenticator.type != authenticator.Type.TOTP:
            return True
        return not selectors.second_step_required(user=authenticator.user)
