"""Secrets that stand for an account: bearer tokens for the API, and one-time links to sign in.

A secret is shown once and kept only as its SHA-256. It has 256 random bits, so that a plain hash is enough:
there is nothing to guess.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from api.access.accounts import Account, Accounts, Clock, Connect, utc_now
from projections.tables.durable import TOKEN

Purpose = Literal["api", "link"]
PREFIX = "kyodo_"
"""Bearer tokens begin with it, so that a token found where it should not be is recognised."""
LINK_LIFE = dt.timedelta(hours=24)
USUAL_LIFE, LONGEST_LIFE = dt.timedelta(days=90), dt.timedelta(days=3_650)
"""How long a token lives unless it is said, and at most: for longer than usual an administrator makes it."""
USE_NOTED_EVERY = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Token:
    """A bearer token as its owner sees it: everything but the secret."""

    digest: str
    label: str | None
    created_at: str
    expires_at: str
    used_at: str | None
    scope: frozenset[str] | None = None
    """What it may be used for (api/access/scopes.py); None: everything that its account may."""
    account_id: str = ""


@dataclass(frozen=True)
class Link:
    """A one-time link that nobody has used yet: everything but the secret."""

    account_id: str
    digest: str
    is_invitation: bool
    created_at: str
    expires_at: str


INVITATION = "invitation"
"""What a link is labelled that is an invitation: whoever follows it chooses how to sign in."""


class Tokens:
    """The tokens and links of one record. ``clock`` tells the time in UTC; ``reading`` as of Accounts."""

    def __init__(self, engine: sa.Engine, clock: Clock = utc_now, reading: Connect | None = None):
        self.engine = engine
        self.clock = clock
        self.accounts = Accounts(engine, clock, reading)
        self.reading = self.accounts.reading

    # -- bearer tokens

    def make(
        self,
        account: Account,
        label: str,
        life: dt.timedelta = USUAL_LIFE,
        scope: Collection[str] | None = None,
    ) -> str:
        """A new bearer token, good for ``scope`` alone if it is said. This is the only time its secret is
        seen."""
        life = min(life, LONGEST_LIFE)
        secret = PREFIX + secrets.token_urlsafe(32)
        with self.engine.begin() as connection:
            self._keep(connection, account, secret, "api", label, life, scope)
        return secret

    def of(self, account: Account) -> list[Token]:
        """The valid bearer tokens of an account, newest first."""
        own = sa.select(TOKEN).where(
            TOKEN.c.account_id == account.account_id, TOKEN.c.purpose == "api", self._unexpired()
        )
        with self.reading() as connection:
            rows = connection.execute(own.order_by(TOKEN.c.created_at.desc(), TOKEN.c.digest))
            return [_token(row) for row in rows]

    def revoke(self, account: Account, digest: str) -> bool:
        """Revoke one of an account's own bearer tokens; whether there was one."""
        gone = sa.delete(TOKEN).where(
            TOKEN.c.account_id == account.account_id, TOKEN.c.digest == digest, TOKEN.c.purpose == "api"
        )
        with self.engine.begin() as connection:
            return connection.execute(gone).rowcount == 1

    def revoke_all(self, account: Account) -> int:
        """Revoke every token and link of an account; how many there were."""
        with self.engine.begin() as connection:
            gone = sa.delete(TOKEN).where(TOKEN.c.account_id == account.account_id)
            return connection.execute(gone).rowcount

    def account_of(self, secret: str) -> Account | None:
        """The account of a valid bearer token."""
        held = self.find(secret)
        return held[0] if held else None

    def find(self, secret: str) -> tuple[Account, Token] | None:
        """The account of a valid bearer token, and the token. Its use is noted, at most once an hour."""
        row = self._find(secret, "api")
        account = self._enabled(row)
        if account is not None:
            due = (self.clock() - USE_NOTED_EVERY).isoformat(timespec="seconds")
            if row.used_at is None or row.used_at < due:
                noted = sa.update(TOKEN).where(TOKEN.c.digest == row.digest).values(used_at=self._now())
                with self.engine.begin() as connection:
                    connection.execute(noted)
            return account, _token(row)
        return None

    # -- one-time links

    def make_link(self, account: Account, invitation: dt.timedelta | None = None) -> str:
        """The secret of a sign-in link, good once and for a day, or of an ``invitation`` for so long. Earlier
        links of the account end."""
        life, label = (invitation, INVITATION) if invitation else (LINK_LIFE, None)
        secret = secrets.token_urlsafe(32)
        earlier = sa.delete(TOKEN).where(TOKEN.c.account_id == account.account_id, TOKEN.c.purpose == "link")
        with self.engine.begin() as connection:
            connection.execute(earlier)
            self._keep(connection, account, secret, "link", label, life)
        return secret

    def account_of_link(self, secret: str) -> Account | None:
        """The account a link signs in, if it still does. Asking does not use it up."""
        row = self._find(secret, "link")
        return self._enabled(row) if row and row.used_at is None else None

    def link(self, secret: str) -> Link | None:
        """A link that has not been used, by its secret."""
        row = self._find(secret, "link")
        return _link(row) if row and row.used_at is None else None

    def links(self) -> list[Link]:
        """Every link that can still be used, the one that ends first at the top."""
        open_links = sa.select(TOKEN).where(
            TOKEN.c.purpose == "link", TOKEN.c.used_at.is_(None), self._unexpired()
        )
        with self.reading() as connection:
            return [_link(row) for row in connection.execute(open_links.order_by(TOKEN.c.expires_at))]

    def end_links(self, account: Account) -> int:
        """End the links of an account that nobody has used; how many there were."""
        gone = sa.delete(TOKEN).where(
            TOKEN.c.account_id == account.account_id, TOKEN.c.purpose == "link", TOKEN.c.used_at.is_(None)
        )
        with self.engine.begin() as connection:
            return connection.execute(gone).rowcount

    def use_link(self, secret: str) -> Account | None:
        """Use up a link. Of two attempts at the same moment, one gets the account."""
        account = self.account_of_link(secret)
        used = (
            sa.update(TOKEN)
            .where(TOKEN.c.digest == _digest(secret), TOKEN.c.used_at.is_(None))
            .values(used_at=self._now())
        )
        with self.engine.begin() as connection:
            first = connection.execute(used).rowcount == 1
        return account if first else None

    # -- rows

    def _find(self, secret: str, purpose: Purpose) -> Any:
        digest = _digest(secret)
        chosen = sa.select(TOKEN).where(
            TOKEN.c.digest == digest, TOKEN.c.purpose == purpose, self._unexpired()
        )
        with self.reading() as connection:
            row = connection.execute(chosen).one_or_none()
        return row if row and hmac.compare_digest(row.digest, digest) else None

    def _enabled(self, row: Any) -> Account | None:
        account = self.accounts.with_id(row.account_id) if row else None
        return account if account and not account.disabled else None

    def _unexpired(self) -> sa.ColumnElement[bool]:
        return TOKEN.c.expires_at > self._now()  # one without an end is none

    def _keep(
        self,
        connection: sa.Connection,
        account: Account,
        secret: str,
        purpose: Purpose,
        label: str | None,
        life: dt.timedelta,
        scope: Collection[str] | None = None,
    ) -> None:
        connection.execute(
            sa.insert(TOKEN).values(
                digest=_digest(secret),
                account_id=account.account_id,
                purpose=purpose,
                label=label,
                created_at=self._now(),
                expires_at=(self.clock() + life).isoformat(timespec="seconds"),
                scope=" ".join(sorted(scope)) if scope is not None else None,
            )
        )

    def _now(self) -> str:
        return self.clock().isoformat(timespec="seconds")


def _token(row: Any) -> Token:
    return Token(
        row.digest,
        row.label,
        row.created_at,
        row.expires_at,
        row.used_at,
        frozenset(row.scope.split()) if row.scope is not None else None,
        row.account_id,
    )


def _link(row: Any) -> Link:
    return Link(row.account_id, row.digest, row.label == INVITATION, row.created_at, row.expires_at)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
