"""A mail server on this machine that keeps what it is handed, and may be down, or refuse."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from api.setup.mail_settings import MailSettings


class Mailbox:
    """What came in, in order; ``answers``: what the server says to a recipient, by address."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str] = {}

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

    @contextmanager
    def running(self) -> Iterator[Mailbox]:
        """While this lasts the server is up."""
        controller = Controller(self, hostname="127.0.0.1", port=self.port)
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
