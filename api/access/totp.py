"""An authenticator app as a second factor (TOTP, RFC 6238): six digits that change every half minute.

Each code is good once: the time step of the last one is kept, and no earlier one is taken again. The secret
is encrypted with a key made of the record's own, so that a copy of the database makes no codes; whoever loses
SECRET_KEY loses the apps with it, and gets in by a link.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

import pyotp
import sqlalchemy as sa
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from api.access.accounts import Account, Clock, Connect, utc_now
from projections.tables.durable import TOTP

STEP = 30
ISSUER = "Kyodo Record"
EITHER_WAY = 1
"""Steps by which the clock of a phone may be behind or ahead."""


class Totps:
    """The authenticator apps of one record's accounts. ``key``: the record's; ``clock``, ``reading`` as of
    Accounts."""

    def __init__(self, engine: sa.Engine, key: str, clock: Clock = utc_now, reading: Connect | None = None):
        self.engine = engine
        self.clock = clock
        self.reading = reading or engine.connect
        self._key = OctKey.import_key(hashlib.sha256(f"totp {key}".encode()).digest())

    def is_set(self, account: Account) -> bool:
        """Whether the account has an app that is in use."""
        return self._row(account, confirmed=True) is not None

    def since(self, account: Account) -> str | None:
        """Since when it is in use."""
        row = self._row(account, confirmed=True)
        return str(row.confirmed_at) if row else None

    def prepare(self, account: Account) -> str | None:
        """The secret for a new app, in use once a code of it has been shown; None if there is one in use.
        Whoever looks at the page again sees the same secret."""
        row = self._row(account)
        if row is not None and row.confirmed_at is not None:
            return None
        if row is not None and (known := self._decrypted(account, row.secret)):
            return known
        secret = pyotp.random_base32()
        sealed = self._encrypted(account, secret)
        own = TOTP.c.account_id == account.account_id
        fresh = {"account_id": account.account_id, "secret": sealed, "created_at": self._now()}
        with self.engine.begin() as connection:
            connection.execute(sa.delete(TOTP).where(own))
            connection.execute(sa.insert(TOTP).values(fresh))
        return secret

    def confirm(self, account: Account, code: str) -> bool:
        """Take the app in use, if this is a code of it."""
        return self._take(account, code, confirmed=False)

    def check(self, account: Account, code: str) -> bool:
        """Whether this is a code of the account's app, which nobody has used."""
        return self._take(account, code, confirmed=True)

    def remove(self, account: Account) -> bool:
        """The account has no app any more; whether it had one."""
        own = TOTP.c.account_id == account.account_id
        with self.engine.begin() as connection:
            return connection.execute(sa.delete(TOTP).where(own)).rowcount == 1

    def address(self, account: Account, secret: str) -> str:
        """What the QR code says to the app."""
        return pyotp.TOTP(secret).provisioning_uri(name=account.login, issuer_name=ISSUER)

    # -- rows

    def _take(self, account: Account, code: str, *, confirmed: bool) -> bool:
        row = self._row(account, confirmed=confirmed)
        secret = self._decrypted(account, row.secret) if row else None
        step = self._step(secret, code) if secret else None
        if step is None:
            return False
        first = sa.update(TOTP).where(TOTP.c.account_id == account.account_id, TOTP.c.last_step < step)
        first = first.where(TOTP.c.confirmed_at.is_not(None) if confirmed else TOTP.c.confirmed_at.is_(None))
        values = {"last_step": step} if confirmed else {"last_step": step, "confirmed_at": self._now()}
        with self.engine.begin() as connection:
            return connection.execute(first.values(values)).rowcount == 1

    def _step(self, secret: str, code: str) -> int | None:
        """The time step whose code this is, of those that may be meant now."""
        sent, now = digits(code), int(self.clock().timestamp()) // STEP
        made = pyotp.HOTP(secret)
        meant = None
        for step in range(now - EITHER_WAY, now + EITHER_WAY + 1):
            if hmac.compare_digest(made.at(step), sent):
                meant = step
        return meant

    def _row(self, account: Account, *, confirmed: bool | None = None) -> sa.Row[tuple[object, ...]] | None:
        own = sa.select(TOTP).where(TOTP.c.account_id == account.account_id)
        if confirmed is not None:
            own = own.where(TOTP.c.confirmed_at.is_not(None) if confirmed else TOTP.c.confirmed_at.is_(None))
        with self.reading() as connection:
            return connection.execute(own).one_or_none()

    def _encrypted(self, account: Account, secret: str) -> str:
        content = f"{account.account_id} {secret}".encode()  # a row that is copied to another account is none
        return jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, content, self._key)

    def _decrypted(self, account: Account, sealed: str) -> str | None:
        try:
            content = jwe.decrypt_compact(sealed, self._key).plaintext or b""
        except (JoseError, ValueError):
            return None  # of another key
        whose, _, secret = content.decode().partition(" ")
        return secret if whose == account.account_id else None

    def _now(self) -> str:
        return self.clock().isoformat(timespec="seconds")


def digits(code: str) -> str:
    """A code as people type it: full-width, with spaces."""
    return "".join(c for c in unicodedata.normalize("NFKC", code)[:40] if c.isascii() and c.isdigit())
