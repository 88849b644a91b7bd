"""Whom an OpenID provider means: a claim names the account, once; from then on its subject does.

A user name may be given to somebody else one day; the subject of an issuer never is (OpenID Connect Core 2).
So the first sign-in ties the subject to the account that the claim names, and an account that is tied to one
person of a directory is opened by no other, whatever their claims say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from api.access.accounts import Account, Accounts, Clock, Connect, utc_now
from api.http.problems import declare
from api.setup import rules_of_service
from api.setup.sign_in_settings import OidcProvider
from domain.values.refusal import Refusal
from projections.tables.durable import ACCOUNT, IDENTITY

OIDC_NO_ACCOUNT = declare(
    403,
    "OIDC_NO_ACCOUNT",
    ja="「{label}」で確認できましたが、この記録で使えるアカウントがありません。",
    en="“{label}” knows you, but there is no account here that you may use.",
    rule=rules_of_service.DIRECTORY,
    next_ja="事務局の管理者に、アカウントを作るか、利用を再開するよう依頼してください。",
    next_en="Ask an administrator of the secretariat to add your account, or to enable it.",
)
OIDC_OTHER_PERSON = declare(
    403,
    "OIDC_OTHER_PERSON",
    ja="この利用者名のアカウントは、「{label}」の別の人に結び付いています。",
    en="The account of this user name belongs to another person of “{label}”.",
    rule=rules_of_service.DIRECTORY,
    next_ja="事務局の管理者に、アカウントのページで結び付きを解いてもらうか、自分のアカウントを作ってもらってください。",
    next_en="Ask an administrator to untie it on the account's page, or for an account of your own.",
)


@dataclass(frozen=True)
class Identity:
    """A person of a directory who opens an account."""

    issuer: str
    subject: str
    created_at: str
    used_at: str


class Identities:
    """Whom the providers of one record mean; ``clock`` and ``reading`` as of Accounts."""

    def __init__(self, engine: sa.Engine, clock: Clock = utc_now, reading: Connect | None = None):
        self.engine = engine
        self.clock = clock
        self.accounts = Accounts(engine, clock, reading)
        self.reading = self.accounts.reading

    def account_of(self, provider: OidcProvider, claims: Mapping[str, Any]) -> tuple[Account, bool]:
        """The account of who has signed in there, and whether it was made now. Refuses ``OIDC_NO_ACCOUNT``,
        ``OIDC_OTHER_PERSON``."""
        subject = str(claims["sub"])
        tied = self._tied(provider.issuer, subject)
        if tied is not None:
            return self._usable(provider, tied), False
        login = _login(provider, claims)
        account = self.accounts.known(login) if login else None
        made = False
        if account is None:
            if login is None or not provider.create_accounts:
                raise OIDC_NO_ACCOUNT(label=provider.label)
            account, made = self._made(provider, login), True
        self._usable(provider, account)
        self._tie(provider, subject, account)
        return account, made

    def of(self, account: Account) -> list[Identity]:
        """The people of directories who open an account."""
        own = sa.select(IDENTITY).where(IDENTITY.c.account_id == account.account_id)
        with self.reading() as connection:
            rows = connection.execute(own.order_by(IDENTITY.c.issuer))
            return [Identity(r.issuer, r.subject, r.created_at, r.used_at) for r in rows]

    def untie(self, account: Account) -> int:
        """Nobody of a directory opens this account any more, until the next who is called so comes."""
        with self.engine.begin() as connection:
            own = IDENTITY.c.account_id == account.account_id
            return connection.execute(sa.delete(IDENTITY).where(own)).rowcount

    # -- rows

    def _tied(self, issuer: str, subject: str) -> Account | None:
        one = sa.and_(IDENTITY.c.issuer == issuer, IDENTITY.c.subject == subject)
        with self.engine.begin() as connection:
            connection.execute(sa.update(IDENTITY).where(one).values(used_at=self._now()))
            account_id = connection.scalar(sa.select(IDENTITY.c.account_id).where(one))
        return self.accounts.with_id(account_id) if account_id else None

    def _tie(self, provider: OidcProvider, subject: str, account: Account) -> None:
        """One person of an issuer for each account: of two who come at once, one is first."""
        other = sa.select(IDENTITY.c.subject).where(
            IDENTITY.c.issuer == provider.issuer, IDENTITY.c.account_id == account.account_id
        )
        row = {
            "issuer": provider.issuer,
            "subject": subject,
            "account_id": account.account_id,
            "created_at": self._now(),
            "used_at": self._now(),
        }
        own = sa.select(ACCOUNT.c.account_id).where(ACCOUNT.c.account_id == account.account_id)
        with self.engine.begin() as connection:
            connection.execute(own.with_for_update())
            held = list(connection.scalars(other))
            if any(known != subject for known in held):
                raise OIDC_OTHER_PERSON(label=provider.label)
            if not held:
                connection.execute(sa.insert(IDENTITY).values(row))

    def _made(self, provider: OidcProvider, login: str) -> Account:
        try:
            return self.accounts.add(login, ())
        except Refusal:  # it is no user name, or another process was first
            raise OIDC_NO_ACCOUNT(label=provider.label) from None

    def _usable(self, provider: OidcProvider, account: Account) -> Account:
        if account.disabled:
            raise OIDC_NO_ACCOUNT(label=provider.label)
        return account

    def _now(self) -> str:
        return self.clock().isoformat(timespec="seconds")


def _login(provider: OidcProvider, claims: Mapping[str, Any]) -> str | None:
    """The user name that the claims mean; None if they mean none that is to be believed."""
    claimed = claims.get(provider.claim)
    if not isinstance(claimed, str) or (
        provider.claim == "email" and claims.get("email_verified") is not True
    ):
        return None
    name, is_address, domain = claimed.strip().lower().partition("@")
    if provider.domain is not None:
        return name if domain == provider.domain else None
    return None if is_address else name
