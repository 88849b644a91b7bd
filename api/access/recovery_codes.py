"""Recovery codes: ten codes on paper, each good once, for whoever has lost their second factor.

They are shown when they are made and never again; only their SHA-256 is kept, which is enough: each has 79
random bits.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

import sqlalchemy as sa

from api.access.accounts import Account, Clock, Connect, utc_now
from projections.tables.durable import RECOVERY_CODE

HOW_MANY, GROUPS, GROUP = 10, 4, 4
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Those that nobody takes for another on paper."""


class RecoveryCodes:
    """The recovery codes of one record's accounts; ``clock`` and ``reading`` as of Accounts."""

    def __init__(self, engine: sa.Engine, clock: Clock = utc_now, reading: Connect | None = None):
        self.engine = engine
        self.clock = clock
        self.reading = reading or engine.connect

    def make(self, account: Account) -> list[str]:
        """New codes in place of those there were. This is the only time they are seen."""
        codes = [_code() for _ in range(HOW_MANY)]
        now = self.clock().isoformat(timespec="seconds")
        rows = [
            {"digest": _digest(account, code), "account_id": account.account_id, "created_at": now}
            for code in codes
        ]
        with self.engine.begin() as connection:
            connection.execute(sa.delete(RECOVERY_CODE).where(self._own(account)))
            connection.execute(sa.insert(RECOVERY_CODE), rows)
        return codes

    def left(self, account: Account) -> int:
        """How many of an account's codes have not been used."""
        count = sa.select(sa.func.count()).select_from(RECOVERY_CODE).where(self._own(account))
        with self.reading() as connection:
            return connection.scalar(count) or 0

    def use(self, account: Account, code: str) -> bool:
        """Use up a code; whether it was one. Of two attempts at the same moment, one was."""
        one = sa.delete(RECOVERY_CODE).where(
            self._own(account), RECOVERY_CODE.c.digest == _digest(account, code)
        )
        with self.engine.begin() as connection:
            return connection.execute(one).rowcount == 1

    def remove(self, account: Account) -> None:
        with self.engine.begin() as connection:
            connection.execute(sa.delete(RECOVERY_CODE).where(self._own(account)))

    def _own(self, account: Account) -> sa.ColumnElement[bool]:
        return RECOVERY_CODE.c.account_id == account.account_id


def _code() -> str:
    groups = ["".join(secrets.choice(_LETTERS) for _ in range(GROUP)) for _ in range(GROUPS)]
    return "-".join(groups)


def _digest(account: Account, code: str) -> str:
    typed = unicodedata.normalize("NFKC", code)[:80].lower()
    plain = "".join(letter for letter in typed if letter in _LETTERS)
    return hashlib.sha256(f"{account.account_id} {plain}".encode()).hexdigest()
