"""A mail of the outbox as it goes out: plain text in UTF-8, the same Message-ID at every attempt."""

from __future__ import annotations

import datetime as dt
import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from api.mail.outbox import Waiting
from domain.values.calendar import JAPAN


def message_of(mail: Waiting, sender: str, record_id: str) -> EmailMessage:
    """What is handed to the server. Who gets it twice, because an answer of the server was lost, can tell by
    its Message-ID; it is made of the record's id and of what the mail tells."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender_of(sender)
    username, _, domain = mail.to.rpartition("@")
    message["To"] = Address(username=username, domain=domain)  # quotes what needs it
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(dt.datetime.fromisoformat(mail.made_at).astimezone(JAPAN))
    message["Message-ID"] = message_id(record_id, mail.key)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence is answered to us
    if mail.leave is not None:
        message["List-Unsubscribe"] = f"<{mail.leave}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text, charset="utf-8", cte="base64")
    return message


def message_id(record_id: str, key: str) -> str:
    """The same for the same mail of the same record, for ever."""
    return f"<{hashlib.sha256(f'{record_id} {key}'.encode()).hexdigest()[:40]}@{record_id}>"


def sender_of(configured: str) -> Address:
    """The sender: ``office@city.example.jp``, or with a name before it."""
    name, address = parseaddr(configured)
    return Address(display_name=name, addr_spec=address)
