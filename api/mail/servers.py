"""Whom mail is handed to: a mail server, or a folder where there is none.

What goes wrong is one of three: the server is not to be had (nothing is lost, everything waits), it does not
take this mail now, or it will never take it.
"""

from __future__ import annotations

import contextlib
import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol

from api.setup.mail_settings import MailSettings

SECONDS = 30.0
"""How long a server may take for each of its answers."""


class ServerAway(Exception):
    """The server is not to be had, or lets nobody in."""


class Dropped(ServerAway):
    """It went away over this mail: another one may be what it takes."""


class NotNow(Exception):
    """This mail was not taken; another time it may be."""


class Never(Exception):
    """This mail will not be taken."""


class Post(Protocol):
    """Takes mails, one after another."""

    def take(self, message: EmailMessage) -> None:
        """Take one. Raises ``ServerAway``, ``NotNow``, ``Never``."""


class Server:
    """A mail server, as the settings tell of it. A connection is opened with the first mail."""

    def __init__(self, settings: MailSettings):
        self._settings = settings
        self._connection: smtplib.SMTP | None = None

    def take(self, message: EmailMessage) -> None:
        connection = self._connected()
        sender, to = parseaddr(str(message["From"]))[1], parseaddr(str(message["To"]))[1]
        try:
            connection.send_message(message, sender, [to])
        except smtplib.SMTPRecipientsRefused as refused:
            raise _about_this_mail(*next(iter(refused.recipients.values()))) from None
        except smtplib.SMTPSenderRefused as refused:  # a fault of the settings, and of no single mail
            raise ServerAway(_words(refused.smtp_code, refused.smtp_error)) from None
        except smtplib.SMTPServerDisconnected as gone:
            self._connection = None
            raise Dropped(str(gone)) from None
        except smtplib.SMTPResponseException as refused:
            if refused.smtp_code == 421:  # it closes (RFC 5321, 3.8)
                self._connection = None
                raise ServerAway(_words(refused.smtp_code, refused.smtp_error)) from None
            raise _about_this_mail(refused.smtp_code, refused.smtp_error) from None
        except (OSError, smtplib.SMTPException) as error:
            self._connection = None
            raise Dropped(f"{type(error).__name__}: {error}") from None

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._connection.quit()
            self._connection = None

    def _connected(self) -> smtplib.SMTP:
        if self._connection is not None:
            return self._connection
        try:
            self._connection = self._open()
        except (OSError, smtplib.SMTPException) as error:
            raise ServerAway(f"{type(error).__name__}: {error}") from None
        return self._connection

    def _open(self) -> smtplib.SMTP:
        """A connection, encrypted as the settings want it and signed in. Certificates are checked against
        those of the machine (SSL_CERT_FILE names others)."""
        settings, server = self._settings, str(self._settings.server)
        if settings.security == "tls":
            context = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server, settings.port, timeout=SECONDS, context=context
            )
        else:
            connection = smtplib.SMTP(server, settings.port, timeout=SECONDS)
        try:
            if settings.security == "starttls":
                connection.starttls(context=ssl.create_default_context())
            if settings.user is not None:
                connection.login(settings.user, str(settings.password))
        except BaseException:
            connection.close()
            raise
        return connection


class Folder:
    """A folder into which each mail is laid as an .eml file, by its Message-ID: in development."""

    def __init__(self, path: Path):
        self.path = path

    def take(self, message: EmailMessage) -> None:
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = self.path / f"draft-{name}"
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(message.as_bytes())
            draft.replace(self.path / f"{name}.eml")
        except OSError as error:
            raise ServerAway(f"{type(error).__name__}: {error}") from None


def post(settings: MailSettings, folder: Path) -> AbstractContextManager[Post]:
    """Whom the settings hand mail to, for a while."""
    return (
        _while_open(Server(settings))
        if settings.server is not None
        else contextlib.nullcontext(Folder(folder))
    )


@contextmanager
def _while_open(server: Server) -> Iterator[Server]:
    try:
        yield server
    finally:
        server.close()


def _about_this_mail(code: int, error: bytes | str) -> Never | NotNow:
    """A 5yz is for good, a 4yz for now (RFC 5321, 4.2.1)."""
    return (Never if 500 <= code < 600 else NotNow)(_words(code, error))


def _words(code: int, error: bytes | str) -> str:
    text = error.decode("utf-8", "replace") if isinstance(error, bytes) else str(error)
    return f"{code} {text}"[:300]
