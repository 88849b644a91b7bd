"""How mail leaves the service. It is read with the other settings (api/setup/config.py).

=====================  =========================  ==========================================================
variable               default                    what it is
=====================  =========================  ==========================================================
MAIL_SERVER            none                       the host of the mail server; without it every mail is laid
                                                  into a folder as an .eml file and goes nowhere
MAIL_PORT              587                        its port
MAIL_SECURITY          starttls                   starttls, tls (from the first byte, usually port 465), or
                                                  none: for a server on this machine or in a closed network
MAIL_USER              none                       whom to sign in as, never without encryption
MAIL_PASSWORD          none                       the password
MAIL_FROM              none                       the sender, needed with MAIL_SERVER: an address, or
                                                  ``Name <office@city.example.jp>``
MAIL_FOLDER            mail beside the record     where mails are laid without a server
=====================  =========================  ==========================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args

from environs import Env
from marshmallow.validate import OneOf, Range

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True)
class MailSettings:
    """The server that mail is handed to, and whose it is."""

    server: str | None = None
    port: int = 587
    security: Security = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    sender: str | None = None
    folder: str | None = None

    def masked(self, folder: Path) -> dict[str, str | int | bool | None]:
        """Every setting by its variable's name, the password masked; ``folder``: where mails are laid."""
        return {
            "MAIL_SERVER": self.server,
            "MAIL_PORT": self.port,
            "MAIL_SECURITY": self.security,
            "MAIL_USER": self.user,
            "MAIL_PASSWORD": "***" if self.password else None,
            "MAIL_FROM": self.sender,
            "MAIL_FOLDER": str(folder),
        }


def of_the_environment(env: Env) -> MailSettings:
    """The settings in the environment; what cannot be read ``env`` tells when it is sealed."""
    usual = MailSettings
    return MailSettings(
        server=env.str("MAIL_SERVER", "") or None,
        port=env.int("MAIL_PORT", usual.port, validate=Range(1, 65_535)),
        security=cast(Security, env.str("MAIL_SECURITY", usual.security, validate=OneOf(get_args(Security)))),
        user=env.str("MAIL_USER", "") or None,
        password=env.str("MAIL_PASSWORD", "") or None,
        sender=env.str("MAIL_FROM", "") or None,
        folder=env.str("MAIL_FOLDER", "") or None,
    )


def what_is_wrong(mail: MailSettings) -> tuple[str, str, str] | None:
    """Which setting does not go with the others, and why, in both languages."""
    if mail.server is not None and mail.sender is None:
        why_en = "mail needs a sender"
        return "MAIL_FROM", "MAIL_SERVER を使うときは差出人が要ります", f"with MAIL_SERVER {why_en}"
    if mail.sender is not None and ("\n" in mail.sender or "\r" in mail.sender or "@" not in mail.sender):
        return "MAIL_FROM", "差出人はメールアドレスです", "the sender is a mail address"
    if mail.user is not None and mail.security == "none":
        return (
            "MAIL_SECURITY",
            "暗号化しない接続ではパスワードを送れません",
            "a password is not sent over an unencrypted connection",
        )
    if (mail.user is None) != (mail.password is None):
        return (
            "MAIL_PASSWORD",
            "MAIL_USER と MAIL_PASSWORD は両方とも設定します",
            "MAIL_USER and MAIL_PASSWORD are set together",
        )
    return None
