"""E-mail: over SMTP, or through the API of a mail service by django-anymail."""

import logging
import re
import smtplib
import time
from dataclasses import replace
from email.encoders import encode_base64
from email.message import Message as Mime
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from email.utils import formataddr, parseaddr
from typing import Any, Final

from django.conf import settings as django_settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.utils.translation import gettext_lazy as _

from messaging.channels.base import Adapter, Option, Rejected, Retry, Sent, Uncertain
from messaging.channels.http import BASE_URL
from messaging.choices import Channel, Purpose, Reason
from messaging.links import unsubscribe_link
from messaging.models import Attachment, Message

logger = logging.getLogger(__name__)

OK: Final = 250
START_MAIL_INPUT: Final = 354
PERMANENT: Final = 5
WANTS_SIGN_IN: Final = frozenset({530, 535})
LINE_BREAK: Final = "\r\n"
IDLE_SECONDS: Final = 10
INVITATION: Final = re.compile(r"text/calendar\s*;.*\bmethod=", re.IGNORECASE)
CHARSET: Final = re.compile(r";\s*charset=[^;]*", re.IGNORECASE)


class EmailAdapter(Adapter):
    """What all ways of sending e-mail share: the message itself."""

    channel = Channel.EMAIL
    sender_help = _("The e-mail address messages come from.")

    @property
    def sender(self) -> str:
        return (self.account.sender if self.account else "") or django_settings.DEFAULT_FROM_EMAIL

    def build(self, message: Message) -> EmailMultiAlternatives:
        """The message as MIME: text, formatted text, files, and the headers of a mail that wants to be trusted."""
        name = self.account.sender_name if self.account else ""
        mail = EmailMultiAlternatives(
            subject=message.subject,
            body=message.body,
            from_email=formataddr((name, self.sender)) if name else self.sender,
            to=[formataddr((message.to_name, message.to_address)) if message.to_name else message.to_address],
            headers=self._headers(message),
            reply_to=self._reply_to(message),
        )
        if message.body_html:
            mail.attach_alternative(message.body_html, "text/html")
        for file in message.attachments.all():
            mail.attach(self.part(file, mail))
        return mail

    def part(self, file: Attachment, mail: EmailMultiAlternatives) -> MIMEBase:
        """The file as a part of the mail."""
        return _part(file)

    def _headers(self, message: Message) -> dict[str, str]:
        headers = {**message.headers, "Message-ID": self.message_id(message)}
        if message.purpose == Purpose.MARKETING:
            link = unsubscribe_link(message)
            mailto = f"<mailto:{self.account.sender if self.account else self.sender}?subject=unsubscribe>"
            headers["List-Unsubscribe"] = f"<{link}>, {mailto}" if link else mailto
            if link:
                headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        elif message.purpose != Purpose.CONVERSATION:
            headers.setdefault("Auto-Submitted", "auto-generated")
        return headers

    def _reply_to(self, message: Message) -> list[str] | None:
        """Answers to what a person wrote reach that person."""
        if any(name.lower() == "reply-to" for name in message.headers):
            return None
        author = message.created_by
        return [author.email] if author is not None and message.purpose == Purpose.CONVERSATION else None

    def message_id(self, message: Message) -> str:
        """The same for every attempt of one round, so that a server that got it twice can tell."""
        domain = self.sender.rpartition("@")[2].strip("> ") or "localhost"
        return f"<{message.created_at:%Y%m%d%H%M%S}.{message.pk}.{message.round}@{domain}>"


def _part(file: Attachment) -> MIMEBase:
    """A file with all parameters of its type (``text/calendar; method=REQUEST``)."""
    header = Mime()
    header["Content-Type"] = file.content_type
    main, sub = header.get_content_maintype(), header.get_content_subtype()
    content = bytes(file.content)
    part: MIMEBase
    if main == "text":
        part = MIMEText(content.decode("utf-8", "replace"), sub, "utf-8")
    else:
        part = MIMEBase(main, sub)
        part.set_payload(content)
        encode_base64(part)
    for name, value in header.get_params(failobj=[])[1:]:
        if name.lower() != "charset":
            part.set_param(name, value)
    part.add_header("Content-Disposition", "attachment", filename=file.name)
    return part


class Smtp(EmailAdapter):
    """A mail server. The connection is kept for the messages of a run.

    Until the server has asked for the text (354) nothing has left, and a broken connection is tried again; after that,
    without an answer, nobody can tell whether the message was taken.
    """

    provider = "smtp"
    label = _("mail server (SMTP)")
    options = (
        Option("host", _("server"), default="localhost"),
        Option("port", _("port"), kind="number", default=587),
        Option(
            "security",
            _("encryption"),
            kind="choice",
            default="starttls",
            choices=(("starttls", "STARTTLS"), ("tls", "TLS"), ("none", _("none"))),
        ),
        Option("username", _("user name"), is_required=False),
        Option("password", _("password"), is_secret=True, is_required=False),
    )

    def __init__(self, account: Any = None):
        super().__init__(account)
        self._backend: SmtpBackend | None = None
        self._raw: dict[int, bytes] = {}
        self._is_clean, self._used_at = True, 0.0

    def part(self, file: Attachment, mail: EmailMultiAlternatives) -> MIMEBase:
        """An invitation stands beside the text, where mail programs look for it and offer to answer; and as a file."""
        if not INVITATION.match(file.content_type):
            return super().part(file, mail)
        calendar = bytes(file.content).decode("utf-8", "replace")
        mail.attach_alternative(calendar, CHARSET.sub("", file.content_type))
        return _part(Attachment(name=file.name, content_type="application/ics", content=file.content))

    def connection(self) -> SmtpBackend:
        """The backend with this account's settings, not yet connected."""
        security = self.settings.get("security", "starttls")
        return SmtpBackend(
            host=self.settings.get("host", "localhost"),
            port=int(self.settings.get("port", 587)),
            username=self.settings.get("username"),
            password=self.settings.get("password"),
            use_tls=security == "starttls",
            use_ssl=security == "tls",
            timeout=django_settings.OUTBOX_TIMEOUT,
        )

    def ready(self, message: Message) -> None:
        super().ready(message)
        try:
            mail = self.build(message)
            self._raw = {message.pk: mail.message().as_bytes(linesep=LINE_BREAK)}
        except ValueError as error:  # a header that would break the mail
            raise Rejected(Reason.CONTENT, error) from error
        _as_ascii(parseaddr(self.sender)[1], Reason.SENDER)
        _as_ascii(message.to_address, Reason.ADDRESS)
        if not self._is_alive():
            self._connect()

    def _is_alive(self) -> bool:
        """Whether the kept connection can be used; after a refusal or a pause the server is asked."""
        if self._backend is None or self._backend.connection is None:
            return False
        if self._is_clean and time.monotonic() - self._used_at < IDLE_SECONDS:
            return True
        try:
            alive = self._backend.connection.rset()[0] == OK
        except (OSError, smtplib.SMTPException):
            alive = False
        if not alive:
            self.close()
        return bool(alive)

    def _connect(self) -> None:
        self._backend = self.connection()
        try:
            self._backend.open()
            self._backend.connection.ehlo_or_helo_if_needed()
        except smtplib.SMTPAuthenticationError as error:
            self.close()
            raise Retry(Reason.CREDENTIALS, _said(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Retry(Reason.UNREACHABLE, _said(error)) from error

    def send(self, message: Message) -> Sent:
        server: smtplib.SMTP = self._backend.connection  # type: ignore[union-attr]
        self._is_clean = False
        try:
            self._begin(server, message)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            self.close()
            raise Retry(Reason.UNREACHABLE, _said(error)) from error
        try:
            server.send(_dotted(self._raw[message.pk]))
            code, answer = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Uncertain(_said(error)) from error
        self._check(code, answer, Reason.CONTENT)
        self._is_clean, self._used_at = True, time.monotonic()
        return Sent(provider_id=self.message_id(message), detail=f"{code} {_text(answer)}")

    def _begin(self, server: smtplib.SMTP, message: Message) -> None:
        """Sender, recipient, and the server's word that it wants the text."""
        self._check(*server.mail(_as_ascii(parseaddr(self.sender)[1], Reason.SENDER)), Reason.SENDER)
        self._check(*server.rcpt(_as_ascii(message.to_address, Reason.ADDRESS)), Reason.ADDRESS)
        server.putcmd("data")
        code, answer = server.getreply()
        if code != START_MAIL_INPUT:
            self._check(code, answer, Reason.CONTENT)
            raise Retry(Reason.PROVIDER, f"{code} {_text(answer)}")

    def _check(self, code: int, answer: bytes, reason: Reason) -> None:
        if 200 <= code < 300:
            return
        said = f"{code} {_text(answer)}"
        if code in WANTS_SIGN_IN:
            raise Retry(Reason.CREDENTIALS, said)
        if code == 421:
            self.close()
            raise Retry(Reason.BUSY, said)
        if code // 100 == PERMANENT:
            raise Rejected(reason, said)
        raise Retry(Reason.PROVIDER, said)

    def close(self) -> None:
        if self._backend is not None:
            backend, self._backend = self._backend, None
            try:
                backend.close()
            except (OSError, smtplib.SMTPException):
                logger.info("a mail server did not say good-bye")


def _as_ascii(address: str, reason: Reason) -> str:
    """An address as every server understands it: the domain in Punycode; others cannot be written to."""
    local, _at, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}".encode("ascii").decode()
    except UnicodeError as error:
        raise Rejected(reason, error) from error


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def _said(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _dotted(raw: bytes) -> bytes:
    """The text as it goes over the wire: lines that begin with a dot get another, and a dot ends it (RFC 5321)."""
    text = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
    stuffed = text.replace(b"\r\n.", b"\r\n..")
    return (b"." + stuffed if stuffed.startswith(b".") else stuffed) + b".\r\n"


class DjangoMail(Smtp):
    """The installation's own mail settings (EMAIL_URL), while no account is set up; in development the console."""

    provider = ""

    def ready(self, message: Message) -> None:
        backend = get_connection()
        if isinstance(backend, SmtpBackend):
            super().ready(message)

    def connection(self) -> SmtpBackend:
        backend = get_connection()
        backend.timeout = backend.timeout or django_settings.OUTBOX_TIMEOUT
        return backend  # type: ignore[no-any-return]

    def send(self, message: Message) -> Sent:
        backend = get_connection()
        if isinstance(backend, SmtpBackend):
            return super().send(message)
        try:
            mail = self.build(message)
            mail.message()
        except ValueError as error:
            raise Rejected(Reason.CONTENT, error) from error
        backend.send_messages([mail])
        return Sent(provider_id=self.message_id(message))


SERVICES: Final[dict[str, tuple[str, str, str]]] = {
    # name: (label, argument of the key, argument of the second value)
    "brevo": ("Brevo", "api_key", ""),
    "mailersend": ("MailerSend", "api_token", ""),
    "mailgun": ("Mailgun", "api_key", "sender_domain"),
    "mailjet": ("Mailjet", "api_key", "secret_key"),
    "postmark": ("Postmark", "server_token", ""),
    "resend": ("Resend", "api_key", ""),
    "sendgrid": ("SendGrid", "api_key", ""),
    "sparkpost": ("SparkPost", "api_key", ""),
    "unisender_go": ("Unisender Go", "api_key", ""),
}


class Esp(EmailAdapter):
    """A mail service with an API, spoken to by django-anymail."""

    provider = "esp"
    label = _("mail service (API)")
    has_hook = True
    options = (
        Option(
            "service",
            _("service"),
            kind="choice",
            default="brevo",
            choices=tuple((name, label) for name, (label, _key, _second) in SERVICES.items()),
        ),
        Option("key", _("API key"), is_secret=True),
        Option(
            "second",
            _("second key or domain"),
            is_secret=True,
            is_required=False,
            help_text=_("Mailgun: the sending domain. Mailjet: the secret key. Others need none."),
        ),
        replace(BASE_URL, name="api_url"),
    )

    def __init__(self, account: Any = None):
        super().__init__(account)
        self._backend: Any = None
        self._mail: dict[int, EmailMultiAlternatives] = {}

    def ready(self, message: Message) -> None:
        super().ready(message)
        try:
            self._mail = {message.pk: self.build(message)}
            self._mail[message.pk].message()
        except ValueError as error:
            raise Rejected(Reason.CONTENT, error) from error
        if self._backend is None:
            self._backend = self._open()

    def _open(self) -> Any:
        from anymail.exceptions import AnymailConfigurationError

        name = self.settings.get("service", "brevo")
        _label, key, second = SERVICES.get(name, SERVICES["brevo"])
        arguments = {key: self.settings.get("key"), "timeout": django_settings.OUTBOX_TIMEOUT}
        if second:
            arguments[second] = self.settings.get("second")
        if self.settings.get("api_url"):
            arguments["api_url"] = self.settings.get("api_url")
        try:
            backend = get_connection(f"anymail.backends.{name}.EmailBackend", **arguments)
            backend.open()
        except AnymailConfigurationError as error:
            raise Retry(Reason.CREDENTIALS, error) from error
        return backend

    def send(self, message: Message) -> Sent:
        from messaging.channels.esp import hand_over

        return hand_over(self._backend, self._mail[message.pk])

    def parse_incoming(self, payload: Any) -> list[Any]:
        from messaging.channels.esp import parse_events

        return parse_events(self.settings.get("service", "brevo"), payload)

    def close(self) -> None:
        if self._backend is not None:
            self._backend.close()
            self._backend = None
