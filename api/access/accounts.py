"""Accounts: who may sign in, in which roles. A password is kept as an Argon2id hash.

An account acts for a party of the record: the party's id stands in the events, its name in the vault.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, get_args

import msgspec
import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.http.problems import declare
from api.setup import rules_of_service
from domain.kernel.roles import ROLE_NAMES, Role
from domain.rules import permissions, recording
from projections.tables.durable import ACCOUNT, SESSION, TOKEN
from projections.views.record.role_register import roles_of

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1_000
ROLES: tuple[str, ...] = get_args(Role)

LOGIN_MALFORMED = declare(
    422,
    "LOGIN_MALFORMED",
    ja="利用者名「{login}」は使えません（英小文字・数字・. _ -、2〜60字）。",
    en="“{login}” is not a user name (lower-case letters, digits, . _ -, 2 to 60 characters).",
    rule=rules_of_service.USER_NAME,
    next_ja="例: staff、yamada.h",
    next_en="For example: staff, yamada.h",
)
LOGIN_TAKEN = declare(
    409,
    "LOGIN_TAKEN",
    ja="利用者名「{login}」は既に使われています。",
    en="The user name “{login}” is taken.",
    rule=rules_of_service.USER_NAME,
    next_ja="kyodo user list で確かめ、別の名前にしてください。",
    next_en="See kyodo user list and choose another name.",
)
LOGIN_UNKNOWN = declare(
    404,
    "LOGIN_UNKNOWN",
    ja="利用者「{login}」はいません。",
    en="There is no user “{login}”.",
    rule=recording.REFERENCES_HOLD,
    next_ja="kyodo user list で確かめてください。",
    next_en="See kyodo user list.",
)
ROLE_UNKNOWN = declare(
    422,
    "ROLE_UNKNOWN",
    ja="「{role}」という役割はありません（{known}）。",
    en="There is no role “{role}” (known: {known}).",
    rule=permissions.ROLES,
    next_ja="一覧にある役割を選んでください。",
    next_en="Choose one of the known roles.",
)
PASSWORD_UNFIT = declare(
    422,
    "PASSWORD_UNFIT",
    ja="パスワードは{least}字以上{most}字以下にしてください。",
    en="A password has {least} to {most} characters.",
    rule=rules_of_service.PASSWORD,
    next_ja="いくつかの単語をつなげると覚えやすくなります。",
    next_en="A few words in a row are easy to remember.",
)

OWN_PARTY = "p-account-"
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


Clock = Callable[[], dt.datetime]
Connect = Callable[[], AbstractContextManager[sa.Connection]]


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Accounts:
    """The accounts of one record. ``clock`` tells the time in UTC; ``reading`` gives the connection that is
    read on, by default one of its own each time."""

    def __init__(self, engine: sa.Engine, clock: Clock = utc_now, reading: Connect | None = None):
        self.engine = engine
        self.clock = clock
        self.reading = reading or engine.connect

    # -- accounts

    def add(
        self, login: str, roles: Iterable[str], party_id: str | None = None, password: str | None = None
    ) -> Account:
        """A new account. Without ``party_id`` it acts for a party of its own, so that the record can always
        tell drafter and approver apart. Refuses malformed or taken logins, unknown roles, unfit passwords."""
        if not _LOGIN.fullmatch(login):
            raise LOGIN_MALFORMED(login=login[:60])
        for role in (chosen := tuple(dict.fromkeys(roles))):
            if role not in ROLES:
                raise ROLE_UNKNOWN(role=role[:20], known=", ".join(ROLES))
        own = (party_id or "").startswith(OWN_PARTY)
        account_id = (party_id or "").removeprefix(OWN_PARTY) if own else secrets.token_hex(6)
        account = Account(
            account_id,
            login,
            tuple(role for role in ROLES if role in chosen),
            party_id or f"{OWN_PARTY}{account_id}",
            self.clock().isoformat(timespec="seconds"),
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
        with self.reading() as connection:
            return [
                account_of_row(row)
                for row in connection.execute(sa.select(ACCOUNT).order_by(ACCOUNT.c.login))
            ]

    def with_id(self, account_id: str) -> Account | None:
        return self._one(ACCOUNT.c.account_id == account_id)

    def named(self, login: str) -> Account:
        """The account with this login. Refuses ``LOGIN_UNKNOWN``."""
        account = self.known(login)
        if account is None:
            raise LOGIN_UNKNOWN(login=login[:60])
        return account

    def known(self, login: str) -> Account | None:
        """The account with this login, if there is one."""
        return self._one(ACCOUNT.c.login == login) if _LOGIN.fullmatch(login) else None

    def set_disabled(self, account: Account, disabled: bool) -> Account:
        """Disable or enable an account. A disabled one cannot sign in; its sessions, tokens and links end for
        good."""
        with self.engine.begin() as connection:
            self._change(connection, account, disabled=int(disabled))
            if disabled:
                _end_sessions(connection, account)
                connection.execute(sa.delete(TOKEN).where(TOKEN.c.account_id == account.account_id))
        return replace(account, disabled=disabled)

    def roles_today(self, account: Account, day: dt.date) -> dict[str, set[str] | None]:
        """The roles that an account acts in on a day, each with the councils and groups it is for (None: all
        of them): what the record grants to its party, and what it had before grants were on record."""
        held: dict[str, set[str] | None] = dict.fromkeys(account.roles)
        if account.party_id is None:
            return held
        with self.reading() as connection:
            granted = connection.execute(roles_of(account.party_id, day)).all()
        for row in granted:
            bodies = held.setdefault(row.role, set())
            if row.body is None:
                held[row.role] = None
            elif bodies is not None:
                bodies.add(row.body)
        return held

    def without_roles(self, account: Account, roles: Iterable[str]) -> Account:
        """An account without these roles, as far as it had them before grants were on record."""
        left = tuple(role for role in account.roles if role not in set(roles))
        with self.engine.begin() as connection:
            self._change(connection, account, roles=msgspec.json.encode(left).decode())
        return replace(account, roles=left)

    def refuse_login(self, login: str) -> None:
        """Refuses a login that is malformed or taken."""
        if not _LOGIN.fullmatch(login):
            raise LOGIN_MALFORMED(login=login[:60])
        if self.known(login) is not None:
            raise LOGIN_TAKEN(login=login)

    # -- passwords

    def set_password(self, account: Account, password: str) -> Account:
        """Set a password. What was opened or made under the old one ends with it: sessions, links and tokens.
        Refuses ``PASSWORD_UNFIT``."""
        hashed = _hashed(password)
        made = sa.delete(TOKEN).where(TOKEN.c.account_id == account.account_id)
        with self.engine.begin() as connection:
            self._change(connection, account, password_hash=hashed)
            connection.execute(made)
            _end_sessions(connection, account)
        return replace(account, password_hash=hashed)

    def with_password(self, login: str, password: str) -> Account | None:
        """The account that signs in so, if any. Takes as long for an unknown login as for a known one."""
        account = self.known(login)
        usable = account if account and account.password_hash and not account.disabled else None
        hash_on_record = (usable and usable.password_hash) or _nobodys_hash()
        try:
            _hasher.verify(hash_on_record, password[:LONGEST_PASSWORD])
        except (VerificationError, InvalidHashError):
            return None
        return usable

    # -- rows

    def _one(self, condition: sa.ColumnElement[bool]) -> Account | None:
        with self.reading() as connection:
            row = connection.execute(sa.select(ACCOUNT).where(condition)).one_or_none()
        return account_of_row(row) if row else None

    def _change(self, connection: sa.Connection, account: Account, **values: Any) -> None:
        own = sa.update(ACCOUNT).where(ACCOUNT.c.account_id == account.account_id)
        connection.execute(own.values(**values))


def _end_sessions(connection: sa.Connection, account: Account) -> None:
    """In the transaction that changes what they rest on."""
    connection.execute(sa.delete(SESSION).where(SESSION.c.account_id == account.account_id))


def account_of_row(row: Any) -> Account:
    """The account that a row with the columns of its table tells of."""
    return Account(
        row.account_id,
        row.login,
        tuple(msgspec.json.decode(row.roles)),
        row.party_id,
        row.created_at,
        bool(row.disabled),
        row.password_hash,
    )


def own_party() -> str:
    """The id of a party of its own, for an account that is to act for nobody on record."""
    return f"{OWN_PARTY}{secrets.token_hex(6)}"


def fit_password(password: str) -> str:
    """The password, if it will do. Refuses ``PASSWORD_UNFIT``."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise PASSWORD_UNFIT(least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD)
    return password


def _hashed(password: str) -> str:
    return _hasher.hash(fit_password(password))


@cache
def _nobodys_hash() -> str:
    """What an unknown login's password is compared with, so that the answer takes as long."""
    return _hasher.hash(secrets.token_urlsafe(32))
