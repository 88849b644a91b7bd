"""How a one-time link reaches whom it is for.

It stands once on the screen of who made it, to be handed over. An invitation goes by mail as well, where an
address is given; a way back in never does: whoever reads somebody's mail must not become them.
"""

from __future__ import annotations

import datetime as dt

from api.access import access_log
from api.access.accounts import Account
from api.access.auth import tokens
from api.http.addresses import with_public_url
from api.mail import outbox
from api.mail.letters import invitation
from api.mail.outbox import Mail
from api.setup.store import record_settings, record_store


def invite(account: Account, mail_to: str | None) -> str:
    """The address of a new invitation to an account, laid into the outbox too if there is an address to write
    to, which has been read (api/mail/addresses.py)."""
    days = record_settings().sign_in.invitation_days
    secret = tokens().make_link(account, dt.timedelta(days=days))
    address = _address(secret)
    access_log.administered("INVITED", account.account_id, "Account.invite")
    if mail_to is not None:
        letter = invitation(address, days * 24)
        link = tokens().link(secret)
        mail = Mail(
            f"invitation:{link.digest if link else ''}", "invitation", mail_to, letter.subject, letter.text
        )
        with record_store().engine.begin() as connection:
            outbox.put(connection, mail)
    return address


def way_back_in(account: Account) -> str:
    """The address of a new one-time link, for somebody who has lost what they signed in with."""
    access_log.administered("LINK_MADE", account.account_id, "Account.make_link")
    return _address(tokens().make_link(account))


def _address(secret: str) -> str:
    return with_public_url(f"/sign-in/link/{secret}")
