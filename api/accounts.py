"""Accounts: who may sign in, with which roles, by which secrets.

A secret (a bearer token, a one-time link) is shown once and kept only as its SHA-256; it has 256 random bits,
so that a plain hash is enough. A password is kept as an Argon2id hash. An account acts for a party of the
record: its names stand in the vault, its id in the events.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import msgspec
import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.problems import declare
from domain.record import ROLE_NAMES, Role
from projections.tables import ACCOUNT, TOKEN

Purpose = Literal["api", "link"]
TOKEN_PREFIX = "kyodo_"
LINK_LIFE = dt.timedelta(hours=24)
USE_NOTED_EVERY = dt.timedelta(hours=1)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1_000
ROLES: tuple[str, ...] = get_args(Role)

LOGIN_MALFORMED = declare(
    422,
    "LOGIN_MALFORMED",
    ja="利用者名「{login}」は使えません（英小文字・数字・. _ -、2〜60字）。",
    en="“{login}” is not a user name (lower-case letters, digits, . _ -, 2 to 60 characters).",
    rule="api/accounts.py",
    next_ja="例: staff、yamada.h",
    next_en="For example: staff, yamada.h",
)
LOGIN_TAKEN = declare(
    409,
    "LOGIN_TAKEN",
    ja="利用者名「{login}」は既に使われています。",
    en="The user name “{login}” is taken.",
    rule="api/accounts.py",
    next_ja="kyodo user list で確かめ、別の名前にしてください。",
    next_en="See kyodo user list and choose another name.",
)
LOGIN_UNKNOWN = declare(
    404,
    "LOGIN_UNKNOWN",
    ja="利用者「{login}」はいません。",
    en="There is no user “{login}”.",
    rule="api/accounts.py",
    next_ja="kyodo user list で確かめてください。",
    next_en="See kyodo user list.",
)
ROLE_UNKNOWN = declare(
    422,
    "ROLE_UNKNOWN",
    ja="「{role}」という役割はありません（{known}）。",
    en="There is no role “{role}” (known: {known}).",
    rule="domain.md 3, roles",
    next_ja="一覧にある役割を選んでください。",
    next_en="Choose one of the known roles.",
)
PASSWORD_UNFIT = declare(
    422,
    "PASSWORD_UNFIT",
    ja="パスワードは{least}字以上{most}字以下にしてください。",
    en="A password has {least} to {most} characters.",
    rule="NIST SP 800-63B: length, not composition rules",
    next_ja="いくつかの単語をつなげると覚えやすくなります。",
    next_en="A few words in a row are easy to remember.",
)

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")
_hasher = PasswordHasher()


@dataclass(frozen=True)
class Account:
    """One account. ``roles`` are the roles of domain.md 4.13 it may act in."""

    account_id: str
    login: str
    roles: tuple[str, ...]
    party_id: str | None
    created_at: str
    disabled: bool
    password_hash: str | None

    @property
    def role_names(self) -> tuple[list[str], list[str]]:
        """The roles' names in Japanese and in English."""
        return [ROLE_NAMES[r][0] for r in self.roles], [ROLE_NAMES[r][1] for r in self.roles]


@dataclass(frozen=True)
class Token:
    """A bearer token as its owner sees it: everything but the secret."""

    digest: str
    label: str | None
    created_at: str
    expires_at: str | None
    used_at: str | None


class Accounts:
    """The accounts of one record. ``clock`` tells the time in UTC."""

    def __init__(self, engine: sa.Engine, clock: Any = lambda: dt.datetime.now(dt.UTC)):
        self.engine = engine
        self.clock = clock

    # -- accounts

    def add(
        self, login: str, roles: Iterable[str], party_id: str | None = None, password: str | None = None
    ) -> Account:
        """A new account. Without ``party_id`` it acts for a party of its own, so that the record can always
        tell drafter and approver apart. Refuses malformed and taken logins, unknown roles, short passwords."""
        if not _LOGIN.fullmatch(login):
            raise LOGIN_MALFORMED(login=login[:60])
        for role in (chosen := tuple(dict.fromkeys(roles))):
            if role not in ROLES:
                raise ROLE_UNKNOWN(role=role[:20], known=", ".join(ROLES))
        account_id = secrets.token_hex(6)
        account = Account(
            account_id,
            login,
            tuple(role for role in ROLES if role in chosen),
            party_id or f"p-account-{account_id}",
            self._now(),
            disabled=False,
            password_hash=_hashed(password) if password is not None else None,
        )
        row = vars(account) | {"roles": msgspec.json.encode(account.roles).decode(), "disabled": 0}
        try:
            with self.engine.begin() as connection:
                connection.execute(sa.insert(ACCOUNT).values(row))
        except sa.exc.IntegrityError:
            raise LOGIN_TAKEN(login=login) from None
        return account

    def all(self) -> list[Account]:
        """Every account, by login."""
        with self.engine.connect() as connection:
            return [_account(row) for row in connection.execute(sa.select(ACCOUNT).order_by(ACCOUNT.c.login))]

    def with_id(self, account_id: str) -> Account | None:
        return self._one(ACCOUNT.c.account_id == account_id)

    def named(self, login: str) -> Account:
        """The account with this login. Refuses ``LOGIN_UNKNOWN``."""
        found = self._one(ACCOUNT.c.login == login)
        if found is None:
            raise LOGIN_UNKNOWN(login=login[:60])
        return found

    def set_disabled(self, account: Account, disabled: bool) -> Account:
        """Disable or enable an account. Disabling revokes its tokens and links for good."""
        with self.engine.begin() as connection:
            self._change(connection, account, disabled=int(disabled))
            if disabled:
                connection.execute(sa.delete(TOKEN).where(TOKEN.c.account_id == account.account_id))
        return replace(account, disabled=disabled)

    # -- passwords

    def set_password(self, account: Account, password: str) -> Account:
        """Set a password; sessions opened with the old one end. Refuses ``PASSWORD_UNFIT``."""
        hashed = _hashed(password)
        with self.engine.begin() as connection:
            self._change(connection, account, password_hash=hashed)
        return replace(account, password_hash=hashed)

    def with_password(self, login: str, password: str) -> Account | None:
        """The account that signs in so, if any. Takes as long for an unknown login as for a known one."""
        account = self._one(ACCOUNT.c.login == login)
        kept = (account and account.password_hash) or _NOBODY
        try:
            fits = _hasher.verify(kept, password[:LONGEST_PASSWORD])
        except (VerificationError, InvalidHashError):
            return None
        return account if account and fits and not account.disabled and account.password_hash else None

    # -- tokens and links

    def new_token(self, account: Account, label: str, life: dt.timedelta | None = None) -> str:
        """A new bearer token; this is the only time its secret is seen."""
        secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
        with self.engine.begin() as connection:
            self._keep(connection, account, secret, "api", label, life)
        return secret

    def tokens(self, account: Account) -> list[Token]:
        """The valid bearer tokens of an account, newest first."""
        chosen = sa.select(TOKEN).where(
            TOKEN.c.account_id == account.account_id, TOKEN.c.purpose == "api", self._unexpired()
        )
        with self.engine.connect() as connection:
            rows = connection.execute(chosen.order_by(TOKEN.c.created_at.desc(), TOKEN.c.digest))
            return [Token(r.digest, r.label, r.created_at, r.expires_at, r.used_at) for r in rows]

    def revoke(self, account: Account, digest: str) -> bool:
        """Revoke one of an account's own tokens; whether there was one."""
        gone = sa.delete(TOKEN).where(TOKEN.c.account_id == account.account_id, TOKEN.c.digest == digest)
        with self.engine.begin() as connection:
            return connection.execute(gone).rowcount == 1

    def with_token(self, secret: str) -> Account | None:
        """The account of a valid bearer token. Its use is noted, at most once an hour."""
        row = self._token(secret, "api")
        account = self.with_id(row.account_id) if row else None
        if row is None or account is None or account.disabled:
            return None
        due = (self.clock() - USE_NOTED_EVERY).isoformat(timespec="seconds")
        if row.used_at is None or row.used_at < due:
            noted = sa.update(TOKEN).where(TOKEN.c.digest == row.digest).values(used_at=self._now())
            with self.engine.begin() as connection:
                connection.execute(noted)
        return account

    def new_link(self, account: Account) -> str:
        """The secret of a sign-in link, good once and for a day; earlier links of the account end."""
        secret = secrets.token_urlsafe(32)
        with self.engine.begin() as connection:
            connection.execute(
                sa.delete(TOKEN).where(
                    TOKEN.c.account_id == account.account_id, TOKEN.c.purpose == "link"
                )
            )
            self._keep(connection, account, secret, "link", None, LINK_LIFE)
        return secret

    def with_link(self, secret: str) -> Account | None:
        """The account a link is for, if it may still be used. The link is not used up by asking."""
        row = self._token(secret, "link")
        account = self.with_id(row.account_id) if row and row.used_at is None else None
        return account if account and not account.disabled else None

    def use_link(self, secret: str) -> Account | None:
        """Use up a link: of two attempts at the same moment, one gets the account."""
        account = self.with_link(secret)
        used = (
            sa.update(TOKEN)
            .where(TOKEN.c.digest == _digest(secret), TOKEN.c.used_at.is_(None))
            .values(used_at=self._now())
        )
        with self.engine.begin() as connection:
            first = connection.execute(used).rowcount == 1
        return account if first else None

    # -- rows

    def _one(self, condition: sa.ColumnElement[bool]) -> Account | None:
        with self.engine.connect() as connection:
            row = connection.execute(sa.select(ACCOUNT).where(condition)).one_or_none()
        return _account(row) if row else None

    def _token(self, secret: str, purpose: Purpose) -> Any:
        digest = _digest(secret)
        chosen = sa.select(TOKEN).where(
            TOKEN.c.digest == digest, TOKEN.c.purpose == purpose, self._unexpired()
        )
        with self.engine.connect() as connection:
            row = connection.execute(chosen).one_or_none()
        return row if row and hmac.compare_digest(row.digest, digest) else None

    def _unexpired(self) -> sa.ColumnElement[bool]:
        return sa.or_(TOKEN.c.expires_at.is_(None), TOKEN.c.expires_at > self._now())

    def _keep(
        self,
        connection: sa.Connection,
        account: Account,
        secret: str,
        purpose: Purpose,
        label: str | None,
        life: dt.timedelta | None,
    ) -> None:
        expires = (self.clock() + life).isoformat(timespec="seconds") if life else None
        connection.execute(
            sa.insert(TOKEN).values(
                digest=_digest(secret),
                account_id=account.account_id,
                purpose=purpose,
                label=label,
                created_at=self._now(),
                expires_at=expires,
            )
        )

    def _change(self, connection: sa.Connection, account: Account, **values: Any) -> None:
        connection.execute(
            sa.update(ACCOUNT).where(ACCOUNT.c.account_id == account.account_id).values(**values)
        )

    def _now(self) -> str:
        return str(self.clock().isoformat(timespec="seconds"))


def _account(row: Any) -> Account:
    return Account(
        row.account_id,
        row.login,
        tuple(msgspec.json.decode(row.roles)),
        row.party_id,
        row.created_at,
        bool(row.disabled),
        row.password_hash,
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _hashed(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise PASSWORD_UNFIT(least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD)
    return _hasher.hash(password)


_NOBODY = _hasher.hash(secrets.token_urlsafe(32))
"""What an unknown login's password is compared with, so that the answer takes as long."""
