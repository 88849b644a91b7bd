"""A mail server on this machine that keeps what it is handed, and may be down, or refuse."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api.setup.mail_settings import MailSettings


class Mailbox:
    """What came in, in order; ``answers``: what the server says to a recipient, by address."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.signed_in: list[str] = []
        self._options: dict[str, Any] = {}

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        return "250 OK"

    @property
    def settings(self) -> MailSettings:
        return MailSettings("127.0.0.1", self.port, "none", sender="事務局 <office@city.example.jp>")

    def text(self, number: int = -1) -> str:
        """What a mail says."""
        return str(self.mails[number].get_content())

    def encrypts(self, folder: Path, *, user: str, password: str) -> Path:
        """From now on it takes mail over STARTTLS alone, from this user. Its certificate signs itself."""
        certificate, key = _certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)

        def authenticate(_: Any, __: Any, ___: Any, ____: str, given: Any) -> AuthResult:
            is_right = (given.login, given.password) == (user.encode(), password.encode())
            self.signed_in += [user] if is_right else []
            return AuthResult(success=is_right)

        self._options = {
            "tls_context": context,
            "require_starttls": True,
            "auth_required": True,
            "authenticator": authenticate,
        }
        return certificate

    @contextmanager
    def running(self) -> Iterator[Mailbox]:
        """While this lasts the server is up."""
        controller = Controller(self, hostname="127.0.0.1", port=self.port, **self._options)
        controller.start()
        try:
            yield self
        finally:
            controller.stop()


def mailbox() -> Mailbox:
    """A server that is down, at a port of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return Mailbox(free.getsockname()[1])


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "server.pem", folder / "server.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files
